//! Projects to measure with: always the same for the same number of tasks.

use anyhow::Result;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Classes of the project.
const CLASSES: u64 = 12;
const WIDTH: f64 = 1920.0;
const HEIGHT: f64 = 1080.0;
/// Pixels of an image.
pub const PIXELS: u64 = 1920 * 1080;

/// What is drawn on the images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mix {
    /// 7.3 objects a task, a third of them polygons of 20 to 60 points, the rest boxes; coordinates with all their digits, as Hub writes them.
    Realistic,
    /// 7.3 boxes a task.
    Boxes,
    /// 7.3 polygons a task, as in the realistic mix.
    Polygons,
    /// As realistic; a tenth of the tasks is in review, and a tenth of any of them was changed last.
    Stages,
    /// As realistic, with everything that a record can hold besides: metadata of annotations, two stages of history, idle times.
    Whole,
}

/// After this, a tenth of the tasks of [`Mix::Stages`] was changed.
pub const CHANGED_LAST: &str = "2024-05-01T08:59:59Z";

/// A generated project.
#[derive(Debug, Clone)]
pub struct Generated {
    /// Its folder.
    pub folder: PathBuf,
    /// Number of tasks.
    pub tasks: u64,
    /// Number of objects.
    pub objects: u64,
    /// Bytes of `records.ndjson`.
    pub bytes: u64,
}

/// A small generator of random numbers (splitmix64): the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (self.next() >> 11) as f64 / (1u64 << 53) as f64 * (high - low)
    }
}

/// Objects of a task: 7.3 on average.
fn objects_of(task: u64) -> u64 {
    [5, 6, 7, 7, 7, 8, 8, 8, 8, 9][(task % 10) as usize]
}

/// The project in `folder`, made unless it is there already.
pub fn project(folder: &Path, tasks: u64, mix: Mix) -> Result<Generated> {
    let name = match mix {
        Mix::Realistic => format!("realistic-{tasks}"),
        Mix::Boxes => format!("boxes-{tasks}"),
        Mix::Polygons => format!("polygons-{tasks}"),
        Mix::Stages => format!("stages-{tasks}"),
        Mix::Whole => format!("whole-{tasks}"),
    };
    let folder = folder.join(name);
    let records = folder.join("records.ndjson");
    let objects = (0..tasks).map(objects_of).sum();
    // project.json is written last: with it, the folder is complete.
    if !folder.join("project.json").exists() {
        std::fs::create_dir_all(&folder)?;
        let mut out = BufWriter::with_capacity(1 << 20, File::create(&records)?);
        for task in 0..tasks {
            record(&mut out, task, mix)?;
        }
        out.flush()?;
        let tools: Vec<serde_json::Value> = (0..CLASSES)
            .map(
                |class| serde_json::json!({ "schemaId": schema_id(class), "title": format!("class {class}"), "tool": "polygon", "color": "#aabbcc" }),
            )
            .collect();
        std::fs::write(folder.join("project.json"), 
            serde_json::json!({ "name": "Bench", "ontology": { "tools": tools }, "stages": [{ "id": "Review", "name": "Review" }, { "id": "Complete", "name": "Complete" }] }).to_string(),
        )?;
    }
    let bytes = std::fs::metadata(&records)?.len();
    Ok(Generated { folder, tasks, objects, bytes })
}

fn schema_id(class: u64) -> String {
    format!("{:023x}", (class + 1).wrapping_mul(0x1234_5678_9abc_def1))
}

fn record(out: &mut impl Write, task: u64, mix: Mix) -> Result<()> {
    let mut random = Random(task);
    let stage = if mix == Mix::Stages && task.is_multiple_of(10) { "Review" } else { "Complete" };
    let hour = if mix == Mix::Stages { task / 10 % 10 } else { 0 };
    write!(
        out,
        "{{\"asset\":\"https://assets.example.com/{task:07}.jpg\",\"assetId\":\"{:024x}\",\"externalId\":\"batch-{}/{task:07}.jpg\",\"metadata\":{{\"width\":1920,\"height\":1080}},\"batches\":[\"batch-{}\"],\"task\":{{\"taskId\":\"{:024x}\",\"stage\":\"{stage}\",\"stageId\":\"{stage}\",\"updatedAt\":\"2024-05-01T0{hour}:37:00.060Z\",\"updatedBy\":\"reviewer@example.com\",\"totalDuration\":{},\"tools\":",
        random.next(),
        task / 1000,
        task / 1000,
        random.next(),
        random.next() % 100_000
    )?;
    tools(out, &mut random, task, mix)?;
    out.write_all(b",\"classifications\":[],\"relations\":[]")?;
    if mix == Mix::Whole {
        out.write_all(b",\"totalIdleDuration\":1200,\"totalBlurDuration\":30,\"stageHistory\":[")?;
        for (visit, stage) in ["Label", "Review"].into_iter().enumerate() {
            let comma = if visit > 0 { "," } else { "" };
            write!(
                out,
                "{comma}{{\"stage\":\"{stage}\",\"stageId\":\"{stage}\",\"duration\":5000,\"idleDuration\":600,\"blurDuration\":15,\"completedAt\":\"2024-05-01T00:30:00.000Z\",\"completedBy\":\"labeler@example.com\",\"tools\":"
            )?;
            tools(out, &mut random, task, mix)?;
            out.write_all(b",\"classifications\":[],\"relations\":[]}")?;
        }
        out.write_all(b"]")?;
    }
    out.write_all(b"}}\n")?;
    Ok(())
}

fn tools(out: &mut impl Write, random: &mut Random, task: u64, mix: Mix) -> Result<()> {
    out.write_all(b"[")?;
    for object in 0..objects_of(task) {
        if object > 0 {
            out.write_all(b",")?;
        }
        let class = random.next() % CLASSES;
        let is_polygon = match mix {
            Mix::Boxes => false,
            Mix::Polygons => true,
            Mix::Realistic | Mix::Stages | Mix::Whole => random.next().is_multiple_of(3),
        };
        if is_polygon {
            polygon(out, random)?;
        } else {
            let (x, y) = (random.between(0.0, WIDTH - 210.0), random.between(0.0, HEIGHT - 210.0));
            let (width, height) = (random.between(5.0, 200.0), random.between(5.0, 200.0));
            write!(out, "{{\"bounding-box\":{{\"x\":{x},\"y\":{y},\"height\":{height},\"width\":{width}}}")?;
        }
        write!(out, ",\"objectId\":\"{:023x}\",\"classifications\":[]", random.next())?;
        if mix == Mix::Whole {
            out.write_all(b",\"metadata\":{\"createdAt\":1686656626604,\"createdBy\":\"labeler@example.com\",\"createdIn\":\"9c9b1d95-e366-4b43-b2e9-ec8a23b65792\"}")?;
        }
        write!(out, ",\"schemaId\":\"{}\",\"title\":\"class {class}\"}}", schema_id(class))?;
    }
    out.write_all(b"]")?;
    Ok(())
}

/// A project of one video of `frames` frames with one box, which has a key frame on every frame, or on the first one alone.
pub fn video(folder: &Path, frames: u32, every_frame: bool) -> Result<Generated> {
    let folder = folder.join(format!("video-{frames}-{}", if every_frame { "stored" } else { "computed" }));
    std::fs::create_dir_all(&folder)?;
    let records = folder.join("records.ndjson");
    let mut out = BufWriter::with_capacity(1 << 20, File::create(&records)?);
    write!(
        out,
        "{{\"asset\":\"https://assets.example.com/long.mp4\",\"externalId\":\"long.mp4\",\"metadata\":{{\"width\":1920,\"height\":1080,\"frameTotal\":{frames},\"frameRate\":30}},\"batches\":[],\"task\":{{\"taskId\":\"long\",\"stage\":\"Complete\",\"tools\":["
    )?;
    let mut key_frame = |page: u32| -> Result<()> {
        let (comma, x) = (if page > 0 { "," } else { "" }, f64::from(page) / 64.0);
        write!(
            out,
            "{comma}{{\"bounding-box\":{{\"x\":{x},\"y\":20.5,\"height\":40,\"width\":50}},\"objectId\":\"765742a3b676d3f26898792\",\"classifications\":[],\"schemaId\":\"{}\",\"page\":{page},\"title\":\"class 0\"}}",
            schema_id(0)
        )?;
        Ok(())
    };
    if every_frame {
        (0..frames).try_for_each(key_frame)?;
    } else {
        key_frame(0)?;
        key_frame(frames - 1)?;
    }
    out.write_all(b"],\"classifications\":[],\"relations\":[]}}\n")?;
    out.flush()?;
    std::fs::write(folder.join("project.json"), r#"{"name":"Video"}"#)?;
    let bytes = std::fs::metadata(&records)?.len();
    Ok(Generated { folder, tasks: 1, objects: frames.into(), bytes })
}

/// A project of texts of 120 words, every fifth of which is an entity.
pub fn texts(folder: &Path, tasks: u64) -> Result<Generated> {
    let folder = folder.join(format!("texts-{tasks}"));
    std::fs::create_dir_all(&folder)?;
    let records = folder.join("records.ndjson");
    let mut out = BufWriter::with_capacity(1 << 20, File::create(&records)?);
    for task in 0..tasks {
        let mut random = Random(task);
        let (mut text, mut entities) = (String::new(), String::new());
        for word in 0..120 {
            let start = text.len();
            text.extend((0..2 + random.next() % 9).map(|_| char::from(b'a' + (random.next() % 26) as u8)));
            if word % 5 == 0 {
                let (comma, end) = (if word > 0 { "," } else { "" }, text.len());
                write!(
                    entities,
                    "{comma}{{\"ner\":{{\"start\":{start},\"end\":{end},\"selection\":\"{}\"}},\"objectId\":\"{:023x}\",\"classifications\":[],\"schemaId\":\"{}\",\"title\":\"class 0\"}}",
                    &text[start..],
                    random.next(),
                    schema_id(0)
                )?;
            }
            text.push_str(if word % 12 == 11 { ". " } else { " " });
        }
        writeln!(
            out,
            "{{\"asset\":\"https://assets.example.com/{task}.txt\",\"externalId\":\"{task:07}.txt\",\"metadata\":{{}},\"batches\":[],\"contextData\":{{\"text\":\"{text}\"}},\"task\":{{\"taskId\":\"{:024x}\",\"stage\":\"Complete\",\"tools\":[{entities}],\"classifications\":[],\"relations\":[]}}}}",
            random.next()
        )?;
    }
    out.flush()?;
    let bytes = std::fs::metadata(&records)?.len();
    Ok(Generated { folder, tasks, objects: 24 * tasks, bytes })
}

/// A star-shaped outline inside the image.
fn polygon(out: &mut impl Write, random: &mut Random) -> Result<()> {
    let points = 20 + random.next() % 41;
    let (x, y) = (random.between(160.0, WIDTH - 160.0), random.between(160.0, HEIGHT - 160.0));
    let radius = random.between(20.0, 150.0);
    out.write_all(b"{\"polygon\":[")?;
    for point in 0..points {
        let angle = point as f64 / points as f64 * std::f64::consts::TAU;
        let reach = radius * random.between(0.6, 1.0);
        write!(out, "{}[{},{}]", if point > 0 { "," } else { "" }, x + reach * angle.cos(), y + reach * angle.sin())?;
    }
    out.write_all(b"]")?;
    Ok(())
}

/// The same export as one JSON array.
pub fn array(project: &Generated) -> Result<PathBuf> {
    let path = project.folder.join("export.json");
    let lines = std::fs::read_to_string(project.folder.join("records.ndjson"))?;
    let mut out = BufWriter::with_capacity(1 << 20, File::create(&path)?);
    for (index, line) in lines.lines().enumerate() {
        write!(out, "{}{line}", if index == 0 { "[" } else { ",\n" })?;
    }
    out.write_all(b"]")?;
    out.flush()?;
    Ok(path)
}

/// The boxes of a project as COCO JSON, for other tools.
pub fn coco(project: &Generated) -> Result<PathBuf> {
    let path = project.folder.join("coco.json");
    let lines = std::fs::read_to_string(project.folder.join("records.ndjson"))?;
    let mut out = BufWriter::with_capacity(1 << 20, File::create(&path)?);
    let mut annotations = Vec::new();
    let mut id = 0;
    out.write_all(b"{\"images\":[")?;
    for (image, line) in lines.lines().enumerate() {
        let record: serde_json::Value = serde_json::from_str(line)?;
        let comma = if image > 0 { "," } else { "" };
        write!(out, "{comma}{{\"id\":{},\"width\":1920,\"height\":1080,\"file_name\":{}}}", image + 1, record["externalId"])?;
        for tool in record["task"]["tools"].as_array().into_iter().flatten() {
            let b = &tool["bounding-box"];
            let class = tool["title"].as_str().and_then(|title| title.rsplit(' ').next()?.parse::<u64>().ok()).unwrap_or(0);
            let comma = if annotations.is_empty() { "" } else { "," };
            let (x, y, width, height) = (b["x"].as_f64(), b["y"].as_f64(), b["width"].as_f64(), b["height"].as_f64());
            let [x, y, width, height] = [x, y, width, height].map(|number| number.unwrap_or(0.0));
            id += 1;
            write!(
                annotations,
                "{comma}{{\"id\":{},\"image_id\":{},\"category_id\":{},\"bbox\":[{x},{y},{width},{height}],\"area\":{},\"iscrowd\":0,\"segmentation\":[]}}",
                id,
                image + 1,
                class + 1,
                width * height
            )?;
        }
    }
    out.write_all(b"],\"annotations\":[")?;
    out.write_all(&annotations)?;
    out.write_all(b"],\"categories\":[")?;
    for class in 0..CLASSES {
        write!(out, "{}{{\"id\":{},\"name\":\"class {class}\",\"supercategory\":\"\"}}", if class > 0 { "," } else { "" }, class + 1)?;
    }
    out.write_all(b"]}")?;
    out.flush()?;
    Ok(path)
}
