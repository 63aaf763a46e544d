//! What can go wrong while the demo is written, with the file at fault in every message.

use std::path::{Path, PathBuf};

/// Why the demo project or the comparison page could not be written.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A file or folder could not be read or written.
    #[error("{path}: {source}", path = .path.display())]
    Io {
        /// The file or folder at fault.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A drawn picture could not be encoded.
    #[error("{path}: the picture could not be encoded: {source}", path = .path.display())]
    Png {
        /// The picture that was to be written.
        path: PathBuf,
        /// What the encoder said.
        source: png::EncodingError,
    },
    /// A JSON document could not be read or written.
    #[error("{path}: not the expected JSON: {source}", path = .path.display())]
    Json {
        /// The file, with the entry's name when it lies in an archive.
        path: PathBuf,
        /// What the parser said, with line and column.
        source: serde_json::Error,
    },
    /// An archive could not be opened or one of its entries could not be read.
    #[error("{path}: not a readable zip archive: {source}", path = .path.display())]
    Zip {
        /// The archive at fault.
        path: PathBuf,
        /// What the reader said.
        source: zip::result::ZipError,
    },
    /// An archive lacks a file that its format requires.
    #[error("{path}: the archive has no entry `{entry}`; was it written by the other converter?", path = .path.display())]
    MissingEntry {
        /// The archive at fault.
        path: PathBuf,
        /// The entry that was looked for.
        entry: String,
    },
    /// A file is larger than this page is meant for.
    #[error("{path}: larger than {limit} bytes; the comparison page is meant for small exports", path = .path.display())]
    TooLarge {
        /// The file, with the entry's name when it lies in an archive.
        path: PathBuf,
        /// The most that is read, in bytes.
        limit: u64,
    },
    /// A file does not have the shape that its format prescribes.
    #[error("{path}: {problem}", path = .path.display())]
    Format {
        /// The file, with the entry's name when it lies in an archive.
        path: PathBuf,
        /// What is wrong, and where.
        problem: String,
    },
}

impl DemoError {
    /// Names `path` as the thing at fault of an input or output error; made for `map_err`.
    pub fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { path, source }
    }

    /// Names `path` as the thing at fault of a JSON error; made for `map_err`.
    pub fn json(path: &Path) -> impl FnOnce(serde_json::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Json { path, source }
    }
}
