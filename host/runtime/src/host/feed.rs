//! What an instance is given to convert.

use crate::task::TaskForPlugin;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Consecutive tasks, typed and as canonical NDJSON.
#[derive(Debug, Default)]
pub struct Block {
    tasks: Vec<TaskForPlugin>,
    json: Vec<u8>,
    /// Where each task's line ends in `json`, after the line break.
    ends: Vec<usize>,
}

impl Block {
    /// Adds a task. `write` appends its canonical JSON.
    pub fn push(&mut self, task: TaskForPlugin, write: impl FnOnce(&mut Vec<u8>)) {
        write(&mut self.json);
        self.json.push(b'\n');
        self.ends.push(self.json.len());
        self.tasks.push(task);
    }

    /// Number of tasks.
    pub fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Bytes of canonical NDJSON: what budgets are proportional to.
    pub fn bytes(&self) -> u64 {
        self.json.len() as u64
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

    /// Tasks of the current block: at most `max`, and no more text than `max_bytes` (but one task in any case).
    fn take(&mut self, max: usize, max_bytes: usize) -> std::ops::Range<usize> {
        let start = self.next;
        let begin = if start == 0 { 0 } else { self.block.ends[start - 1] };
        let mut end = start;
        while end < self.block.len() && end - start < max && (end == start || self.block.ends[end] - begin <= max_bytes) {
            end += 1;
        }
        self.next = end;
        self.tasks += (end - start) as u64;
        start..end
    }

    pub(crate) fn next_tasks(&mut self, max: usize, max_bytes: usize) -> Vec<TaskForPlugin> {
        let range = self.take(max, max_bytes);
        self.block.tasks[range].to_vec()
    }

    pub(crate) fn next_lines(&mut self, max_bytes: usize) -> Vec<u8> {
        let range = self.take(usize::MAX, max_bytes);
        if range.is_empty() {
            return Vec::new();
        }
        let begin = if range.start == 0 { 0 } else { self.block.ends[range.start - 1] };
        self.block.json[begin..self.block.ends[range.end - 1]].to_vec()
    }
}
