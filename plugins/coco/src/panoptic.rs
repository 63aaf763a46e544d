//! Panoptic segmentation: for each image a PNG file in which every pixel is of one segment, and a row that says what the segments are.
//!
//! A pixel's red + 256 * green + 65536 * blue is the id of its segment, and 0 is nothing. Things are a segment each; what is called stuff (sky, road) is one
//! segment for all of a class. Later objects lie on earlier ones, and what a brush painted lies under all. Every id in the PNG is in the row and the other way
//! round, as the format's own tools demand.

use ango_plugin_sdk::coco::{write_category, write_object_members};
use ango_plugin_sdk::geometry::{Bounds, Shape};
use ango_plugin_sdk::images::{Areas, Brush, Image, Images};
use ango_plugin_sdk::json::write_string;
use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::png::{MaskPng, Pixel};
use ango_plugin_sdk::raster::{Labels, Rasterizer, Run as Pixels};
use ango_plugin_sdk::text::names;
use ango_plugin_sdk::{ClassTable, Failure, Object, Run, TableClass};

use crate::brush::{self, write_bounds};
use crate::options::{BrushAs, Options};
use crate::rows;

/// The most pixels of an image, on a side and together: nothing real has more, and every row costs time.
const MAX_SIDE: u32 = 1 << 17;
const MAX_PIXELS: u64 = 1 << 28;
/// Ids are labels times this: far from each other, so that segments can be told apart by eye. Odd, so that no two of 24 bits are the same.
const SPREAD: u32 = 0x9e_3779;

pub(crate) fn convert(options: &Options, run: &Run) -> Result<(), Failure> {
    let format = options.format_with_brush();
    // Pixels outside the image there are none.
    let bounds = if options.outside == Bounds::Keep { Bounds::Clip } else { options.outside };
    let mut areas = Areas::new(run, format, &options.classes, bounds, options.min_area)?;
    let stuff = stuff(run, areas.classes(), options)?;
    let is_stuff = |class: u32| stuff.get(class as usize).copied().unwrap_or(false);
    let mut brush = (options.brush != BrushAs::Skip).then(|| Brush::new(run, areas.classes()));
    let mut parts = rows::open(run, options, &categories(run, areas.classes(), &stuff))?;
    let mut canvas = Canvas::default();
    let mut images = Images::new(run, format, options.images());
    while let Some(image) = images.next_image()? {
        let Some(size @ (width, height)) = image.size else { continue };
        if width.max(height) > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
            let detail = format_args!("image has {width} x {height} pixels, more than a mask can have");
            run.lost(image.task.index, None, "mask-too-large", detail);
            continue;
        }
        canvas.start(size);
        if let Some(brush) = &mut brush {
            for part in brush::painted(run, options, &image, brush) {
                let segment = canvas.segment(part.class, is_stuff(part.class));
                part.runs.iter().for_each(|run| canvas.labels.paint(run.y, run.x0, run.x1, segment));
            }
        }
        for (position, object) in image.objects() {
            let Some(class) = areas.take(run, &image, object) else { continue };
            canvas.add(run, image.task.index, (position, object), areas.shape(), (class, is_stuff(class)));
        }
        if canvas.labels.check().is_err() {
            run.lost(image.task.index, None, "mask-too-large", "shapes cross the rows of the image more often than a mask can have");
            continue;
        }
        canvas.draw(size);
        canvas.report_covered(run, &image);
        let shown = canvas.segments.iter().filter(|segment| segment.pixels > 0).count() as u64;
        if image.is_left_out_empty(run, options.empty, shown) {
            continue;
        }
        let file_name = [names::stem(image.name), ".png"].concat();
        run.add(&["annotations/panoptic_", parts.name(image.task), "/", &file_name].concat(), canvas.png.finish());
        let Some(file) = parts.of(image.task) else { continue };
        canvas.write_row(file.second.next_row(), &image, &file_name, options.attributes);
        rows::image(file.first.next_row(), &image, options.attributes, &|_| true);
    }
    parts.finish();
    Ok(())
}

/// By class: whether it is stuff. It is if option `stuff` says so, and if only a brush paints it, which does not tell things apart unless its parts are.
fn stuff(run: &Run, classes: &ClassTable, options: &Options) -> Result<Vec<bool>, Failure> {
    let tools = &run.project().tools;
    let is_painted = |class: &TableClass| class.sources.iter().all(|&at| tools.get(at as usize).is_some_and(|tool| tool.kind.contains("brush")));
    for (at, name) in options.stuff.iter().enumerate() {
        if classes.classes().iter().all(|class| class.name != *name) {
            let known: Vec<&str> = classes.classes().iter().map(|class| class.name.as_str()).collect();
            return Err(Failure::option(format!("/stuff/{at}"), format!("there is no class `{name}`; there are `{}`", known.join("`, `"))));
        }
    }
    let is_stuff = |class: &TableClass| options.stuff.contains(&class.name) || (options.brush != BrushAs::Parts && is_painted(class));
    Ok(classes.classes().iter().map(is_stuff).collect())
}

fn categories(run: &Run, classes: &ClassTable, stuff: &[bool]) -> Vec<u8> {
    let mut out = vec![b'['];
    for ((id, class), is_stuff) in (1..).zip(classes.classes()).zip(stuff) {
        out.extend_from_slice(if id == 1 { b"\n" } else { b",\n" });
        write_category(&mut out, id, &class.name, rows::supercategory(run, class));
        out.extend_from_slice(if *is_stuff { b",\"isthing\":0,\"color\":[" } else { b",\"isthing\":1,\"color\":[" });
        let own = class.color.as_deref().and_then(|color| u32::from_str_radix(color.strip_prefix('#')?, 16).ok()).filter(|color| *color < 1 << 24);
        let [_, rgb @ ..] = own.unwrap_or_else(|| self::id(id as u32)).to_be_bytes();
        for (at, value) in rgb.into_iter().enumerate() {
            out.extend_from_slice(if at == 0 { b"" } else { b"," });
            write_u64(&mut out, value.into());
        }
        out.extend_from_slice(b"]}");
    }
    out.push(b']');
    out
}

/// The id of a segment by its label from 1: another one for each, and never 0.
fn id(label: u32) -> u32 {
    label.wrapping_mul(SPREAD) & 0xff_ffff
}

/// A segment of an image.
struct Segment {
    class: u32,
    is_stuff: bool,
    /// By position in the task.
    objects: Vec<u64>,
    /// How many of its pixels are to be seen, and where they are.
    pixels: u64,
    x: (u32, u32),
    y: (u32, u32),
}

/// The image that is being drawn; keeps its memory for the next.
#[derive(Default)]
struct Canvas {
    labels: Labels,
    raster: Rasterizer,
    png: MaskPng,
    /// The label of a segment is its position + 1, and its id the colour of that number.
    segments: Vec<Segment>,
}

impl Canvas {
    fn start(&mut self, (width, height): (u32, u32)) {
        self.labels.reset(width, height);
        self.raster.resize(width, height);
        self.segments.clear();
    }

    /// The label of a new segment, or of the one that the class has if it is stuff.
    fn segment(&mut self, class: u32, is_stuff: bool) -> u32 {
        let known = if is_stuff { self.segments.iter().position(|segment| segment.class == class) } else { None };
        let place = known.unwrap_or_else(|| {
            self.segments.push(Segment { class, is_stuff, objects: Vec::new(), pixels: 0, x: (u32::MAX, 0), y: (u32::MAX, 0) });
            self.segments.len() - 1
        });
        place as u32 + 1
    }

    /// Draws an object, or reports that it has no pixels.
    fn add(&mut self, run: &Run, task: u64, (position, object): (u64, &Object), shape: &Shape, (class, is_stuff): (u32, bool)) {
        let label = self.segment(class, is_stuff);
        let labels = &mut self.labels;
        if self.raster.zones(shape.zones(), |y, x0, x1| labels.paint(y, x0, x1, label)) == 0 {
            run.lost(task, Some(&object.object_id), "zero-area", "object lies between the centres of pixels");
        } else if let Some(segment) = self.segments.get_mut(label as usize - 1) {
            segment.objects.push(position);
        }
    }

    /// Draws the PNG file, and measures what is to be seen of each segment.
    #[inline(never)]
    fn draw(&mut self, (width, height): (u32, u32)) {
        self.png.start(width, height, Pixel::Rgb);
        for y in 0..height {
            let runs = self.labels.row(y);
            for run in runs {
                let Some(segment) = self.segments.get_mut(run.label as usize - 1) else { continue };
                segment.pixels += u64::from(run.x1 - run.x0);
                segment.x = (segment.x.0.min(run.x0), segment.x.1.max(run.x1));
                segment.y = (segment.y.0.min(y), y + 1);
            }
            // The format counts red lowest, a colour highest.
            self.png.row(runs.iter().map(|run| Pixels { label: id(run.label).swap_bytes() >> 8, ..*run }));
        }
    }

    /// Reports segments of which nothing is to be seen.
    fn report_covered(&self, run: &Run, image: &Image<'_>) {
        for segment in self.segments.iter().filter(|segment| segment.pixels == 0) {
            for object in objects(image, segment) {
                run.lost(image.task.index, Some(&object.object_id), "object-covered", "object lies wholly under others");
            }
        }
    }

    fn write_row(&self, out: &mut Vec<u8>, image: &Image<'_>, file_name: &str, attributes: bool) {
        out.extend_from_slice(b"{\"image_id\":");
        write_u64(out, image.id());
        out.extend_from_slice(b",\"file_name\":");
        write_string(out, file_name);
        out.extend_from_slice(b",\"segments_info\":[");
        let mut any = false;
        for (label, segment) in (1..).zip(&self.segments).filter(|(_, segment)| segment.pixels > 0) {
            out.extend_from_slice(if std::mem::replace(&mut any, true) { b",{\"id\":" } else { b"{\"id\":" });
            write_u64(out, id(label).into());
            rows::category(out, segment.class);
            out.extend_from_slice(b",\"area\":");
            write_u64(out, segment.pixels);
            out.extend_from_slice(b",\"bbox\":");
            write_bounds(out, [segment.x.0, segment.y.0, segment.x.1 - segment.x.0, segment.y.1 - segment.y.0]);
            out.extend_from_slice(b",\"iscrowd\":0");
            if attributes {
                write_attributes(out, image, segment);
            }
            out.push(b'}');
        }
        out.extend_from_slice(b"]}");
    }
}

fn objects<'t>(image: &Image<'t>, segment: &Segment) -> impl Iterator<Item = &'t Object> {
    let objects = &image.task.annotations.objects;
    segment.objects.iter().filter_map(|&at| objects.get(at as usize))
}

/// The members of a thing's object, or a list of those of all objects of stuff; nothing of what a brush painted.
fn write_attributes(out: &mut Vec<u8>, image: &Image<'_>, segment: &Segment) {
    if segment.objects.is_empty() {
        return;
    }
    out.extend_from_slice(if segment.is_stuff { b",\"attributes\":{\"objects\":[{" } else { b",\"attributes\":{" });
    for (at, object) in objects(image, segment).enumerate() {
        if at > 0 {
            out.extend_from_slice(b"},{");
        }
        write_object_members(out, object);
    }
    out.extend_from_slice(if segment.is_stuff { b"}]}" } else { b"}" });
}
