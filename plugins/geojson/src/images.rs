//! What there is to say about an image, and rows of a list.

use ango_plugin_sdk::images::Image;
use ango_plugin_sdk::json::write_string;
use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::{File, answers};

/// Rows of a JSON list in a section of a file.
pub(crate) struct Rows {
    file: File,
    is_first: bool,
}

impl Rows {
    pub(crate) fn new(file: File) -> Self {
        Self { file, is_first: true }
    }

    /// The buffer to append the next row to, which must not be empty.
    pub(crate) fn next(&mut self) -> &mut Vec<u8> {
        let out = self.file.buffer();
        if !std::mem::replace(&mut self.is_first, false) {
            out.extend_from_slice(b",\n");
        }
        out
    }

    pub(crate) fn finish(self) {
        self.file.finish();
    }
}

/// Appends what readers of GeoJSON pass over: the name of the image, its size where it is known, its task, and the answers about it.
pub(crate) fn write(out: &mut Vec<u8>, image: &Image<'_>) {
    out.extend_from_slice(b"{\"file\":");
    write_string(out, image.name);
    if let Some((width, height)) = image.size {
        out.extend_from_slice(b",\"width\":");
        write_u64(out, width.into());
        out.extend_from_slice(b",\"height\":");
        write_u64(out, height.into());
    }
    out.extend_from_slice(b",\"task_id\":");
    write_string(out, &image.task.task_id);
    out.extend_from_slice(b",\"answers\":");
    answers::write_json(out, image.classifications().map(|(_, answer)| answer));
    out.push(b'}');
}
