//! Each step by itself on one thread: reading, and each plugin natively and in the sandbox.
//!
//! The native side runs the very same plugin code on tasks made beforehand, and counts its output. The sandboxed side is all that a run costs there: a fresh
//! instance per shard, tasks carried into its memory, conversion under fuel, output carried out.

use crate::generate::Generated;
use ango_model::canonical::write_asset;
use ango_model::json::Document;
use ango_model::ontology::Project;
use ango_model::options::ExportOptions;
use ango_model::stream::{Chunk, RecordReader};
use ango_model::v3::Asset;
use ango_plugin_sdk::Converter;
use ango_plugin_sdk::testkit::{Bench, derive_project, read_tasks};
use ango_runtime::{
    Block, Cancel, Engine, Feed, Job, Limits, Output, OutputError, Plugin, ProjectForPlugin, Target, TaskForPlugin, TaskPosition, Wanted,
};
use anyhow::{Context, Result, anyhow};
use rustix::time::{ClockId, clock_gettime};
use std::fs::File;
use std::sync::{Arc, Mutex};

/// Tasks that are measured: enough for steady figures, few enough to wait for.
const TASKS: usize = 20_000;

/// CPU seconds of this thread.
fn cpu() -> f64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}

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
    let (mut native, mut sandboxed) = (f64::MAX, f64::MAX);
    let (mut native_bytes, mut sandboxed_bytes) = (0, 0);
    // In turn, so that a slow moment of the machine meets both; the best of each counts.
    for _ in 0..5 {
        let (seconds, bytes) = run_native::<C>(chunks)?;
        (native, native_bytes) = (native.min(seconds), bytes);
        let (seconds, bytes) = run_sandboxed(&plugin, chunks, project, runtime)?;
        (sandboxed, sandboxed_bytes) = (sandboxed.min(seconds), bytes);
    }
    row(&format!("{name}, native"), native, &format!("  {:.1} MB out", native_bytes as f64 / 1e6));
    let note = format!("  {:.1} MB out, sandboxed / native: {:.2}", sandboxed_bytes as f64 / 1e6, sandboxed / native);
    row(&format!("{name}, sandboxed"), sandboxed, &note);
    Ok(())
}

fn run_native<C: Converter>(chunks: &[Chunk]) -> Result<(f64, u64)> {
    let (mut seconds, mut bytes) = (0.0, 0);
    for chunk in chunks {
        let tasks = read_tasks(std::str::from_utf8(chunk.text())?).map_err(|error| anyhow!("{error:?}"))?;
        let project = derive_project(&tasks);
        let bench = Bench::<C>::new(tasks, project);
        let before = cpu();
        let counts = bench.run("{}").map_err(|error| anyhow!("{error:?}"))?;
        seconds += cpu() - before;
        bytes += counts.bytes;
    }
    Ok((seconds, bytes))
}

fn run_sandboxed(plugin: &Arc<Plugin>, chunks: &[Chunk], project: &Project, runtime: &tokio::runtime::Runtime) -> Result<(f64, u64)> {
    let job = Job::new(Arc::clone(plugin), ProjectForPlugin::new(project, None), "{}".into(), Limits::default(), Cancel::default());
    let options = ExportOptions::everything();
    let (mut seconds, mut bytes, mut index, mut object_offset) = (0.0, 0, 0, 0);
    for (shard, chunk) in chunks.iter().enumerate() {
        let mut block = Block::default();
        for range in chunk.records() {
            let document = parse(chunk, range)?;
            let asset = Asset::read(&document.root()).map_err(|error| anyhow!("{error:?}"))?;
            let objects = asset.task.annotations.objects.len() as u64;
            let file_name = asset.external_id.to_string();
            let task = TaskForPlugin::new(asset, TaskPosition { index, object_offset, file_name }, Wanted { metadata: true, history: false });
            (index, object_offset) = (index + 1, object_offset + objects);
            block.push(task, |line| write_asset(line, &document.root(), &options));
        }
        let output = Arc::new(Mutex::new(Counting::default()));
        // The host's own tasks are freed outside of the measured part: a host of native plugins would have made and freed them just so.
        let block = Arc::new(block);
        let feed = Feed::Shard(Arc::clone(&block));
        let before = cpu();
        runtime.block_on(job.run(shard as u32, feed, output.clone())).map_err(|failure| failure.error)?;
        seconds += cpu() - before;
        drop(block);
        bytes += output.lock().map_err(|_| anyhow!("poisoned"))?.bytes;
    }
    Ok((seconds, bytes))
}
