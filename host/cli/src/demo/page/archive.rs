//! Bounded reading of a converter's zip archive.

use crate::demo::error::DemoError;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use zip::ZipArchive;
use zip::result::ZipError;

/// The most that is read of one entry, in bytes after decompression: a demo's files are far smaller, a zip bomb is far larger.
const LARGEST_ENTRY: u64 = 256 << 20;

/// An archive that is open for reading.
pub struct Archive {
    path: PathBuf,
    zip: ZipArchive<BufReader<File>>,
}

impl Archive {
    /// Opens the archive at `path`.
    pub fn open(path: &Path) -> Result<Self, DemoError> {
        let file = File::open(path).map_err(DemoError::io(path))?;
        let zip = ZipArchive::new(BufReader::new(file)).map_err(|source| DemoError::Zip { path: path.to_path_buf(), source })?;
        Ok(Self { path: path.to_path_buf(), zip })
    }

    /// The archive's path with an entry's name behind it, for messages.
    pub fn inside(&self, entry: &str) -> PathBuf {
        PathBuf::from(format!("{}!{entry}", self.path.display()))
    }

    /// The text of an entry, or nothing when the archive does not have it. Bytes that are not UTF-8 are replaced.
    pub fn find(&mut self, entry: &str) -> Result<Option<String>, DemoError> {
        let path = self.inside(entry);
        let file = match self.zip.by_name(entry) {
            Ok(file) => file,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(source) => return Err(DemoError::Zip { path, source }),
        };
        let mut bytes = Vec::new();
        file.take(LARGEST_ENTRY + 1).read_to_end(&mut bytes).map_err(DemoError::io(&path))?;
        if bytes.len() as u64 > LARGEST_ENTRY {
            return Err(DemoError::TooLarge { path, limit: LARGEST_ENTRY });
        }
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// The text of an entry that the format requires.
    pub fn require(&mut self, entry: &str) -> Result<String, DemoError> {
        match self.find(entry)? {
            Some(text) => Ok(text),
            None => Err(DemoError::MissingEntry { path: self.path.clone(), entry: entry.to_owned() }),
        }
    }
}
