//! Each step by itself on one thread: reading, and each plugin natively and in the sandbox.
//!
//! Both sides begin with packed tasks. The native side is the component's own code, taking them apart and converting them, compiled for this machine. The sandboxed side is all that a run
//! costs: a fresh instance per shard, carrying the tasks into its memory, conversion under fuel, losses and output carried out. Output is counted. Packing is the host's work, and a step by itself.

use crate::generate::Generated;
use ango_model::canonical::write_asset;
use ango_model::json::Document;
use ango_model::ontology::Project;
use ango_model::options::ExportOptions;
use ango_model::stream::{Chunk, RecordReader};
use ango_model::v3::Asset;
use ango_plugin_sdk::Converter;
use ango_plugin_sdk::testkit::{Bench, derive_project, read_tasks};
use ango_runtime::{Block, Cancel, Engine, Feed, Job, Limits, Output, OutputError, Plugin, ProjectForPlugin, Records, Target, TaskPosition, Wanted};
use anyhow::{Context, Result, anyhow};
use rustix::time::{ClockId, clock_gettime};
use std::fs::File;
use std::sync::{Arc, Mutex};

/// Tasks that are measured: enough for steady figures, few enough to wait for.
const TASKS: usize = 20_000;
/// How often each chunk is converted.
const ROUNDS: usize = 7;

/// CPU seconds of this thread.
fn cpu() -> f64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}

/// Everything but the history.
const WANTED: Wanted = Wanted { metadata: true, history: false, idle_blur_durations: true, store_keys: true };

/// Counts what a plugin writes.
#[derive(Debug, Default)]
struct Counting {
    files: u32,
    bytes: u64,
}

impl Output for Counting {
    fn create(&mut self, _: Target<'_>) -> Result<u32, OutputError> {
        self.files += 1;
        Ok(self.files)
    }

    fn write(&mut self, _: u32, data: &[u8]) -> Result<(), OutputError> {
        self.bytes += data.len() as u64;
        Ok(())
    }

    fn finish(&mut self, _: u32) -> Result<(), OutputError> {
        Ok(())
    }
}

/// Measures and prints.
pub fn steps(generated: &Generated) -> Result<()> {
    let chunks = read_chunks(generated)?;
    let bytes: usize = chunks.iter().map(|chunk| chunk.text().len()).sum();
    let megabytes = bytes as f64 / 1e6;
    let row =
        |name: &str, seconds: f64, note: &str| println!("{name:54} {megabytes:>9.1} {:>8} {seconds:>8.3} {:>8.1} {note}", "", megabytes / seconds);

    let before = cpu();
    let mut objects = 0;
    for chunk in &chunks {
        for range in chunk.records() {
            let document = parse(chunk, range)?;
            objects += Asset::read(&document.root()).map_err(|error| anyhow!("{error:?}"))?.task.annotations.objects.len();
        }
    }
    row("read: parse and check", cpu() - before, &format!("  {objects} objects"));

    let options = ExportOptions::default();
    let before = cpu();
    let mut text = Vec::new();
    for chunk in &chunks {
        text.clear();
        for range in chunk.records() {
            write_asset(&mut text, &parse(chunk, range)?.root(), &options);
        }
    }
    row("parse and write canonical JSON", cpu() - before, "");

    let mut packing = 0.0;
    for chunk in &chunks {
        packing += pack(chunk)?.1;
    }
    row("pack tasks for plugins", packing, "");

    let project = ango_project(&chunks)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    compare::<ango_plugin_coco::Coco>("coco", &chunks, &project, &runtime, &row)?;
    compare::<ango_plugin_yolo::Yolo>("yolo", &chunks, &project, &runtime, &row)?;
    Ok(())
}

fn read_chunks(generated: &Generated) -> Result<Vec<Chunk>> {
    let mut reader = RecordReader::new(File::open(generated.folder.join("records.ndjson"))?, "records.ndjson");
    let mut chunks = Vec::new();
    let mut tasks = 0;
    while let Some(chunk) = reader.next_chunk()? {
        tasks += chunk.records().count();
        chunks.push(chunk);
        if tasks >= TASKS {
            break;
        }
    }
    Ok(chunks)
}

fn parse(chunk: &Chunk, range: std::ops::Range<usize>) -> Result<Document<'_>> {
    Document::parse(std::str::from_utf8(&chunk.text()[range])?).map_err(|error| anyhow!("{error:?}"))
}

fn ango_project(chunks: &[Chunk]) -> Result<Project> {
    let mut derivation = ango_model::ontology::Derivation::default();
    for chunk in chunks {
        for range in chunk.records() {
            let document = parse(chunk, range)?;
            derivation.see(&Asset::read(&document.root()).map_err(|error| anyhow!("{error:?}"))?);
        }
    }
    Ok(derivation.into_project("bench"))
}

/// Seconds and bytes written.
type Run = (f64, u64);

fn compare<C: Converter>(
    name: &str,
    chunks: &[Chunk],
    project: &Project,
    runtime: &tokio::runtime::Runtime,
    row: &dyn Fn(&str, f64, &str),
) -> Result<()> {
    let bundled = ango_plugin_bundle::find(name).with_context(|| format!("{name} is not bundled"))?;
    let engine = Engine::new().map_err(|error| anyhow!("{error:#}"))?;
    let plugin = Arc::new(runtime.block_on(Plugin::load(&engine, None, name, bundled.wasm))?);
    let job = Job::new(plugin, ProjectForPlugin::new(project, None), "{}".into(), Limits::default(), Cancel::default());
    let (mut native, mut sandboxed) = ((0.0, 0), (0.0, 0));
    for (shard, chunk) in (0..).zip(chunks) {
        let tasks = read_tasks(std::str::from_utf8(chunk.text())?).map_err(|error| anyhow!("{error:?}"))?;
        let derived = derive_project(&tasks);
        drop(tasks);
        let (mut best_native, mut best_sandboxed) = ((f64::MAX, 0), (f64::MAX, 0));
        // In turn, and the best of each chunk counts: the slow moments of a machine last longer than a chunk takes, so that both sides have some without.
        for _ in 0..ROUNDS {
            best_native = better(best_native, run_native::<C>(chunk, &derived)?);
            best_sandboxed = better(best_sandboxed, run_sandboxed(&job, shard, chunk, runtime)?);
        }
        native = (native.0 + best_native.0, native.1 + best_native.1);
        sandboxed = (sandboxed.0 + best_sandboxed.0, sandboxed.1 + best_sandboxed.1);
    }
    row(&format!("{name}, native"), native.0, &format!("  {:.1} MB out", native.1 as f64 / 1e6));
    let note = format!("  {:.1} MB out, sandboxed / native: {:.2}", sandboxed.1 as f64 / 1e6, sandboxed.0 / native.0);
    row(&format!("{name}, sandboxed"), sandboxed.0, &note);
    Ok(())
}

fn better(a: Run, b: Run) -> Run {
    if b.0 < a.0 { b } else { a }
}

/// A chunk's records, prepared as for a plugin, and the CPU seconds that packing took.
fn pack(chunk: &Chunk) -> Result<(Block, f64)> {
    let options = ExportOptions::everything();
    let documents = chunk.records().map(|range| parse(chunk, range)).collect::<Result<Vec<_>>>()?;
    let assets = documents.iter().map(|document| Asset::read(&document.root())).collect::<Result<Vec<_>, _>>();
    let assets = assets.map_err(|error| anyhow!("{error:?}"))?;
    let mut records = Records::default();
    documents.iter().for_each(|document| records.push(b"\n", |out| write_asset(out, &document.root(), &options)));
    // Memory that a worker keeps from chunk to chunk.
    let buffer = vec![1; chunk.text().len()];
    let before = cpu();
    let mut block = Block::new(Arc::new(records), buffer);
    let mut object_offset = 0;
    for (index, asset) in (0..).zip(&assets) {
        block.push(asset, &TaskPosition { index, object_offset, file_name: &asset.external_id, issues: None }, WANTED, None);
        object_offset += asset.task.annotations.objects.len() as u64;
    }
    Ok((block, cpu() - before))
}

fn run_native<C: Converter>(chunk: &Chunk, project: &ango_plugin_sdk::Project) -> Result<Run> {
    let (block, _) = pack(chunk)?;
    let bench = Bench::<C>::new(block.into_buffer(), project.clone());
    let before = cpu();
    let counts = bench.run("{}").map_err(|error| anyhow!("{error:?}"))?;
    Ok((cpu() - before, counts.bytes))
}

fn run_sandboxed(job: &Job, shard: u32, chunk: &Chunk, runtime: &tokio::runtime::Runtime) -> Result<Run> {
    let (block, _) = pack(chunk)?;
    let output = Arc::new(Mutex::new(Counting::default()));
    let before = cpu();
    runtime.block_on(job.run(shard, Feed::Shard(Arc::new(block)), output.clone())).map_err(|failure| failure.error)?;
    let seconds = cpu() - before;
    Ok((seconds, output.lock().map_err(|_| anyhow!("poisoned"))?.bytes))
}
