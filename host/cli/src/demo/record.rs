//! The V3 asset object as the demo writes it: field order is the key order of the published samples.
//!
//! These types are the demo's own and know only what it draws; the reader of exports is another crate's, and tolerant.

use super::geometry::{Bounds, Placement, Point, Ring};
use super::random::Random;
use serde::Serialize;
use serde_json::Value;

/// One line of `records.ndjson`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Asset {
    /// Where the picture lies, relative to the project folder.
    pub asset: String,
    /// 24 hexadecimal digits.
    pub asset_id: String,
    /// The name that users gave; neither unique nor a safe path.
    pub external_id: String,
    /// Size of the picture.
    pub metadata: Size,
    /// Batch names.
    pub batches: Vec<String>,
    /// The one task of the asset.
    pub task: Task,
}

/// Picture size in pixels.
#[derive(Debug, Serialize)]
pub struct Size {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

/// The task of an asset. Times are milliseconds, moments ISO 8601 in UTC.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are the format's own, described in the export documentation")]
pub struct Task {
    pub task_id: String,
    pub stage: &'static str,
    pub stage_id: &'static str,
    pub updated_at: String,
    pub updated_by: &'static str,
    pub total_duration: u64,
    pub total_blur_duration: u64,
    pub total_idle_duration: u64,
    pub tools: Vec<Tool>,
    pub classifications: Vec<Classification>,
    pub relations: Vec<Relation>,
    pub stage_history: Vec<Stage>,
}

/// A snapshot of the annotations as they left one stage.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are the format's own, described in the export documentation")]
pub struct Stage {
    pub stage: &'static str,
    pub stage_id: &'static str,
    pub duration: u64,
    pub completed_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed_by: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review_status: Option<&'static str>,
    pub tools: Vec<Tool>,
    pub classifications: Vec<Classification>,
    pub relations: Vec<Relation>,
}

/// An annotation with a shape.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are the format's own, described in the export documentation")]
pub struct Tool {
    #[serde(flatten)]
    pub geometry: Geometry,
    pub object_id: String,
    pub classifications: Vec<Classification>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Origin>,
    pub schema_id: String,
    pub title: &'static str,
}

/// The answer to a question, about the task or about one object.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are the format's own, described in the export documentation")]
pub struct Classification {
    pub object_id: String,
    pub schema_id: String,
    pub tool: &'static str,
    pub title: &'static str,
    pub answer: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Origin>,
    pub classifications: Vec<Classification>,
}

/// A relation between objects.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "the names are the format's own, described in the export documentation")]
pub enum Relation {
    /// From one object to another.
    #[serde(rename_all = "camelCase")]
    OneToOne { from: String, to: String, object_id: String, schema_id: String, direction: &'static str, title: &'static str },
    /// Objects that belong together.
    #[serde(rename_all = "camelCase")]
    Group { object_id: String, schema_id: String, group: Vec<String>, title: &'static str },
}

/// Who made an annotation, when and in which stage.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are the format's own, described in the export documentation")]
pub struct Origin {
    /// Milliseconds since 1970 or ISO text: published samples have both, so the demo has both.
    pub created_at: Value,
    pub created_by: &'static str,
    pub created_in: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_by: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_in: Option<&'static str>,
}

/// The shape of an annotation in pixels; the key says the tool.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Geometry {
    /// An upright box by its upper left corner.
    BoundingBox(Upright),
    /// A turned box by its turned upper left corner.
    RotatedBoundingBox(Turned),
    /// One closed ring.
    Polygon(Ring),
    /// An open line.
    Polyline(Vec<Point>),
    /// Regions with holes.
    Segmentation {
        /// The parts, each with one outer ring.
        zones: Vec<Zone>,
    },
    /// One position.
    Point(Point),
    /// A round shape; its JSON is not public, so readers have to carry it along as unknown.
    Circle {
        /// Centre.
        center: Point,
        /// Radius in pixels.
        radius: f64,
    },
}

/// An upright box.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs, reason = "x, y, height and width in pixels")]
pub struct Upright {
    pub x: f64,
    pub y: f64,
    pub height: f64,
    pub width: f64,
}

/// A turned box: corners are upper left, lower left, lower right, upper right, before the turn.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs, reason = "lengths in pixels, rotation in degrees, clockwise on screen")]
pub struct Turned {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
    pub rotation: f64,
    pub corners: [Point; 4],
}

/// A region with its holes.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs, reason = "one outer ring and any number of inner rings")]
pub struct Zone {
    pub region: Ring,
    pub holes: Vec<Ring>,
}

impl Geometry {
    /// The upright box `bounds`, on the hundredth of a pixel.
    pub fn upright(bounds: Bounds) -> Self {
        let (x, y) = (hundredth(bounds.left), hundredth(bounds.top));
        Self::BoundingBox(Upright { x, y, height: hundredth(bounds.bottom - y), width: hundredth(bounds.right - x) })
    }

    /// A box of `width` by `height` around `centre`, turned by `rotation` degrees.
    ///
    /// With û = (cos, sin) and v̂ = (−sin, cos) the corners are P, P + h·v̂, P + h·v̂ + w·û and P + w·û.
    pub fn turned(centre: Point, width: f64, height: f64, rotation: f64) -> Self {
        let placement = Placement::at(centre[0], centre[1]).turned(rotation);
        let corners = [[-0.5, -0.5], [-0.5, 0.5], [0.5, 0.5], [0.5, -0.5]].map(|[x, y]: Point| placement.place([x * width, y * height]));
        Self::RotatedBoundingBox(Turned { x: corners[0][0], y: corners[0][1], width, height, rotation, corners })
    }

    /// The same shape as another annotator would have drawn it: moved by at most `reach` pixels.
    pub fn redrawn(&self, random: &mut Random, reach: f64) -> Self {
        let (dx, dy) = (random.between(-reach, reach), random.between(-reach, reach));
        let moved = |&[x, y]: &Point| [hundredth(x + dx), hundredth(y + dy)];
        let ring = |points: &Ring| points.iter().map(moved).collect::<Ring>();
        match self {
            Self::BoundingBox(b) => {
                let (wider, taller) = (random.between(-reach, reach), random.between(-reach, reach));
                Self::BoundingBox(Upright {
                    x: hundredth(b.x + dx),
                    y: hundredth(b.y + dy),
                    height: hundredth((b.height + taller).max(1.0)),
                    width: hundredth((b.width + wider).max(1.0)),
                })
            }
            Self::RotatedBoundingBox(b) => {
                let centre = [(b.corners[0][0] + b.corners[2][0]) / 2.0 + dx, (b.corners[0][1] + b.corners[2][1]) / 2.0 + dy];
                let rotation = hundredth(b.rotation + random.between(-reach, reach));
                Self::turned(centre, b.width, b.height, rotation)
            }
            Self::Polygon(points) => Self::Polygon(ring(points)),
            Self::Polyline(points) => Self::Polyline(ring(points)),
            Self::Segmentation { zones } => Self::Segmentation {
                zones: zones.iter().map(|zone| Zone { region: ring(&zone.region), holes: zone.holes.iter().map(ring).collect() }).collect(),
            },
            Self::Point(point) => Self::Point(moved(point)),
            Self::Circle { center, radius } => Self::Circle { center: moved(center), radius: *radius },
        }
    }
}

/// Rounds to a hundredth of a pixel: finer than any annotator draws.
pub fn hundredth(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// A ring on the hundredth of a pixel.
pub fn tidy(ring: &[Point]) -> Ring {
    ring.iter().map(|&[x, y]| [hundredth(x), hundredth(y)]).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    #[test]
    fn corners_follow_the_published_formula() {
        let Geometry::RotatedBoundingBox(b) = Geometry::turned([100.0, 80.0], 60.0, 20.0, 30.0) else {
            panic!("not a turned box");
        };
        let (sine, cosine) = 30.0_f64.to_radians().sin_cos();
        let (u, v) = ([cosine, sine], [-sine, cosine]);
        let p = [b.x, b.y];
        let at = |w: f64, h: f64| [p[0] + w * u[0] + h * v[0], p[1] + w * u[1] + h * v[1]];
        for (corner, expected) in b.corners.iter().zip([p, at(0.0, 20.0), at(60.0, 20.0), at(60.0, 0.0)]) {
            assert!((corner[0] - expected[0]).abs() < 1e-9, "{corner:?} for {expected:?}");
            assert!((corner[1] - expected[1]).abs() < 1e-9, "{corner:?} for {expected:?}");
        }
    }

    #[test]
    fn the_geometry_is_a_key_of_the_tool_and_comes_first() {
        let tool = Tool {
            geometry: Geometry::Point([1.0, 2.0]),
            object_id: "o".into(),
            classifications: Vec::new(),
            metadata: None,
            schema_id: "s".into(),
            title: "Lamp",
        };
        assert_eq!(serde_json::to_string(&tool).unwrap(), r#"{"point":[1.0,2.0],"objectId":"o","classifications":[],"schemaId":"s","title":"Lamp"}"#);
    }
}
