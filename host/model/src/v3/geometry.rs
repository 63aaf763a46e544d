//! Where an annotated object is (`ango-v3.md` section 1.3).
//!
//! Coordinates are pixels from the top-left corner of the image, x to the right, y down.

use super::field::{FieldError, Result, Within, number, optional_count, text};
use crate::json::{Kind, Value};
use std::borrow::Cow;

/// A chain of points as x0, y0, x1, y1, ...
pub type Path = Vec<f64>;

/// An axis-aligned box, normalised: exports may hold a box by the corner that was clicked first, with negative sizes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoundingBox {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Never negative.
    pub width: f64,
    /// Never negative.
    pub height: f64,
}

/// A rotated box.
#[derive(Debug, Clone, PartialEq)]
pub struct RotatedBox {
    /// Top-left, bottom-left, bottom-right, top-right of the unrotated box, as eight numbers. The truth about the box.
    pub corners: Path,
    /// Length of the unrotated box's horizontal edges.
    pub width: f64,
    /// Length of its vertical edges.
    pub height: f64,
    /// Degrees, positive clockwise on screen.
    pub rotation: f64,
}

/// One region of a segmentation and the rings cut out of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    /// The outer ring; can be empty in real exports.
    pub region: Path,
    /// The rings cut out.
    pub holes: Vec<Path>,
}

/// A span of text (character offsets, `end` exclusive) or of audio (seconds).
#[derive(Debug, Clone, PartialEq)]
pub struct Entity<'a> {
    /// Where it begins.
    pub start: f64,
    /// Where it ends.
    pub end: f64,
    /// The text between.
    pub selection: Option<Cow<'a, str>>,
}

/// A rectangle on a PDF page, in units of the rendered page.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PdfRectangle {
    /// Left.
    pub x1: f64,
    /// Top.
    pub y1: f64,
    /// Right.
    pub x2: f64,
    /// Bottom.
    pub y2: f64,
    /// Width of the rendered page.
    pub page_width: f64,
    /// Height of the rendered page.
    pub page_height: f64,
}

/// An area of a PDF page.
#[derive(Debug, Clone, PartialEq)]
pub struct PdfArea<'a> {
    /// From 1, unlike `page` elsewhere.
    pub page_number: u32,
    /// The whole area.
    pub bounds: PdfRectangle,
    /// One rectangle per token of highlighted text; empty for a drawn area.
    pub parts: Vec<PdfRectangle>,
    /// The text in it.
    pub text: Option<Cow<'a, str>>,
}

/// Where an object is. Which tool drew it is only told by the key that is present.
#[derive(Debug, Clone, PartialEq)]
pub enum Geometry<'a> {
    /// `bounding-box`.
    BoundingBox(BoundingBox),
    /// `rotated-bounding-box`.
    RotatedBox(RotatedBox),
    /// `polygon`: an open ring.
    Polygon(Path),
    /// `polyline`.
    Polyline(Path),
    /// `segmentation`: the union of its zones.
    Segmentation(Vec<Zone>),
    /// `point`: x and y.
    Point([f64; 2]),
    /// `spline`: its control points.
    Spline(Path),
    /// `ner`.
    Entity(Entity<'a>),
    /// `pdf`.
    Pdf(PdfArea<'a>),
    /// `medical-brush`: the shape is in the task's voxel brush volume.
    VoxelBrush,
    /// A tool that this version does not know, or none: the key and its value as raw JSON.
    Other(&'a str, &'a str),
}

impl<'a> Geometry<'a> {
    /// Reads the value of a geometry key; `None` when the key is not one of a known tool.
    pub(super) fn read(key: &'a str, value: &Value<'a, '_>) -> Result<Option<Self>> {
        let geometry = match key {
            "bounding-box" => Self::BoundingBox(bounding_box(value)?),
            "rotated-bounding-box" => Self::RotatedBox(rotated_box(value)?),
            "polygon" => Self::Polygon(path(value)?),
            "polyline" => Self::Polyline(path(value)?),
            "segmentation" => Self::Segmentation(segmentation(value)?),
            "point" => Self::Point(point(value)?),
            "spline" => match value.kind() {
                Kind::Object => Self::Spline(value.get("points").map_or(Ok(Vec::new()), |points| path(&points).within("points"))?),
                _ => Self::Spline(path(value)?),
            },
            "ner" => Self::Entity(entity(value)?),
            "pdf" => Self::Pdf(pdf(value)?),
            _ => return Ok(None),
        };
        Ok(Some(geometry))
    }

    /// The tool's name, which is the geometry key.
    pub fn tool(&self) -> &'a str {
        match self {
            Self::BoundingBox(_) => "bounding-box",
            Self::RotatedBox(_) => "rotated-bounding-box",
            Self::Polygon(_) => "polygon",
            Self::Polyline(_) => "polyline",
            Self::Segmentation(_) => "segmentation",
            Self::Point(_) => "point",
            Self::Spline(_) => "spline",
            Self::Entity(_) => "ner",
            Self::Pdf(_) => "pdf",
            Self::VoxelBrush => "voxel-brush",
            Self::Other(key, _) => key,
        }
    }
}

/// A number that must be there.
fn required(value: &Value<'_, '_>, key: &str) -> Result<f64> {
    match value.get(key) {
        Some(member) => number(&member).within(key),
        None => Err(super::field::missing(value, key)),
    }
}

fn bounding_box(value: &Value<'_, '_>) -> Result<BoundingBox> {
    super::field::object(value)?;
    let (x, y) = (required(value, "x")?, required(value, "y")?);
    let (width, height) = (required(value, "width")?, required(value, "height")?);
    Ok(BoundingBox { x: x + width.min(0.0), y: y + height.min(0.0), width: width.abs(), height: height.abs() })
}

/// `corners` where they are; otherwise from `x`, `y` as the rotated top-left corner, which is how exports mean them (`ango-v3.md` 1.3.2).
fn rotated_box(value: &Value<'_, '_>) -> Result<RotatedBox> {
    super::field::object(value)?;
    let (width, height, rotation) = (required(value, "width")?, required(value, "height")?, required(value, "rotation")?);
    let corners = match value.get("corners").filter(|corners| !corners.is_null()) {
        Some(corners) => {
            let path = path(&corners).within("corners")?;
            if path.len() != 8 {
                return Err(FieldError::new(&corners, format!("expected four corners, found {}", path.len() / 2))).within("corners");
            }
            path
        }
        None => {
            let (x, y) = (required(value, "x")?, required(value, "y")?);
            let (sin, cos) = rotation.to_radians().sin_cos();
            let (right, down) = ((width * cos, width * sin), (-height * sin, height * cos));
            vec![x, y, x + down.0, y + down.1, x + down.0 + right.0, y + down.1 + right.1, x + right.0, y + right.1]
        }
    };
    Ok(RotatedBox { corners, width: width.abs(), height: height.abs(), rotation })
}

fn segmentation(value: &Value<'_, '_>) -> Result<Vec<Zone>> {
    super::field::object(value)?;
    let Some(zones) = value.get("zones") else { return Ok(Vec::new()) };
    super::field::list(&zones, |zone| {
        super::field::object(zone)?;
        let region = zone.get("region").map_or(Ok(Vec::new()), |region| path(&region).within("region"))?;
        let holes = zone.get("holes").map_or(Ok(Vec::new()), |holes| super::field::list(&holes, path).within("holes"))?;
        Ok(Zone { region, holes })
    })
    .within("zones")
}

fn point(value: &Value<'_, '_>) -> Result<[f64; 2]> {
    let mut elements = value.elements();
    match (elements.next(), elements.next()) {
        (Some(x), Some(y)) => Ok([number(&x).at(0)?, number(&y).at(1)?]),
        _ => Err(FieldError::new(value, "expected a point as [x, y]")),
    }
}

/// `[[x, y], ...]`
fn path(value: &Value<'_, '_>) -> Result<Path> {
    match value.kind() {
        Kind::Array => {}
        Kind::Null => return Ok(Vec::new()),
        kind => return Err(FieldError::new(value, format!("expected a list of points, found {}", kind.name()))),
    }
    // A point is three nodes on the tape.
    let mut path = Vec::with_capacity(value.size_hint() / 3 * 2);
    for (index, element) in value.elements().enumerate() {
        let [x, y] = point(&element).at(index)?;
        path.push(x);
        path.push(y);
    }
    Ok(path)
}

fn entity<'a>(value: &Value<'a, '_>) -> Result<Entity<'a>> {
    super::field::object(value)?;
    let selection = match value.get("selection") {
        Some(selection) if !selection.is_null() => Some(text(&selection).within("selection")?),
        _ => None,
    };
    Ok(Entity { start: required(value, "start")?, end: required(value, "end")?, selection })
}

/// The nested form of exports, and the flat form of imports.
fn pdf<'a>(value: &Value<'a, '_>) -> Result<PdfArea<'a>> {
    super::field::object(value)?;
    let position = value.get("position");
    let (bounds, parts, holder) = match &position {
        Some(position) => {
            let bounds = match position.get("boundingRect") {
                Some(bounds) => pdf_rectangle(&bounds).within("boundingRect").within("position")?,
                None => return Err(super::field::missing(position, "boundingRect")).within("position"),
            };
            let parts = match position.get("rects") {
                Some(rects) => super::field::list(&rects, pdf_rectangle).within("rects").within("position")?,
                None => Vec::new(),
            };
            (bounds, parts, *position)
        }
        None => (pdf_rectangle(value)?, Vec::new(), *value),
    };
    let page_number = match holder.get("pageNumber") {
        Some(page) => {
            let number = optional_count(&page).within("pageNumber");
            if value.get("position").is_some() { number.within("position") } else { number }?.unwrap_or(1)
        }
        None => 1,
    };
    let text = match value.get("content").unwrap_or(*value).get("text") {
        Some(content) if content.kind() == Kind::String => content.as_str(),
        _ => None,
    };
    Ok(PdfArea { page_number, bounds, parts, text })
}

fn pdf_rectangle(value: &Value<'_, '_>) -> Result<PdfRectangle> {
    super::field::object(value)?;
    Ok(PdfRectangle {
        x1: required(value, "x1")?,
        y1: required(value, "y1")?,
        x2: required(value, "x2")?,
        y2: required(value, "y2")?,
        page_width: required(value, "width")?,
        page_height: required(value, "height")?,
    })
}
