//! Why a file cannot be read.

/// The reason, in words that follow the name of the file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unreadable(pub(crate) String);

impl Unreadable {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }

    /// The file ends before its data do.
    pub(crate) fn too_short() -> Self {
        Self::new("ends too early")
    }

    /// There are more data than there may be.
    pub(crate) fn too_long() -> Self {
        Self::new("has more data than the sizes in its header say")
    }
}
