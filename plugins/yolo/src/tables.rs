//! The files that list the images and the classes.

use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::{File, Project, Run};

/// `data.yaml`. Without `path`, which would be looked up in the wrong folder.
pub(crate) fn data_yaml(project: &Project, has_val: bool) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend_from_slice(b"train: train.txt\nval: ");
    out.extend_from_slice(if has_val { b"val.txt" } else { b"train.txt" });
    out.extend_from_slice(b"\nnc: ");
    write_u64(&mut out, project.tools.len() as u64);
    out.extend_from_slice(if project.tools.is_empty() { b"\nnames: {}\n" } else { b"\nnames:\n" });
    for class in &project.tools {
        out.extend_from_slice(b"  ");
        write_u64(&mut out, class.index.into());
        out.extend_from_slice(b": ");
        write_quoted(&mut out, &class.title);
        out.push(b'\n');
    }
    out
}

/// A YAML scalar in double quotes: `yes`, `1.0` and `a: b #c` stay texts, and what is not printable is escaped.
fn write_quoted(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    for c in text.chars() {
        match c {
            '"' => out.extend_from_slice(b"\\\""),
            '\\' => out.extend_from_slice(b"\\\\"),
            '\n' => out.extend_from_slice(b"\\n"),
            '\t' => out.extend_from_slice(b"\\t"),
            _ if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') => {
                out.extend_from_slice(format!("\\u{:04x}", u32::from(c)).as_bytes());
            }
            _ => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    out.push(b'"');
}

/// The lists of images of one shard.
pub(crate) struct Tables {
    train: File,
    val: Option<File>,
    csv: Option<File>,
}

impl Tables {
    pub(crate) fn new(run: &Run, has_val: bool, has_csv: bool) -> Self {
        if has_csv && run.is_first_shard() {
            let mut head = run.section("images.csv", 0, "");
            head.put(b"file,url,width,height\r\n");
            head.finish();
        }
        Self {
            train: run.section("train.txt", 0, ""),
            // Every shard opens it, so that the file exists also when it is empty.
            val: has_val.then(|| run.section("val.txt", 0, "")),
            csv: has_csv.then(|| run.section("images.csv", 1, "")),
        }
    }

    /// Lists an image, by its path in the data set.
    pub(crate) fn add(&mut self, val: bool, image: &str, url: &str, width: u32, height: u32) {
        let list = match &mut self.val {
            Some(list) if val => list,
            _ => &mut self.train,
        };
        let row = list.buffer();
        // The loader takes `./` for the folder of the list.
        row.extend_from_slice(b"./");
        row.extend_from_slice(image.as_bytes());
        row.push(b'\n');
        if let Some(csv) = &mut self.csv {
            let row = csv.buffer();
            write_cell(row, image);
            row.push(b',');
            write_cell(row, url);
            row.push(b',');
            write_u64(row, width.into());
            row.push(b',');
            write_u64(row, height.into());
            row.extend_from_slice(b"\r\n");
        }
    }

    pub(crate) fn finish(self) {
        self.train.finish();
        for file in [self.val, self.csv].into_iter().flatten() {
            file.finish();
        }
    }
}

/// A cell by RFC 4180. One that a spreadsheet would take for a formula gets an apostrophe in front.
fn write_cell(out: &mut Vec<u8>, text: &str) {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if !formula && !text.bytes().any(|byte| matches!(byte, b'"' | b',' | b'\r' | b'\n')) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    if formula {
        out.push(b'\'');
    }
    out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn names_are_quoted_and_escaped() {
        assert_eq!(text(|out| write_quoted(out, "yes")), r#""yes""#);
        assert_eq!(text(|out| write_quoted(out, "a\"b\\c\n\u{1}\u{85}\u{feff}é: #")), r#""a\"b\\c\n\u0001\u0085\ufeffé: #""#);
    }

    #[test]
    fn cells_are_quoted_and_are_no_formulas() {
        assert_eq!(text(|out| write_cell(out, "https://x.test/a.jpg")), "https://x.test/a.jpg");
        assert_eq!(text(|out| write_cell(out, "a,\"b\"")), "\"a,\"\"b\"\"\"");
        assert_eq!(text(|out| write_cell(out, "=cmd()")), "\"'=cmd()\"");
    }
}
