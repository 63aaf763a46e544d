//! Where a plugin's files go.

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target<'a> {
    /// A file of its own.
    File {
        /// Its path, checked.
        path: &'a str,
    },
    /// A shard's part of a section of a joined file.
    Section {
        /// The joined file's path, checked.
        path: &'a str,
        /// Sections stand in ascending order.
        position: u32,
        /// Written between two contributions that are not empty.
        separator: &'a [u8],
    },
}

/// Why output was not taken.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The path is not free. The plugin's fault.
    #[error("{0}")]
    Path(String),
    /// The disk or the bucket failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Takes the files that one instance writes. Nothing of it is published before the run has succeeded.
pub trait Output: Send {
    /// Starts a file and returns a number for it.
    ///
    /// # Errors
    /// When the path is taken, or the disk fails.
    fn create(&mut self, target: Target<'_>) -> Result<u32, OutputError>;

    /// Appends to a file.
    ///
    /// # Errors
    /// When the disk fails.
    fn write(&mut self, file: u32, data: &[u8]) -> Result<(), OutputError>;

    /// Ends a file.
    ///
    /// # Errors
    /// When the disk fails.
    fn finish(&mut self, file: u32) -> Result<(), OutputError>;

    /// Says that a file will never be ended. The run fails, but it may go on for a while.
    fn abandon(&mut self, file: u32) {
        let _ = file;
    }
}
