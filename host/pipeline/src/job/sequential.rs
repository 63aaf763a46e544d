//! Plugins that want all tasks in one instance: a thread of their own, fed through a short queue.

use crate::output::ShardOutput;
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
    pub(super) result: Result<(ShardOutput, ShardResult), ShardFailure>,
    pub(super) convert: Duration,
}

/// Runs one instance on this thread.
pub(super) fn run(job: &Job, shard: u32, feed: Feed, runtime: &Handle) -> Ran {
    let output = Arc::new(Mutex::new(ShardOutput::default()));
    let started = Instant::now();
    let result = runtime.block_on(job.run(shard, feed, output.clone()));
    let elapsed = started.elapsed();
    // The instance is gone, and its hold on the output with it.
    let output = std::mem::take(&mut *output.lock().unwrap_or_else(PoisonError::into_inner));
    Ran { convert: elapsed.saturating_sub(output.deflating), result: result.map(|result| (output, result)) }
}

/// A queue into an instance.
pub(super) fn queue() -> (mpsc::Sender<Arc<Block>>, Feed) {
    let (sender, receiver) = mpsc::channel(QUEUE);
    (sender, Feed::Stream(receiver))
}
