//! The options of an export, from outside: what a record looks like with each toggle, which records a filter lets through, and how a request asks for it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod filters;
mod query;
mod records;
mod toggles;

use ango_model::canonical::write_asset;
use ango_model::json::Document;
use ango_model::options::ExportOptions;

/// The record as the export has it.
fn written(record: &str, options: &ExportOptions) -> String {
    let document = Document::parse(record).unwrap_or_else(|error| panic!("{error:?} in {record}"));
    let mut out = Vec::new();
    write_asset(&mut out, &document.root(), options);
    String::from_utf8(out).unwrap()
}

/// Every combination of the toggles, without filters.
fn all_toggles() -> impl Iterator<Item = ExportOptions> {
    (0..16u8).map(|bits| ExportOptions {
        annotation_metadata: bits & 1 != 0,
        stage_history: bits & 2 != 0,
        idle_blur_durations: bits & 4 != 0,
        store_keys: bits & 8 != 0,
        ..ExportOptions::everything()
    })
}
