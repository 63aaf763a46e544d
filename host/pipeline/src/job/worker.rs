//! What a worker does with a chunk: parse it, write its canonical form, compress that, and let every plugin convert it.

use super::collect::ShardDone;
use super::original::{Stretch, stretches};
use super::pump::Numbered;
use super::turnstile::{Position, Turnstile};
use super::{JobSpec, scan, sequential};
use crate::output::ShardWriter;
use crate::report::InputReport;
use crate::zip::Compressor;
use ango_model::InputError;
use ango_model::canonical::write_asset;
use ango_model::json::Document;
use ango_model::options::ExportOptions;
use ango_model::v3::Asset;
use ango_runtime::{Block, Feed, Job, NameCandidate, Parallelism, Records, TaskPosition, Wanted};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A record that the filters let through: its place in the chunk, and the parsed record.
type Selected<'a> = (Range<usize>, Document<'a>);

/// What a worker made of a chunk.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) input: InputReport,
    pub(super) original: Vec<Stretch>,
    pub(super) plugins: Vec<ShardDone>,
    pub(super) read: Duration,
    pub(super) original_time: Duration,
    /// Ids of tasks that were selected by them, whether or not other filters let them through.
    pub(super) wanted: Vec<String>,
}

/// What a worker keeps from chunk to chunk: tables, and memory. Fresh memory of that size comes from the system page by page, which costs more than a tenth of the whole
/// pass, and what is given back leaves holes that add up over a long run.
#[derive(Debug, Default)]
pub(super) struct Workbench {
    compressor: Compressor,
    writer: Arc<Mutex<ShardWriter>>,
    records: Vec<u8>,
    /// Packed tasks, without and with history.
    packed: [Vec<u8>; 2],
}

/// What workers share.
pub(super) struct Worker<'a> {
    spec: &'a JobSpec,
    options: &'a ExportOptions,
    jobs: &'a [Job],
    turnstile: Turnstile,
    /// Plugins that failed need no more shards.
    given_up: Vec<AtomicBool>,
}

impl<'a> Worker<'a> {
    pub(super) fn new(spec: &'a JobSpec, options: &'a ExportOptions, jobs: &'a [Job]) -> Self {
        Self { spec, options, jobs, turnstile: Turnstile::default(), given_up: jobs.iter().map(|_| AtomicBool::new(false)).collect() }
    }

    /// Nobody waits for more shards of this plugin.
    pub(super) fn give_up(&self, plugin: usize) {
        self.given_up[plugin].store(true, Ordering::Relaxed);
    }

    /// Everything that is done with one chunk; `None` when an earlier chunk is malformed.
    pub(super) fn work(&self, bench: &mut Workbench, numbered: &Numbered) -> Option<Result<Done, InputError>> {
        let ticket = self.turnstile.ticket(numbered.number);
        let started = Instant::now();
        let mut done = Done::default();
        done.input.bytes = numbered.chunk.text().len() as u64;
        let documents = match self.parse(numbered, &mut done) {
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
        let candidates = if self.jobs.is_empty() { Vec::new() } else { assets.iter().map(candidate).collect() };
        done.read = started.elapsed();
        let position = ticket.pass(done.input.tasks, done.input.objects, candidates)?;
        let started = Instant::now();
        let records = self.canonical(std::mem::take(&mut bench.records), &documents);
        // What follows has no need of the tapes.
        drop(documents);
        if let Some(original) = &self.spec.original {
            done.original = stretches(original, &records, position.tasks, &mut bench.compressor);
        }
        done.original_time = started.elapsed();
        let records = Arc::new(records);
        done.plugins = self.plugins(bench, numbered.number, assets, &records, &position);
        bench.records = Arc::into_inner(records).map(Records::into_buffer).unwrap_or_default();
        Some(Ok(done))
    }

    fn parse<'n>(&self, numbered: &'n Numbered, done: &mut Done) -> Result<Vec<Selected<'n>>, InputError> {
        let mut documents = Vec::new();
        for range in numbered.chunk.records() {
            let document = scan::parse(&self.spec.source, numbered, range.clone())?;
            done.input.read += 1;
            done.wanted.extend(self.options.wanted_task(&document.root()).map(Cow::into_owned));
            if self.options.selects(&document.root()) {
                documents.push((range, document));
            }
        }
        Ok(documents)
    }

    /// The chunk's stretch of the original export, which is what plugins get too; in the memory of `buffer`.
    fn canonical(&self, buffer: Vec<u8>, documents: &[Selected<'_>]) -> Records {
        let separator = self.spec.original.as_ref().map_or(&b""[..], |original| original.format.separator());
        let mut records = Records::new(buffer);
        for (position, (_, document)) in documents.iter().enumerate() {
            let before = if position > 0 { separator } else { b"" };
            records.push(before, |out| write_asset(out, &document.root(), self.options));
        }
        records
    }

    /// Lets every plugin convert the chunk, or prepares it for those that have an instance of their own.
    fn plugins(&self, bench: &mut Workbench, number: u32, assets: Vec<Asset<'_>>, records: &Arc<Records>, position: &Position) -> Vec<ShardDone> {
        // Shard 0 always runs, however few tasks it has: it writes what belongs once into the output.
        let is_empty = position.names.is_empty() && number > 0;
        let is_needed = |index: usize| !is_empty && !self.given_up[index].load(Ordering::Relaxed);
        let wants = |job: &Job| job.plugin().info().history && self.options.stage_history;
        // With and without the history, each made once, however many plugins want it.
        let mut blocks: [Option<(Arc<Block>, Duration)>; 2] = [None, None];
        for job in self.jobs.iter().enumerate().filter(|(index, _)| is_needed(*index)).map(|(_, job)| job) {
            let history = wants(job);
            blocks[usize::from(history)].get_or_insert_with(|| {
                let started = Instant::now();
                let mut block = Block::new(Arc::clone(records), std::mem::take(&mut bench.packed[usize::from(history)]));
                self.pack(&mut block, &assets, position, history);
                (Arc::new(block), started.elapsed())
            });
        }
        // Instances need memory too.
        drop(assets);
        let mut done = Vec::with_capacity(self.jobs.len());
        for (index, job) in self.jobs.iter().enumerate() {
            let Some((block, prepared)) = blocks[usize::from(wants(job))].as_mut().filter(|_| is_needed(index)) else {
                done.push(ShardDone::Nothing);
                continue;
            };
            let prepared = std::mem::take(prepared);
            done.push(match job.plugin().info().parallelism {
                Parallelism::Sequential => ShardDone::Block(Arc::clone(block)),
                Parallelism::IndependentTasks => {
                    let feed = Feed::Shard(Arc::clone(block));
                    ShardDone::Ran(Box::new(sequential::run(job, number, feed, &self.spec.runtime, &bench.writer)), prepared)
                }
            });
        }
        for (buffer, block) in bench.packed.iter_mut().zip(blocks) {
            if let Some(block) = block.and_then(|(block, _)| Arc::into_inner(block)) {
                *buffer = block.into_buffer();
            }
        }
        done
    }

    fn pack(&self, block: &mut Block, assets: &[Asset<'_>], position: &Position, history: bool) {
        let ExportOptions { annotation_metadata: metadata, idle_blur_durations, store_keys, .. } = *self.options;
        let wanted = Wanted { metadata, history, idle_blur_durations, store_keys };
        let mut object_offset = position.objects;
        for ((index, asset), file_name) in (position.tasks..).zip(assets).zip(&position.names) {
            block.push(asset, &TaskPosition { index, object_offset, file_name }, wanted);
            object_offset += asset.task.annotations.objects.len() as u64;
        }
    }
}

/// The name that an asset would like, and the task id that makes another of it when it is taken.
fn candidate<'s>(asset: &'s Asset<'_>) -> (NameCandidate, &'s str) {
    let task_id = asset.task.task_id.as_ref();
    (NameCandidate::new(&asset.external_id, &asset.url, task_id), task_id)
}
