//! Files and zip entries as streams of text.
//!
//! What a file is shows in its first bytes, not in its name: people rename downloads.

use crate::error::{ConfigError, JobError};
use ango_model::stream::RecordReader;
use ango_model::{InputError, Place};
use ango_store::{Records, Selection, Store, StoreError};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Entries of a zip that are looked at. An export has one, or one per part.
const MAX_ENTRIES: usize = 100_000;
/// How many times larger the text of records is than the same compressed, as a rule.
const PACKED: u64 = 8;

/// A file or zip entry that holds tasks, or issues.
#[derive(Debug, Clone)]
pub struct Part {
    path: PathBuf,
    name: String,
    stored: u64,
    encoding: Encoding,
    /// Whether a file without text is one without records, and no accident.
    empty_allowed: bool,
}

impl Part {
    /// What a store holds of a selection: so many bytes of text.
    pub(super) fn of_store(path: &Path, name: &str, selection: Arc<Selection>, bytes: u64) -> Self {
        Self { path: path.to_owned(), name: name.to_owned(), stored: bytes, encoding: Encoding::Store { selection }, empty_allowed: true }
    }

    /// The issues of a store: so many bytes of text.
    pub(super) fn of_store_issues(path: &Path, name: &str, bytes: u64) -> Self {
        Self { path: path.to_owned(), name: name.to_owned(), stored: bytes, encoding: Encoding::StoreIssues, empty_allowed: true }
    }

    /// The same part, which may be empty.
    pub(super) fn allow_empty(self) -> Self {
        Self { empty_allowed: true, ..self }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Encoding {
    Plain,
    Gzip,
    Zstd,
    /// An entry of a zip: where its data begins, whether they are compressed, and what the text must be.
    Entry {
        offset: u64,
        deflated: bool,
        crc: u32,
        length: u64,
    },
    /// A store, of which only this is read.
    Store {
        selection: Arc<Selection>,
    },
    /// A store, of which only the issues are read.
    StoreIssues,
}

/// Finds out what the file is, and what parts it has. `name` is what errors call it.
pub(super) fn parts(path: &Path, name: &str) -> Result<Vec<Part>, JobError> {
    let unreadable = |source| InputError::Read { input: name.to_owned(), source };
    let mut file = File::open(path).map_err(unreadable)?;
    let stored = file.metadata().map_err(unreadable)?.len();
    let mut magic = [0; 4];
    let read = read_start(&mut file, &mut magic).map_err(unreadable)?;
    let plain = |encoding| Ok(vec![Part { path: path.to_owned(), name: name.to_owned(), stored, encoding, empty_allowed: false }]);
    match &magic[..read] {
        [0x1f, 0x8b, ..] => plain(Encoding::Gzip),
        [0x28, 0xb5, 0x2f, 0xfd] => plain(Encoding::Zstd),
        [b'P', b'K', 3 | 5, 4 | 6] => zip_parts(path, name, file),
        [b'7', b'z', 0xbc, 0xaf] | [b'R', b'a', b'r', b'!'] => {
            Err(ConfigError(format!("{name}: is an archive of another kind: Hub's exports are zips")).into())
        }
        _ => plain(Encoding::Plain),
    }
}

fn read_start(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut read = 0;
    while read < buffer.len() {
        match file.read(&mut buffer[read..])? {
            0 => break,
            more => read += more,
        }
    }
    file.rewind()?;
    Ok(read)
}

/// The first entry is the payload; of a split export, every further `.ndjson` entry as well.
fn zip_parts(path: &Path, name: &str, file: File) -> Result<Vec<Part>, JobError> {
    let malformed = |problem: String| -> JobError {
        let place = Place { input: name.to_owned(), line: 1, ..Place::default() };
        InputError::Malformed { place: Box::new(place), problem }.into()
    };
    let mut archive =
        zip::ZipArchive::new(BufReader::new(file)).map_err(|_| malformed("is not a complete zip: it is damaged or truncated".into()))?;
    let mut parts: Vec<Part> = Vec::new();
    for index in 0..archive.len().min(MAX_ENTRIES) {
        let entry = archive.by_index_raw(index).map_err(|error| malformed(format!("zip entry {index}: {error}")))?;
        let entry_name = entry.name().map_err(|error| malformed(format!("zip entry {index}: {error}")))?.into_owned();
        if entry.is_dir() {
            continue;
        }
        let continues = parts.first().is_none_or(|first| first.name.ends_with(".ndjson") && entry_name.ends_with(".ndjson"));
        if !continues {
            continue;
        }
        if entry.encrypted() {
            return Err(malformed(format!("zip entry {entry_name} is encrypted")));
        }
        let deflated = match entry.compression() {
            zip::CompressionMethod::Stored => false,
            zip::CompressionMethod::Deflated => true,
            other => return Err(malformed(format!("zip entry {entry_name} is compressed with {other}: only deflate is read"))),
        };
        let offset = entry.data_start().ok_or_else(|| malformed(format!("zip entry {entry_name} has no data")))?;
        parts.push(Part {
            path: path.to_owned(),
            name: format!("{name}: {entry_name}"),
            stored: entry.compressed_size(),
            encoding: Encoding::Entry { offset, deflated, crc: entry.crc32(), length: entry.size() },
            // Its directory proves that nothing was cut off.
            empty_allowed: true,
        });
    }
    if parts.is_empty() { Err(malformed("the zip is empty".into())) } else { Ok(parts) }
}

impl Part {
    /// What errors call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Bytes on disk.
    pub fn stored_bytes(&self) -> u64 {
        self.stored
    }

    /// About how many bytes of text.
    pub fn text_bytes(&self) -> u64 {
        match &self.encoding {
            Encoding::Gzip | Encoding::Zstd => self.stored.saturating_mul(PACKED),
            Encoding::Entry { length, .. } => *length,
            Encoding::Plain | Encoding::Store { .. } | Encoding::StoreIssues => self.stored,
        }
    }

    /// Opens the part. Bytes on disk are counted into `progress` as they are read.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn open(&self, progress: Arc<AtomicU64>, max_record: usize) -> Result<RecordReader<Box<dyn Read + Send>>, InputError> {
        let unreadable = |source| InputError::Read { input: self.name.clone(), source };
        let mut file = File::open(&self.path).map_err(unreadable)?;
        let stored = |read: &dyn Fn(&Store) -> Result<Records, StoreError>| {
            let records = Store::open_read(&self.path).and_then(|store| read(&store));
            records.map_err(|error| unreadable(io::Error::other(error)))
        };
        let text: Box<dyn Read + Send> = match &self.encoding {
            Encoding::Store { selection } => Box::new(Counted { source: stored(&|store| store.read(selection))?, progress }),
            Encoding::StoreIssues => Box::new(Counted { source: stored(&Store::read_issues)?, progress }),
            Encoding::Plain => Box::new(Counted { source: file, progress }),
            Encoding::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(buffered(Counted { source: file, progress }))),
            Encoding::Zstd => {
                let source = buffered(Counted { source: file, progress });
                Box::new(zstd::stream::read::Decoder::with_buffer(source).map_err(unreadable)?)
            }
            &Encoding::Entry { offset, deflated, crc, length } => {
                file.seek(SeekFrom::Start(offset)).map_err(unreadable)?;
                let source = Counted { source: file.take(self.stored), progress };
                let text: Box<dyn Read + Send> =
                    if deflated { Box::new(flate2::bufread::DeflateDecoder::new(buffered(source))) } else { Box::new(source) };
                Box::new(Checked { source: text, hasher: crc32fast::Hasher::new(), crc, left: length })
            }
        };
        let reader = RecordReader::new(text, self.name.clone()).with_max_record(max_record);
        Ok(if self.empty_allowed { reader.allow_empty() } else { reader })
    }
}

fn buffered<R: Read>(source: R) -> BufReader<R> {
    BufReader::with_capacity(256 << 10, source)
}

/// Counts what is read.
struct Counted<R> {
    source: R,
    progress: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.progress.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Checks that a zip entry is as long as its directory says, and has its checksum.
struct Checked<R> {
    source: R,
    hasher: crc32fast::Hasher,
    crc: u32,
    left: u64,
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        if read == 0 && !buffer.is_empty() {
            if self.left > 0 {
                return Err(io::Error::new(
                    io::ErrorKind::UnexpectedEof,
                    format!("the zip entry is {} bytes short: the file is damaged or truncated", self.left),
                ));
            }
            if self.hasher.clone().finalize() != self.crc {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "the zip entry's checksum is wrong: the file is damaged"));
            }
            return Ok(0);
        }
        self.hasher.update(&buffer[..read]);
        self.left = self
            .left
            .checked_sub(read as u64)
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "the zip entry is longer than its directory says: the file is damaged"))?;
        Ok(read)
    }
}
