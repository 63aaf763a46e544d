//! CVAT for images 1.1: the images of the export, each with its shapes and tags.

use ango_plugin_sdk::geometry::{Shape, Turned};
use ango_plugin_sdk::images::{Brush, Drawings, Drawn, Format, Image};
use ango_plugin_sdk::labels::Labels;
use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::text::xml::{can_hold, write_attribute};
use ango_plugin_sdk::{Classification, Geometry, Object, Run};

use crate::answers::{self, About};
use crate::mask::Masks;
use crate::meta;
use crate::options::{Holes, Options, Parts};
use crate::shapes::{has_size, write_box, write_points, write_rotation};

/// Writes images.
pub(crate) struct Writer<'a> {
    run: &'a Run,
    options: &'a Options,
    format: Format,
    drawings: Drawings,
    brush: Brush,
    labels: Labels,
    /// Names of labels as values of XML attributes.
    names: Vec<Vec<u8>>,
    masks: Masks,
    image: Vec<u8>,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(run: &'a Run, options: &'a Options, format: Format, drawings: Drawings, labels: Labels) -> Self {
        let (brush, names) = (Brush::new(run, drawings.classes()), meta::escaped_names(&labels));
        Self { run, options, format, drawings, brush, names, labels, masks: Masks::default(), image: Vec::new() }
    }

    /// The image as XML, and how many annotations it has.
    pub(crate) fn write(&mut self, image: &Image<'_>) -> (&[u8], u64) {
        self.image.clear();
        self.open(image);
        let mut written = 0;
        for (position, object) in image.objects() {
            written += u64::from(self.object(image, position, object));
        }
        written += self.painted(image);
        written += self.tags(image);
        self.image.extend_from_slice(b"</image>\n");
        (&self.image, written)
    }

    fn open(&mut self, image: &Image<'_>) {
        let out = &mut self.image;
        out.extend_from_slice(b"<image id=\"");
        write_u64(out, id(image, self.run.project().task_count));
        out.extend_from_slice(b"\" name=\"");
        write_attribute(out, image.name);
        if let Some((width, height)) = image.size {
            out.extend_from_slice(b"\" width=\"");
            write_u64(out, width.into());
            out.extend_from_slice(b"\" height=\"");
            write_u64(out, height.into());
        }
        out.extend_from_slice(b"\">\n");
    }

    /// Whether the object is written; if not, that is reported.
    fn object(&mut self, image: &Image<'_>, position: u64, object: &Object) -> bool {
        let run = self.run;
        let Some(class) = self.drawings.take(run, image, object) else { return false };
        let lost = |code: &str, detail: std::fmt::Arguments<'_>| run.lost(image.task.index, Some(&object.object_id), code, detail);
        let label = self.labels.of_class(class);
        let (Some(label), Some(name)) = (self.labels.get(label), self.names.get(label as usize)) else { return false };
        let (precision, group) = (self.options.precision, position + 1);
        let out = &mut self.image;
        let start = out.len();
        let end = |out: &mut Vec<u8>, tag: &[u8], group: Option<u64>| {
            out.extend_from_slice(b" z_order=\"0\"");
            if let Some(group) = group {
                out.extend_from_slice(b" group_id=\"");
                write_u64(out, group);
                out.push(b'"');
            }
            answers::close(out, tag, About { run, task: image.task.index, object: &object.object_id }, label, &object.classifications);
        };
        match self.drawings.drawn() {
            Drawn::Line(path) => {
                begin(out, b"polyline", name);
                write_points(out, path, precision);
                end(out, b"polyline", None);
            }
            Drawn::Point(x, y) => {
                begin(out, b"points", name);
                write_points(out, &[x, y], precision);
                end(out, b"points", None);
            }
            Drawn::Area(shape) => match figure(object, shape, self.options) {
                Figure::Box(edges, degrees) => {
                    if !has_size(edges, precision) {
                        lost("zero-area", format_args!("object has no width or no height with so few decimals"));
                        return false;
                    }
                    begin(out, b"box", name);
                    write_box(out, edges, precision);
                    write_rotation(out, degrees, precision);
                    end(out, b"box", None);
                }
                Figure::Mask => {
                    begin(out, b"mask", name);
                    if let Err(error) = self.masks.write_shape(out, shape, image.size.unwrap_or((0, 0))) {
                        out.truncate(start);
                        lost(error.code(), format_args!("{error}"));
                        return false;
                    }
                    let (width, height) = image.size.unwrap_or((0, 0));
                    if !shape.extent().is_inside(width.into(), height.into()) {
                        lost("clipped", format_args!("object leaves the image, and its mask ends there"));
                    }
                    end(out, b"mask", None);
                }
                Figure::Left => {
                    lost("hole-unsupported", format_args!("object has holes and option `holes` is `drop`"));
                    return false;
                }
                Figure::Polygons => {
                    if shape.has_holes() {
                        lost("hole-filled", format_args!("object has holes and option `holes` is `fill`"));
                    }
                    let group = (shape.parts() > 1).then_some(group);
                    for (region, _) in shape.zones() {
                        begin(out, b"polygon", name);
                        write_points(out, region, precision);
                        end(out, b"polygon", group);
                    }
                }
            },
        }
        self.report(image, object, class);
        true
    }

    /// Reports what a written object has no place for.
    fn report(&self, image: &Image<'_>, object: &Object, class: u32) {
        report_texts(self.run, image.task.index, object, self.drawings.classes().name(class));
    }

    /// Writes what the brush painted: a mask for each class.
    fn painted(&mut self, image: &Image<'_>) -> u64 {
        let mut written = 0;
        for class in self.brush.read(self.run, image, self.format).chunk_by(|a, b| a.class == b.class) {
            let label = class.first().map_or(0, |run| self.labels.of_class(run.class));
            let Some(name) = self.names.get(label as usize) else { continue };
            let out = &mut self.image;
            let start = out.len();
            begin(out, b"mask", name);
            match self.masks.write_runs(out, class.iter().map(|run| (run.y, run.x0, run.x1))) {
                Ok(()) => {
                    out.extend_from_slice(b" z_order=\"0\"/>\n");
                    written += 1;
                }
                Err(error) => {
                    out.truncate(start);
                    self.run.lost(image.task.index, None, error.code(), format_args!("what a brush painted of a class: {error}"));
                }
            }
        }
        written
    }

    /// Writes the answers about the image as tags: one for each outer question, with the answers to those nested in it.
    fn tags(&mut self, image: &Image<'_>) -> u64 {
        let all = &image.task.annotations.classifications;
        let mut written = 0;
        for (at, root) in image.classifications().filter(|(_, answer)| answer.parent.is_none() && !answer.interpolation_stopped) {
            let nested = all[at + 1..].iter().take_while(|answer| answer.parent.is_some()).count();
            written += u64::from(self.tag(image, root, &all[at..=at + nested]));
        }
        written
    }

    fn tag(&mut self, image: &Image<'_>, root: &Classification, answers: &[Classification]) -> bool {
        if answers.iter().all(|answer| answer.answer == ango_plugin_sdk::Answer::Empty) {
            return false;
        }
        let label = self.labels.find(&root.title);
        let Some((label, name)) = label.and_then(|label| Some((self.labels.get(label)?, self.names.get(label as usize)?))) else {
            let detail = format_args!("question {:?} is not in the ontology, so that no label is declared for it", root.title);
            self.run.lost(image.task.index, Some(&root.object_id), "classification-unsupported", detail);
            return false;
        };
        let out = &mut self.image;
        out.extend_from_slice(b"<tag label=\"");
        out.extend_from_slice(name);
        out.extend_from_slice(b"\" source=\"manual\"");
        answers::close(out, b"tag", About { run: self.run, task: image.task.index, object: &root.object_id }, label, answers);
        true
    }
}

/// The number of an image: from 0 without gaps if every task is one image. Other pages count on from the number of tasks, page by page, so that no two
/// shards give one twice.
fn id(image: &Image<'_>, task_count: Option<u64>) -> u64 {
    match (image.page, task_count) {
        (Some(page), Some(tasks)) => image.task.index.saturating_add(u64::from(page).saturating_mul(tasks)),
        _ => image.id() - 1,
    }
}

/// What an area is written as.
enum Figure {
    /// Edges, and the turn about the centre in degrees.
    Box([f64; 4], f64),
    Polygons,
    Mask,
    /// Nothing.
    Left,
}

fn figure(object: &Object, shape: &Shape, options: &Options) -> Figure {
    match &object.geometry {
        Geometry::BoundingBox(_) => {
            let extent = shape.extent();
            return Figure::Box([extent.x0, extent.y0, extent.x1, extent.y1], 0.0);
        }
        // What is left of one that was cut is a box no more.
        Geometry::RotatedBox(turned) if !shape.is_clipped() => {
            if let Some(turned) = Turned::of(&turned.corners) {
                return Figure::Box(turned.edges(), turned.degrees);
            }
        }
        _ => {}
    }
    match (shape.has_holes(), options.holes) {
        (true, Holes::Mask) => Figure::Mask,
        (true, Holes::Drop) => Figure::Left,
        _ if shape.parts() > 1 && options.parts == Parts::Mask => Figure::Mask,
        _ => Figure::Polygons,
    }
}

fn begin(out: &mut Vec<u8>, tag: &[u8], label: &[u8]) {
    out.push(b'<');
    out.extend_from_slice(tag);
    out.extend_from_slice(b" label=\"");
    out.extend_from_slice(label);
    out.extend_from_slice(b"\" source=\"manual\" occluded=\"0\"");
}

/// Reports texts of a written object that have no place, or not all of theirs.
pub(crate) fn report_texts(run: &Run, task: u64, object: &Object, class: &str) {
    if object.ocr.is_some() {
        run.lost(task, Some(&object.object_id), "ocr-unsupported", "object is there, but CVAT has no place for the text that was read in it");
    }
    if class.is_empty() || !can_hold(class) {
        let detail = format_args!("label {class:?} is empty or has characters that XML cannot hold, and is written otherwise");
        run.lost(task, Some(&object.object_id), "name-changed", detail);
    }
}
