//! Projects for tests: a small ontology, and records that are drawn by rule, so that a test can ask for as many as it needs.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A `project.json` with two tools, a classification, a relation, three stages and two batches.
pub const PROJECT: &str = r##"{
  "name": "Harbour",
  "ontology": {
    "tools": [
      { "schemaId": "aaaaaaaaaaaaaaaaaaaaaa1", "title": "Ship", "tool": "bounding-box", "color": "#2f6fed", "classifications": [] },
      { "schemaId": "aaaaaaaaaaaaaaaaaaaaaa2", "title": "Quay", "tool": "polygon", "color": "#e8467c", "classifications": [] }
    ],
    "classifications": [
      { "schemaId": "bbbbbbbbbbbbbbbbbbbbbb1", "title": "Weather", "tool": "radio", "options": ["clear", "fog"], "classifications": [] }
    ],
    "relations": [
      { "schemaId": "cccccccccccccccccccccc1", "title": "moored at", "tool": "one-to-one" }
    ]
  },
  "stages": [
    { "id": "Start", "name": "Start", "type": "Start" },
    { "id": "5c9b1d95-e366-4b43-b2e9-ec8a23b65792", "name": "Review", "type": "Review" },
    { "id": "Complete", "name": "Complete", "type": "Complete" }
  ],
  "batches": [
    { "id": "dddddddddddddddddddddd01", "name": "north" },
    { "id": "dddddddddddddddddddddd02", "name": "south" }
  ]
}
"##;

/// Writes a project folder and returns it.
pub fn write(folder: &Path, project: &str, records: &[u8]) -> PathBuf {
    std::fs::create_dir_all(folder).expect("the folder can be made");
    std::fs::write(folder.join("project.json"), project).expect("the project can be written");
    std::fs::write(folder.join("records.ndjson"), records).expect("the records can be written");
    folder.to_owned()
}

/// Writes a project folder with `tasks` records.
pub fn harbour(folder: &Path, tasks: usize) -> PathBuf {
    write(folder, PROJECT, records(tasks).as_bytes())
}

/// Records, one per line.
pub fn records(tasks: usize) -> String {
    let mut text = String::new();
    for index in 0..tasks {
        record(&mut text, index);
        text.push('\n');
    }
    text
}

/// Records that do not compress well, of `bytes` in all or a little more: what makes a large archive out of few tasks.
pub fn noisy_records(bytes: usize) -> String {
    const LETTERS: &[u8; 64] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    let mut text = String::with_capacity(bytes + (1 << 20));
    let mut random = Random(1);
    for index in 0.. {
        if text.len() >= bytes {
            break;
        }
        write!(text, r#"{{"asset":"https://assets.example.com/{index}.png","externalId":"{index}.png","contextData":{{"noise":""#).expect("memory");
        for _ in 0..4096 {
            let bits = random.next();
            for letter in 0..8 {
                text.push(char::from(LETTERS[(bits >> (8 * letter) & 63) as usize]));
            }
        }
        writeln!(text, r#""}},"metadata":{{"width":100,"height":100}},"batches":[],"task":{{"taskId":"{index:024x}","stage":"Complete"}}}}"#)
            .expect("memory");
    }
    text
}

/// Numbers without a pattern that a compressor could find, the same in every run (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A coordinate up to `below`, with hundredths.
    fn coordinate(&mut self, below: u64) -> f64 {
        (self.next() % (below * 100)) as f64 / 100.0
    }
}

/// One record: a box, a polygon, a segmentation with a hole and two zones, an answer, a relation, history. Every tenth is not complete, and every
/// seventh has no object.
fn record(text: &mut String, index: usize) {
    let mut random = Random(index as u64);
    let stage = if index % 10 == 9 {
        r#""stage":"Review","stageId":"5c9b1d95-e366-4b43-b2e9-ec8a23b65792""#
    } else {
        r#""stage":"Complete","stageId":"Complete""#
    };
    let batch = if index.is_multiple_of(2) { "north" } else { "south" };
    let mut tools = String::new();
    if index % 7 != 6 {
        let metadata = r#""metadata":{"createdAt":1686656626604,"createdBy":"ann@example.net","createdIn":"Start"}"#;
        let (x, y, width, height) = (random.coordinate(700), random.coordinate(500), random.coordinate(99) + 1.0, random.coordinate(99) + 1.0);
        write!(
            tools,
            r#"{{"bounding-box":{{"x":{x},"y":{y},"height":{height},"width":{width}}},"objectId":"{index:019x}0001","classifications":[],{metadata},"schemaId":"aaaaaaaaaaaaaaaaaaaaaa1","title":"Ship"}},"#
        )
        .expect("memory");
        let (x, y) = (random.coordinate(600), random.coordinate(400));
        write!(
            tools,
            r#"{{"polygon":[[{x},{y}],[{},{y}],[{},{}]],"objectId":"{index:019x}0002","classifications":[],{metadata},"schemaId":"aaaaaaaaaaaaaaaaaaaaaa2","title":"Quay"}},"#,
            x + 90.5,
            x + 40.25,
            y + 80.0
        )
        .expect("memory");
        let square = |x: f64, y: f64, side: f64| format!("[[{x},{y}],[{},{y}],[{},{}],[{x},{}]]", x + side, x + side, y + side, y + side);
        write!(
            tools,
            r#"{{"segmentation":{{"zones":[{{"region":{},"holes":[{}]}},{{"region":{},"holes":[]}}]}},"objectId":"{index:019x}0003","classifications":[],"schemaId":"aaaaaaaaaaaaaaaaaaaaaa2","title":"Quay"}}"#,
            square(x, y, 80.0),
            square(x + 20.0, y + 20.0, 30.0),
            square(x + 100.0, y + 100.0, 50.0)
        )
        .expect("memory");
    }
    let relation = if tools.is_empty() {
        String::new()
    } else {
        format!(
            r#"{{"from":"{index:019x}0001","to":"{index:019x}0002","objectId":"{index:019x}0004","schemaId":"cccccccccccccccccccccc1","direction":"straight","title":"moored at"}}"#
        )
    };
    let answer = format!(
        r#"{{"objectId":"{index:019x}0005","schemaId":"bbbbbbbbbbbbbbbbbbbbbb1","tool":"radio","title":"Weather","answer":"{}","classifications":[]}}"#,
        if random.next().is_multiple_of(2) { "clear" } else { "fog" }
    );
    write!(
        text,
        r#"{{"asset":"https://assets.example.com/{batch}/{index}.png","assetId":"{index:024x}","externalId":"{batch}/{index}.png","metadata":{{"width":800,"height":600}},"batches":["{batch}"],"task":{{"taskId":"{:024x}",{stage},"updatedAt":"2024-04-30T12:00:00.000Z","updatedBy":"ann@example.net","totalDuration":{},"tools":[{tools}],"classifications":[{answer}],"relations":[{relation}],"stageHistory":[{{"stage":"Start","stageId":"Start","duration":0,"completedAt":"2024-04-29T12:00:00.000Z","tools":[],"classifications":[],"relations":[]}}]}}}}"#,
        0x65b7_0000_0000_u64 + index as u64,
        random.next() % 100_000
    )
    .expect("memory");
}
