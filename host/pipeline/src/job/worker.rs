//! What a worker does with a chunk: parse it, write its canonical form, compress that, and let every plugin convert it.

use super::collect::ShardDone;
use super::portion::{AllFrames, Selected, portions};
use super::pump::Numbered;
use super::shards::{Videos, too_long};
use super::text::{ChunkText, Stretches, TooLong};
use super::turnstile::{Position, Turnstile};
use super::{JobSpec, scan};
use crate::error::{JobError, StorageError};
use crate::output::ShardWriter;
use crate::report::InputReport;
use crate::source::IssuesOfTasks;
use crate::zip::Compressor;
use ango_model::InputError;
use ango_model::canonical::{Canonical, Format};
use ango_model::legacy::LeftOut;
use ango_model::links::Links;
use ango_model::options::ExportOptions;
use ango_model::stream::CHUNK_BYTES;
use ango_model::v3::Asset;
use ango_model::video::Video;
use ango_runtime::{Job, NameCandidate, Records};
use std::borrow::Cow;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What a worker made of a chunk.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) input: InputReport,
    pub(super) portions: Vec<PortionDone>,
    pub(super) read: Duration,
    pub(super) original_time: Duration,
    /// Ids of tasks that were selected by them, whether or not other filters let them through.
    pub(super) wanted: Vec<String>,
}

/// What a worker made of a portion of it.
#[derive(Debug)]
pub(super) struct PortionDone {
    pub(super) original: Stretches,
    /// What the format of the original has no place for.
    pub(super) left_out: LeftOut,
    /// By plugin.
    pub(super) plugins: Vec<ShardDone>,
}

/// The text of a portion.
struct Texts {
    original: Stretches,
    left_out: LeftOut,
    /// For plugins.
    kept: Result<Records, TooLong>,
}

/// Why there is nothing of a chunk.
#[derive(Debug)]
pub(super) enum WorkError {
    /// A record is malformed.
    Input(InputError),
    /// What is too much for memory found no room on the disk.
    Disk(io::Error),
}

impl From<WorkError> for JobError {
    fn from(error: WorkError) -> Self {
        match error {
            WorkError::Input(error) => error.into(),
            WorkError::Disk(error) => {
                let storage = std::env::temp_dir().display().to_string();
                StorageError { storage, problem: format!("no room for what does not fit into memory: {error}") }.into()
            }
        }
    }
}

impl From<InputError> for WorkError {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}

/// What a worker keeps from chunk to chunk: tables, and memory. Fresh memory of that size comes from the system page by page, which costs more than a tenth of the whole
/// pass, and what is given back leaves holes that add up over a long run.
#[derive(Debug, Default)]
pub(super) struct Workbench {
    compressor: Compressor,
    pub(super) writer: Arc<Mutex<ShardWriter>>,
    records: Vec<u8>,
    /// Packed tasks, by what of them is wanted.
    pub(super) packed: [Vec<u8>; 4],
}

/// What workers share.
pub(super) struct Worker<'a> {
    pub(super) spec: &'a JobSpec,
    pub(super) options: &'a ExportOptions,
    pub(super) jobs: &'a [Job],
    /// Of the project, when a plugin wants them.
    pub(super) issues: Option<IssuesOfTasks>,
    turnstile: Turnstile,
    /// Plugins that failed need no more shards.
    pub(super) given_up: Vec<AtomicBool>,
}

impl<'a> Worker<'a> {
    pub(super) fn new(spec: &'a JobSpec, options: &'a ExportOptions, jobs: &'a [Job], issues: Option<IssuesOfTasks>) -> Self {
        Self { spec, options, jobs, issues, turnstile: Turnstile::default(), given_up: jobs.iter().map(|_| AtomicBool::new(false)).collect() }
    }

    /// Nobody waits for more shards of this plugin.
    pub(super) fn give_up(&self, plugin: usize) {
        self.given_up[plugin].store(true, Ordering::Relaxed);
    }

    /// Everything that is done with one chunk; `None` when an earlier chunk is malformed.
    pub(super) fn work(&self, bench: &mut Workbench, numbered: &Numbered) -> Option<Result<Done, WorkError>> {
        self.try_work(bench, numbered).transpose()
    }

    fn try_work(&self, bench: &mut Workbench, numbered: &Numbered) -> Result<Option<Done>, WorkError> {
        let ticket = self.turnstile.ticket(numbered.number);
        let started = Instant::now();
        let mut done = Done::default();
        done.input.bytes = numbered.chunk.text().len() as u64;
        let source = &self.spec.source;
        let mut documents = self.parse(numbered, &mut done)?;
        let mut assets = Vec::with_capacity(documents.len());
        for (range, document) in &documents {
            assets.push(scan::read(source, numbered, range, document)?);
        }
        let flat = scan::flatten(&documents, &assets);
        for (index, text) in &flat {
            let (range, document) = &mut documents[*index];
            *document = scan::parse_flat(source, numbered, range, text)?;
            assets[*index] = scan::read(source, numbered, range, document)?;
        }
        let mut records = Vec::with_capacity(documents.len());
        for ((range, document), asset) in documents.into_iter().zip(&mut assets) {
            if let Some(links) = self.links().filter(|_| !self.jobs.is_empty()) {
                asset.sign(links);
            }
            let video = if self.options.only_key_frames { None } else { Video::of_asset(asset) };
            let frames = video.map(|video| AllFrames::of(&document.root(), video, self.options.stage_history)).transpose();
            let frames = frames.map_err(|refused| scan::too_many_frames(source, numbered, &range, asset, refused))?;
            records.push(Selected { range, document, frames });
        }
        let portions = portions(&records);
        done.input.tasks = assets.len() as u64;
        done.input.objects = records.iter().zip(&assets).map(|(record, asset)| record.objects(asset)).sum();
        let candidates = if self.jobs.is_empty() { Vec::new() } else { assets.iter().map(candidate).collect() };
        done.read = started.elapsed();
        let Some(mut position) = ticket.pass(done.input.tasks, done.input.objects, portions.len() as u32, candidates) else { return Ok(None) };
        // A portion takes what it needs with it: what follows it has need of the memory.
        let (mut records, mut assets) = (records.into_iter(), assets.into_iter());
        for range in portions {
            let records = records.by_ref().take(range.len()).collect();
            let assets = assets.by_ref().take(range.len()).collect();
            let portion = self.portion(bench, records, assets, &mut position, &mut done.original_time).map_err(WorkError::Disk)?;
            done.portions.push(portion);
        }
        Ok(Some(done))
    }

    fn parse<'n>(&self, numbered: &'n Numbered, done: &mut Done) -> Result<Vec<scan::Parsed<'n>>, InputError> {
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

    fn portion(
        &self,
        bench: &mut Workbench,
        records: Vec<Selected<'_>>,
        assets: Vec<Asset<'_>>,
        position: &mut Position,
        original_time: &mut Duration,
    ) -> io::Result<PortionDone> {
        let started = Instant::now();
        let tasks = assets.len() as u64;
        let objects: u64 = records.iter().zip(&assets).map(|(record, asset)| record.objects(asset)).sum();
        let Texts { original, kept, left_out } = self.texts(bench, &records, position.tasks)?;
        *original_time += started.elapsed();
        // What follows has no need of the tapes, but for those of videos.
        let videos: Videos<'_> = records.into_iter().map(|record| record.frames.map(|frames| (record.document, frames))).collect();
        let plugins = match kept {
            Ok(text) => {
                let text = Arc::new(text);
                let plugins = self.plugins(bench, assets, &videos, &text, position);
                bench.records = Arc::into_inner(text).map(Records::into_buffer).unwrap_or_default();
                plugins
            }
            Err(TooLong { record, buffer }) => {
                bench.records = buffer;
                let task = assets.get(record).map_or("", |asset| &asset.task.task_id);
                self.jobs.iter().map(|_| ShardDone::TooLong(too_long(task, self.keep()))).collect()
            }
        };
        position.shard += 1;
        position.tasks += tasks;
        position.objects += objects;
        position.names.drain(..position.names.len().min(tasks as usize));
        Ok(PortionDone { original, left_out, plugins })
    }

    fn links(&self) -> Option<&dyn Links> {
        self.spec.links.as_deref().map(|links| links as &dyn Links)
    }

    /// Bytes of a portion's text that plugins can be given.
    fn keep(&self) -> usize {
        if self.jobs.is_empty() { 0 } else { self.spec.max_record.max(4 * CHUNK_BYTES) }
    }

    /// The portion's stretch of the original export, and the text for plugins, which mostly is the same one.
    fn texts(&self, bench: &mut Workbench, records: &[Selected<'_>], first: u64) -> io::Result<Texts> {
        let canonical = Canonical::new(self.options).with_links(self.links());
        let mut left_out = LeftOut::default();
        let original = self.spec.original.as_ref();
        let is_legacy = original.is_some_and(|original| original.format == Format::Legacy);
        let legacy = if is_legacy {
            let mut text = ChunkText::new(original, 0, first, &mut bench.compressor, Vec::new());
            for record in records {
                text.push(|text| canonical.write_legacy(text, &record.document.root(), record.video(), &mut left_out));
            }
            Some(text.finish()?.0)
        } else {
            None
        };
        let original = original.filter(|_| !is_legacy);
        let mut text = ChunkText::new(original, self.keep(), first, &mut bench.compressor, std::mem::take(&mut bench.records));
        if original.is_some() || !self.jobs.is_empty() {
            for record in records {
                text.push(|text| canonical.write(text, &record.document.root(), record.video()));
            }
        }
        let (original, kept) = text.finish()?;
        Ok(Texts { original: legacy.unwrap_or(original), kept, left_out })
    }
}

/// The name that an asset would like, and the task id that makes another of it when it is taken.
fn candidate<'s>(asset: &'s Asset<'_>) -> (NameCandidate, &'s str) {
    let task_id = asset.task.task_id.as_ref();
    (NameCandidate::new(&asset.external_id, &asset.url, task_id), task_id)
}
