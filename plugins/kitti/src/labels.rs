//! The files of labels: one for each image, or one for each sequence.

use std::collections::BTreeMap;

use ango_plugin_sdk::images::{Image, ImageList};
use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::options::{Empty, Part, Split};
use ango_plugin_sdk::text::names;
use ango_plugin_sdk::{Failure, File, Run};

use crate::options::{Flavour, Options};
use crate::rows::Rows;

/// The longest name without a suffix, in bytes.
const MAX_STEM: usize = 240;

/// Writes the labels of one shard.
pub(crate) struct Labels<'a> {
    run: &'a Run,
    rows: Rows<'a>,
    empty: Empty,
    split: Split,
    /// `ImageSets`: the names in each part; none without a split.
    parts: Vec<(Part, File)>,
    images: ImageList,
    text: Vec<u8>,
    sequences: Option<Sequences>,
}

/// What the sequence being written needs, and the list of all.
struct Sequences {
    map: File,
    /// The task whose sequence is being written.
    task: Option<u64>,
    part: Part,
    /// Frames from 0 up to, but not including, this one.
    end: u32,
    /// How many frames of it are in the data set.
    frames: u64,
    /// By object id: the number of the track, and the frame that it was in last.
    tracks: BTreeMap<String, (u64, u32)>,
}

impl<'a> Labels<'a> {
    pub(crate) fn new(options: &Options, run: &'a Run) -> Result<Self, Failure> {
        let split = Split::new(&options.split)?;
        let open = |part: Part| (part, run.section(&["ImageSets/", part.name(), ".txt"].concat(), 0, ""));
        let parts = if split.is_split() { split.parts().map(open).collect() } else { Vec::new() };
        let sequences = (options.flavour == Flavour::Tracking).then(|| Sequences {
            map: run.section("training/evaluate_tracking.seqmap.training", 0, ""),
            task: None,
            part: Part::Train,
            end: 0,
            frames: 0,
            tracks: BTreeMap::new(),
        });
        Ok(Self {
            run,
            rows: Rows::new(options, run)?,
            empty: options.empty,
            split,
            parts,
            images: ImageList::new(run, options.images_csv),
            text: Vec::new(),
            sequences,
        })
    }

    /// Writes the objects of an image.
    pub(crate) fn add(&mut self, image: &Image<'_>) {
        if self.sequences.is_some() { self.add_frame(image) } else { self.add_image(image) }
    }

    pub(crate) fn finish(mut self) {
        self.end_sequence();
        self.images.finish();
        self.parts.into_iter().for_each(|(_, file)| file.finish());
        if let Some(sequences) = self.sequences {
            sequences.map.finish();
        }
    }

    fn add_image(&mut self, image: &Image<'_>) {
        self.text.clear();
        for (_, object) in image.objects() {
            if let Some(row) = self.rows.take(image, object) {
                self.rows.write(&mut self.text, image, object, &row);
            }
        }
        if image.is_left_out_empty(self.run, self.empty, self.text.len() as u64) {
            return;
        }
        let stem = self.stem(image);
        self.run.add(&["training/label_2/", &stem, ".txt"].concat(), &self.text);
        self.list(self.split.part(image.task), &stem);
        let suffix = names::suffix(image.name).map(|suffix| [".", suffix].concat()).unwrap_or_default();
        self.images.add(&["training/image_2/", &stem, &suffix].concat(), image);
    }

    /// The name of the image's file without its suffix, as file systems and lists can hold it.
    fn stem(&self, image: &Image<'_>) -> String {
        let path = names::stem(image.name);
        let name = names::within(names::name(path), MAX_STEM);
        let stem = if names::folder(path).is_empty() { name } else { [names::folder(path), "/", &name].concat() };
        let Some(listable) = names::listable(&stem) else { return stem };
        let detail = format_args!("files of image {:?} are called {listable:?}: lists of images cannot hold its name", image.name);
        self.run.lost(image.task.index, None, "file-name-changed", detail);
        listable
    }

    fn list(&mut self, part: Part, name: &str) {
        if let Some((_, file)) = self.parts.iter_mut().find(|(of, _)| *of == part) {
            let line = file.buffer();
            line.extend_from_slice(name.as_bytes());
            line.push(b'\n');
        }
    }

    fn add_frame(&mut self, image: &Image<'_>) {
        if self.sequences.as_ref().is_some_and(|sequences| sequences.task != Some(image.task.index)) {
            self.end_sequence();
        }
        let Some(sequences) = &mut self.sequences else { return };
        let frame = image.page.unwrap_or(0);
        if sequences.task.is_none() {
            let asset = &image.task.asset;
            let known = asset.frame_count.unwrap_or(0).max(u32::try_from(asset.pages.len()).unwrap_or(u32::MAX));
            (sequences.task, sequences.part, sequences.end) = (Some(image.task.index), self.split.part(image.task), known);
        }
        sequences.end = sequences.end.max(frame.saturating_add(1));
        let mut written = 0;
        for (_, object) in image.objects() {
            let Some(row) = self.rows.take(image, object) else { continue };
            let mut track = None;
            if !row.is_dont_care {
                match sequences.tracks.get_mut(&object.object_id) {
                    Some((_, last)) if *last == frame => {
                        let detail = format_args!("object is twice in frame {frame}, and a track can be in a frame once");
                        self.run.lost(image.task.index, Some(&object.object_id), "duplicate", detail);
                        continue;
                    }
                    Some((number, last)) => {
                        *last = frame;
                        track = Some(*number);
                    }
                    None => {
                        let number = sequences.tracks.len() as u64;
                        sequences.tracks.insert(object.object_id.clone(), (number, frame));
                        track = Some(number);
                    }
                }
            }
            write_u64(&mut self.text, frame.into());
            self.text.push(b' ');
            match track {
                Some(number) => write_u64(&mut self.text, number),
                None => self.text.extend_from_slice(b"-1"),
            }
            self.text.push(b' ');
            self.rows.write(&mut self.text, image, object, &row);
            written += 1;
        }
        if image.is_left_out_empty(self.run, self.empty, written) {
            return;
        }
        sequences.frames += 1;
        let suffix = names::suffix(image.name).map(|suffix| [".", suffix].concat()).unwrap_or_default();
        self.images.add(&format!("training/image_02/{:04}/{frame:06}{suffix}", image.task.index), image);
    }

    /// Writes the file of the sequence, if there is one.
    fn end_sequence(&mut self) {
        let Some(sequences) = &mut self.sequences else { return };
        let Some(task) = sequences.task.take() else { return };
        sequences.tracks.clear();
        if std::mem::take(&mut sequences.frames) == 0 {
            return;
        }
        let (end, part) = (sequences.end, sequences.part);
        let name = format!("{task:04}");
        sequences.map.buffer().extend_from_slice(format!("{name} empty 000000 {end:06}\n").as_bytes());
        self.run.add(&["training/label_02/", &name, ".txt"].concat(), &self.text);
        self.text.clear();
        self.list(part, &name);
    }
}
