//! Tasks about videos: each track is a region with a sequence of key frames, between which Label Studio interpolates linearly.

use ango_plugin_sdk::geometry::Turned;
use ango_plugin_sdk::images::{Areas, Choice, Format, Image, Images};
use ango_plugin_sdk::json::write_strings;
use ango_plugin_sdk::number::{write_rounded, write_u64};
use ango_plugin_sdk::options::{Frames, Names};
use ango_plugin_sdk::order::Texts;
use ango_plugin_sdk::tracks::{Entry, KeyFrames, Tracks};
use ango_plugin_sdk::{Answer, Classification, Failure, Geometry, Object, Run};

use crate::config::{Config, Control};
use crate::images::Percent;
use crate::options::Options;
use crate::results::Results;
use crate::tasks::{self, List};

/// What results refer to.
const TO: &str = "video";
/// The name of the control that draws, and the type of its results.
const BOX: (&str, &str) = ("box", "videorectangle");
/// How far, in pixels or degrees, a box that is interpolated may be from what the export says.
const TOLERANCE: f64 = 0.005;

pub(crate) fn convert(options: &Options, run: &Run) -> Result<(), Failure> {
    let format = Format::new("Label Studio").with_answers().with_relations();
    let areas = Areas::new(run, format, &options.classes, options.outside, options.min_area)?;
    let config = Config::new(run.project(), areas.classes(), options);
    if run.is_first_shard() {
        run.add("config.xml", &config.xml(run.project(), options));
    }
    let choice = Choice { on_missing_size: Some(options.on_missing_size), names: Names::Path, frames: Frames::Each, stage: options.stage.clone() };
    let mut images = Images::new(run, format, choice);
    let mut writer = Writer { run, options, areas, config, results: Results::default(), keys: KeyFrames::new(TOLERANCE), shapes: Vec::new() };
    let mut tracks = Tracks::default();
    let mut list = List::new(run);
    while let Some(image) = images.next_image()? {
        if !image.is_first() {
            continue;
        }
        if !image.is_frame {
            run.lost(image.task.index, None, "not-a-video", "asset is no video, and option `tasks` is `videos`");
            continue;
        }
        writer.write(&image, &mut tracks);
        if image.is_left_out_empty(run, options.empty, writer.results.count()) {
            continue;
        }
        let asset = &image.task.asset;
        let entry =
            tasks::Entry { id: image.task.index + 1, task: image.task, name: &asset.file_name, url: &asset.url, size: image.size, page: None };
        list.add(options, entry, &writer.results.out);
    }
    list.finish();
    Ok(())
}

struct Writer<'a> {
    run: &'a Run,
    options: &'a Options,
    areas: Areas,
    config: Config,
    results: Results,
    keys: KeyFrames,
    /// The shapes of a track.
    shapes: Vec<Shape>,
}

/// A box on a frame: its corner after the turn, its size, and its turn in degrees.
#[derive(Clone, Copy, Debug)]
struct Shape {
    frame: u32,
    numbers: [f64; 5],
    is_key: bool,
    /// Nothing of the track is there from the next frame to the next shape.
    ends: bool,
}

impl Writer<'_> {
    fn write(&mut self, image: &Image<'_>, tracks: &mut Tracks) {
        let task = image.task;
        let objects = &task.annotations.objects;
        tracks.set(objects);
        // A track is one region, and has the id of the first of its objects in the task.
        let firsts: Vec<u32> = tracks.iter().map(|track| track.iter().map(|entry| entry.position).min().unwrap_or(0)).collect();
        self.results.open(firsts.iter().filter_map(|&first| Some((first.into(), objects.get(first as usize)?))));
        let persists = tracks.have_gaps();
        let mut written = vec![false; objects.len()];
        for (track, &first) in tracks.iter().zip(&firsts) {
            if let Some(place) = written.get_mut(first as usize) {
                *place = self.track(image, track, first, persists);
            }
        }
        for object in tracks.repeated().iter().filter_map(|&at| objects.get(at as usize)) {
            let detail = "another object of the frame has the same id and class, which is the track";
            self.run.lost(task.index, Some(&object.object_id), "duplicate", detail);
        }
        let is_whole = |answered: &&Classification| answered.page.is_none();
        for answered in task.annotations.classifications.iter().filter(|answered| !is_whole(answered) && answered.answer != Answer::Empty) {
            let detail = "answer is about a frame, and Label Studio has answers about a whole video";
            self.run.lost(task.index, Some(&answered.object_id), "classification-unsupported", detail);
        }
        let whole = task.annotations.classifications.iter().enumerate().filter(|(_, answered)| is_whole(answered));
        self.results.answers(self.run, task.index, &self.config, whole, TO);
        let mut ids = Texts::default();
        ids.set(objects.iter().map(|object| object.object_id.as_str()));
        let find = |wanted: &str| {
            let position = ids.find(wanted, |at| objects.get(at as usize).map_or("", |object| &object.object_id))?;
            written
                .get(position as usize)
                .copied()
                .unwrap_or(false)
                .then(|| objects.get(position as usize))
                .flatten()
                .map(|object| (position.into(), object))
        };
        self.results.relations(self.run, task.index, task.annotations.relations.iter(), find);
    }

    /// Writes the region of a track, and says whether there is one. `id` is the position of the object whose id it has.
    fn track(&mut self, image: &Image<'_>, track: &[Entry], id: u32, persists: bool) -> bool {
        let task = image.task;
        self.shapes.clear();
        let (mut first, mut missing) = (None::<(u32, &Object)>, 0);
        for (at, entry) in track.iter().enumerate() {
            let Some(object) = task.annotations.objects.get(entry.position as usize) else { continue };
            let gap = track.get(at + 1).filter(|next| entry.is_before_gap(next));
            missing += gap.map_or(0, |next| u64::from(next.frame - entry.frame - 1));
            let taken = if entry.stops { None } else { self.take(image, object) };
            match taken {
                Some((class, numbers)) => {
                    self.add(entry.frame, numbers);
                    let (_, known) = first.get_or_insert((class, object));
                    if !is_same(&known.classifications, &object.classifications) {
                        let detail = "answers change from frame to frame, and Label Studio has those of a whole track: the first ones are there";
                        self.run.lost(task.index, Some(&object.object_id), "classification-unsupported", detail);
                    }
                }
                None => self.end(),
            }
        }
        let Some((class, object)) = first else { return false };
        let frames = task.asset.frame_count.unwrap_or(u32::MAX);
        if !persists && self.shapes.last().is_some_and(|last| last.frame.saturating_add(1) < frames) {
            self.end();
        }
        if let Some(last) = self.shapes.last_mut() {
            last.is_key = true;
        }
        if missing > 0 {
            let detail = format_args!("{missing} frames between others are not in the export, and Label Studio interpolates them");
            self.run.lost(task.index, Some(&object.object_id), "track-gap", detail);
        }
        self.region(image, id, object, class);
        self.results.object_answers(self.run, task.index, &self.config, object, id.into(), TO);
        true
    }

    /// The class and the box of an object; `None` if it is not written, which is reported.
    fn take(&mut self, image: &Image<'_>, object: &Object) -> Option<(u32, [f64; 5])> {
        let class = self.areas.take(self.run, image, object)?;
        let lost = |code: &str, detail: &str| self.run.lost(image.task.index, Some(&object.object_id), code, detail);
        let shape = self.areas.shape();
        let [x, y, width, height] = shape.bounding_box();
        let percent = Percent { size: image.size.unwrap_or((0, 0)), precision: self.options.precision };
        if !percent.has_size(width, height) {
            lost("zero-area", "object has no width or no height with so few decimals");
            return None;
        }
        let upright = [x, y, width, height, 0.0];
        let numbers = match &object.geometry {
            Geometry::BoundingBox(_) => upright,
            Geometry::RotatedBox(turned) => match (Turned::of(&turned.corners).filter(|_| !shape.is_clipped()), &turned.corners[..]) {
                (Some(turned), &[x, y, ..]) => [x, y, turned.width, turned.height, turned.degrees],
                _ => {
                    lost("rotation-dropped", "rotated box that leaves the image, or is none, is the upright box around what is there");
                    upright
                }
            },
            _ => {
                lost("shape-reduced-to-box", "Label Studio tracks boxes: shape is the box around it");
                upright
            }
        };
        Some((class, numbers))
    }

    /// Adds a shape, and decides whether the one before has to be a key frame.
    fn add(&mut self, frame: u32, mut numbers: [f64; 5]) {
        let mut is_key = true;
        if let Some(before) = self.shapes.last_mut().filter(|before| !before.ends) {
            // The turn goes on from the one before, as it is interpolated like any other number.
            numbers[4] += ((before.numbers[4] - numbers[4]) / 360.0).round() * 360.0;
            if frame - before.frame > 1 {
                before.is_key = true;
            } else {
                is_key = false;
                if !self.keys.reaches(frame, &numbers) {
                    before.is_key = true;
                    self.keys.begin(before.frame, &before.numbers);
                    self.keys.reaches(frame, &numbers);
                }
            }
        }
        if is_key {
            self.keys.begin(frame, &numbers);
        }
        self.shapes.push(Shape { frame, numbers, is_key, ends: false });
    }

    /// The track is not there after the last shape.
    fn end(&mut self) {
        if let Some(last) = self.shapes.last_mut() {
            (last.is_key, last.ends) = (true, true);
        }
    }

    fn region(&mut self, image: &Image<'_>, id: u32, object: &Object, class: u32) {
        let Some(label) = self.config.label(class) else { return };
        let (asset, rate) = (&image.task.asset, tasks::frame_rate(image.task));
        let percent = Percent { size: image.size.unwrap_or((0, 0)), precision: self.options.precision };
        self.results.begin(object, id.into(), 0);
        self.results.control(BOX.0, TO, BOX.1);
        let out = &mut self.results.out;
        out.extend_from_slice(b",\"value\":{");
        if let Some(frames) = asset.frame_count {
            out.extend_from_slice(b"\"framesCount\":");
            write_u64(out, frames.into());
            out.extend_from_slice(b",\"duration\":");
            write_rounded(out, f64::from(frames) / rate, 6);
            out.push(b',');
        }
        out.extend_from_slice(b"\"sequence\":[");
        for (at, shape) in self.shapes.iter().filter(|shape| shape.is_key).enumerate() {
            // Frames count from 1.
            out.extend_from_slice(if at == 0 { b"\n{\"frame\":" } else { b",\n{\"frame\":" });
            let frame = u64::from(shape.frame) + 1;
            write_u64(out, frame);
            out.extend_from_slice(if shape.ends { b",\"enabled\":false," } else { b",\"enabled\":true," });
            let [x, y, width, height, degrees] = shape.numbers;
            percent.rectangle(out, [x, y], width, height, degrees);
            out.extend_from_slice(b",\"time\":");
            write_rounded(out, frame as f64 / rate, 6);
            out.push(b'}');
        }
        out.extend_from_slice(b"],\"labels\":");
        write_strings(out, &[&label.name]);
        out.extend_from_slice(b"}}");
        self.config.report_name(self.run, image.task.index, object, self.areas.classes().name(class), label);
        if !self.config.has(class, Control::Labels) {
            let detail = "track is there, but its class is not one of boxes or polygons, and the configuration does not have its label";
            self.run.lost(image.task.index, Some(&object.object_id), "label-undeclared", detail);
        }
    }
}

/// Whether the same was answered.
fn is_same(one: &[Classification], other: &[Classification]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.schema_id == other.schema_id && one.answer == other.answer)
}
