//! The one pass: what a worker does with a chunk.

use super::collect::{PluginCollector, ShardDone};
use super::original::OriginalWriter;
use super::pump::{Input, Numbered, Stopped, pump};
use super::sequential::{self, Ran};
use super::turnstile::{Position, Turnstile};
use super::{JobSpec, scan};
use crate::error::{JobError, StorageError};
use crate::report::InputReport;
use crate::zip::deflate::PIECE_BYTES;
use crate::zip::{Compressor, Piece};
use ango_model::InputError;
use ango_model::canonical::write_asset;
use ango_model::json::Document;
use ango_model::v3::Asset;
use ango_runtime::{Block, Feed, Job, NameCandidate, Parallelism, TaskForPlugin, TaskPosition, Wanted};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// What the pass counted.
#[derive(Debug, Default)]
pub(super) struct Totals {
    pub(super) input: InputReport,
    pub(super) read: Duration,
    pub(super) original: Duration,
}

/// What a worker made of a chunk.
#[derive(Debug, Default)]
struct Done {
    input: InputReport,
    original: Vec<Piece>,
    plugins: Vec<ShardDone>,
    read: Duration,
    original_time: Duration,
}

/// Reads the source once and feeds everybody.
pub(super) fn convert_all(
    spec: &JobSpec,
    jobs: &[Job],
    original: &mut Option<OriginalWriter>,
    plugins: &mut [PluginCollector],
) -> Result<Totals, JobError> {
    let worker = Worker { spec, jobs, turnstile: Turnstile::default(), given_up: jobs.iter().map(|_| AtomicBool::new(false)).collect() };
    let mut totals = Totals::default();
    let mut wrong = None;
    let pumped = std::thread::scope(|scope| {
        let mut queues: Vec<Option<mpsc::Sender<Arc<Block>>>> = Vec::new();
        let mut instances = Vec::new();
        for job in jobs {
            let is_sequential = job.plugin().info().parallelism == Parallelism::Sequential;
            let (sender, instance) = if is_sequential {
                let (sender, feed) = sequential::queue();
                (Some(sender), Some(scope.spawn(move || sequential::run(job, 0, feed, &spec.runtime))))
            } else {
                (None, None)
            };
            queues.push(sender);
            instances.push(instance);
        }
        let input =
            Input { source: &spec.source, max_record: spec.max_record, workers: spec.workers, cancel: &spec.cancel, progress: &spec.progress };
        let consume = |done: Option<Result<Done, InputError>>| -> Result<(), JobError> {
            // Nothing after the first error counts.
            let done = match done {
                Some(Ok(done)) if wrong.is_none() => done,
                Some(Err(error)) => {
                    wrong.get_or_insert(error);
                    return Err(JobError::Cancelled);
                }
                _ => return Err(JobError::Cancelled),
            };
            totals.add(&done);
            spec.progress.add_tasks(done.input.tasks);
            if let Some(original) = original {
                original.add(&done.original)?;
            }
            for (((shard, plugin), queue), given_up) in done.plugins.into_iter().zip(plugins.iter_mut()).zip(&mut queues).zip(&worker.given_up) {
                match shard {
                    ShardDone::Block(block) => {
                        // A closed queue is an instance that ended; how, it tells itself.
                        if queue.as_ref().is_some_and(|queue| queue.blocking_send(block).is_err()) {
                            *queue = None;
                        }
                    }
                    other => plugin.add(other),
                }
                if plugin.has_failed() {
                    given_up.store(true, Ordering::Relaxed);
                }
            }
            Ok(())
        };
        let pumped = pump(input, Compressor::default, |compressor, numbered| worker.work(compressor, &numbered), consume);
        if pumped.is_err() {
            // Instances must not take the end of their queue for the end of the export.
            spec.cancel.cancel();
        }
        queues.clear();
        for (instance, plugin) in instances.into_iter().zip(plugins.iter_mut()) {
            if let Some(instance) = instance {
                match instance.join() {
                    Ok(ran) => plugin.add(ShardDone::Ran(Box::new(ran), Duration::ZERO)),
                    Err(_) => plugin.fail_host("its thread panicked"),
                }
            }
        }
        pumped
    });
    match (wrong, pumped) {
        (Some(error), _) | (None, Err(Stopped::Input(error))) => Err(error.into()),
        (None, Err(Stopped::Cancelled)) => Err(JobError::Cancelled),
        (None, Err(Stopped::Consumer(error))) => Err(error),
        (None, Ok(())) => Ok(totals),
    }
}

impl Totals {
    fn add(&mut self, done: &Done) {
        self.input.read += done.input.read;
        self.input.tasks += done.input.tasks;
        self.input.objects += done.input.objects;
        self.input.bytes += done.input.bytes;
        self.read += done.read;
        self.original += done.original_time;
    }
}

struct Worker<'a> {
    spec: &'a JobSpec,
    jobs: &'a [Job],
    turnstile: Turnstile,
    /// Plugins that failed need no more shards.
    given_up: Vec<AtomicBool>,
}

impl Worker<'_> {
    /// Everything that is done with one chunk; `None` when an earlier chunk is malformed.
    fn work(&self, compressor: &mut Compressor, numbered: &Numbered) -> Option<Result<Done, InputError>> {
        let ticket = self.turnstile.ticket(numbered.number);
        let started = Instant::now();
        let mut done = Done::default();
        done.input.bytes = numbered.chunk.text().len() as u64;
        let documents = match self.parse(numbered, &mut done.input) {
            Ok(documents) => documents,
            Err(error) => return Some(Err(error)),
        };
        let mut assets = Vec::with_capacity(documents.len());
        for (range, document) in &documents {
            match scan::read(&self.spec.source, numbered, range, document) {
                Ok(asset) => assets.push(asset),
                Err(error) => return Some(Err(error)),
            }
        }
        done.input.tasks = assets.len() as u64;
        done.input.objects = assets.iter().map(|asset| asset.task.annotations.objects.len() as u64).sum();
        let task_ids: Vec<String> = assets.iter().map(|asset| asset.task.task_id.to_string()).collect();
        let candidates = if self.jobs.is_empty() {
            Vec::new()
        } else {
            assets.iter().zip(&task_ids).map(|(asset, id)| (NameCandidate::new(&asset.external_id, &asset.url, id), id.as_str())).collect()
        };
        done.read = started.elapsed();
        let position = ticket.pass(done.input.tasks, done.input.objects, candidates)?;
        if self.spec.original.is_some() {
            let started = Instant::now();
            done.original = self.original(compressor, &documents, position.tasks > 0);
            done.original_time = started.elapsed();
        }
        done.plugins = self.plugins(numbered.number, assets, &documents, position);
        Some(Ok(done))
    }

    fn parse<'a>(&self, numbered: &'a Numbered, input: &mut InputReport) -> Result<Vec<(std::ops::Range<usize>, Document<'a>)>, InputError> {
        let mut documents = Vec::new();
        for range in numbered.chunk.records() {
            let document = scan::parse(&self.spec.source, numbered, range.clone())?;
            input.read += 1;
            if self.spec.options.selects(&document.root()) {
                documents.push((range, document));
            }
        }
        Ok(documents)
    }

    /// The chunk's stretch of the original export, compressed.
    fn original(&self, compressor: &mut Compressor, documents: &[(std::ops::Range<usize>, Document<'_>)], continues: bool) -> Vec<Piece> {
        let Some(original) = &self.spec.original else { return Vec::new() };
        let mut text = Vec::new();
        for (position, (_, document)) in documents.iter().enumerate() {
            if position > 0 || continues {
                text.extend_from_slice(original.format.separator());
            }
            write_asset(&mut text, &document.root(), &self.spec.options);
        }
        text.chunks(PIECE_BYTES).map(|piece| compressor.piece(piece)).collect()
    }

    /// Lets every plugin convert the chunk, or prepares it for those that have an instance of their own.
    fn plugins(
        &self,
        number: u32,
        assets: Vec<Asset<'_>>,
        documents: &[(std::ops::Range<usize>, Document<'_>)],
        position: Position,
    ) -> Vec<ShardDone> {
        let wants = |job: &Job| job.plugin().info().history && self.spec.options.stage_history;
        let is_needed = |index: usize| !self.given_up[index].load(Ordering::Relaxed);
        let mut blocks: [Option<(Arc<Block>, Duration)>; 2] = [None, None];
        let mut assets = Some(assets);
        let mut remaining: Vec<bool> = (0..self.jobs.len()).filter(|index| is_needed(*index)).map(|index| wants(&self.jobs[index])).collect();
        remaining.sort_unstable();
        remaining.dedup();
        let mut done = Vec::with_capacity(self.jobs.len());
        for (index, job) in self.jobs.iter().enumerate() {
            // Shard 0 always runs, however few tasks it has: it writes what belongs once into the output.
            if !is_needed(index) || (position.names.is_empty() && number > 0) {
                done.push(ShardDone::Nothing);
                continue;
            }
            let history = wants(job);
            if blocks[usize::from(history)].is_none() {
                let started = Instant::now();
                let last = remaining.len() <= 1;
                remaining.retain(|other| *other != history);
                let taken = if last { assets.take() } else { assets.clone() }.unwrap_or_default();
                let block = self.block(taken, documents, &position, history);
                blocks[usize::from(history)] = Some((Arc::new(block), started.elapsed()));
            }
            let Some((block, prepared)) = &mut blocks[usize::from(history)] else { continue };
            let prepared = std::mem::take(prepared);
            done.push(match job.plugin().info().parallelism {
                Parallelism::Sequential => ShardDone::Block(Arc::clone(block)),
                Parallelism::IndependentTasks => {
                    let ran: Ran = sequential::run(job, number, Feed::Shard(Arc::clone(block)), &self.spec.runtime);
                    ShardDone::Ran(Box::new(ran), prepared)
                }
            });
        }
        done
    }

    fn block(&self, assets: Vec<Asset<'_>>, documents: &[(std::ops::Range<usize>, Document<'_>)], position: &Position, history: bool) -> Block {
        let wanted = Wanted { metadata: self.spec.options.annotation_metadata, history };
        let mut block = Block::default();
        let mut object_offset = position.objects;
        for (offset, ((asset, (_, document)), name)) in assets.into_iter().zip(documents).zip(&position.names).enumerate() {
            let objects = asset.task.annotations.objects.len() as u64;
            let place = TaskPosition { index: position.tasks + offset as u64, object_offset, file_name: name.clone() };
            object_offset += objects;
            block.push(TaskForPlugin::new(asset, place, wanted), |line| write_asset(line, &document.root(), &self.spec.options));
        }
        block
    }
}

impl From<StorageError> for Stopped<JobError> {
    fn from(error: StorageError) -> Self {
        Self::Consumer(error.into())
    }
}
