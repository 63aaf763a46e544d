//! Bytes as an export: cut into chunks, parsed, typed and written. Errors are fine, panics are not; and what can be read says the same when it is written and read again, in whatever
//! size of chunks it was cut.

#![no_main]

use ango_model::canonical::write_asset;
use ango_model::json::Document;
use ango_model::options::ExportOptions;
use ango_model::stream::RecordReader;
use ango_model::v3::Asset;
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
            write_asset(&mut Vec::new(), &document.root(), &ExportOptions::default());
            records.push(out);
        }
    }
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
