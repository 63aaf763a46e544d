//! What lies beside the sequences: the lists of them that TrackEval takes, and the links of their images.

use ango_plugin_sdk::images::{Image, ImageList};
use ango_plugin_sdk::options::{Part, Split};
use ango_plugin_sdk::text::csv::write_cell_between;
use ango_plugin_sdk::{File, Run};

use crate::options::{Format, Options};
use crate::sequence::Sequence;

/// The tables of this shard.
pub(crate) struct Tables {
    maps: Vec<(Part, File)>,
    images: ImageList,
}

impl Tables {
    pub(crate) fn new(run: &Run, split: &Split, options: &Options) -> Self {
        let benchmark = if options.format == Format::Mots { "MOTS" } else { "MOT16" };
        let open = |part: Part| {
            let path = format!("seqmaps/{benchmark}-{}.txt", part.name());
            if run.is_first_shard() {
                let mut heading = run.section(&path, 0, "");
                heading.put(b"name\n");
                heading.finish();
            }
            (part, run.section(&path, 1, ""))
        };
        Self { maps: split.parts().map(open).collect(), images: ImageList::new(run, options.images_csv) }
    }

    /// Lists a sequence.
    pub(crate) fn add_sequence(&mut self, sequence: &Sequence) {
        if let Some((_, map)) = self.maps.iter_mut().find(|(part, _)| *part == sequence.part) {
            let row = map.buffer();
            write_cell_between(row, sequence.name(), b',', false);
            row.push(b'\n');
        }
    }

    /// Lists an image: of a video once all of them, by a pattern as ffmpeg takes it.
    pub(crate) fn add_image(&mut self, sequence: &Sequence, image: &Image<'_>, frame: u32) {
        if image.is_frame && !image.is_first() {
            return;
        }
        let number = if image.is_frame { "%06d".to_owned() } else { format!("{:06}", u64::from(frame) + 1) };
        self.images.add(&format!("{}/img1/{number}.{}", sequence.folder, sequence.suffix()), image);
    }

    pub(crate) fn finish(self) {
        self.maps.into_iter().for_each(|(_, map)| map.finish());
        self.images.finish();
    }
}
