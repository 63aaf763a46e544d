//! Boxes of an annotation project as one CSV file.

use ango_plugin_sdk::{Converter, Failure, Geometry, Info, Run, number};
use serde::Deserialize;

/// The columns of the file.
const COLUMNS: [&str; 9] = ["task_id", "file_name", "object_id", "class", "x", "y", "width", "height", "stage"];

/// The file. All shards write into it.
const FILE: &str = "boxes.csv";

/// What can be set; `options.schema.json` says the same to the host.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// What stands between two columns.
    pub delimiter: char,
    /// Whether the file begins with the names of the columns.
    pub header: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { delimiter: ',', header: true }
    }
}

/// The converter.
pub struct BoxesCsv;

ango_plugin_sdk::export!(BoxesCsv);

impl Converter for BoxesCsv {
    type Options = Options;

    fn describe() -> Info {
        Info::new("{{name}}", env!("CARGO_PKG_VERSION"), "Boxes as CSV", "CSV").with_options_schema(include_str!("options.schema.json"))
    }

    fn convert(options: Options, run: &Run) -> Result<(), Failure> {
        let delimiter = options.delimiter as u8;
        // Section 0 comes before section 1, whichever shard writes it.
        if options.header && run.is_first_shard() {
            let mut header = run.section(FILE, 0, "");
            header.buffer().extend_from_slice(COLUMNS.join(&options.delimiter.to_string()).as_bytes());
            header.buffer().push(b'\n');
            header.finish();
        }
        let mut rows = run.section(FILE, 1, "");
        for task in run.tasks() {
            for object in &task.annotations.objects {
                let Geometry::BoundingBox(bounds) = &object.geometry else {
                    run.lost(task.index, Some(&object.object_id), "geometry-unsupported", object.geometry.kind());
                    continue;
                };
                let row = rows.buffer();
                for text in [&task.task_id, &task.asset.file_name, &object.object_id, &object.title] {
                    write_text(row, text, delimiter);
                    row.push(delimiter);
                }
                for coordinate in [bounds.x, bounds.y, bounds.width, bounds.height] {
                    number::write_rounded(row, coordinate, 6);
                    row.push(delimiter);
                }
                write_text(row, &task.stage, delimiter);
                row.push(b'\n');
            }
        }
        rows.finish();
        Ok(())
    }
}

/// Appends a text, in quotes where CSV needs them (RFC 4180).
fn write_text(row: &mut Vec<u8>, text: &str, delimiter: u8) {
    if !text.bytes().any(|byte| byte == delimiter || matches!(byte, b'"' | b'\r' | b'\n')) {
        return row.extend_from_slice(text.as_bytes());
    }
    row.push(b'"');
    row.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    row.push(b'"');
}
