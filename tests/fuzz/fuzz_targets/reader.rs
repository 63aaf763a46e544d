//! Bytes as an export: cut into chunks, parsed, typed and written. Errors are fine, panics are not; and what can be read says the same when it is written and read again, in whatever
//! size of chunks it was cut.

#![no_main]

use ango_model::canonical::{Canonical, write_asset};
use ango_model::json::{Document, Value};
use ango_model::legacy::LeftOut;
use ango_model::options::ExportOptions;
use ango_model::stream::RecordReader;
use ango_model::v3::Asset;
use ango_model::video::{self, FullList, Kind, Video};
use libfuzzer_sys::fuzz_target;

/// The canonical form of every record that can be read, and whether the whole input could be.
fn read(bytes: &[u8], chunk_bytes: usize) -> (Vec<Vec<u8>>, bool) {
    let mut reader = RecordReader::new(bytes, "fuzz").with_chunk_bytes(chunk_bytes).with_max_record(1 << 16);
    let mut records = Vec::new();
    loop {
        let chunk = match reader.next_chunk() {
            Ok(Some(chunk)) => chunk,
            Ok(None) => return (records, true),
            Err(_) => return (records, false),
        };
        for range in chunk.records() {
            let Ok(text) = std::str::from_utf8(&chunk.text()[range]) else { return (records, false) };
            let Ok(document) = Document::parse(text) else { return (records, false) };
            if Asset::read(&document.root()).is_err() {
                return (records, false);
            }
            let mut out = Vec::new();
            write_asset(&mut out, &document.root(), &ExportOptions::everything());
            let _ = ExportOptions::default().selects(&document.root());
            export(&document.root());
            if let Some(flat) = video::flatten(&document.root()) {
                export(&Document::parse(&flat).expect("a flat record is JSON").root());
            }
            records.push(out);
        }
    }
}

/// The record as a bare export and as a legacy one, which must be JSON.
fn export(record: &Value<'_, '_>) {
    // A few bytes can ask for millions of frames, which are right and take long.
    let video = Video::of(record).filter(|video| frames(record, *video) < 1000);
    let options = ExportOptions::default();
    let mut out = Vec::new();
    Canonical::new(&options).write(&mut out, record, video);
    assert!(Document::parse(std::str::from_utf8(&out).expect("text")).is_ok());
    out.clear();
    Canonical::new(&options).write_legacy(&mut out, record, video, &mut LeftOut::default());
    assert!(Document::parse(std::str::from_utf8(&out).expect("text")).is_ok());
}

/// Frames that are computed for the lists of a record.
fn frames(record: &Value<'_, '_>, video: Video) -> u64 {
    let Some(task) = record.get("task") else { return 0 };
    let visits = task.members().filter(|member| member.key == "stageHistory").flat_map(|history| history.value.elements());
    let lists = std::iter::once(task).chain(visits).flat_map(|holder| holder.members());
    let of = |list: &Value<'_, '_>, kind| FullList::plan(*list, kind, video.frame_total).map_or(u64::MAX, |plan| plan.computed());
    lists
        .filter_map(|list| match list.key {
            "tools" => Some(of(&list.value, Kind::Tools)),
            "classifications" => Some(of(&list.value, Kind::Classifications)),
            _ => None,
        })
        .fold(0, u64::saturating_add)
}

fuzz_target!(|bytes: &[u8]| {
    let (records, complete) = read(bytes, 1 << 14);
    let (in_small_chunks, still_complete) = read(bytes, 64);
    if complete && still_complete {
        assert_eq!(records, in_small_chunks);
    }
    for record in records {
        let (again, complete) = read(&record, 1 << 14);
        assert!(complete && again == [record]);
    }
});
