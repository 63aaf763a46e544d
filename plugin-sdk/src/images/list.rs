//! `images.csv`: where the images of a data set come from. No converter copies images.

use crate::File;
use crate::number::write_u64;
use crate::run::Run;
use crate::text::csv::write_cell;

use super::Image;

/// The path of the list.
const PATH: &str = "images.csv";

/// Writes `images.csv`: for each image of the data set the path at which its readers look for it, the link to fetch it from, and its size in
/// pixels.
pub struct ImageList(Option<File>);

impl ImageList {
    /// Starts this shard's part of the list; of one that nobody wants, nothing.
    pub fn new(run: &Run, wanted: bool) -> Self {
        if wanted && run.is_first_shard() {
            let mut head = run.section(PATH, 0, "");
            head.put(b"file,url,width,height\r\n");
            head.finish();
        }
        Self(wanted.then(|| run.section(PATH, 1, "")))
    }

    /// Lists an image under its path in the data set.
    pub fn add(&mut self, path: &str, image: &Image<'_>) {
        let Some(file) = &mut self.0 else { return };
        let row = file.buffer();
        write_cell(row, path);
        row.push(b',');
        write_cell(row, image.url);
        row.push(b',');
        if let Some((width, height)) = image.size {
            write_u64(row, width.into());
            row.push(b',');
            write_u64(row, height.into());
        } else {
            row.push(b',');
        }
        row.extend_from_slice(b"\r\n");
    }

    /// Ends this shard's part.
    pub fn finish(self) {
        if let Some(file) = self.0 {
            file.finish();
        }
    }
}
