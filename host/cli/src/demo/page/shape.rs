//! What both readers produce: pictures with shapes, in pixels.

use crate::demo::geometry::{Bounds, Point, Ring};

/// The content of one converted archive.
#[derive(Debug, Default)]
pub struct Converted {
    /// Class names in the archive's order.
    pub classes: Vec<String>,
    /// Pictures in the archive's order.
    pub pictures: Vec<Picture>,
    /// What could not be read, one sentence each.
    pub problems: Vec<String>,
}

/// One picture of an archive.
#[derive(Debug, Default)]
pub struct Picture {
    /// Name within the archive.
    pub name: String,
    /// Path of the picture in the project; empty when the format does not tell.
    pub asset: String,
    /// Size in pixels, 0 by 0 when the format does not tell.
    pub size: (u32, u32),
    /// The annotations.
    pub shapes: Vec<Shape>,
}

/// One annotation of an archive.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// Class name.
    pub class: String,
    /// What is drawn.
    pub form: Form,
    /// Extent as the file states it, or as it follows from the form.
    pub bounds: Bounds,
    /// What else the file says of it, in a few words.
    pub note: String,
}

/// The geometry of an annotation.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// An upright box.
    Box,
    /// Rings that are united.
    Union(Vec<Ring>),
    /// One ring whose self-crossings and bridges leave holes, by the even-odd rule.
    Bridged(Ring),
    /// Pixels; the SVG path of their outline.
    Mask(String),
    /// Positions.
    Points(Vec<Point>),
}
