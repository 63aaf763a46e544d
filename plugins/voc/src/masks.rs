//! `SegmentationClass` and `SegmentationObject`: what the pixels of an image are.

use ango_plugin_sdk::images::{Canvas, Image, write_row};
use ango_plugin_sdk::png::{MaskPng, Pixel};
use ango_plugin_sdk::{Failure, Run, order};

use crate::annotations::Written;
use crate::options::{MaskKind, Options, Overlap};
use crate::palette;

/// The void label of what is painted; objects are their places from 1.
const VOID: u32 = u32::MAX;
/// What a void pixel is in a file.
const VOID_PIXEL: u32 = 255;
const VOID_PIXEL_OF_16_BITS: u32 = 65_535;
/// How many classes, or objects of an image, there can be beside the background and void.
const MAX_VALUES: usize = 254;
/// The most objects of an image that has masks.
const MAX_OBJECTS: usize = 65_534;

/// Paints masks; keeps its memory from image to image.
pub(crate) struct Masks<'a> {
    run: &'a Run,
    kind: MaskKind,
    overlap: Overlap,
    void_border: u32,
    colors: Vec<[u8; 3]>,
    canvas: Canvas,
    class_png: MaskPng,
    object_png: MaskPng,
    order: Vec<(u64, u32)>,
}

impl<'a> Masks<'a> {
    /// # Errors
    ///
    /// When there are more classes than a palette has colours.
    pub(crate) fn new(options: &Options, run: &'a Run, classes: usize) -> Result<Option<Self>, Failure> {
        if options.masks == MaskKind::None {
            return Ok(None);
        }
        if classes > MAX_VALUES {
            let reason = format!("there are {classes} classes, and masks with a palette hold {MAX_VALUES}: choose or merge some with `classes`");
            return Err(Failure::option("/masks", reason));
        }
        Ok(Some(Self {
            run,
            kind: options.masks,
            overlap: options.overlap,
            void_border: options.void_border,
            colors: palette::colors(),
            canvas: Canvas::default(),
            class_png: MaskPng::default(),
            object_png: MaskPng::default(),
            order: Vec::new(),
        }))
    }

    /// Paints the objects of an image. Whether there are masks to [`write`](Self::write); if not, that is reported.
    pub(crate) fn paint(&mut self, image: &Image<'_>, written: &[Written]) -> bool {
        let painted = self.try_to_paint(image, written);
        if let Err(reason) = &painted {
            let detail = format_args!("image {:?} is written without masks: {reason}", image.name);
            self.run.lost(image.task.index, None, "mask-too-large", detail);
        }
        painted.is_ok()
    }

    fn try_to_paint(&mut self, image: &Image<'_>, written: &[Written]) -> Result<(), String> {
        if written.len() > MAX_OBJECTS {
            return Err(format!("{} objects are more than {MAX_OBJECTS}", written.len()));
        }
        self.canvas.start(image)?;
        // The largest first, if asked for. The bits of floats that are not negative are in their order.
        let key = |object: &Written| if self.overlap == Overlap::Area { !object.area.to_bits() } else { 0 };
        self.order.clear();
        self.order.extend(written.iter().map(key).zip(0..));
        order::sort(&mut self.order);
        for &(_, at) in &self.order {
            let object = written.get(at as usize).and_then(|written| image.task.annotations.objects.get(written.position as usize));
            if let Some(object) = object {
                self.canvas.paint(object, at + 1);
                if self.void_border > 0 {
                    self.canvas.paint_border(self.void_border, VOID);
                }
            }
        }
        self.canvas.check()
    }

    /// Writes the masks that were painted, and reports the objects that have no pixel in them.
    pub(crate) fn write(&mut self, image: &Image<'_>, written: &[Written], root: &str, stem: &str) {
        let (width, height) = self.canvas.size();
        let wide = written.len() > MAX_VALUES;
        let (object_pixel, void) = if wide { (Pixel::Grey16, VOID_PIXEL_OF_16_BITS) } else { (Pixel::Palette(&self.colors), VOID_PIXEL) };
        let (class_png, object_png) = (&mut self.class_png, &mut self.object_png);
        let has_objects = self.kind == MaskKind::Both;
        class_png.start(width, height, Pixel::Palette(&self.colors));
        if has_objects {
            object_png.start(width, height, object_pixel);
        }
        self.canvas.rows(written.len(), |runs| {
            write_row(class_png, runs, |label| written.get(label.wrapping_sub(1) as usize).map_or(VOID_PIXEL, |object| object.class + 1));
            if has_objects {
                write_row(object_png, runs, |label| if label == VOID { void } else { label });
            }
        });
        self.run.add(&[root, "SegmentationClass/", stem, ".png"].concat(), class_png.finish());
        if has_objects {
            self.run.add(&[root, "SegmentationObject/", stem, ".png"].concat(), object_png.finish());
        }
        if has_objects && wide {
            let (name, count) = (image.name, written.len());
            let detail =
                format_args!("the object mask of {name:?} is grey of 16 bits, where void is {void}: a palette has no colours for {count} objects");
            self.run.lost(image.task.index, None, "mask-16-bit", detail);
        }
        for label in self.canvas.hidden() {
            let position = written.get(label as usize - 1).map_or(usize::MAX, |object| object.position as usize);
            let id = image.task.annotations.objects.get(position).map(|object| object.object_id.as_str());
            let detail =
                "object is in the XML file, but no pixel of the masks is its own: others cover it, or it hides between the centres of pixels";
            self.run.lost(image.task.index, id, "no-pixels", detail);
        }
    }
}
