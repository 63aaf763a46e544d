//! The archive around the entries.
//!
//! An entry whose sizes are known before it is written has them in its header, as every reader likes best. A streamed entry has them in a data
//! descriptor behind it, and carries the zip64 field from the start, because whether it will need 64 bits is known too late (APPNOTE.TXT 4.3.9.2). The
//! directory at the end is collected on disk: an export of a million files has a directory of a hundred megabytes.

use super::deflate::{END, Piece, Whole, join_crc};
use ango_model::time::{Civil, Timestamp};
use std::io::{self, Read, Seek, Write};
use tempfile::SpooledTempFile;

const LOCAL: u32 = 0x0403_4b50;
const DESCRIPTOR: u32 = 0x0807_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END64: u32 = 0x0606_4b50;
const LOCATOR64: u32 = 0x0706_4b50;
const END32: u32 = 0x0605_4b50;

/// Names are UTF-8.
const UTF8: u16 = 1 << 11;
/// Sizes follow the data.
const STREAMED: u16 = 1 << 3;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// Versions 2.0 (deflate) and 4.5 (zip64) of the format.
const VERSION: u16 = 20;
const VERSION64: u16 = 45;
/// Unix, so that permissions are understood.
const MADE_BY: u16 = 3 << 8;
/// A regular file, rw-r--r--.
const ATTRIBUTES: u32 = 0o100_644 << 16;
/// Directory bytes kept in memory.
const DIRECTORY_MEMORY: usize = 1 << 20;

/// A streamed entry that is open.
#[derive(Debug)]
struct Open {
    name: String,
    offset: u64,
    crc: u32,
    length: u64,
    compressed: u64,
}

/// Writes an archive.
#[derive(Debug)]
pub struct ZipWriter<W> {
    sink: W,
    written: u64,
    directory: SpooledTempFile,
    directory_bytes: u64,
    entries: u64,
    open: Option<Open>,
    /// DOS time and date of every entry.
    stamp: (u16, u16),
}

impl<W: Write> ZipWriter<W> {
    /// An archive whose entries carry the time `modified` (UTC), or 1980-01-01 when there is none.
    pub fn new(sink: W, modified: Option<Timestamp>) -> Self {
        Self {
            sink,
            written: 0,
            directory: SpooledTempFile::new(DIRECTORY_MEMORY),
            directory_bytes: 0,
            entries: 0,
            open: None,
            stamp: modified.map_or((0, 0x21), dos_stamp),
        }
    }

    /// Number of entries so far.
    pub fn entries(&self) -> u64 {
        self.entries
    }

    /// The sink.
    pub fn sink_mut(&mut self) -> &mut W {
        &mut self.sink
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.sink.write_all(bytes)?;
        self.written += bytes.len() as u64;
        Ok(())
    }

    /// Writes an entry whose sizes are known.
    ///
    /// # Errors
    /// When the sink fails, or the entry is larger than 4 GiB (those are streamed).
    pub fn whole(&mut self, name: &str, entry: &Whole<'_>) -> io::Result<()> {
        let compressed = u32::try_from(entry.data.len()).map_err(|_| io::Error::other("an entry of more than 4 GiB must be streamed"))?;
        let length = u32::try_from(entry.length).map_err(|_| io::Error::other("an entry of more than 4 GiB must be streamed"))?;
        let offset = self.written;
        let method = if entry.deflated { DEFLATED } else { STORED };
        let mut header = Vec::with_capacity(64 + name.len());
        put32(&mut header, LOCAL);
        self.common(&mut header, VERSION, UTF8, method);
        put32(&mut header, entry.crc);
        put32(&mut header, compressed);
        put32(&mut header, length);
        put16(&mut header, name_length(name)?);
        put16(&mut header, 0);
        header.extend_from_slice(name.as_bytes());
        self.put(&header)?;
        self.put(entry.data)?;
        self.record(name, UTF8, method, entry.crc, entry.data.len() as u64, entry.length, offset)
    }

    /// Starts a streamed entry.
    ///
    /// # Errors
    /// When the sink fails, or another entry is open.
    pub fn start(&mut self, name: &str) -> io::Result<()> {
        if self.open.is_some() {
            return Err(io::Error::other("another entry is open"));
        }
        let offset = self.written;
        let mut header = Vec::with_capacity(64 + name.len());
        put32(&mut header, LOCAL);
        self.common(&mut header, VERSION64, UTF8 | STREAMED, DEFLATED);
        put32(&mut header, 0);
        put32(&mut header, u32::MAX);
        put32(&mut header, u32::MAX);
        put16(&mut header, name_length(name)?);
        put16(&mut header, 20);
        header.extend_from_slice(name.as_bytes());
        put16(&mut header, 1);
        put16(&mut header, 16);
        header.extend_from_slice(&[0; 16]);
        self.put(&header)?;
        self.open = Some(Open { name: name.to_owned(), offset, crc: 0, length: 0, compressed: 0 });
        Ok(())
    }

    /// Appends a piece to the open entry.
    ///
    /// # Errors
    /// When the sink fails.
    pub fn piece(&mut self, piece: &Piece) -> io::Result<()> {
        self.raw(&piece.data, piece.crc, piece.length)
    }

    /// Appends joined pieces, given as their data and the CRC-32 and length of their text. The data may come in several calls, the text with one of them.
    ///
    /// # Errors
    /// When the sink fails.
    pub fn raw(&mut self, data: &[u8], crc: u32, length: u64) -> io::Result<()> {
        self.put(data)?;
        if let Some(open) = &mut self.open {
            open.crc = join_crc(open.crc, crc, length);
            open.length += length;
            open.compressed += data.len() as u64;
        }
        Ok(())
    }

    /// Ends the open entry.
    ///
    /// # Errors
    /// When the sink fails, or no entry is open.
    pub fn end(&mut self) -> io::Result<()> {
        self.raw(&END, 0, 0)?;
        let Some(open) = self.open.take() else { return Err(io::Error::other("no entry is open")) };
        let mut descriptor = Vec::with_capacity(24);
        put32(&mut descriptor, DESCRIPTOR);
        put32(&mut descriptor, open.crc);
        put64(&mut descriptor, open.compressed);
        put64(&mut descriptor, open.length);
        self.put(&descriptor)?;
        self.record(&open.name, UTF8 | STREAMED, DEFLATED, open.crc, open.compressed, open.length, open.offset)
    }

    /// Version, flags, method and time: the same in both headers of an entry.
    fn common(&self, header: &mut Vec<u8>, version: u16, flags: u16, method: u16) {
        put16(header, version);
        put16(header, flags);
        put16(header, method);
        put16(header, self.stamp.0);
        put16(header, self.stamp.1);
    }

    #[allow(clippy::too_many_arguments, reason = "the fields of a directory entry")]
    fn record(&mut self, name: &str, flags: u16, method: u16, crc: u32, compressed: u64, length: u64, offset: u64) -> io::Result<()> {
        let wide = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
        // Only what does not fit stands in the zip64 field, in this order.
        let mut extra = Vec::new();
        for value in [length, compressed, offset] {
            if value >= u64::from(u32::MAX) {
                put64(&mut extra, value);
            }
        }
        let version = if extra.is_empty() && flags & STREAMED == 0 { VERSION } else { VERSION64 };
        let mut header = Vec::with_capacity(80 + name.len());
        put32(&mut header, CENTRAL);
        put16(&mut header, MADE_BY | version);
        self.common(&mut header, version, flags, method);
        put32(&mut header, crc);
        put32(&mut header, wide(compressed));
        put32(&mut header, wide(length));
        put16(&mut header, name_length(name)?);
        put16(&mut header, if extra.is_empty() { 0 } else { extra.len() as u16 + 4 });
        put16(&mut header, 0);
        put16(&mut header, 0);
        put16(&mut header, 0);
        put32(&mut header, ATTRIBUTES);
        put32(&mut header, wide(offset));
        header.extend_from_slice(name.as_bytes());
        if !extra.is_empty() {
            put16(&mut header, 1);
            put16(&mut header, extra.len() as u16);
            header.extend_from_slice(&extra);
        }
        self.directory.write_all(&header)?;
        self.directory_bytes += header.len() as u64;
        self.entries += 1;
        Ok(())
    }

    /// Writes the directory and returns the sink.
    ///
    /// # Errors
    /// When the sink fails, or an entry is still open.
    pub fn finish(mut self) -> io::Result<W> {
        if self.open.is_some() {
            return Err(io::Error::other("an entry is still open"));
        }
        let offset = self.written;
        self.directory.rewind()?;
        let mut buffer = vec![0; 256 << 10];
        loop {
            let read = self.directory.read(&mut buffer)?;
            if read == 0 {
                break;
            }
            self.put(&buffer[..read])?;
        }
        let mut end = Vec::with_capacity(98);
        if self.entries >= u64::from(u16::MAX) || self.directory_bytes >= u64::from(u32::MAX) || offset >= u64::from(u32::MAX) {
            let end64 = self.written;
            put32(&mut end, END64);
            put64(&mut end, 44);
            put16(&mut end, MADE_BY | VERSION64);
            put16(&mut end, VERSION64);
            put32(&mut end, 0);
            put32(&mut end, 0);
            put64(&mut end, self.entries);
            put64(&mut end, self.entries);
            put64(&mut end, self.directory_bytes);
            put64(&mut end, offset);
            put32(&mut end, LOCATOR64);
            put32(&mut end, 0);
            put64(&mut end, end64);
            put32(&mut end, 1);
        }
        let entries = u16::try_from(self.entries).unwrap_or(u16::MAX);
        put32(&mut end, END32);
        put16(&mut end, 0);
        put16(&mut end, 0);
        put16(&mut end, entries);
        put16(&mut end, entries);
        put32(&mut end, u32::try_from(self.directory_bytes).unwrap_or(u32::MAX));
        put32(&mut end, u32::try_from(offset).unwrap_or(u32::MAX));
        put16(&mut end, 0);
        self.put(&end)?;
        self.sink.flush()?;
        Ok(self.sink)
    }
}

fn put16(out: &mut Vec<u8>, value: u16) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn put32(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn put64(out: &mut Vec<u8>, value: u64) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn name_length(name: &str) -> io::Result<u16> {
    u16::try_from(name.len()).map_err(|_| io::Error::other("an entry's name is longer than 65,535 bytes"))
}

/// DOS counts in steps of two seconds from 1980 to 2107.
fn dos_stamp(time: Timestamp) -> (u16, u16) {
    let t = Civil::from_timestamp(time);
    if !(1980..=2107).contains(&t.year) {
        return (0, 0x21);
    }
    let clock = (t.hour << 11) | (t.minute << 5) | (t.second / 2);
    let date = ((t.year - 1980) << 9) | (t.month << 5) | t.day;
    (clock as u16, date as u16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zip::Compressor;

    #[test]
    fn an_independent_reader_finds_every_entry() -> io::Result<()> {
        let mut compressor = Compressor::default();
        let mut writer = ZipWriter::new(Vec::new(), Some(1_686_656_626_604));
        let long = "0123456789".repeat(1000);
        writer.start("streamed ü.json")?;
        writer.piece(&compressor.piece(long.as_bytes()))?;
        writer.piece(&Piece::stored(b","))?;
        writer.piece(&compressor.piece(long.as_bytes()))?;
        writer.end()?;
        writer.whole("small.txt", &compressor.whole(b"x"))?;
        writer.whole("large.txt", &compressor.whole(long.as_bytes()))?;
        // More than 65,535 entries need zip64.
        for number in 0..66_000 {
            writer.whole(&format!("n/{number}"), &compressor.whole(&[]))?;
        }
        let bytes = writer.finish()?;
        let mut archive = zip::ZipArchive::new(io::Cursor::new(bytes)).map_err(io::Error::other)?;
        assert_eq!(archive.len(), 66_003);
        let mut text = String::new();
        archive.by_index(0).map_err(io::Error::other)?.read_to_string(&mut text)?;
        assert_eq!(text, format!("{long},{long}"));
        for (name, expected) in [("small.txt", "x"), ("large.txt", long.as_str()), ("n/65999", "")] {
            text.clear();
            archive.by_name(name).map_err(io::Error::other)?.read_to_string(&mut text)?;
            assert_eq!(text, expected);
        }
        Ok(())
    }
}
