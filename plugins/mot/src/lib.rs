//! Sequences of tracks in the layout of the MOT challenge: boxes (MOT16), or masks (MOTS).
//!
//! What the evaluators do decides the details: frames and ids count from 1, an id is on a frame once, no frame is beyond `seqLength`, classes have the ids of the
//! benchmark where their names are those of the benchmark, and masks of a frame do not overlap. Images are not copied: `images.csv` says what to fetch, and where
//! to put it.

mod boxes;
mod classes;
mod masks;
mod options;
mod sequence;
mod tables;

use ango_plugin_sdk::images::{Areas, Choice, Image, Images};
use ango_plugin_sdk::options::{Frames, Names, Part, Shared, Split, schema};
use ango_plugin_sdk::tracks::Tracks;
use ango_plugin_sdk::{Converter, Failure, File, Info, Object, Run, images};

pub use options::Options;
use options::{Format, Pages};
use sequence::Sequence;

/// The converter.
pub struct Mot;

ango_plugin_sdk::export!(Mot);

const FORMAT: images::Format = images::Format::new("MOT");

impl Converter for Mot {
    type Options = Options;

    fn describe() -> Info {
        let shared = [Shared::ImagesCsv, Shared::Classes, Shared::OnMissingSize, Shared::Outside, Shared::MinArea, Shared::Stage, Shared::Split];
        Info::new("mot", env!("CARGO_PKG_VERSION"), "Tracks of videos as MOT16 or MOTS sequences", "MOT Challenge")
            .with_options_schema(&schema(include_str!("options.schema.json"), &shared))
            .with_assets()
            .with_history()
    }

    fn convert(options: Options, run: &Run) -> Result<(), Failure> {
        let split = Split::new(&options.split)?;
        let areas = Areas::new(run, FORMAT, &options.classes, options.outside, options.min_area)?;
        let ids = classes::Ids::new(run, areas.classes(), &options)?;
        let mut tables = tables::Tables::new(run, &split, &options);
        let choice =
            Choice { on_missing_size: Some(options.on_missing_size), names: Names::Path, frames: Frames::Each, stage: options.stage.clone() };
        let mut setup = Setup { run, options: &options, ids, areas };
        let mut images = Images::new(run, FORMAT, choice);
        let mut writer = Writer::default();
        while let Some(image) = images.next_image()? {
            let Some(frame) = image.page else {
                run.lost(image.task.index, None, "not-a-video", "asset is one image, and MOT holds sequences of them");
                continue;
            };
            if !image.is_frame && options.pages == Pages::Skip {
                if image.is_first() {
                    run.lost(image.task.index, None, "multi-page-unsupported", "asset has several pages and option `pages` is `skip`");
                }
                continue;
            }
            if image.is_first() {
                writer.finish(&setup);
                writer.open(&setup, &image, split.part(image.task), &mut tables);
            }
            writer.frame(&mut setup, &image, frame, &mut tables);
        }
        writer.finish(&setup);
        tables.finish();
        Ok(())
    }
}

/// What is the same for all sequences.
struct Setup<'a> {
    run: &'a Run,
    options: &'a Options,
    ids: classes::Ids,
    areas: Areas,
}

impl Setup<'_> {
    /// Takes an object's area, and gives its class and the number of its track; `None` if it is not written, which is reported.
    fn take(&mut self, image: &Image<'_>, position: u64, object: &Object, sequence: &Sequence) -> Option<(classes::Class, u32)> {
        let lost = |code: &str, detail: &str| self.run.lost(image.task.index, Some(&object.object_id), code, detail);
        let link = sequence.link(position);
        if link.is_repeat {
            lost("duplicate", "another object of the frame has the same id and class, which is the track");
            return None;
        }
        let class = self.ids.get(self.areas.take(self.run, image, object)?);
        if class.id.is_none() && !(class.ignored && self.options.format == Format::Mots) {
            lost("class-unmapped", "the benchmark has no class of this name");
            return None;
        }
        if link.number == 0 {
            lost("too-many-instances", "MOTS has room for 999 instances of a class in a sequence");
            return None;
        }
        Some((class, link.number))
    }
}

/// Writes sequences, one after the other.
#[derive(Default)]
struct Writer {
    tracks: Tracks,
    boxes: boxes::Boxes,
    masks: masks::Masks,
    current: Option<(Sequence, File)>,
}

impl Writer {
    fn open(&mut self, setup: &Setup<'_>, image: &Image<'_>, part: Part, tables: &mut tables::Tables) {
        let mut sequence = Sequence::new(setup.run, image, part);
        self.tracks.set(&image.task.annotations.objects);
        sequence.number_tracks(setup, image.task, &self.tracks);
        tables.add_sequence(&sequence);
        if !setup.ids.labels.is_empty() {
            setup.run.add(&format!("{}/gt/labels.txt", sequence.folder), &setup.ids.labels);
        }
        let file = setup.run.create(&format!("{}/gt/gt.txt", sequence.folder));
        self.current = Some((sequence, file));
    }

    fn frame(&mut self, setup: &mut Setup<'_>, image: &Image<'_>, frame: u32, tables: &mut tables::Tables) {
        let Some((sequence, file)) = &mut self.current else { return };
        if image.object_count() > 0 {
            sequence.see(frame);
        }
        match setup.options.format {
            Format::Mot16 => self.boxes.frame(setup, image, frame, sequence, file),
            Format::Mots => self.masks.frame(setup, image, frame, sequence, file),
        }
        tables.add_image(sequence, image, frame);
    }

    fn finish(&mut self, setup: &Setup<'_>) {
        let Some((sequence, file)) = self.current.take() else { return };
        file.finish();
        setup.run.add(&format!("{}/seqinfo.ini", sequence.folder), &sequence.info(setup.run));
    }
}

#[cfg(test)]
mod tests;
