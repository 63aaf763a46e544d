//! Items: images with their annotations.

use ango_plugin_sdk::coco::{Holes, RleForm, write_answers, write_image_members, write_mask};
use ango_plugin_sdk::geometry::Shape;
use ango_plugin_sdk::images::{Brush, BrushRun, Drawings, Drawn, Format, Image};
use ango_plugin_sdk::json::{write_numbers, write_string};
use ango_plugin_sdk::number::{rounded, write_u64};
use ango_plugin_sdk::raster::Rasterizer;
use ango_plugin_sdk::rle::{Rle, RleError};
use ango_plugin_sdk::text::names;
use ango_plugin_sdk::tracks::Tracks;
use ango_plugin_sdk::{Answer, Classification, Geometry, Object, Run};

use crate::categories::Categories;
use crate::options::Options;

/// Keys of `attributes` that no answer has.
const RESERVED: [&str; 5] = ["objectId", "track_id", "ocr", "extra", "brush"];

/// Writes items.
pub(crate) struct Writer<'a> {
    run: &'a Run,
    options: &'a Options,
    format: Format,
    drawings: Drawings,
    categories: Categories,
    rasterizer: Rasterizer,
    brush: Brush,
    tracks: Tracks,
    /// Of a video, by position of the object: the position of the first object of its track.
    firsts: Vec<u32>,
    item: Vec<u8>,
    /// Annotations of the item so far.
    written: u64,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(run: &'a Run, options: &'a Options, format: Format, drawings: Drawings, categories: Categories) -> Self {
        let brush = Brush::new(run, drawings.classes());
        let (tracks, firsts, item) = (Tracks::default(), Vec::new(), Vec::new());
        Self { run, options, format, drawings, categories, rasterizer: Rasterizer::default(), brush, tracks, firsts, item, written: 0 }
    }

    /// The image as JSON, and how many annotations it has.
    pub(crate) fn write(&mut self, image: &Image<'_>) -> (&[u8], u64) {
        self.item.clear();
        self.written = 0;
        if image.is_first() {
            self.follow(image);
        }
        // Two images may differ by their suffix only, but the names of an export do not.
        self.item.extend_from_slice(b"{\"id\":");
        write_string(&mut self.item, names::stem(image.name));
        self.item.extend_from_slice(b",\"annotations\":[");
        for (position, object) in image.objects() {
            self.object(image, position, object);
        }
        self.painted(image);
        image.classifications().filter(|(_, answer)| !answer.interpolation_stopped).for_each(|(_, answer)| self.answer(answer));
        let out = &mut self.item;
        out.extend_from_slice(b"],\"attr\":{");
        write_image_members(out, image, &|answer| !answer.interpolation_stopped);
        out.extend_from_slice(b"},\"image\":{\"path\":");
        write_string(out, image.name);
        if let Some((width, height)) = image.size {
            // Height first.
            out.extend_from_slice(b",\"size\":[");
            write_u64(out, height.into());
            out.push(b',');
            write_u64(out, width.into());
            out.push(b']');
        }
        out.extend_from_slice(b"}}");
        (&self.item, self.written)
    }

    /// Finds the tracks of a video.
    fn follow(&mut self, image: &Image<'_>) {
        self.firsts.clear();
        if !image.is_frame {
            return;
        }
        let objects = &image.task.annotations.objects;
        self.tracks.set(objects);
        self.firsts.resize(objects.len(), 0);
        for track in self.tracks.iter() {
            let first = track.iter().map(|entry| entry.position).min().unwrap_or(0);
            for entry in track {
                if let Some(place) = self.firsts.get_mut(entry.position as usize) {
                    *place = first;
                }
            }
        }
    }

    fn object(&mut self, image: &Image<'_>, position: u64, object: &Object) {
        let Some(class) = self.drawings.take(self.run, image, object) else { return };
        let lost = |code: &str, detail: &str| self.run.lost(image.task.index, Some(&object.object_id), code, detail);
        let first = usize::try_from(position).ok().and_then(|at| self.firsts.get(at)).map(|&first| image.annotation_id(first.into()));
        let one = One { id: image.annotation_id(position), label: self.categories.of_class(class), object, track: first };
        let (out, written, precision) = (&mut self.item, &mut self.written, self.options.precision);
        let shape = match self.drawings.drawn() {
            Drawn::Line(path) => {
                one.begin(out, written, b"polyline", 0);
                out.extend_from_slice(b",\"points\":");
                write_numbers(out, path, precision);
                return out.push(b'}');
            }
            Drawn::Point(x, y) => {
                one.begin(out, written, b"points", 0);
                out.extend_from_slice(b",\"points\":");
                write_numbers(out, &[x, y], precision);
                // Visible.
                return out.extend_from_slice(b",\"visibility\":[2]}");
            }
            Drawn::Area(shape) => shape,
        };
        if matches!(object.geometry, Geometry::BoundingBox(_)) {
            let bounds @ [_, _, width, height] = shape.bounding_box();
            if rounded(width, precision) <= 0.0 || rounded(height, precision) <= 0.0 {
                return lost("zero-area", "object has no width or no height with so few decimals");
            }
            one.begin(out, written, b"bbox", 0);
            out.extend_from_slice(b",\"bbox\":");
            write_numbers(out, &bounds, precision);
            return out.push(b'}');
        }
        match (shape.has_holes(), self.options.holes) {
            (true, Holes::Drop) => return lost("hole-unsupported", "object has holes and option `holes` is `drop`"),
            (true, Holes::Rle) => {
                let (width, height) = image.size.unwrap_or((0, 0));
                return match mask(&mut self.rasterizer, shape, width, height) {
                    Err(error) => {
                        self.run.lost(image.task.index, Some(&object.object_id), "mask-too-large", format_args!("object has no run lengths: {error}"))
                    }
                    Ok(mask) if mask.area() == 0 => lost("no-pixels", "object hides between the centres of pixels, so that its mask is empty"),
                    Ok(mask) => {
                        if !shape.extent().is_inside(width.into(), height.into()) {
                            lost("clipped", "object leaves the image, and its mask ends there");
                        }
                        one.begin(out, written, b"mask", 0);
                        out.extend_from_slice(b",\"rle\":");
                        write_mask(out, &mask, RleForm::Compressed);
                        out.push(b'}');
                    }
                };
            }
            (true, Holes::Fill) => lost("hole-filled", "object has holes and option `holes` is `fill`"),
            (false, _) => {}
        }
        // Parts of one object are a group.
        let group = if shape.parts() > 1 { one.id } else { 0 };
        for (region, _) in shape.zones() {
            one.begin(out, written, b"polygon", group);
            out.extend_from_slice(b",\"points\":");
            write_numbers(out, region, precision);
            out.push(b'}');
        }
    }

    /// What the brush painted: a mask for each class.
    fn painted(&mut self, image: &Image<'_>) {
        let Some((width, height)) = image.size else { return };
        let runs = self.brush.read(self.run, image, self.format);
        for (number, class) in (0..).zip(runs.chunk_by(|a, b| a.class == b.class)) {
            let Some(&BrushRun { class: of, .. }) = class.first() else { continue };
            let mask = match Rle::from_rows(class.iter().map(|run| (run.y, run.x0, run.x1)), width, height) {
                Ok(mask) => mask,
                Err(error) => {
                    let detail = format_args!("what a brush painted of a class has no run lengths: {error}");
                    self.run.lost(image.task.index, None, "mask-too-large", detail);
                    continue;
                }
            };
            let out = &mut self.item;
            begin(out, &mut self.written, b"mask", image.extra_id(number), 0);
            out.extend_from_slice(b"\"brush\":true},\"label_id\":");
            write_u64(out, self.categories.of_class(of).into());
            out.extend_from_slice(b",\"z_order\":0,\"rle\":");
            write_mask(out, &mask, RleForm::Compressed);
            out.push(b'}');
        }
    }

    /// What was chosen of the image as labels, and what was written about it as a caption. All of it is in the item's attributes too.
    fn answer(&mut self, answered: &Classification) {
        match &answered.answer {
            Answer::Choices(choices) => choices.iter().for_each(|choice| {
                self.choice(&answered.title, choice);
            }),
            Answer::Text(text) if !self.choice(&answered.title, text) && answered.kind == "text" && !text.is_empty() => {
                let out = &mut self.item;
                begin(out, &mut self.written, b"caption", 0, 0);
                out.extend_from_slice(b"\"question\":");
                write_string(out, &answered.title);
                out.extend_from_slice(b"},\"caption\":");
                write_string(out, text);
                out.push(b'}');
            }
            _ => {}
        }
    }

    /// Writes a label, if there is one.
    fn choice(&mut self, question: &str, choice: &str) -> bool {
        let Some(label) = self.categories.of_choice(question, choice) else { return false };
        begin(&mut self.item, &mut self.written, b"label", 0, 0);
        self.item.extend_from_slice(b"},\"label_id\":");
        write_u64(&mut self.item, label.into());
        self.item.push(b'}');
        true
    }
}

/// The pixels of a shape whose centres are in it.
fn mask(rasterizer: &mut Rasterizer, shape: &Shape, width: u32, height: u32) -> Result<Rle, RleError> {
    rasterizer.resize(width, height);
    let mut runs = Vec::new();
    rasterizer.runs(shape, &mut runs)?;
    Rle::from_rows(runs, width, height)
}

/// What all annotations of an object have.
struct One<'a> {
    id: u64,
    label: u32,
    object: &'a Object,
    track: Option<u64>,
}

impl One<'_> {
    /// Appends an annotation up to its coordinates.
    fn begin(&self, out: &mut Vec<u8>, written: &mut u64, kind: &[u8], group: u64) {
        begin(out, written, kind, self.id, group);
        let object = self.object;
        out.extend_from_slice(b"\"objectId\":");
        write_string(out, &object.object_id);
        if let Some(track) = self.track {
            out.extend_from_slice(b",\"track_id\":");
            write_u64(out, track);
        }
        if let Some(ocr) = &object.ocr {
            out.extend_from_slice(b",\"ocr\":");
            write_string(out, ocr);
        }
        if let Some(extra) = &object.extra {
            out.extend_from_slice(b",\"extra\":");
            out.extend_from_slice(extra.as_bytes());
        }
        if !object.classifications.is_empty() {
            write_answers(out, &object.classifications, &RESERVED);
        }
        out.extend_from_slice(b"},\"label_id\":");
        write_u64(out, self.label.into());
        out.extend_from_slice(b",\"z_order\":0");
    }
}

/// Appends an annotation up to its first attribute.
fn begin(out: &mut Vec<u8>, written: &mut u64, kind: &[u8], id: u64, group: u64) {
    if *written > 0 {
        out.push(b',');
    }
    *written += 1;
    out.extend_from_slice(b"\n{\"id\":");
    write_u64(out, id);
    out.extend_from_slice(b",\"type\":\"");
    out.extend_from_slice(kind);
    out.extend_from_slice(b"\",\"group\":");
    write_u64(out, group);
    out.extend_from_slice(b",\"attributes\":{");
}
