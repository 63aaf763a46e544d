//! Options from JSON, and where in it an error is.
//!
//! A reader of our own, because options are all the JSON that a plugin reads: a library that reads any JSON fast, and tells what it found
//! instead of what it wanted, is a quarter of a small component (measured: 95 KB of 350). The host has checked options against the schema
//! before, so errors are rare here: what a schema cannot say, or a schema that is not in step with the code.

mod error;
mod text;
mod value;

use serde::de::DeserializeOwned;

use crate::types::Failure;
use text::Text;

/// Reads options; nothing and `{}` are the defaults.
pub(crate) fn read<O: DeserializeOwned + Default>(json: &str) -> Result<O, Failure> {
    if json.trim_ascii().is_empty() {
        return Ok(O::default());
    }
    let mut text = Text::new(json);
    O::deserialize(&mut text).and_then(|options| text.end().map(|()| options)).map_err(|error| Failure::option(error.pointer, error.reason))
}

/// The text that a JSON string stands for; `None` if it is no string.
pub(crate) fn read_string(json: &str) -> Option<String> {
    let mut text = Text::new(json);
    let string = text.string().ok()?;
    text.end().ok().map(|()| string)
}

#[cfg(test)]
mod tests;
