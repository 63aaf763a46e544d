//! The files of all shards, put together in shard order.
//!
//! A plain file goes straight into the archive. A section of a joined file waits, compressed, until every shard has written its part; what
//! is left to do then is copying.

use super::shard::{Content, Finished, Place, ShardFiles};
use super::spool::Spool;
use crate::zip::deflate::join_crc;
use crate::zip::{Piece, Whole, ZipWriter};
use ango_runtime::PathSet;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Compressed bytes of a section that are kept in memory.
const SECTION_MEMORY: usize = 1 << 20;

/// Why shards cannot be put together.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MergeError {
    /// Two shards disagree. The plugin's fault.
    #[error("{0}")]
    Conflict(String),
    /// The archive cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

#[derive(Debug)]
struct Section {
    separator: Vec<u8>,
    spool: Spool,
    crc: u32,
    length: u64,
}

impl Section {
    fn append(&mut self, data: &[u8]) -> io::Result<()> {
        self.spool.append(data).map(|_| ())
    }

    fn count(&mut self, crc: u32, length: u64) {
        self.crc = join_crc(self.crc, crc, length);
        self.length += length;
    }
}

/// Puts the shards' files into one archive.
#[derive(Debug)]
pub(crate) struct Merger<W> {
    archive: ZipWriter<W>,
    paths: PathSet,
    /// Joined files in the order in which they were first seen.
    joined: Vec<(String, BTreeMap<u32, Section>)>,
}

impl<W: Write> Merger<W> {
    pub(crate) fn new(archive: ZipWriter<W>) -> Self {
        Self { archive, paths: PathSet::default(), joined: Vec::new() }
    }

    /// The archive.
    pub(crate) fn archive_mut(&mut self) -> &mut ZipWriter<W> {
        &mut self.archive
    }

    /// Adds what the next shard wrote.
    pub(crate) fn add(&mut self, mut shard: ShardFiles) -> Result<(), MergeError> {
        for file in std::mem::take(&mut shard.finished) {
            let Finished { place, content } = file;
            match place {
                Place::File { path } => self.add_file(&path, content, &mut shard.spool)?,
                Place::Section { path, position, separator } => self.add_section(path, position, separator, content, &mut shard.spool)?,
            }
        }
        Ok(())
    }

    fn claim(&mut self, path: &str) -> Result<(), MergeError> {
        if self.paths.insert(path) { Ok(()) } else { Err(MergeError::Conflict(format!("'{}' is written by two shards", path.escape_debug()))) }
    }

    fn add_file(&mut self, path: &str, content: Content, spool: &mut Spool) -> Result<(), MergeError> {
        self.claim(path)?;
        match content {
            Content::Whole { extent, deflated, crc, length } => {
                let mut data = Vec::new();
                spool.read(extent, |bytes| {
                    data.extend_from_slice(bytes);
                    Ok(())
                })?;
                self.archive.whole(path, &Whole { data: &data, deflated, crc, length })?;
            }
            Content::Pieces { extents, crc, length } => {
                self.archive.start(path)?;
                for extent in extents {
                    spool.read(extent, |bytes| self.archive.raw(bytes, 0, 0))?;
                }
                self.archive.raw(&[], crc, length)?;
                self.archive.end()?;
            }
        }
        Ok(())
    }

    fn add_section(&mut self, path: String, position: u32, separator: Vec<u8>, content: Content, spool: &mut Spool) -> Result<(), MergeError> {
        let index = match self.joined.iter().position(|(known, _)| *known == path) {
            Some(index) => index,
            None => {
                self.claim(&path)?;
                self.joined.push((path, BTreeMap::new()));
                self.joined.len() - 1
            }
        };
        let (path, sections) = &mut self.joined[index];
        let section = sections.entry(position).or_insert_with(|| Section {
            separator: separator.clone(),
            spool: Spool::new(SECTION_MEMORY),
            crc: 0,
            length: 0,
        });
        if section.separator != separator {
            return Err(MergeError::Conflict(format!(
                "section {position} of '{}' has different separators in different shards",
                path.escape_debug()
            )));
        }
        let Content::Pieces { extents, crc, length } = content else {
            return Err(MergeError::Conflict("a section that is a whole file".into()));
        };
        if length == 0 {
            return Ok(());
        }
        if section.length > 0 {
            let separator = Piece::stored(&section.separator);
            section.append(&separator.data)?;
            section.count(separator.crc, separator.length);
        }
        for extent in extents {
            spool.read(extent, |bytes| section.append(bytes))?;
        }
        section.count(crc, length);
        Ok(())
    }

    /// Writes the joined files and the archive's end. Returns the sink and the number of files.
    pub(crate) fn finish(mut self) -> Result<(W, u64), MergeError> {
        for (path, sections) in std::mem::take(&mut self.joined) {
            self.archive.start(&path)?;
            for mut section in sections.into_values() {
                let all = section.spool.all();
                section.spool.read(all, |bytes| self.archive.raw(bytes, 0, 0))?;
                self.archive.raw(&[], section.crc, section.length)?;
            }
            self.archive.end()?;
        }
        let files = self.archive.entries();
        Ok((self.archive.finish()?, files))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::ShardWriter;
    use ango_runtime::{Output, Target};
    use std::io::Read;

    fn shard(files: &[(Option<u32>, &str, &[u8])]) -> ShardFiles {
        let mut output = ShardWriter::default();
        for (section, path, data) in files {
            let target = match section {
                None => Target::File { path },
                Some(position) => Target::Section { path, position: *position, separator: b"," },
            };
            let file = output.create(target).unwrap_or_else(|error| unreachable!("{error}"));
            for byte in data.chunks(3) {
                output.write(file, byte).unwrap_or_else(|error| unreachable!("{error}"));
            }
            output.finish(file).unwrap_or_else(|error| unreachable!("{error}"));
        }
        output.take()
    }

    fn content(archive: Vec<u8>) -> BTreeMap<String, String> {
        let mut archive = zip::ZipArchive::new(io::Cursor::new(archive)).unwrap_or_else(|error| unreachable!("{error}"));
        (0..archive.len())
            .map(|index| {
                let mut entry = archive.by_index(index).unwrap_or_else(|error| unreachable!("{error}"));
                let mut text = String::new();
                entry.read_to_string(&mut text).unwrap_or_else(|error| unreachable!("{error}"));
                (entry.name().map(|name| name.into_owned()).unwrap_or_default(), text)
            })
            .collect()
    }

    #[test]
    fn sections_are_joined_by_position_then_by_shard() -> Result<(), MergeError> {
        let mut merger = Merger::new(ZipWriter::new(Vec::new(), None));
        merger.add(shard(&[(Some(2), "j", b"]"), (Some(0), "j", b"["), (Some(1), "j", b"1,2"), (None, "a", b"A")]))?;
        merger.add(shard(&[(Some(1), "j", b"")]))?;
        merger.add(shard(&[(Some(1), "j", b"3"), (None, "b", b"B")]))?;
        let (bytes, files) = merger.finish()?;
        assert_eq!(files, 3);
        let expected = [("a", "A"), ("b", "B"), ("j", "[1,2,3]")].map(|(name, text)| (name.to_owned(), text.to_owned()));
        assert_eq!(content(bytes), BTreeMap::from(expected));
        Ok(())
    }

    #[test]
    fn a_path_belongs_to_one_shard() {
        let mut merger = Merger::new(ZipWriter::new(Vec::new(), None));
        assert!(merger.add(shard(&[(None, "a", b"A")])).is_ok());
        assert!(matches!(merger.add(shard(&[(None, "A", b"A")])), Err(MergeError::Conflict(_))));
        assert!(matches!(merger.add(shard(&[(Some(0), "a", b"A")])), Err(MergeError::Conflict(_))));
    }
}
