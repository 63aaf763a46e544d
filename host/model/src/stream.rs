//! Cutting an input into chunks of whole records, without parsing them.
//!
//! An export is one JSON array or one object per line, of any size. Only this step is sequential, so it does the least that can be done: for lines, find
//! the last newline; for an array, follow braces and strings. Where a chunk ends depends on the text alone, never on how the text
//! arrived: later steps shard by chunk, and their output must not depend on timing.

use crate::error::{InputError, Place};
use std::io::Read;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// How much text a chunk holds, as far as whole records allow.
pub const CHUNK_BYTES: usize = 2 << 20;

/// The longest record that is accepted unless the caller says otherwise: what the biggest video task takes, with room.
pub const MAX_RECORD_BYTES: usize = 64 << 20;

/// Buffers of chunks that are done with, for those to come. A buffer given back to the system comes back as pages to be cleared, one by one.
#[derive(Debug, Clone, Default)]
pub struct Buffers(Arc<Mutex<Vec<Vec<u8>>>>);

impl Buffers {
    /// Buffers that are kept, at most.
    const KEPT: usize = 8;

    fn take(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    fn give(&self, mut buffer: Vec<u8>) {
        // What a giant record needed is not kept.
        if buffer.capacity() <= 2 * CHUNK_BYTES {
            let mut buffers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if buffers.len() < Self::KEPT {
                buffer.clear();
                buffers.push(buffer);
            }
        }
    }
}

/// A run of whole records.
#[derive(Debug)]
pub struct Chunk {
    text: Vec<u8>,
    /// Where `text` goes in the end.
    buffers: Buffers,
    /// Byte ranges of the records in `text`, of an array; lines are cut by whoever reads the chunk.
    elements: Option<Vec<Range<usize>>>,
    byte: u64,
    line: u64,
}

impl Chunk {
    /// A chunk without records: what an empty input consists of.
    pub fn empty() -> Self {
        Self { text: Vec::new(), buffers: Buffers::default(), elements: None, byte: 0, line: 1 }
    }

    /// The records of the chunk, as byte ranges of [`Chunk::text`].
    pub fn records(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let elements = self.elements.iter().flatten().cloned();
        let mut at = if self.elements.is_some() { self.text.len() } else { 0 };
        let lines = std::iter::from_fn(move || {
            while at < self.text.len() {
                let end = memchr::memchr(b'\n', &self.text[at..]).map_or(self.text.len(), |length| at + length);
                let range = trim(&self.text, at..end);
                at = end + 1;
                if !range.is_empty() {
                    return Some(range);
                }
            }
            None
        });
        elements.chain(lines)
    }

    /// The text that record ranges refer to. Not checked to be UTF-8.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// The place in the input of an offset in [`Chunk::text`].
    pub fn place(&self, input: &str, offset: usize) -> Place {
        let offset = offset.min(self.text.len());
        let lines = memchr::memchr_iter(b'\n', &self.text[..offset]).count() as u64;
        Place { input: input.to_owned(), line: self.line + lines, byte: self.byte + offset as u64, ..Place::default() }
    }
}

impl Drop for Chunk {
    fn drop(&mut self) {
        self.buffers.give(std::mem::take(&mut self.text));
    }
}

fn trim(text: &[u8], range: Range<usize>) -> Range<usize> {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    let line = &text[range.clone()];
    let start = line.iter().position(|byte| !is_space(byte)).unwrap_or(line.len());
    let end = line.iter().rposition(|byte| !is_space(byte)).map_or(start, |last| last + 1);
    range.start + start..range.start + end
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Unknown,
    Lines,
    /// Between elements of an array; the flag tells whether one was seen.
    Array {
        any: bool,
    },
    Closed,
}

/// Reads chunks from an uncompressed text.
#[derive(Debug)]
pub struct RecordReader<R> {
    source: R,
    input: String,
    chunk_bytes: usize,
    max_record: usize,
    buffer: Vec<u8>,
    buffers: Buffers,
    finished: bool,
    /// An empty text is an error unless its container vouches for it.
    empty_allowed: bool,
    shape: Shape,
    byte: u64,
    line: u64,
}

impl<R: Read> RecordReader<R> {
    /// A reader of `source`; `input` is what errors call it.
    pub fn new(source: R, input: impl Into<String>) -> Self {
        Self {
            source,
            input: input.into(),
            chunk_bytes: CHUNK_BYTES,
            max_record: MAX_RECORD_BYTES,
            buffer: Vec::new(),
            buffers: Buffers::default(),
            finished: false,
            empty_allowed: false,
            shape: Shape::Unknown,
            byte: 0,
            line: 1,
        }
    }

    /// Accepts a text of no bytes as an export of no tasks. Right inside a zip, whose directory proves that nothing was cut off.
    pub fn allow_empty(mut self) -> Self {
        self.empty_allowed = true;
        self
    }

    /// Takes buffers from `buffers`, and its chunks give them back there.
    pub fn with_buffers(mut self, buffers: Buffers) -> Self {
        self.buffers = buffers;
        self
    }

    /// Accepts records of up to `bytes`.
    pub fn with_max_record(mut self, bytes: usize) -> Self {
        self.max_record = bytes.max(1);
        self
    }

    /// Cuts chunks of about `bytes`.
    pub fn with_chunk_bytes(mut self, bytes: usize) -> Self {
        self.chunk_bytes = bytes.max(1);
        self
    }

    /// The next chunk; `None` at the end of the input.
    ///
    /// # Errors
    /// When reading fails, the input is neither an array nor lines of objects, it ends inside a record, or a record is too long.
    pub fn next_chunk(&mut self) -> Result<Option<Chunk>, InputError> {
        self.fill(self.chunk_bytes)?;
        if self.shape == Shape::Unknown {
            self.detect()?;
        }
        match self.shape {
            Shape::Lines => self.next_lines(),
            Shape::Array { .. } => self.next_elements(),
            Shape::Closed => self.expect_nothing().map(|()| None),
            Shape::Unknown => Ok(None),
        }
    }

    /// Fills the buffer up to `wanted` bytes, or to the end of the input.
    fn fill(&mut self, wanted: usize) -> Result<(), InputError> {
        if self.finished || self.buffer.len() >= wanted {
            return Ok(());
        }
        let missing = (wanted - self.buffer.len()) as u64;
        self.buffer.reserve_exact(missing as usize);
        let read = self
            .source
            .by_ref()
            .take(missing)
            .read_to_end(&mut self.buffer)
            .map_err(|source| InputError::Read { input: self.input.clone(), source })?;
        self.finished = (read as u64) < missing;
        Ok(())
    }

    fn malformed(&self, offset: usize, problem: impl Into<String>) -> InputError {
        let offset = offset.min(self.buffer.len());
        let lines = memchr::memchr_iter(b'\n', &self.buffer[..offset]).count() as u64;
        let place = Place { input: self.input.clone(), line: self.line + lines, byte: self.byte + offset as u64, ..Place::default() };
        InputError::Malformed { place: Box::new(place), problem: problem.into() }
    }

    fn detect(&mut self) -> Result<(), InputError> {
        self.fill(16)?;
        if self.buffer.starts_with(b"\xEF\xBB\xBF") {
            self.consume(3);
        }
        let start = loop {
            let start = trim(&self.buffer, 0..self.buffer.len()).start;
            if start < self.buffer.len() || self.finished {
                break start;
            }
            self.consume(start);
            self.fill(self.chunk_bytes)?;
        };
        match self.buffer.get(start) {
            Some(b'[') => {
                self.consume(start + 1);
                self.shape = Shape::Array { any: false };
            }
            Some(b'{') => self.shape = Shape::Lines,
            None if self.empty_allowed => self.shape = Shape::Closed,
            None if self.byte == 0 && self.buffer.is_empty() => {
                return Err(self.malformed(0, "is empty: an export of no tasks is still an empty array"));
            }
            None => return Err(self.malformed(0, "holds nothing but white space")),
            Some(b'P') if self.buffer[start..].starts_with(b"PK\x03\x04") => {
                return Err(self.malformed(start, "is a zip inside of another container"));
            }
            Some(_) => return Err(self.malformed(start, "is not an export: expected a JSON array or one object per line")),
        }
        Ok(())
    }

    /// Drops the first bytes of the buffer.
    fn consume(&mut self, bytes: usize) {
        self.line += memchr::memchr_iter(b'\n', &self.buffer[..bytes]).count() as u64;
        self.byte += bytes as u64;
        self.buffer.drain(..bytes);
    }

    /// Takes the first bytes of the buffer as a chunk.
    fn take(&mut self, bytes: usize, elements: Option<Vec<Range<usize>>>) -> Chunk {
        let mut rest = self.buffers.take();
        rest.reserve_exact(self.chunk_bytes.max(self.buffer.len() - bytes));
        rest.extend_from_slice(&self.buffer[bytes..]);
        let mut text = std::mem::replace(&mut self.buffer, rest);
        text.truncate(bytes);
        let chunk = Chunk { byte: self.byte, line: self.line, elements, text, buffers: self.buffers.clone() };
        self.byte += bytes as u64;
        self.line += memchr::memchr_iter(b'\n', &chunk.text).count() as u64;
        chunk
    }

    /// Doubles the window when a record does not fit into it.
    fn widen(&mut self) -> Result<(), InputError> {
        if self.buffer.len() >= self.max_record {
            return Err(self.malformed(
                0,
                format!("a record of more than {} MiB: is a bracket or a line break missing? (--max-record-mib allows more)", self.max_record >> 20),
            ));
        }
        let wanted = (self.buffer.len() * 2).max(self.chunk_bytes).min(self.max_record);
        self.fill(wanted)
    }

    fn next_lines(&mut self) -> Result<Option<Chunk>, InputError> {
        let mut searched = 0;
        loop {
            if self.buffer.is_empty() {
                self.shape = Shape::Closed;
                return Ok(None);
            }
            let window = self.buffer.len().min(self.chunk_bytes.max(searched + 1));
            // Within the window the last newline; past it (a long record) the first one.
            let cut = match searched {
                0 => memchr::memrchr(b'\n', &self.buffer[..window]),
                _ => memchr::memchr(b'\n', &self.buffer[searched..]).map(|position| searched + position),
            };
            if self.finished && self.buffer.len() <= self.chunk_bytes {
                let length = self.buffer.len();
                return Ok(Some(self.take(length, None)));
            }
            if let Some(position) = cut {
                return Ok(Some(self.take(position + 1, None)));
            }
            if self.finished {
                let length = self.buffer.len();
                return Ok(Some(self.take(length, None)));
            }
            searched = self.buffer.len();
            self.widen()?;
        }
    }

    fn next_elements(&mut self) -> Result<Option<Chunk>, InputError> {
        let mut elements = Vec::new();
        let mut at = 0;
        loop {
            // Between two elements: white space, one comma, or the closing bracket.
            let Shape::Array { any } = self.shape else { return Ok(None) };
            let mut comma = false;
            let mut start = at;
            loop {
                match self.buffer.get(start) {
                    Some(b' ' | b'\t' | b'\r' | b'\n') => start += 1,
                    Some(b',') if any && !comma => {
                        comma = true;
                        start += 1;
                    }
                    Some(b'{') if comma || !any => break,
                    Some(b']') if !comma => {
                        self.shape = Shape::Closed;
                        if elements.is_empty() {
                            self.consume(start + 1);
                            return self.expect_nothing().map(|()| None);
                        }
                        return Ok(Some(self.take(start + 1, Some(elements))));
                    }
                    Some(b'{') => return Err(self.malformed(start, "expected ',' between two records")),
                    Some(_) => return Err(self.malformed(start, "expected an asset object or the end of the array")),
                    None if self.finished => return Err(self.malformed(start, "the array is not closed: the export is truncated")),
                    None if !elements.is_empty() => return Ok(Some(self.take_elements(elements))),
                    None => self.widen()?,
                }
            }
            match object_end(&self.buffer, start) {
                Some(end) if elements.is_empty() || end <= self.chunk_bytes => {
                    elements.push(start..end);
                    at = end;
                    self.shape = Shape::Array { any: true };
                }
                None if self.finished => return Err(self.malformed(start, "this record is not closed: the export is truncated")),
                None if elements.is_empty() => self.widen()?,
                _ => return Ok(Some(self.take_elements(elements))),
            }
        }
    }

    /// A chunk up to the end of its last element; the comma after it is found again by the next call.
    fn take_elements(&mut self, elements: Vec<Range<usize>>) -> Chunk {
        let end = elements.last().map_or(0, |last| last.end);
        self.take(end, Some(elements))
    }

    fn expect_nothing(&mut self) -> Result<(), InputError> {
        loop {
            self.fill(1)?;
            let rest = trim(&self.buffer, 0..self.buffer.len());
            if !rest.is_empty() {
                return Err(self.malformed(rest.start, "unexpected text after the end of the array"));
            }
            let length = self.buffer.len();
            self.consume(length);
            if self.finished {
                return Ok(());
            }
        }
    }
}

/// The position after the object that starts at `start`; `None` when it does not end in `text`. Only braces count: brackets that do not match
/// are for the parser to find.
fn object_end(text: &[u8], start: usize) -> Option<usize> {
    let mut depth = 0usize;
    let mut at = start;
    loop {
        at += memchr::memchr3(b'"', b'{', b'}', text.get(at..)?)?;
        match text[at] {
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => loop {
                at += 1 + memchr::memchr2(b'"', b'\\', text.get(at + 1..)?)?;
                if text[at] == b'"' {
                    break;
                }
                at += 1;
            },
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Hands out a few bytes at a time, as a network does.
    struct Trickle<'a>(&'a [u8], usize);

    impl Read for Trickle<'_> {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            let length = out.len().min(self.1).min(self.0.len());
            out[..length].copy_from_slice(&self.0[..length]);
            self.0 = &self.0[length..];
            Ok(length)
        }
    }

    fn chunks(text: &str, chunk_bytes: usize, step: usize) -> Result<Vec<Vec<String>>, InputError> {
        let mut reader = RecordReader::new(Trickle(text.as_bytes(), step), "in").with_chunk_bytes(chunk_bytes).with_max_record(4096);
        let mut all = Vec::new();
        while let Some(chunk) = reader.next_chunk()? {
            all.push(chunk.records().map(|range| String::from_utf8_lossy(&chunk.text()[range]).into_owned()).collect());
        }
        Ok(all)
    }

    fn problem(text: &str) -> String {
        chunks(text, 16, 3).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn malformed_frames_are_named_with_their_place() {
        assert_eq!(problem("[{},\n{\"a\":1}"), "in: line 2, byte 12: the array is not closed: the export is truncated");
        assert_eq!(problem("[{},\n{\"a\":\"}"), "in: line 2, byte 5: this record is not closed: the export is truncated");
        assert_eq!(problem("[{} {}]"), "in: line 1, byte 4: expected ',' between two records");
        assert_eq!(problem("[{},]"), "in: line 1, byte 4: expected an asset object or the end of the array");
        assert_eq!(problem("[1]"), "in: line 1, byte 1: expected an asset object or the end of the array");
        assert_eq!(problem("[]]"), "in: line 1, byte 2: unexpected text after the end of the array");
        assert_eq!(problem(""), "in: line 1, byte 0: is empty: an export of no tasks is still an empty array");
        assert_eq!(problem("hello"), "in: line 1, byte 0: is not an export: expected a JSON array or one object per line");
        assert!(problem(&format!("[{{\"a\":\"{}", "x".repeat(9000))).contains("a record of more than"));
        assert!(problem(&format!("{{\"a\":\"{}", "x".repeat(9000))).contains("a record of more than"));
    }

    #[test]
    fn an_empty_array_holds_no_records() {
        assert_eq!(chunks(" [ ]\n", 16, 1).ok(), Some(vec![]));
        assert_eq!(chunks("\u{feff}[]", 16, 1).ok(), Some(vec![]));
    }

    fn record() -> impl Strategy<Value = String> {
        prop::collection::vec("[a-z{}\\[\\],\"\\\\ é]{0,12}", 0..6).prop_map(|texts| serde_json::json!({ "t": texts, "n": { "x": 1 } }).to_string())
    }

    proptest! {
        #[test]
        fn records_come_out_whole_and_chunks_do_not_depend_on_arrival(
            records in prop::collection::vec(record(), 1..20), chunk in 1usize..300, steps in (1usize..40, 1usize..400),
        ) {
            for text in [records.join("\n"), records.join("\r\n") + "\n\n", format!("[{}]", records.join(",")), format!("\n[ {}\n]\n", records.join(" ,\n\t"))] {
                let first = chunks(&text, chunk, steps.0).map_err(|error| TestCaseError::fail(error.to_string()))?;
                let second = chunks(&text, chunk, steps.1).map_err(|error| TestCaseError::fail(error.to_string()))?;
                prop_assert_eq!(&first, &second);
                prop_assert_eq!(first.concat(), records.clone());
            }
        }
    }
}
