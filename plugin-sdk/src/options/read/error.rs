//! What is wrong, and where.

use std::fmt::{self, Display};

use serde::de::{Expected, Unexpected};

/// What is wrong with options.
#[derive(Debug)]
pub(super) struct Error {
    /// The JSON pointer (RFC 6901) of the value that is wrong.
    pub(super) pointer: String,
    /// What is wrong with it.
    pub(super) reason: String,
}

impl Error {
    /// In the value that is being read.
    #[cold]
    pub(super) fn here(reason: &str) -> Self {
        Self { pointer: String::new(), reason: reason.to_owned() }
    }

    /// The same error, seen from the object or array around it.
    #[cold]
    pub(super) fn inside(mut self, key: &str) -> Self {
        self.pointer = ["/", &key.replace('~', "~0").replace('/', "~1"), &self.pointer].concat();
        self
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Error {}

impl serde::de::Error for Error {
    #[cold]
    fn custom<T: Display>(message: T) -> Self {
        Self::here(&message.to_string())
    }

    /// Only what was expected: what was found is there to see, and telling it takes the text of every kind of number along.
    #[cold]
    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::here(&format!("expected {expected}"))
    }

    #[cold]
    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::here(&format!("expected {expected}"))
    }
}
