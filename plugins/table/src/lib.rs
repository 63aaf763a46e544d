//! Flat tables: CSV, TSV or JSON lines.
//!
//! What people load into a spreadsheet or a data frame: a file for each kind of thing (tasks, objects, answers, relations, visits of stages), joined by ids.
//! Columns are the same whatever the export holds: those of questions come from the ontology. Cells are quoted by RFC 4180, times are UTC in ISO 8601,
//! coordinates are pixels from the top-left corner of the image.
//!
//! Issues are in no V3 export: the table of them needs a project with `issues.ndjson`, or records that carry theirs.

mod answers;
mod fields;
mod history;
mod issues;
mod objects;
mod options;
mod questions;
mod record;
mod relations;
mod sheet;
mod tables;
mod tasks;
mod tfod;

use ango_plugin_sdk::{Converter, Failure, Info, Run};

pub use options::Options;

/// The converter.
pub struct Table;

ango_plugin_sdk::export!(Table);

impl Converter for Table {
    type Options = Options;

    fn describe() -> Info {
        Info::new("table", env!("CARGO_PKG_VERSION"), "Tables of objects, answers, relations and time", "CSV, TSV, JSON lines")
            .with_options_schema(&options::options_schema())
            .with_issues()
            .with_history()
            .with_assets()
    }

    fn convert(options: Options, run: &Run) -> Result<(), Failure> {
        match options.layout {
            options::Layout::Ango => tables::convert(&options, run),
            options::Layout::Tfod => tfod::convert(options, run),
        }
    }
}

#[cfg(test)]
mod tests;
