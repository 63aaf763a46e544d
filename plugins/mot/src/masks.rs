//! The rows of MOTS, `frame id class height width rle`, and its images of ids.
//!
//! Masks of a frame must not overlap, or readers refuse the sequence. So shapes are painted over each other in the order in which they were drawn, and what is
//! seen of each is written.

use ango_plugin_sdk::geometry::Shape;
use ango_plugin_sdk::images::Image;
use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::order::sort;
use ango_plugin_sdk::png::{MaskPng, Pixel};
use ango_plugin_sdk::raster::{self, Labels, Rasterizer};
use ango_plugin_sdk::rle::Builder;
use ango_plugin_sdk::{File, Object};

use crate::Setup;
use crate::classes::MOTS_IGNORED;
use crate::sequence::Sequence;

/// An id is the class times this, plus the number of the instance.
const PER_CLASS: u32 = 1000;

/// Writes the rows of a sequence, frame by frame.
#[derive(Debug, Default)]
pub(crate) struct Masks {
    /// Rows and columns are exchanged, as the run lengths of COCO go down the columns.
    columns: Painter,
    transposed: Shape,
    rows: Painter,
    objects: Vec<Painted>,
    masks: Vec<Mask>,
    order: Vec<(u64, u32)>,
    /// Position of the mask of what is ignored.
    ignored: Option<usize>,
    png: MaskPng,
}

/// An object on the frame.
#[derive(Clone, Copy, Debug)]
struct Painted {
    position: u64,
    /// Position of its mask.
    mask: usize,
    /// Pixels that it has, and those of them that are seen.
    pixels: u64,
    seen: u64,
}

/// What has one id on the frame.
#[derive(Debug)]
struct Mask {
    id: u32,
    class: u32,
    runs: Builder,
}

impl Masks {
    /// Writes the rows of a frame.
    pub(crate) fn frame(&mut self, setup: &mut Setup<'_>, image: &Image<'_>, frame: u32, sequence: &Sequence, out: &mut File) {
        let (width, height) = sequence.size();
        let run = setup.run;
        if width.checked_mul(height).is_none() {
            for (_, object) in image.objects() {
                run.lost(image.task.index, Some(&object.object_id), "mask-too-large", "image has more pixels than run lengths can count");
            }
            return;
        }
        self.objects.clear();
        self.masks.clear();
        self.ignored = None;
        self.columns.open(height, width);
        if setup.options.png {
            self.rows.open(width, height);
        }
        for (position, object) in image.objects() {
            let Some((id, class)) = id_of(setup, image, position, object, sequence) else { continue };
            let label = u32::try_from(self.objects.len() + 1).unwrap_or(u32::MAX);
            setup.areas.shape().transpose_into(&mut self.transposed);
            let pixels = self.columns.paint(&self.transposed, label);
            if setup.options.png {
                self.rows.paint(setup.areas.shape(), label);
            }
            // A track is on a frame once, so that only what is ignored has one id together.
            let known = self.ignored.filter(|_| class == MOTS_IGNORED);
            let mask = known.unwrap_or(self.masks.len());
            if known.is_none() {
                self.masks.push(Mask { id, class, runs: Builder::default() });
            }
            if class == MOTS_IGNORED {
                self.ignored = Some(mask);
            }
            self.objects.push(Painted { position, mask, pixels, seen: 0 });
        }
        match self.columns.labels.check() {
            Ok(()) => self.collect(width, height),
            Err(error) => {
                for (_, object) in image.objects() {
                    run.lost(image.task.index, Some(&object.object_id), "mask-too-large", format_args!("{error}"));
                }
                return;
            }
        }
        self.report(setup, image);
        if setup.options.png {
            self.write_png(setup, frame, sequence);
        }
        self.write(frame, width, height, out);
    }

    /// Goes through the columns of the image and gives each mask its runs.
    fn collect(&mut self, width: u32, height: u32) {
        for x in 0..width {
            for run in self.columns.labels.row(x) {
                let Some(painted) = self.objects.get_mut(run.label as usize - 1) else { continue };
                painted.seen += u64::from(run.x1 - run.x0);
                if let Some(mask) = self.masks.get_mut(painted.mask) {
                    mask.runs.set(x * height + run.x0, x * height + run.x1);
                }
            }
        }
    }

    fn report(&self, setup: &Setup<'_>, image: &Image<'_>) {
        for painted in &self.objects {
            let object = usize::try_from(painted.position).ok().and_then(|at| image.task.annotations.objects.get(at));
            let lost = |code: &str, detail: std::fmt::Arguments<'_>| {
                setup.run.lost(image.task.index, object.map(|object| object.object_id.as_str()), code, detail);
            };
            match (painted.pixels, painted.seen) {
                (0, _) => lost("no-pixels", format_args!("object hides between the centres of pixels")),
                (_, 0) => lost("object-covered", format_args!("objects that were drawn later cover it, and masks of a frame must not overlap")),
                (all, seen) if seen < all => {
                    let hidden = all - seen;
                    lost("overlap-cut", format_args!("{hidden} of {all} pixels are below objects that were drawn later, and masks must not overlap"));
                }
                _ => {}
            }
        }
    }

    fn write(&mut self, frame: u32, width: u32, height: u32, out: &mut File) {
        self.order.clear();
        self.order.extend((0..).zip(&self.masks).map(|(at, mask)| (u64::from(mask.id), at)));
        sort(&mut self.order);
        for &(_, at) in &self.order {
            let Some(mask) = self.masks.get_mut(at as usize) else { continue };
            if mask.runs.area() == 0 {
                continue;
            }
            let Ok(rle) = mask.runs.finish(width, height) else { continue };
            let out = out.buffer();
            for number in [u64::from(frame) + 1, mask.id.into(), mask.class.into(), height.into(), width.into()] {
                write_u64(out, number);
                out.push(b' ');
            }
            rle.write_compressed(out);
            out.push(b'\n');
        }
    }

    /// An image of 16 bits whose values are ids.
    fn write_png(&mut self, setup: &Setup<'_>, frame: u32, sequence: &Sequence) {
        let (width, height) = sequence.size();
        let (objects, masks) = (&self.objects, &self.masks);
        let id = |label: u32| objects.get(label as usize - 1).and_then(|painted| masks.get(painted.mask)).map_or(0, |mask| mask.id);
        self.png.start(width, height, Pixel::Grey16);
        for y in 0..height {
            self.png.row(self.rows.labels.row(y).iter().map(|run| raster::Run { label: id(run.label), ..*run }));
        }
        setup.run.add(&format!("{}/instances/{:06}.png", sequence.folder, u64::from(frame) + 1), self.png.finish());
    }
}

/// The id and the class of an object whose area was taken; `None` if it is not written, which is reported.
fn id_of(setup: &mut Setup<'_>, image: &Image<'_>, position: u64, object: &Object, sequence: &Sequence) -> Option<(u32, u32)> {
    let (class, number) = setup.take(image, position, object, sequence)?;
    if class.ignored {
        return Some((MOTS_IGNORED * PER_CLASS, MOTS_IGNORED));
    }
    let class = class.id?;
    let id = class.saturating_mul(PER_CLASS).saturating_add(number);
    if setup.options.png && id > u32::from(u16::MAX) {
        let detail = format_args!("id {id} has no room in an image of 16 bits; without `png` the object is written");
        setup.run.lost(image.task.index, Some(&object.object_id), "mask-id-too-large", detail);
        return None;
    }
    Some((id, class))
}

/// Shapes painted over each other, with labels from 1.
#[derive(Debug, Default)]
struct Painter {
    rasterizer: Rasterizer,
    labels: Labels,
}

impl Painter {
    fn open(&mut self, width: u32, height: u32) {
        self.rasterizer.resize(width, height);
        self.labels.reset(width, height);
    }

    /// Paints a shape and says how many pixels it has.
    fn paint(&mut self, shape: &Shape, label: u32) -> u64 {
        let labels = &mut self.labels;
        self.rasterizer.zones(shape.zones(), |y, x0, x1| labels.paint(y, x0, x1, label))
    }
}
