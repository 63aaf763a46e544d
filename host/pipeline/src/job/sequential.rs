//! Plugins that want all tasks in one instance: a thread of their own, fed through a short queue.

use crate::output::{ShardFiles, ShardWriter};
use ango_runtime::{Block, Feed, Job, ShardFailure, ShardResult};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

/// Blocks that wait for a slow plugin before the whole job waits.
const QUEUE: usize = 2;

/// How an instance ended.
#[derive(Debug)]
pub(super) struct Ran {
    pub(super) result: Result<(ShardFiles, ShardResult), ShardFailure>,
    pub(super) convert: Duration,
}

/// Runs one instance on this thread. `writer` is nobody else's meanwhile.
pub(super) fn run(job: &Job, shard: u32, feed: Feed, runtime: &Handle, writer: &Arc<Mutex<ShardWriter>>) -> Ran {
    let started = Instant::now();
    let result = runtime.block_on(job.run(shard, feed, writer.clone()));
    let elapsed = started.elapsed();
    let files = writer.lock().unwrap_or_else(PoisonError::into_inner).take();
    Ran { convert: elapsed.saturating_sub(files.deflating), result: result.map(|result| (files, result)) }
}

/// A queue into an instance.
pub(super) fn queue() -> (mpsc::Sender<Arc<Block>>, Feed) {
    let (sender, receiver) = mpsc::channel(QUEUE);
    (sender, Feed::Stream(receiver))
}
