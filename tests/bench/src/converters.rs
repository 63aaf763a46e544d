//! What each bundled converter weighs and costs, on one thread.

use crate::generate::{self, Generated, Mix, PIXELS};
use ango_conformance::{Cost, Once, measure};
use ango_plugin_bundle::Bundled;
use ango_runtime::{Cancel, Engine, Limits, Plugin};
use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use tokio::runtime::Runtime;

/// Tasks with polygons that speed is measured on: about 150 MB.
const POLYGONS: u64 = 15_000;
/// Texts, and frames of a video.
const TEXTS: u64 = 20_000;
const FRAMES: u32 = 50_000;
/// Tasks that are drawn.
const DRAWN: u64 = 2_000;

/// What is asked of a converter, in bytes and in bytes a second.
const MOST_BYTES: usize = 400_000;
const MOST_MEMORY: u64 = 64_000_000;
const LEAST_SPEED: f64 = 60.0;

/// What draws every pixel of an image, and how.
fn drawings() -> [(&'static str, &'static str, Value); 5] {
    [
        ("mask", "mask", json!({})),
        ("mask, instances", "mask", json!({"task": "instance"})),
        ("voc, masks of classes and objects", "voc", json!({"masks": "both"})),
        ("coco, panoptic", "coco", json!({"task": "panoptic"})),
        ("cityscapes, masks", "cityscapes", json!({"masks": "ids"})),
    ]
}

/// What some formats are about instead.
fn others<'a>(texts: &'a Generated, video: &'a Generated) -> [(&'static str, &'static str, Value, &'a Generated); 9] {
    [
        ("ner, JSON lines", "ner", json!({"context_key": "text"}), texts),
        ("ner, spaCy", "ner", json!({"context_key": "text", "format": "spacy"}), texts),
        ("ner, CoNLL", "ner", json!({"context_key": "text", "format": "conll"}), texts),
        ("table", "table", json!({}), texts),
        ("mot", "mot", json!({}), video),
        ("youtubevis", "youtubevis", json!({}), video),
        ("cvat, video", "cvat", json!({"format": "video"}), video),
        ("darwin, tracks", "darwin", json!({}), video),
        ("labelstudio, videos", "labelstudio", json!({"tasks": "videos"}), video),
    ]
}

/// Measures and prints.
pub fn run(folder: &Path, tasks: u64, rounds: u32) -> Result<()> {
    let bench = Bench { engine: Engine::new().map_err(|error| anyhow!("{error:#}"))?, runtime: Runtime::new()?, rounds };
    let polygons = generate::project(folder, POLYGONS, Mix::Polygons)?;
    let many = generate::project(folder, tasks, Mix::Realistic)?;
    println!(
        "polygons: {} tasks, {} polygons, {:.0} MB; many: {} tasks, {:.0} MB, boxes and polygons\n",
        polygons.tasks,
        polygons.objects,
        polygons.bytes as f64 / 1e6,
        many.tasks,
        many.bytes as f64 / 1e6
    );
    println!("{:14} {:>8} {:>14} {:>12} {:>12} {:>12}", "", "KB", "polygons MB/s", "fuel/byte", "many MB/s", "memory MB");
    let mut misses = Vec::new();
    for bundled in ango_plugin_bundle::all() {
        let plugin = bench.load(bundled)?;
        let quick = bench.cost(&plugin, &json!({}), &polygons.folder, rounds)?;
        let long = bench.cost(&plugin, &json!({}), &many.folder, 1)?;
        println!(
            "{:14} {:>8.1} {:>14.1} {:>12.1} {:>12.1} {:>12.1}",
            bundled.name,
            bundled.wasm.len() as f64 / 1e3,
            quick.megabytes_per_second(),
            quick.fuel_per_byte(),
            long.megabytes_per_second(),
            long.memory as f64 / 1e6
        );
        if bundled.wasm.len() >= MOST_BYTES {
            misses.push(format!("{} has {} bytes", bundled.name, bundled.wasm.len()));
        }
        let draws = drawings().iter().any(|(_, name, options)| *name == bundled.name && *options == json!({}));
        if !draws && quick.megabytes_per_second() < LEAST_SPEED {
            misses.push(format!("{} converts {:.1} MB/s", bundled.name, quick.megabytes_per_second()));
        }
        if !draws && long.memory >= MOST_MEMORY {
            misses.push(format!("{} needs {:.1} MB", bundled.name, long.memory as f64 / 1e6));
        }
    }
    let drawn = generate::project(folder, DRAWN, Mix::Polygons)?;
    println!("\nrasters: {} images of {:.0} megapixels in all, {} polygons", drawn.tasks, (drawn.tasks * PIXELS) as f64 / 1e6, drawn.objects);
    println!("{:36} {:>14} {:>12} {:>12}", "", "megapixels/s", "MB/s", "memory MB");
    for (title, name, options) in drawings() {
        let plugin = bench.load(ango_plugin_bundle::find(name).with_context(|| format!("{name} is not bundled"))?)?;
        let cost = bench.cost(&plugin, &options, &drawn.folder, rounds)?;
        let speed = (drawn.tasks * PIXELS) as f64 / 1e6 / cost.seconds;
        println!("{title:36} {speed:>14.0} {:>12.1} {:>12.1}", cost.megabytes_per_second(), cost.memory as f64 / 1e6);
    }
    let (texts, video) = (generate::texts(folder, TEXTS)?, generate::video(folder, FRAMES, true)?);
    println!("\nwhat is no polygon: {} texts, {} entities; a video, {} boxes of a track", texts.tasks, texts.objects, video.objects);
    println!("{:36} {:>14} {:>12} {:>12}", "", "", "MB/s", "memory MB");
    for (title, name, options, project) in others(&texts, &video) {
        let plugin = bench.load(ango_plugin_bundle::find(name).with_context(|| format!("{name} is not bundled"))?)?;
        let cost = bench.cost(&plugin, &options, &project.folder, rounds)?;
        println!("{title:36} {:>14} {:>12.1} {:>12.1}", "", cost.megabytes_per_second(), cost.memory as f64 / 1e6);
    }
    println!(
        "\nasked for: less than {} KB, at least {LEAST_SPEED:.0} MB/s of polygons and less than {} MB of memory unless every pixel is drawn",
        MOST_BYTES / 1000,
        MOST_MEMORY / 1_000_000
    );
    println!("missed: {}", if misses.is_empty() { "nothing".to_owned() } else { misses.join("; ") });
    Ok(())
}

struct Bench {
    engine: Engine,
    runtime: Runtime,
    rounds: u32,
}

impl Bench {
    fn load(&self, bundled: &Bundled) -> Result<Arc<Plugin>> {
        Ok(Arc::new(self.runtime.block_on(Plugin::load(&self.engine, None, bundled.name, bundled.wasm))?))
    }

    /// What the quickest of some rounds costs.
    fn cost(&self, plugin: &Arc<Plugin>, options: &Value, project: &Path, rounds: u32) -> Result<Cost> {
        let once = Once {
            plugin,
            options,
            limits: Limits::default(),
            chunk_bytes: None,
            cancel: Cancel::default(),
            progress: Arc::default(),
            runtime: self.runtime.handle(),
        };
        match measure(&once, &project.join("records.ndjson"), rounds.min(self.rounds))? {
            Ok(cost) => Ok(cost),
            Err(message) => bail!("{}: {message}", plugin.info().name),
        }
    }
}
