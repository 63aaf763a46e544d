//! Reading files of this machine, with a limit.

use crate::error::FetchError;
use crate::limits::bytes;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

/// Reads a file of at most `max` bytes; `None` when there is none.
///
/// # Errors
/// When it cannot be read, is not a file (a pipe or a device would be read for ever), or is longer.
pub(crate) fn read(path: &Path, limit: &'static str, max: u64) -> Result<Option<Vec<u8>>, FetchError> {
    let fail = |problem: String| FetchError::File { path: path.to_owned(), problem };
    // Opening a pipe would wait for somebody to write into it, so look first.
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => {}
        Ok(metadata) => return Err(fail(if metadata.is_dir() { "is a folder" } else { "is not a file" }.into())),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
        Err(error) => return Err(fail(format!("cannot be read: {error}"))),
    }
    let file = File::open(path).map_err(|error| fail(format!("cannot be read: {error}")))?;
    let mut content = Vec::new();
    file.take(max.saturating_add(1)).read_to_end(&mut content).map_err(|error| fail(format!("cannot be read: {error}")))?;
    if content.len() as u64 > max {
        return Err(FetchError::Limit {
            origin: path.display().to_string(),
            limit,
            asked: format!("it has more than {}", bytes(max)),
            allowed: bytes(max),
        });
    }
    Ok(Some(content))
}
