//! The XML file of an image: what is on it, and where.

use ango_plugin_sdk::answers::{Fields, word};
use ango_plugin_sdk::geometry::{Extent, TOLERANCE};
use ango_plugin_sdk::images::{Areas, Format, Image};
use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::text::tokens::Tokens;
use ango_plugin_sdk::text::xml::{can_hold, write_text};
use ango_plugin_sdk::{ClassTable, Failure, Geometry, Object, Run};

use crate::names::Name;
use crate::options::{Layout, MaskKind, Options};

/// What the format has a place for.
pub(crate) const FORMAT: Format = Format::new("Pascal VOC").with_object_answers();

/// An object of the XML file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written {
    /// Its position among the objects of the task.
    pub(crate) position: u32,
    pub(crate) class: u32,
    pub(crate) difficult: bool,
    /// Its area in square pixels.
    pub(crate) area: f64,
}

/// Writes XML files; keeps its memory from image to image.
pub(crate) struct Annotations<'a> {
    run: &'a Run,
    areas: Areas,
    tokens: Tokens,
    /// The names of the classes as XML.
    markup: Vec<Vec<u8>>,
    fields: Fields<4>,
    origin: u8,
    has_masks: bool,
    /// Everything from `<annotation>` to the name of the file, and from there to the name in Ango.
    opening: Vec<u8>,
    source: Vec<u8>,
    objects: Vec<u8>,
    text: Vec<u8>,
    written: Vec<Written>,
}

impl<'a> Annotations<'a> {
    pub(crate) fn new(options: &Options, run: &'a Run) -> Result<Self, Failure> {
        let areas = Areas::new(run, FORMAT, &options.classes, options.outside, options.min_area)?;
        let tokens = Tokens::of_xml(areas.classes());
        let name = |place: u32| {
            let mut name = Vec::new();
            write_text(&mut name, tokens.get(place));
            name
        };
        let markup = (0..).take(areas.classes().classes().len()).map(name).collect();
        let mut opening = b"<annotation>\n\t<folder>".to_vec();
        opening.extend_from_slice(if options.layout == Layout::Devkit { b"VOC2012" } else { b"JPEGImages" });
        opening.extend_from_slice(b"</folder>\n\t<filename>");
        let mut source = b"</filename>\n\t<source>\n\t\t<database>".to_vec();
        write_text(&mut source, &run.project().name);
        source.extend_from_slice(b"</database>\n\t\t<annotation>Ango Hub, ");
        source.extend_from_slice(if options.origin == 0 { b"edges from 0" } else { b"pixels from 1, both ends included" });
        source.extend_from_slice(b"</annotation>\n\t\t<image>");
        let fields = ["truncated", "difficult", "occluded", "pose"].map(|field| (field, field));
        let fields = Fields::new(FORMAT.name, &options.questions, fields)?;
        Ok(Self {
            run,
            areas,
            tokens,
            markup,
            fields,
            origin: options.origin,
            has_masks: options.masks != MaskKind::None,
            opening,
            source,
            objects: Vec::new(),
            text: Vec::new(),
            written: Vec::new(),
        })
    }

    pub(crate) fn classes(&self) -> &ClassTable {
        self.areas.classes()
    }

    /// The objects that the last image's file has, in order.
    pub(crate) fn written(&self) -> &[Written] {
        &self.written
    }

    /// Takes the objects of an image. [`file`](Self::file) is the image's file then.
    pub(crate) fn take(&mut self, image: &Image<'_>) {
        self.objects.clear();
        self.written.clear();
        for (position, object) in image.objects() {
            if let Some(class) = self.areas.take(self.run, image, object) {
                self.object(image, position, object, class);
            }
        }
    }

    /// The text of the file. `segmented` is whether the image has masks.
    pub(crate) fn file(&mut self, image: &Image<'_>, name: &Name, segmented: bool) -> &[u8] {
        let text = &mut self.text;
        text.clear();
        text.extend_from_slice(&self.opening);
        write_text(text, &name.image);
        text.extend_from_slice(&self.source);
        write_text(text, &image.task.asset.external_id);
        let (width, height) = image.size.unwrap_or_default();
        text.extend_from_slice(b"</image>\n\t</source>\n\t<size>\n\t\t<width>");
        write_u64(text, width.into());
        text.extend_from_slice(b"</width>\n\t\t<height>");
        write_u64(text, height.into());
        // Nobody knows whether the file has colours; readers expect that it has.
        text.extend_from_slice(b"</height>\n\t\t<depth>3</depth>\n\t</size>\n\t<segmented>");
        text.push(b'0' + u8::from(segmented));
        text.extend_from_slice(b"</segmented>\n");
        text.extend_from_slice(&self.objects);
        text.extend_from_slice(b"</annotation>\n");
        text
    }

    #[inline(never)]
    fn object(&mut self, image: &Image<'_>, position: u64, object: &Object, class: u32) {
        let (run, task) = (self.run, image.task);
        self.tokens.report(run, task.index, &object.object_id, self.areas.classes(), class);
        let lost = |code, detail: std::fmt::Arguments<'_>| run.lost(task.index, Some(&object.object_id), code, detail);
        match &object.geometry {
            Geometry::BoundingBox(_) => {}
            _ if self.has_masks => {}
            Geometry::RotatedBox(_) => lost("rotation-dropped", format_args!("rotated box is written as the upright box around it")),
            other => lost("shape-reduced-to-box", format_args!("{} is written as the box around it", other.kind())),
        }
        let [truncated, difficult, occluded, pose] = self.fields.of(run, task, object);
        let truncated = self.fields.yes(run, task, object, truncated).unwrap_or(self.areas.shape().is_clipped());
        let difficult = self.fields.yes(run, task, object, difficult).unwrap_or(false);
        let occluded = self.fields.yes(run, task, object, occluded).unwrap_or(false);
        let pose = pose.and_then(|answered| {
            let word = word(&answered.answer).filter(|word| can_hold(word));
            if word.is_none() {
                self.fields.not_understood(run, task, object, answered, "one text");
            }
            word
        });

        let text = &mut self.objects;
        text.extend_from_slice(b"\t<object>\n\t\t<name>");
        text.extend_from_slice(self.markup.get(class as usize).map_or(b"", Vec::as_slice));
        text.extend_from_slice(b"</name>\n\t\t<pose>");
        write_text(text, pose.unwrap_or("Unspecified"));
        text.extend_from_slice(b"</pose>\n\t\t<truncated>");
        text.push(b'0' + u8::from(truncated));
        text.extend_from_slice(b"</truncated>\n\t\t<difficult>");
        text.push(b'0' + u8::from(difficult));
        text.extend_from_slice(b"</difficult>\n\t\t<occluded>");
        text.push(b'0' + u8::from(occluded));
        text.extend_from_slice(b"</occluded>\n\t\t<bndbox>\n\t\t\t<xmin>");
        let [x0, y0, x1, y1] = pixels(&self.areas.shape().extent(), image.size.unwrap_or_default(), self.origin);
        write_u64(text, x0);
        text.extend_from_slice(b"</xmin>\n\t\t\t<ymin>");
        write_u64(text, y0);
        text.extend_from_slice(b"</ymin>\n\t\t\t<xmax>");
        write_u64(text, x1);
        text.extend_from_slice(b"</xmax>\n\t\t\t<ymax>");
        write_u64(text, y1);
        text.extend_from_slice(b"</ymax>\n\t\t</bndbox>\n\t</object>\n");
        // An image has fewer objects than 2^32 (`Images` takes no more).
        self.written.push(Written { position: position as u32, class, difficult, area: self.areas.shape().area() });
    }
}

/// The box as whole numbers: every pixel that it covers a part of. From 1, both ends are pixels; from 0 they are edges between pixels.
fn pixels(extent: &Extent, (width, height): (u32, u32), origin: u8) -> [u64; 4] {
    let axis = |low: f64, high: f64, size: u32| {
        // What arithmetic added to a whole number is no part of a pixel.
        let first = ((low + TOLERANCE).floor().max(0.0) as u64).min(u64::from(size).saturating_sub(1));
        let end = ((high - TOLERANCE).ceil().max(0.0) as u64).clamp(first + 1, u64::from(size).max(first + 1));
        (first + u64::from(origin.min(1)), end)
    };
    let ((x0, x1), (y0, y1)) = (axis(extent.x0, extent.x1, width), axis(extent.y0, extent.y1, height));
    [x0, y0, x1, y1]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn boxes_are_whole_pixels_from_one_or_edges_from_zero() {
        let of = |x0, y0, x1, y1, origin| pixels(&Extent { x0, y0, x1, y1 }, (100, 80), origin);
        assert_eq!(of(0.0, 0.0, 1.0, 1.0, 1), [1, 1, 1, 1]);
        assert_eq!(of(0.0, 0.0, 1.0, 1.0, 0), [0, 0, 1, 1]);
        assert_eq!(of(0.0, 0.0, 100.0, 80.0, 1), [1, 1, 100, 80]);
        assert_eq!(of(10.5, 10.9, 11.2, 12.1, 1), [11, 11, 12, 13]);
        assert_eq!(of(10.5, 10.9, 11.2, 12.1, 0), [10, 10, 12, 13]);
        // 1.1 + 2.2 and the like.
        assert_eq!(of(1.1 + 1.9 - 1e-12, 0.0, 3.0 + 1e-10, 5.000_000_000_1, 1), [4, 1, 4, 5]);
        assert_eq!(of(99.999_999, 79.999_999, 100.0, 80.0, 1), [100, 80, 100, 80]);
        assert_eq!(of(-5.0, -5.0, 1e9, 1e9, 1), [1, 1, 100, 80]);
    }
}
