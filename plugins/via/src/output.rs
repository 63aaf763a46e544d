//! The two files that VIA reads.

use ango_plugin_sdk::json::write_string;
use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::options::{Part, Split};
use ango_plugin_sdk::text::csv::write_cell_between;
use ango_plugin_sdk::{File, Run};

use crate::options::Form;
use crate::regions::Regions;

/// The first line of the CSV file, which VIA recognises it by.
const HEADER: &[u8] = b"filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes\n";

/// The folder of a part, with a `/`; empty if there is one part.
pub(crate) fn folder(split: &Split, part: Part) -> &'static str {
    match part {
        _ if !split.is_split() => "",
        Part::Train => "train/",
        Part::Val => "val/",
        Part::Test => "test/",
    }
}

/// The file of a part: this shard's rows of it.
pub(crate) struct Output {
    form: Form,
    rows: File,
    is_first: bool,
}

impl Output {
    pub(crate) fn new(run: &Run, form: Form, split: &Split, part: Part) -> Self {
        let folder = folder(split, part);
        let (path, separator, around): (_, _, &[(u32, &[u8])]) = match form {
            Form::Csv => ([folder, "annotations.csv"].concat(), "", &[(0, HEADER)]),
            Form::Json => ([folder, "annotations.json"].concat(), ",\n", &[(0, b"{\n"), (2, b"\n}\n")]),
        };
        if run.is_first_shard() {
            for &(position, text) in around {
                let mut file = run.section(&path, position, "");
                file.put(text);
                file.finish();
            }
        }
        Self { form, rows: run.section(&path, 1, separator), is_first: true }
    }

    pub(crate) fn add(&mut self, name: &str, file_attributes: &[u8], regions: &Regions) {
        let is_first = std::mem::take(&mut self.is_first);
        match self.form {
            Form::Csv => write_rows(self.rows.buffer(), name, file_attributes, regions),
            Form::Json => {
                let out = self.rows.buffer();
                if !is_first {
                    out.extend_from_slice(b",\n");
                }
                write_entry(out, name, file_attributes, regions);
            }
        }
    }

    pub(crate) fn finish(self) {
        self.rows.finish();
    }
}

/// `"NAME-1":{...}`: the key is the name and the size.
fn write_entry(out: &mut Vec<u8>, name: &str, file_attributes: &[u8], regions: &Regions) {
    write_string(out, &[name, "-1"].concat());
    out.extend_from_slice(b":{\"filename\":");
    write_string(out, name);
    out.extend_from_slice(b",\"size\":-1,\"regions\":[");
    for (at, (shape, attributes)) in regions.all().enumerate() {
        out.extend_from_slice(if at == 0 { b"{\"shape_attributes\":" } else { b",{\"shape_attributes\":" });
        out.extend_from_slice(shape);
        out.extend_from_slice(b",\"region_attributes\":");
        out.extend_from_slice(attributes);
        out.push(b'}');
    }
    out.extend_from_slice(b"],\"file_attributes\":");
    out.extend_from_slice(file_attributes);
    out.push(b'}');
}

/// A row for each region; an image without any has one row with none.
fn write_rows(out: &mut Vec<u8>, name: &str, file_attributes: &[u8], regions: &Regions) {
    let count = regions.all().len();
    let nothing = (&b"{}"[..], &b"{}"[..]);
    for (at, (shape, attributes)) in regions.all().chain((count == 0).then_some(nothing)).enumerate() {
        // Not guarded against spreadsheets: the name is how VIA finds the image.
        write_cell_between(out, name, b',', false);
        out.extend_from_slice(b",-1,");
        write_json_cell(out, file_attributes);
        out.push(b',');
        write_u64(out, count as u64);
        out.push(b',');
        write_u64(out, at as u64);
        out.push(b',');
        write_json_cell(out, shape);
        out.push(b',');
        write_json_cell(out, attributes);
        out.push(b'\n');
    }
}

/// JSON in a cell, in quotes whatever it is, as VIA writes it.
fn write_json_cell(out: &mut Vec<u8>, json: &[u8]) {
    out.reserve(json.len() + 2);
    out.push(b'"');
    for &byte in json {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}
