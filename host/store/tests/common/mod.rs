//! Records as an annotation project has them, made from numbers: polygons with the history of their stages, about 5 KB each.

#![allow(dead_code, missing_docs, clippy::unwrap_used, clippy::expect_used)]

use ango_model::time::format_iso;
use ango_store::{Imported, Records, Selection, Store, StoreError};
use std::io::Read;
use std::path::Path;

/// 2024-01-01.
pub const START: i64 = 1_704_067_200_000;
pub const STAGES: [(&str, &str); 4] = [("Complete", "Complete"), ("Label", "Label"), ("5f0c-77", "Review"), ("5f0c-78", "Second Review")];
pub const TYPES: [Option<&str>; 4] = [None, Some("default"), Some("consensus"), Some("benchmark")];

/// What a record says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    pub id: u64,
    pub stage: usize,
    pub task_type: usize,
    pub batches: Vec<String>,
    pub created: Option<i64>,
    pub updated: Option<i64>,
    pub revision: u64,
    pub points: u64,
}

impl Spec {
    /// Most tasks are complete; changed at a minute of their own, created every ten minutes.
    pub fn of(id: u64) -> Self {
        let mixed = mix(id);
        let batches = (0..mixed % 3).map(|batch| format!("batch-{}", (id + batch) % 5)).collect();
        Self {
            id,
            stage: [0, 0, 0, 0, 0, 0, 1, 2, 3, 0][(mixed >> 8) as usize % 10],
            task_type: (mixed >> 16) as usize % TYPES.len(),
            batches,
            created: (!mixed.is_multiple_of(11)).then_some(START + id as i64 * 600_000),
            updated: (!mixed.is_multiple_of(13)).then_some(START + (mixed >> 24) as i64 % 1_000_000 * 60_000),
            revision: 0,
            points: 40 + mixed % 60,
        }
    }

    pub fn task_id(&self) -> String {
        format!("{:024x}", mix(self.id ^ 0xabcd))
    }

    /// The record's text: compact, without a line break.
    pub fn text(&self) -> String {
        let (stage_id, stage) = STAGES[self.stage];
        let id = self.id;
        let batches: Vec<String> = self.batches.iter().map(|batch| format!("\"{batch}\"")).collect();
        let points: Vec<String> = (0..self.points)
            .map(|point| {
                let mixed = mix(id * 1000 + point);
                format!("[{}.0,{}.5]", mixed % 2000, (mixed >> 20) % 1500)
            })
            .collect();
        let tool = format!(
            r#"{{"polygon":[{}],"objectId":"{:023x}","classifications":[],"schemaId":"00fd01ccae776bebb6020da","title":"Bottle"}}"#,
            points.join(","),
            mix(id + 7)
        );
        let mut times = String::new();
        if let Some(created) = self.created {
            times += &format!(r#""createdAt":"{}","#, format_iso(created));
        }
        if let Some(updated) = self.updated {
            times += &format!(r#""updatedAt":"{}","#, format_iso(updated));
        }
        if let Some(task_type) = TYPES[self.task_type] {
            times += &format!(r#""type":"{task_type}","#);
        }
        format!(
            r#"{{"asset":"https://assets.example.com/{id:06}.jpg","assetId":"{:024x}","externalId":"{id:06}.jpg","metadata":{{"width":1537,"height":2049}},"batches":[{}],"task":{{"taskId":"{}","stage":"{stage}","stageId":"{stage_id}",{times}"totalDuration":{},"tools":[{tool}],"classifications":[],"relations":[],"stageHistory":[{{"stage":"Start","stageId":"Start","duration":0,"tools":[]}},{{"stage":"Label","stageId":"Label","duration":4000,"completedBy":"annotator@example.com","tools":[{tool}],"classifications":[],"relations":[]}}]}}}}"#,
            mix(id + 3),
            batches.join(","),
            self.task_id(),
            self.revision,
        )
    }

    pub fn type_name(&self) -> &'static str {
        TYPES[self.task_type].unwrap_or("default")
    }
}

/// A number with nothing to do with its neighbours'.
pub fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed ^ (mixed >> 31)) >> 1
}

pub fn lines<'a>(specs: impl IntoIterator<Item = &'a Spec>) -> String {
    specs.into_iter().map(|spec| spec.text() + "\n").collect()
}

pub fn import(path: &Path, specs: &[Spec]) -> Imported {
    let mut importer = Store::create_or_open(path).unwrap().importer().unwrap();
    for spec in specs {
        importer.add(&spec.text()).unwrap();
    }
    importer.finish().unwrap()
}

pub fn text(mut records: Records) -> String {
    let mut text = String::new();
    records.read_to_string(&mut text).unwrap();
    text
}

pub fn read_all(path: &Path) -> Result<String, StoreError> {
    let mut text = String::new();
    let mut records = Store::open_read(path)?.read(&Selection::default())?;
    records.read_to_string(&mut text).map_err(|error| *error.into_inner().unwrap().downcast::<StoreError>().unwrap())?;
    Ok(text)
}
