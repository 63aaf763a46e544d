//! How quickly a store fills, how large it is, and what a small selection costs against reading everything.
//!
//! `cargo run --release -p ango-store --example measure -- [records] [folder]`: 100,000 generated records of about 5 KB in the system's temporary folder, unless told.

#![allow(clippy::unwrap_used)]

#[path = "../tests/common/mod.rs"]
mod common;

use ango_store::{Selection, Store};
use common::{START, Spec};
use std::io::Read;
use std::time::{Duration, Instant};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let records: u64 = arguments.next().map_or(100_000, |records| records.parse().unwrap());
    let folder = arguments.next().map_or_else(|| tempfile::tempdir().unwrap(), |folder| tempfile::tempdir_in(folder).unwrap());
    let path = folder.path().join("project.store");
    let store = Store::create_or_open(&path).unwrap();
    for round in ["import", "the same import again"] {
        let mut importer = store.importer().unwrap();
        let (mut spent, mut bytes) = (Duration::ZERO, 0);
        for id in 0..records {
            let text = Spec { points: 90 + id % 60, ..Spec::of(id) }.text();
            bytes += text.len() + 1;
            let begun = Instant::now();
            importer.add(&text).unwrap();
            spent += begun.elapsed();
        }
        let begun = Instant::now();
        importer.finish().unwrap();
        spent += begun.elapsed();
        let seconds = spent.as_secs_f64();
        println!(
            "{round}: {records} records, {:.1} MB, {seconds:.2} s: {:.0} records/s, {:.0} MB/s",
            bytes as f64 / 1e6,
            records as f64 / seconds,
            bytes as f64 / 1e6 / seconds
        );
    }
    let (size, text) = (std::fs::metadata(&path).unwrap().len(), store.bytes(&Selection::default()).unwrap());
    println!("file: {:.1} MB, {:.1} % of the NDJSON", size as f64 / 1e6, size as f64 * 100.0 / text as f64);
    // Times of change are spread evenly over a million minutes; six tenths of the tasks are complete.
    let complete = Some(vec!["Complete".to_owned()]);
    let late = START + 60_000 * (1_000_000 - 1_000_000 / 60);
    let selections = [
        ("everything", Selection::default()),
        ("a stage, updated since", Selection { stages: complete, updated: (Some(late), None), ..Selection::default() }),
        (
            "every hundredth id",
            Selection { tasks: Some((0..records).step_by(100).map(|id| Spec::of(id).task_id()).collect()), ..Selection::default() },
        ),
    ];
    let mut full = None;
    for (name, selection) in selections {
        // The best of three: the file is in the system's cache then.
        let (mut best, mut tasks, mut bytes) = (Duration::MAX, 0, 0);
        for _ in 0..3 {
            let begun = Instant::now();
            let mut records = Store::open_read(&path).unwrap().read(&selection).unwrap();
            let mut piece = vec![0; 1 << 20];
            bytes = 0;
            while let read @ 1.. = records.read(&mut piece).unwrap() {
                bytes += read;
            }
            tasks = records.tasks();
            best = best.min(begun.elapsed());
        }
        let full = *full.get_or_insert(best);
        println!(
            "read {name}: {tasks} tasks, {:.1} MB, {:.1} ms, {:.0} MB/s, {:.2} % of the full read",
            bytes as f64 / 1e6,
            best.as_secs_f64() * 1e3,
            bytes as f64 / 1e6 / best.as_secs_f64(),
            best.as_secs_f64() * 100.0 / full.as_secs_f64()
        );
    }
}
