//! What an instance is given to convert.

use crate::bindings::ango::converter::source::Tables;
use crate::bindings::ango::converter::types::Task;
use crate::rounding::rounded_packed;
use crate::task::{Frames, TaskPosition, Wanted, pack};
use ango_model::v3::Asset;
use ango_packed::{Malformed, Reader, Unpack};
use std::ops::Range;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Records as canonical JSON, one after the other, with something between them.
#[derive(Debug, Default)]
pub struct Records {
    text: Vec<u8>,
    ranges: Vec<Range<usize>>,
}

impl Records {
    /// None yet. `buffer` is memory to use; what is in it is lost.
    pub fn new(mut buffer: Vec<u8>) -> Self {
        buffer.clear();
        Self { text: buffer, ranges: Vec::new() }
    }

    /// Records that lie at these places of a text, in order.
    pub fn from_parts(text: Vec<u8>, ranges: Vec<Range<usize>>) -> Self {
        Self { text, ranges }
    }

    /// Appends `before`, which belongs to no record, and then a record, which `write` appends.
    pub fn push(&mut self, before: &[u8], write: impl FnOnce(&mut Vec<u8>)) {
        self.text.extend_from_slice(before);
        let start = self.text.len();
        write(&mut self.text);
        self.ranges.push(start..self.text.len());
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.ranges.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// The memory.
    pub fn into_buffer(self) -> Vec<u8> {
        self.text
    }

    pub(crate) fn parts(&self) -> (&[u8], &[Range<usize>]) {
        (&self.text, &self.ranges)
    }

    /// Appends lines from `start` on: no more bytes than `max_bytes` (but one line in any case). Gives the tasks that they are of.
    fn lines(&self, start: usize, max_bytes: usize, out: &mut Vec<u8>) -> Range<usize> {
        let mut end = start;
        for range in &self.ranges[start..] {
            let text = &self.text[range.clone()];
            if end > start && out.len() + text.len() >= max_bytes {
                break;
            }
            out.extend_from_slice(text);
            out.push(b'\n');
            end += 1;
        }
        start..end
    }
}

/// Tasks, packed one after the other.
#[derive(Debug, Default)]
pub(crate) struct Packed {
    bytes: Vec<u8>,
    /// Where each task ends.
    ends: Vec<usize>,
}

impl Packed {
    /// Tasks that end at these places.
    pub(crate) fn from_parts(bytes: Vec<u8>, ends: Vec<usize>) -> Self {
        Self { bytes, ends }
    }

    pub(crate) fn parts(&self) -> (&[u8], &[usize]) {
        (&self.bytes, &self.ends)
    }

    /// Tasks from `start` on: at most `max`, and no more bytes than `max_bytes` (but one task in any case).
    fn range(&self, start: usize, max: usize, max_bytes: usize) -> Range<usize> {
        let begin = self.begin(start);
        let fits = |end: &usize| *end - begin <= max_bytes;
        let count = self.ends[start..].iter().take(max).take_while(|end| fits(end)).count();
        start..(start + count.max(1)).min(self.ends.len())
    }

    fn begin(&self, index: usize) -> usize {
        if index == 0 { 0 } else { self.ends[index - 1] }
    }

    fn of(&self, range: &Range<usize>) -> &[u8] {
        &self.bytes[self.begin(range.start)..self.begin(range.end)]
    }
}

/// Consecutive tasks, packed and as canonical JSON.
#[derive(Debug, Default)]
pub struct Block {
    pub(crate) records: Arc<Records>,
    pub(crate) packed: Packed,
}

impl Block {
    /// A block of the tasks of these records, each of which is still to be pushed. `buffer` is memory to use; what is in it is lost.
    pub fn new(records: Arc<Records>, mut buffer: Vec<u8>) -> Self {
        buffer.clear();
        Self { packed: Packed { ends: Vec::with_capacity(records.ranges.len()), bytes: buffer }, records }
    }

    /// Adds the task of the next record's asset; with `frames`, all of them.
    pub fn push(&mut self, asset: &Asset<'_>, position: &TaskPosition<'_>, wanted: Wanted, frames: Option<Frames<'_, '_>>) {
        pack(&mut self.packed.bytes, asset, position, wanted, frames);
        self.packed.ends.push(self.packed.bytes.len());
    }

    /// Number of tasks.
    pub fn len(&self) -> usize {
        self.packed.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of canonical NDJSON: what budgets are proportional to.
    pub fn bytes(&self) -> u64 {
        self.records.ranges.iter().map(|range| range.len() as u64 + 1).sum()
    }

    /// The memory of the packed tasks.
    pub fn into_buffer(self) -> Vec<u8> {
        self.packed.bytes
    }
}

/// Where an instance's tasks come from.
#[derive(Debug)]
pub enum Feed {
    /// One shard, ready.
    Shard(Arc<Block>),
    /// The whole export, block by block, in order.
    Stream(mpsc::Receiver<Arc<Block>>),
}

impl Feed {
    /// The next block that holds tasks; `None` at the end.
    pub(crate) async fn next(&mut self) -> Option<Arc<Block>> {
        loop {
            let block = match self {
                Self::Shard(block) => {
                    let block = Arc::clone(block);
                    // There is no other one.
                    *self = Self::Shard(Arc::default());
                    if block.is_empty() {
                        return None;
                    }
                    block
                }
                Self::Stream(blocks) => blocks.recv().await?,
            };
            if !block.is_empty() {
                return Some(block);
            }
        }
    }
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Number of tasks, and bytes of canonical NDJSON.
    Block(usize, u64),
    /// Nothing.
    End,
    /// The time is over.
    Late,
}

/// Blocks that are fetched from somewhere, part by part.
pub(crate) trait Remote: Send {
    /// The next block that holds tasks.
    fn next(&mut self) -> Next;
    /// The tasks of the current block.
    fn packed(&mut self) -> Packed;
    /// The records of the current block.
    fn records(&mut self) -> Records;
}

/// Where blocks come from.
enum Inlet {
    Feed(Feed),
    Remote(Box<dyn Remote>),
    End,
}

/// The block that is being read.
#[derive(Default)]
struct Current {
    count: usize,
    here: Option<Arc<Block>>,
    packed: Option<Packed>,
    records: Option<Records>,
}

/// How far an instance has read.
pub(crate) struct Cursor {
    inlet: Inlet,
    block: Current,
    next: usize,
    tasks: u64,
}

impl Cursor {
    pub(crate) fn new(feed: Feed) -> Self {
        Self { inlet: Inlet::Feed(feed), block: Current::default(), next: 0, tasks: 0 }
    }

    pub(crate) fn remote(remote: Box<dyn Remote>) -> Self {
        Self { inlet: Inlet::Remote(remote), block: Current::default(), next: 0, tasks: 0 }
    }

    /// Tasks handed out.
    pub(crate) fn tasks(&self) -> u64 {
        self.tasks
    }

    /// Fetches the next block when the current one is used up. Returns how many bytes and tasks came in, which the budget grows by.
    pub(crate) async fn advance(&mut self) -> (u64, u64) {
        if self.next < self.block.count {
            return (0, 0);
        }
        let (block, bytes) = match &mut self.inlet {
            Inlet::Feed(feed) => match feed.next().await {
                Some(block) => (Current { count: block.len(), here: Some(Arc::clone(&block)), ..Current::default() }, block.bytes()),
                None => Default::default(),
            },
            Inlet::Remote(remote) => match remote.next() {
                Next::Block(count, bytes) => (Current { count, ..Current::default() }, bytes),
                Next::End => Default::default(),
                // Whoever set the deadline ends the run.
                Next::Late => std::future::pending().await,
            },
            Inlet::End => return (0, 0),
        };
        if block.count == 0 {
            self.inlet = Inlet::End;
        }
        let tasks = block.count as u64;
        (self.block, self.next) = (block, 0);
        (bytes, tasks)
    }

    /// Whether there is nothing left: a plugin that returns earlier has dropped tasks. Waits for the next tasks to come, or none.
    pub(crate) async fn is_exhausted(&mut self) -> bool {
        self.advance().await;
        self.next >= self.block.count
    }

    /// The next tasks of the current block, typed.
    pub(crate) fn next_tasks(&mut self, max: usize, max_bytes: usize) -> Result<Vec<Task>, Malformed> {
        self.take_packed(max, max_bytes, |bytes, count| Task::unpack_list(&mut Reader::new(bytes), count))
    }

    /// The next tasks of the current block, packed.
    pub(crate) fn next_packed(&mut self, max_bytes: usize) -> Vec<u8> {
        self.take_packed(usize::MAX, max_bytes, |bytes, _| bytes.to_vec())
    }

    /// The same with rounded coordinates.
    pub(crate) fn next_packed_rounded(&mut self, max_bytes: usize, decimals: u8) -> Result<Vec<u8>, Malformed> {
        self.take_packed(usize::MAX, max_bytes, |bytes, count| rounded_packed(bytes, count, decimals))
    }

    fn take_packed<T>(&mut self, max: usize, max_bytes: usize, take: impl FnOnce(&[u8], usize) -> T) -> T {
        let none = Packed::default();
        let packed = match (&self.block.here, &mut self.inlet) {
            (Some(block), _) => &block.packed,
            (None, Inlet::Remote(remote)) => self.block.packed.get_or_insert_with(|| remote.packed()),
            (None, _) => &none,
        };
        let range = packed.range(self.next, max, max_bytes);
        let taken = take(packed.of(&range), range.len());
        self.next = range.end;
        self.tasks += range.len() as u64;
        taken
    }

    /// The next tasks of the current block as tables, coordinates rounded if decimals are given.
    pub(crate) fn next_tables(&mut self, max_bytes: usize, decimals: Option<u8>) -> Result<Tables, Malformed> {
        self.take_packed(usize::MAX, max_bytes, |bytes, count| Tables::of_packed(bytes, count, decimals))
    }

    /// The next tasks of the current block as lines.
    pub(crate) fn next_lines(&mut self, max_bytes: usize) -> Vec<u8> {
        let none = Records::default();
        let records = match (&self.block.here, &mut self.inlet) {
            (Some(block), _) => &*block.records,
            (None, Inlet::Remote(remote)) => self.block.records.get_or_insert_with(|| remote.records()),
            (None, _) => &none,
        };
        let mut lines = Vec::new();
        let range = records.lines(self.next, max_bytes, &mut lines);
        self.next = range.end;
        self.tasks += range.len() as u64;
        lines
    }
}
