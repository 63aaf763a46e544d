//! What an instance is given to convert.

use crate::bindings::ango::converter::types::Task;
use crate::bindings::ango::converter::source::Tables;
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
}

/// Consecutive tasks, packed and as canonical JSON.
#[derive(Debug, Default)]
pub struct Block {
    records: Arc<Records>,
    packed: Vec<u8>,
    /// Where each task ends in `packed`.
    ends: Vec<usize>,
}

impl Block {
    /// A block of the tasks of these records, each of which is still to be pushed. `buffer` is memory to use; what is in it is lost.
    pub fn new(records: Arc<Records>, mut buffer: Vec<u8>) -> Self {
        buffer.clear();
        Self { ends: Vec::with_capacity(records.ranges.len()), records, packed: buffer }
    }

    /// Adds the task of the next record's asset; with `frames`, all of them.
    pub fn push(&mut self, asset: &Asset<'_>, position: &TaskPosition<'_>, wanted: Wanted, frames: Option<Frames<'_, '_>>) {
        pack(&mut self.packed, asset, position, wanted, frames);
        self.ends.push(self.packed.len());
    }

    /// Number of tasks.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Bytes of canonical NDJSON: what budgets are proportional to.
    pub fn bytes(&self) -> u64 {
        self.records.ranges.iter().map(|range| range.len() as u64 + 1).sum()
    }

    /// The memory of the packed tasks.
    pub fn into_buffer(self) -> Vec<u8> {
        self.packed
    }

    /// Tasks from `start` on: at most `max`, and no more packed bytes than `max_bytes` (but one task in any case).
    fn packed_range(&self, start: usize, max: usize, max_bytes: usize) -> Range<usize> {
        let begin = self.begin(start);
        let fits = |end: &usize| *end - begin <= max_bytes;
        let count = self.ends[start..].iter().take(max).take_while(|end| fits(end)).count();
        start..(start + count.max(1)).min(self.len())
    }

    fn begin(&self, index: usize) -> usize {
        if index == 0 { 0 } else { self.ends[index - 1] }
    }

    fn packed(&self, range: &Range<usize>) -> &[u8] {
        &self.packed[self.begin(range.start)..self.begin(range.end)]
    }

    /// Appends lines from `start` on: no more bytes than `max_bytes` (but one line in any case). Gives the tasks that they are of.
    fn lines(&self, start: usize, max_bytes: usize, out: &mut Vec<u8>) -> Range<usize> {
        let mut end = start;
        for range in &self.records.ranges[start..] {
            if end > start && out.len() + range.len() >= max_bytes {
                break;
            }
            out.extend_from_slice(&self.records.text[range.clone()]);
            out.push(b'\n');
            end += 1;
        }
        start..end
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

/// How far an instance has read.
#[derive(Debug)]
pub(crate) struct Cursor {
    feed: Option<Feed>,
    block: Arc<Block>,
    next: usize,
    tasks: u64,
}

impl Cursor {
    pub(crate) fn new(feed: Feed) -> Self {
        Self { feed: Some(feed), block: Arc::default(), next: 0, tasks: 0 }
    }

    /// Tasks handed out.
    pub(crate) fn tasks(&self) -> u64 {
        self.tasks
    }

    /// Fetches the next block when the current one is used up. Returns how many bytes came in, which the budget grows by.
    pub(crate) async fn advance(&mut self) -> (u64, u64) {
        while self.next >= self.block.len() {
            let block = match &mut self.feed {
                None => return (0, 0),
                Some(Feed::Shard(block)) => {
                    let block = Arc::clone(block);
                    self.feed = None;
                    Some(block)
                }
                Some(Feed::Stream(blocks)) => blocks.recv().await,
            };
            let Some(block) = block else {
                self.feed = None;
                return (0, 0);
            };
            self.block = block;
            self.next = 0;
            if !self.block.is_empty() {
                return (self.block.bytes(), self.block.len() as u64);
            }
        }
        (0, 0)
    }

    /// Whether there is nothing left: a plugin that returns earlier has dropped tasks. Waits for the next tasks to come, or none.
    pub(crate) async fn is_exhausted(&mut self) -> bool {
        self.advance().await;
        self.next >= self.block.len()
    }

    fn take(&mut self, range: Range<usize>) -> Range<usize> {
        self.next = range.end;
        self.tasks += range.len() as u64;
        range
    }

    /// The next tasks of the current block, typed.
    pub(crate) fn next_tasks(&mut self, max: usize, max_bytes: usize) -> Result<Vec<Task>, Malformed> {
        let range = self.take(self.block.packed_range(self.next, max, max_bytes));
        Task::unpack_list(&mut Reader::new(self.block.packed(&range)), range.len())
    }

    /// The next tasks of the current block, packed.
    pub(crate) fn next_packed(&mut self, max_bytes: usize) -> Vec<u8> {
        let range = self.take(self.block.packed_range(self.next, usize::MAX, max_bytes));
        self.block.packed(&range).to_vec()
    }

    /// The next tasks of the current block as tables, coordinates rounded if decimals are given.
    pub(crate) fn next_tables(&mut self, max_bytes: usize, decimals: Option<u8>) -> Result<Tables, Malformed> {
        let range = self.take(self.block.packed_range(self.next, usize::MAX, max_bytes));
        Tables::of_packed(self.block.packed(&range), range.len(), decimals)
    }

    /// The next tasks of the current block as lines.
    pub(crate) fn next_lines(&mut self, max_bytes: usize) -> Vec<u8> {
        let mut lines = Vec::new();
        let range = self.block.lines(self.next, max_bytes, &mut lines);
        self.take(range);
        lines
    }
}
