//! The geometry of a tool object: the one key of it that says where it is.

use serde_json::Value;

use super::fields::Fields;
use crate::geometry::rotated_corners;
use crate::types::{BoundingBox, Geometry, PdfArea, PdfRectangle, Point, RotatedBox, Span, Zone};

/// Takes the geometry out of a tool object. What is left over when no key is known is an unknown geometry under its own key.
pub(super) fn read(tool: &mut Fields) -> Result<Geometry, String> {
    if let Some(value) = tool.take("bounding-box") {
        return bounding_box(value);
    }
    if let Some(value) = tool.take("rotated-bounding-box") {
        return rotated_box(value);
    }
    if let Some(value) = tool.take("polygon") {
        return path(&value, "polygon").map(Geometry::Polygon);
    }
    if let Some(value) = tool.take("polyline") {
        return path(&value, "polyline").map(Geometry::Polyline);
    }
    if let Some(value) = tool.take("segmentation") {
        return segmentation(value);
    }
    if let Some(value) = tool.take("point") {
        let (x, y) = point(&value, "point")?;
        return Ok(Geometry::Point(Point { x, y }));
    }
    if let Some(value) = tool.take("ner") {
        let mut ner = Fields::new(value, "ner")?;
        let (start, end) = (ner.needed_number("start")?, ner.needed_number("end")?);
        return Ok(Geometry::Entity(Span { start, end, selection: ner.optional_text("selection")? }));
    }
    if let Some(value) = tool.take("pdf") {
        return pdf(value).map(Geometry::Pdf);
    }
    if let Some(value) = tool.take("spline") {
        // Control points, or an object that has some: the form is not public.
        return Ok(Geometry::Spline(match value.as_object() {
            Some(spline) => spline.get("points").filter(|points| !points.is_null()).map_or(Ok(Vec::new()), |points| path(points, "points"))?,
            None => path(&value, "spline")?,
        }));
    }
    if tool.flag("medical-brush") {
        return Ok(Geometry::VoxelBrush);
    }
    Ok(Geometry::Other(match tool.first_key().and_then(|key| Some((tool.take(&key)?, key))) {
        Some((value, key)) => serde_json::json!({ key: value }).to_string(),
        None => "{}".to_owned(),
    }))
}

fn bounding_box(value: Value) -> Result<Geometry, String> {
    let mut fields = Fields::new(value, "bounding-box")?;
    let (x, width) = normalised(fields.needed_number("x")?, fields.needed_number("width")?);
    let (y, height) = normalised(fields.needed_number("y")?, fields.needed_number("height")?);
    Ok(Geometry::BoundingBox(BoundingBox { x, y, width, height }))
}

/// A side whose origin is the corner that was clicked first can run backwards.
fn normalised(origin: f64, length: f64) -> (f64, f64) {
    if length < 0.0 { (origin + length, -length) } else { (origin, length) }
}

fn rotated_box(value: Value) -> Result<Geometry, String> {
    let mut fields = Fields::new(value, "rotated-bounding-box")?;
    let (width, height) = (fields.needed_number("width")?, fields.needed_number("height")?);
    let rotation = fields.number("rotation")?.unwrap_or(0.0);
    let corners = match fields.take("corners") {
        Some(corners) => path(&corners, "corners")?,
        None => rotated_corners(fields.needed_number("x")?, fields.needed_number("y")?, width, height, rotation).to_vec(),
    };
    if corners.len() != 8 {
        return Err(format!("`corners` of rotated-bounding-box has {} points instead of 4", corners.len() / 2));
    }
    Ok(Geometry::RotatedBox(RotatedBox { corners, width: width.abs(), height: height.abs(), rotation }))
}

fn segmentation(value: Value) -> Result<Geometry, String> {
    let mut zones = Vec::new();
    for value in Fields::new(value, "segmentation")?.list("zones")? {
        let mut zone = Fields::new(value, "zone")?;
        let region = zone.take("region").map_or_else(|| Ok(Vec::new()), |region| path(&region, "region"))?;
        let holes = zone.list("holes")?.iter().map(|hole| path(hole, "holes")).collect::<Result<_, _>>()?;
        zones.push(Zone { region, holes });
    }
    Ok(Geometry::Segmentation(zones))
}

fn path(value: &Value, key: &str) -> Result<Vec<f64>, String> {
    let list = value.as_array().ok_or_else(|| format!("`{key}` is not a list of points but {value}"))?;
    let mut path = Vec::with_capacity(list.len() * 2);
    for item in list {
        let (x, y) = point(item, key)?;
        path.extend([x, y]);
    }
    Ok(path)
}

fn point(value: &Value, key: &str) -> Result<(f64, f64), String> {
    let (x, y) = match value {
        Value::Array(list) => (list.first(), list.get(1)),
        Value::Object(map) => (map.get("x"), map.get("y")),
        _ => (None, None),
    };
    match (x.and_then(Value::as_f64), y.and_then(Value::as_f64)) {
        (Some(x), Some(y)) => Ok((x, y)),
        _ => Err(format!("`{key}` has a point that is not two numbers: {value}")),
    }
}

/// Both forms: the export's (`position`, `content`) and the flat one of the import format.
fn pdf(value: Value) -> Result<PdfArea, String> {
    let mut fields = Fields::new(value, "pdf")?;
    let Some(position) = fields.take("position") else {
        let page_number = fields.small("pageNumber")?.unwrap_or(1);
        return Ok(PdfArea { page_number, text: fields.optional_text("text")?, parts: Vec::new(), bounds: rectangle(fields)? });
    };
    let mut position = Fields::new(position, "position")?;
    let bounds = position.take("boundingRect").ok_or("`boundingRect` of pdf is missing")?;
    let parts = position.list("rects")?;
    Ok(PdfArea {
        page_number: position.small("pageNumber")?.unwrap_or(1),
        bounds: rectangle(Fields::new(bounds, "boundingRect")?)?,
        parts: parts.into_iter().map(|part| rectangle(Fields::new(part, "rects")?)).collect::<Result<_, _>>()?,
        text: Fields::new_or_empty(fields.take("content"), "content")?.optional_text("text")?,
    })
}

fn rectangle(mut fields: Fields) -> Result<PdfRectangle, String> {
    Ok(PdfRectangle {
        x1: fields.needed_number("x1")?,
        y1: fields.needed_number("y1")?,
        x2: fields.needed_number("x2")?,
        y2: fields.needed_number("y2")?,
        page_width: fields.needed_number("width")?,
        page_height: fields.needed_number("height")?,
    })
}
