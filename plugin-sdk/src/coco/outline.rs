//! Outlines of areas: polygons, or run lengths where polygons cannot say it.

use crate::geometry::{Shape, area};
use crate::json::{write_numbers, write_string};
use crate::number::{least, write_rounded, write_u64};
use crate::rle::Rle;
use crate::run::Run;
use crate::types::{Geometry, Object};

/// `holes`: what becomes of a shape with holes, which a list of polygons cannot hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Holes {
    /// Run lengths.
    #[default]
    Rle,
    /// Polygons, the holes filled.
    Fill,
    /// Nothing.
    Drop,
}

crate::deserialize_choice!(Holes { Rle = "rle", Fill = "fill", Drop = "drop" });

/// `rle`: how run lengths are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RleForm {
    /// As text.
    #[default]
    Compressed,
    /// As a list of numbers.
    Uncompressed,
}

crate::deserialize_choice!(RleForm { Compressed = "compressed", Uncompressed = "uncompressed" });

/// How outlines are written.
#[derive(Clone, Copy, Debug)]
pub struct Outlines {
    /// `holes`.
    pub holes: Holes,
    /// `rle`.
    pub rle: RleForm,
    /// Decimals of coordinates and areas.
    pub precision: u8,
    /// Whether an upright box has its four corners as outline, or none.
    pub boxes_as_polygons: bool,
}

/// The outline of one object.
#[derive(Clone, Debug)]
pub enum Outline {
    /// None: the box says it all.
    Box,
    /// A polygon for each part.
    Polygons,
    /// A polygon for each part, and nothing cut out of them.
    Filled,
    /// Run lengths.
    Mask(Rle),
}

impl Outlines {
    /// Whether nothing is left of a shape when it is rounded, which is reported: readers refuse boxes without a width or a height, and areas of 0.
    #[inline]
    pub fn is_nothing(&self, run: &Run, task: u64, object: &Object, shape: &Shape) -> bool {
        let (extent, least) = (shape.extent(), least(self.precision));
        let is_something = extent.width() >= least && extent.height() >= least && shape.area() >= least;
        if !is_something {
            let detail = format_args!("object has no width, no height or no area with {} decimals", self.precision);
            run.lost(task, Some(&object.object_id), "zero-area", detail);
        }
        !is_something
    }

    /// The outline of an object whose area is `shape`, in an image of `size`. `None` if it cannot be written, which is reported, as are holes that are filled.
    /// `task` is [`Task::index`](crate::Task).
    #[inline]
    pub fn of(&self, run: &Run, task: u64, object: &Object, shape: &Shape, size: (u32, u32)) -> Option<Outline> {
        if self.is_nothing(run, task, object, shape) {
            return None;
        }
        if shape.has_holes() {
            return self.of_holes(run, task, object, shape, size);
        }
        let is_box = matches!(object.geometry, Geometry::BoundingBox(_) | Geometry::Pdf(_));
        Some(if is_box && !self.boxes_as_polygons { Outline::Box } else { Outline::Polygons })
    }

    #[cold]
    fn of_holes(&self, run: &Run, task: u64, object: &Object, shape: &Shape, (width, height): (u32, u32)) -> Option<Outline> {
        let lost = |code: &str, detail: std::fmt::Arguments<'_>| run.lost(task, Some(&object.object_id), code, detail);
        match self.holes {
            Holes::Fill => {
                lost("hole-filled", format_args!("object has holes and option `holes` is `fill`"));
                Some(Outline::Filled)
            }
            Holes::Drop => {
                lost("hole-unsupported", format_args!("object has holes and option `holes` is `drop`"));
                None
            }
            Holes::Rle => match Rle::from_zones(shape.zones(), width, height) {
                Ok(mask) => Some(Outline::Mask(mask)),
                Err(error) => {
                    lost("mask-too-large", format_args!("object with holes has no run lengths: {error}"));
                    None
                }
            },
        }
    }

    /// Appends `"bbox":...,"area":...,"iscrowd":0,"segmentation":...`.
    #[inline]
    pub fn write(&self, out: &mut Vec<u8>, shape: &Shape, outline: &Outline) {
        out.extend_from_slice(b"\"bbox\":");
        self.write_numbers(out, &shape.bounding_box());
        out.extend_from_slice(b",\"area\":");
        self.write_area(out, shape, outline);
        out.extend_from_slice(b",\"iscrowd\":0,\"segmentation\":");
        self.write_segmentation(out, shape, outline);
    }

    /// Appends the area in square pixels.
    pub fn write_area(&self, out: &mut Vec<u8>, shape: &Shape, outline: &Outline) {
        let area = if matches!(outline, Outline::Filled) { shape.zones().map(|(region, _)| area(region)).sum() } else { shape.area() };
        write_rounded(out, area, self.precision);
    }

    /// Appends a list of polygons, which is empty without an outline, or run lengths.
    #[inline]
    pub fn write_segmentation(&self, out: &mut Vec<u8>, shape: &Shape, outline: &Outline) {
        match outline {
            Outline::Box => out.extend_from_slice(b"[]"),
            Outline::Mask(mask) => write_mask(out, mask, self.rle),
            Outline::Polygons | Outline::Filled => {
                for (at, (region, _)) in shape.zones().enumerate() {
                    out.push(if at == 0 { b'[' } else { b',' });
                    self.write_numbers(out, region);
                }
                out.push(b']');
            }
        }
    }

    /// Appends a list of numbers, rounded.
    #[inline]
    pub fn write_numbers(&self, out: &mut Vec<u8>, numbers: &[f64]) {
        write_numbers(out, numbers, self.precision);
    }
}

/// Appends run lengths. `size` is height first, as everywhere in COCO's masks.
pub fn write_mask(out: &mut Vec<u8>, mask: &Rle, form: RleForm) {
    let (width, height) = mask.size();
    out.extend_from_slice(b"{\"size\":[");
    write_u64(out, height.into());
    out.push(b',');
    write_u64(out, width.into());
    out.extend_from_slice(b"],\"counts\":");
    match form {
        RleForm::Compressed => write_string(out, &mask.to_compressed()),
        RleForm::Uncompressed => {
            for (at, &count) in mask.counts().iter().enumerate() {
                out.push(if at == 0 { b'[' } else { b',' });
                write_u64(out, count.into());
            }
            out.push(b']');
        }
    }
    out.push(b'}');
}
