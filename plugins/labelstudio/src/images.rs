//! Tasks about images: regions in percentages of the image.

use ango_plugin_sdk::geometry::{Shape, Turned};
use ango_plugin_sdk::images::{Brush, Choice, Drawings, Drawn, Format, Image, Images};
use ango_plugin_sdk::json::write_strings;
use ango_plugin_sdk::number::{write_rounded, write_u64};
use ango_plugin_sdk::options::{Frames, Names};
use ango_plugin_sdk::order::Texts;
use ango_plugin_sdk::raster::Rasterizer;
use ango_plugin_sdk::{Failure, Geometry, Object, Relation, RelationMembers, Run};

use crate::brush;
use crate::config::{Config, Control};
use crate::options::{Holes, Options};
use crate::results::Results;
use crate::tasks::{Entry, List};

/// What results refer to.
const TO: &str = "image";

pub(crate) fn convert(options: &Options, run: &Run) -> Result<(), Failure> {
    let format = Format::new("Label Studio").with_answers().with_relations().with_brush();
    let drawings = Drawings::new(run, format, &options.classes, options.outside, options.min_area)?;
    let config = Config::new(run.project(), drawings.classes(), options);
    if run.is_first_shard() {
        run.add("config.xml", &config.xml(run.project(), options));
    }
    let choice = Choice { on_missing_size: Some(options.on_missing_size), names: Names::Path, frames: Frames::Each, stage: options.stage.clone() };
    let mut images = Images::new(run, format, choice);
    let brush = Brush::new(run, drawings.classes());
    let mut writer = Writer {
        run,
        options,
        format,
        drawings,
        config,
        brush,
        rasterizer: Rasterizer::default(),
        runs: Vec::new(),
        results: Results::default(),
        written: Vec::new(),
        ids: Texts::default(),
    };
    let mut list = List::new(run);
    while let Some(image) = images.next_image()? {
        if image.is_frame {
            if image.is_first() {
                run.lost(image.task.index, None, "video-unsupported", "asset is a video; with option `tasks` as `videos` its tracks are converted");
            }
            continue;
        }
        writer.write(&image);
        if image.is_left_out_empty(run, options.empty, writer.results.count()) {
            continue;
        }
        list.add(
            options,
            Entry { id: image.id(), task: image.task, name: image.name, url: image.url, size: image.size, page: image.page },
            &writer.results.out,
        );
    }
    list.finish();
    Ok(())
}

/// Writes the results of images.
struct Writer<'a> {
    run: &'a Run,
    options: &'a Options,
    format: Format,
    drawings: Drawings,
    config: Config,
    brush: Brush,
    rasterizer: Rasterizer,
    /// Rows, first columns, and the columns after the last.
    runs: Vec<(u32, u32, u32)>,
    results: Results,
    /// Positions of objects that have a region, in ascending order.
    written: Vec<u64>,
    /// Ids of the objects of the task.
    ids: Texts,
}

impl Writer<'_> {
    fn write(&mut self, image: &Image<'_>) {
        self.results.open(image.objects());
        self.written.clear();
        for (position, object) in image.objects() {
            if self.object(image, position, object) {
                self.written.push(position);
                self.results.object_answers(self.run, image.task.index, &self.config, object, position, TO);
            }
        }
        self.painted(image);
        self.results.answers(self.run, image.task.index, &self.config, image.classifications(), TO);
        self.relations(image);
    }

    /// Whether the object has a region; if not, that is reported.
    fn object(&mut self, image: &Image<'_>, position: u64, object: &Object) -> bool {
        let (run, size) = (self.run, image.size.unwrap_or((0, 0)));
        let Some(class) = self.drawings.take(run, image, object) else { return false };
        let lost = |code: &str, detail: &str| run.lost(image.task.index, Some(&object.object_id), code, detail);
        let Some(label) = self.config.label(class) else { return false };
        let percent = Percent { size, precision: self.options.precision };
        let region = Region { object, position, size, label: &label.name };
        let results = &mut self.results;
        let control = match self.drawings.drawn() {
            Drawn::Point(x, y) => {
                region.begin(results, Control::Keypoints, 0);
                percent.place(&mut results.out, x, y);
                // How large it is drawn, in percent of the width.
                results.out.extend_from_slice(b",\"width\":0.5");
                region.end(results, Control::Keypoints);
                Control::Keypoints
            }
            Drawn::Line(path) => {
                region.begin(results, Control::Vectors, 0);
                percent.vertices(&mut results.out, path);
                region.end(results, Control::Vectors);
                Control::Vectors
            }
            Drawn::Area(shape) => match rectangle(object, shape) {
                Some((corner, width, height, degrees)) => {
                    if !percent.has_size(width, height) {
                        lost("zero-area", "object has no width or no height with so few decimals");
                        return false;
                    }
                    region.begin(results, Control::Rectangles, 0);
                    percent.rectangle(&mut results.out, corner, width, height, degrees);
                    region.end(results, Control::Rectangles);
                    Control::Rectangles
                }
                None if shape.has_holes() && self.options.holes == Holes::Drop => {
                    lost("hole-unsupported", "object has holes and option `holes` is `drop`");
                    return false;
                }
                None if shape.has_holes() && self.options.holes == Holes::Brush => {
                    if let Err((code, detail)) = mask(&mut self.rasterizer, &mut self.runs, shape, size) {
                        lost(code, detail);
                        return false;
                    }
                    if !shape.extent().is_inside(size.0.into(), size.1.into()) {
                        lost("clipped", "object leaves the image, and its mask ends there");
                    }
                    region.begin(results, Control::Brush, 0);
                    results.out.extend_from_slice(b"\"format\":\"rle\",\"rle\":");
                    // That there are not too many pixels is known from making the mask.
                    let _ = brush::write(&mut results.out, self.runs.iter().copied(), size.0, size.1);
                    region.end(results, Control::Brush);
                    Control::Brush
                }
                None => {
                    if shape.has_holes() {
                        lost("hole-filled", "object has holes and option `holes` is `fill`");
                    }
                    if shape.parts() > 1 {
                        lost("parts-split", "Label Studio has one outline for a region: each part is a region of its own");
                    }
                    for (part, (ring, _)) in shape.zones().enumerate() {
                        region.begin(results, Control::Polygons, part);
                        percent.points(&mut results.out, ring);
                        region.end(results, Control::Polygons);
                    }
                    Control::Polygons
                }
            },
        };
        self.config.report_name(run, image.task.index, object, self.drawings.classes().name(class), label);
        if !self.config.has(class, control) {
            lost(
                "label-undeclared",
                "object is there, but it is not drawn with its class's tool, and the configuration does not have its label for such a region",
            );
        }
        true
    }

    /// Writes what the brush painted: a region for each class.
    fn painted(&mut self, image: &Image<'_>) {
        let Some((width, height)) = image.size else { return };
        for class in self.brush.read(self.run, image, self.format).chunk_by(|a, b| a.class == b.class) {
            let Some(label) = class.first().and_then(|run| self.config.label(run.class)) else { continue };
            let results = &mut self.results;
            if brush::words(width, height).is_none() {
                self.run.lost(image.task.index, None, "mask-too-large", "image has more pixels than a brush mask can count");
                continue;
            }
            results.begin_other(b"brush-", class.first().map_or(0, |run| run.class.into()));
            results.control(Control::Brush.name(), TO, Control::Brush.kind());
            write_size(&mut results.out, (width, height));
            results.out.extend_from_slice(b",\"value\":{\"format\":\"rle\",\"rle\":");
            let _ = brush::write(&mut results.out, class.iter().map(|run| (run.y, run.x0, run.x1)), width, height);
            write_labels(&mut results.out, Control::Brush, &label.name);
        }
    }

    /// Writes the relations that begin on this image. Those that begin nowhere are told at the first image.
    fn relations(&mut self, image: &Image<'_>) {
        let annotations = &image.task.annotations;
        if annotations.relations.is_empty() {
            return;
        }
        let objects = &annotations.objects;
        let id = |at: u32| objects.get(at as usize).map_or("", |object| &object.object_id);
        if image.is_first() {
            self.ids.set(objects.iter().map(|object| object.object_id.as_str()));
        }
        let (ids, written, first) = (&self.ids, &self.written, image.is_first());
        // Objects of an image come in the order of the task.
        let here: Vec<u64> = image.objects().map(|(position, _)| position).collect();
        let find = |wanted: &str| ids.find(wanted, id).map(u64::from);
        let is_here = |relation: &&Relation| {
            let source = match &relation.members {
                RelationMembers::Pair(pair) => Some(&pair.source),
                RelationMembers::Group(members) => members.first(),
            };
            source.and_then(|source| find(source)).map_or(first, |position| here.binary_search(&position).is_ok())
        };
        let region = |wanted: &str| {
            let position = find(wanted).filter(|position| written.binary_search(position).is_ok())?;
            Some((position, objects.get(usize::try_from(position).ok()?)?))
        };
        self.results.relations(self.run, image.task.index, annotations.relations.iter().filter(is_here), region);
    }
}

/// What all regions of an object have.
struct Region<'a> {
    object: &'a Object,
    position: u64,
    size: (u32, u32),
    label: &'a str,
}

impl Region<'_> {
    /// Appends a result up to the first member of its value.
    fn begin(&self, results: &mut Results, control: Control, part: usize) {
        results.begin(self.object, self.position, part);
        results.control(control.name(), TO, control.kind());
        write_size(&mut results.out, self.size);
        if let Some(ocr) = &self.object.ocr {
            results.out.extend_from_slice(b",\"meta\":{\"text\":");
            write_strings(&mut results.out, &[ocr]);
            results.out.push(b'}');
        }
        results.out.extend_from_slice(b",\"value\":{");
    }

    fn end(&self, results: &mut Results, control: Control) {
        write_labels(&mut results.out, control, self.label);
    }
}

fn write_size(out: &mut Vec<u8>, (width, height): (u32, u32)) {
    out.extend_from_slice(b",\"original_width\":");
    write_u64(out, width.into());
    out.extend_from_slice(b",\"original_height\":");
    write_u64(out, height.into());
    out.extend_from_slice(b",\"image_rotation\":0");
}

/// Ends a value, and its result.
fn write_labels(out: &mut Vec<u8>, control: Control, label: &str) {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(control.kind().as_bytes());
    out.extend_from_slice(b"\":");
    write_strings(out, &[label]);
    out.extend_from_slice(b"}}");
}

/// Top-left corner after the turn, width, height and degrees of what is a rectangle.
fn rectangle(object: &Object, shape: &Shape) -> Option<([f64; 2], f64, f64, f64)> {
    match &object.geometry {
        Geometry::BoundingBox(_) => {
            let [x, y, width, height] = shape.bounding_box();
            Some(([x, y], width, height, 0.0))
        }
        Geometry::RotatedBox(turned) if !shape.is_clipped() => {
            let [x, y, ..] = turned.corners[..] else { return None };
            Turned::of(&turned.corners).map(|turned| ([x, y], turned.width, turned.height, turned.degrees))
        }
        _ => None,
    }
}

/// The runs of pixels of a shape.
fn mask(
    rasterizer: &mut Rasterizer,
    runs: &mut Vec<(u32, u32, u32)>,
    shape: &Shape,
    (width, height): (u32, u32),
) -> Result<(), (&'static str, &'static str)> {
    if brush::words(width, height).is_none() {
        return Err(("mask-too-large", "image has more pixels than a brush mask can count"));
    }
    rasterizer.resize(width, height);
    if rasterizer.runs(shape, runs).is_err() {
        return Err(("mask-too-large", "object has more than two million runs of pixels"));
    }
    if runs.is_empty() { Err(("no-pixels", "object hides between the centres of pixels, so that its mask is empty")) } else { Ok(()) }
}

/// Writes pixels as percentages of the image.
#[derive(Clone, Copy)]
pub(crate) struct Percent {
    pub(crate) size: (u32, u32),
    pub(crate) precision: u8,
}

impl Percent {
    fn across(&self, x: f64) -> f64 {
        x * 100.0 / f64::from(self.size.0.max(1))
    }

    fn down(&self, y: f64) -> f64 {
        y * 100.0 / f64::from(self.size.1.max(1))
    }

    /// Whether a width and a height are something after rounding.
    pub(crate) fn has_size(&self, width: f64, height: f64) -> bool {
        let rounded = |number: f64| ango_plugin_sdk::number::rounded(number, self.precision);
        rounded(self.across(width)) > 0.0 && rounded(self.down(height)) > 0.0
    }

    /// Appends `"x":...,"y":...`.
    fn place(&self, out: &mut Vec<u8>, x: f64, y: f64) {
        out.extend_from_slice(b"\"x\":");
        write_rounded(out, self.across(x), self.precision);
        out.extend_from_slice(b",\"y\":");
        write_rounded(out, self.down(y), self.precision);
    }

    /// Appends `"x":...,"y":...,"width":...,"height":...,"rotation":...`. The corner is where it is after the box was turned about it.
    pub(crate) fn rectangle(&self, out: &mut Vec<u8>, [x, y]: [f64; 2], width: f64, height: f64, degrees: f64) {
        self.place(out, x, y);
        out.extend_from_slice(b",\"width\":");
        write_rounded(out, self.across(width), self.precision);
        out.extend_from_slice(b",\"height\":");
        write_rounded(out, self.down(height), self.precision);
        out.extend_from_slice(b",\"rotation\":");
        write_rounded(out, degrees, self.precision);
    }

    /// Appends `"points":[[x,y],...],"closed":true`.
    fn points(&self, out: &mut Vec<u8>, ring: &[f64]) {
        out.extend_from_slice(b"\"points\":[");
        for (at, point) in ring.chunks_exact(2).enumerate() {
            out.extend_from_slice(if at == 0 { b"[" } else { b",[" });
            write_rounded(out, self.across(point[0]), self.precision);
            out.push(b',');
            write_rounded(out, self.down(point[1]), self.precision);
            out.push(b']');
        }
        out.extend_from_slice(b"],\"closed\":true");
    }

    /// Appends `"vertices":[...],"closed":false`: points that each name the one before.
    fn vertices(&self, out: &mut Vec<u8>, path: &[f64]) {
        out.extend_from_slice(b"\"vertices\":[");
        for (at, point) in path.chunks_exact(2).enumerate() {
            out.extend_from_slice(if at == 0 { b"{\"id\":\"" } else { b",{\"id\":\"" });
            write_u64(out, at as u64 + 1);
            out.extend_from_slice(b"\",");
            self.place(out, point[0], point[1]);
            out.extend_from_slice(b",\"prevPointId\":");
            if at == 0 {
                out.extend_from_slice(b"null");
            } else {
                out.push(b'"');
                write_u64(out, at as u64);
                out.push(b'"');
            }
            out.extend_from_slice(b",\"isBezier\":false}");
        }
        out.extend_from_slice(b"],\"closed\":false");
    }
}
