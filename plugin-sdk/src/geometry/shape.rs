//! The area that an object covers, whatever it was drawn with: the common ground of converters to formats of areas.

use super::{Clip, Clipper, Extent, area, open_ring, usable};
use crate::types::Geometry;

/// Areas below this, in square pixels, are none: what is smaller, or thinner than a millionth of a pixel, is written as nothing.
const NO_AREA: f64 = 1e-6;
/// Sides below this, in pixels, are none.
const NO_SIDE: f64 = 1e-6;

/// `outside`: what happens to an object that leaves the image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bounds {
    /// It is cut at the edges.
    #[default]
    Clip,
    /// It stays as it is.
    Keep,
    /// It is refused.
    Drop,
}

crate::deserialize_choice!(Bounds { Clip = "clip", Keep = "keep", Drop = "drop" });

/// Why an object covers no area; the codes are those that converters report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// A point, a line, a text span: a geometry without area.
    Unsupported,
    /// A coordinate is not finite, or astronomically large.
    Coordinates,
    /// A ring of less than three points.
    TooFewPoints,
    /// Nothing is left after subtracting holes.
    ZeroArea,
    /// Nothing of it is in the image, or not all of it where that is asked for.
    OutOfBounds,
}

impl Unusable {
    /// The stable code for [`Run::lost`](crate::Run::lost).
    pub fn code(self) -> &'static str {
        match self {
            Self::Unsupported => "geometry-unsupported",
            Self::Coordinates => "coordinates-unusable",
            Self::TooFewPoints => "too-few-points",
            Self::ZeroArea => "zero-area",
            Self::OutOfBounds => "out-of-bounds",
        }
    }

    /// The reason for people.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Unsupported => "has no area",
            Self::Coordinates => "has a coordinate that is not finite or far beyond any image",
            Self::TooFewPoints => "has less than three points",
            Self::ZeroArea => "encloses no area, or crosses itself so that its parts cancel out",
            Self::OutOfBounds => "is outside the image",
        }
    }
}

/// The area of one object: zones, each a region with holes cut out of it, as rings.
///
/// Made once and [`set`](Self::set) for every object, so that nothing is allocated for the next one.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    points: Vec<f64>,
    rings: Vec<Ring>,
    clipper: Clipper,
    extent: Option<Extent>,
    /// Width and height as they were drawn, which the difference of two edges need not give back exactly.
    drawn_size: Option<(f64, f64)>,
    area: f64,
    clipped: bool,
    dropped_parts: usize,
}

#[derive(Clone, Copy, Debug)]
struct Ring {
    start: usize,
    end: usize,
    hole: bool,
}

impl Shape {
    /// A shape without area.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the area of a geometry. `size` is the image's width and height in pixels; without it nothing is clipped.
    ///
    /// # Errors
    ///
    /// When there is no area to take; what the shape holds then means nothing.
    pub fn set(&mut self, geometry: &Geometry, size: Option<(f64, f64)>, bounds: Bounds) -> Result<(), Unusable> {
        self.points.clear();
        self.rings.clear();
        (self.extent, self.drawn_size, self.area, self.clipped, self.dropped_parts) = (None, None, 0.0, false, 0);
        let limits = size.filter(|_| bounds != Bounds::Keep);
        match geometry {
            Geometry::BoundingBox(drawn) => {
                if !usable(&[drawn.x, drawn.y, drawn.width, drawn.height]) {
                    return Err(Unusable::Coordinates);
                }
                self.set_box(Extent::from(drawn), (drawn.width, drawn.height), limits)?;
            }
            Geometry::RotatedBox(turned) => self.add_zone(&turned.corners, &[], limits)?,
            Geometry::Polygon(path) => self.add_zone(path, &[], limits)?,
            Geometry::Segmentation(zones) => self.set_zones(zones, limits)?,
            _ => return Err(Unusable::Unsupported),
        }
        let extent = self.extent();
        if self.area <= NO_AREA || extent.width() <= NO_SIDE || extent.height() <= NO_SIDE {
            return Err(if self.clipped { Unusable::OutOfBounds } else { Unusable::ZeroArea });
        }
        if self.clipped && bounds == Bounds::Drop {
            return Err(Unusable::OutOfBounds);
        }
        Ok(())
    }

    fn set_box(&mut self, drawn: Extent, size: (f64, f64), limits: Option<(f64, f64)>) -> Result<(), Unusable> {
        let mut extent = drawn;
        self.drawn_size = Some(size);
        if let Some((width, height)) = limits.filter(|&(width, height)| !drawn.is_inside(width, height)) {
            extent = drawn.clipped(width, height);
            (self.clipped, self.drawn_size) = (true, None);
            if extent.area() <= 0.0 && drawn.area() > 0.0 {
                return Err(Unusable::OutOfBounds);
            }
        }
        self.area = self.drawn_size.map_or_else(|| extent.area(), |(width, height)| width * height);
        self.extent = Some(extent);
        self.points.extend_from_slice(&extent.ring());
        self.rings.push(Ring { start: 0, end: 8, hole: false });
        Ok(())
    }

    /// A part that is nothing is left out, as long as another one is something.
    fn set_zones(&mut self, zones: &[crate::types::Zone], limits: Option<(f64, f64)>) -> Result<(), Unusable> {
        let mut fault = Unusable::TooFewPoints;
        for zone in zones {
            match self.add_zone(&zone.region, &zone.holes, limits) {
                Ok(()) => {}
                Err(Unusable::OutOfBounds) => {
                    self.clipped = true;
                    fault = Unusable::OutOfBounds;
                }
                Err(Unusable::Coordinates) => return Err(Unusable::Coordinates),
                Err(other) => {
                    self.dropped_parts += 1;
                    fault = other;
                }
            }
        }
        if self.rings.is_empty() { Err(fault) } else { Ok(()) }
    }

    fn add_zone(&mut self, region: &[f64], holes: &[Vec<f64>], limits: Option<(f64, f64)>) -> Result<(), Unusable> {
        let (kept_rings, kept_points) = (self.rings.len(), self.points.len());
        let mut zone_area = self.add_ring(region, false, limits)?;
        let extent = Extent::of(&self.points[kept_points..]);
        for hole in holes {
            match self.add_ring(hole, true, limits) {
                Ok(cut) => zone_area -= cut,
                Err(Unusable::Coordinates) => return Err(Unusable::Coordinates),
                // A hole that is nothing cuts nothing.
                Err(_) => {}
            }
        }
        if zone_area <= NO_AREA {
            self.rings.truncate(kept_rings);
            self.points.truncate(kept_points);
            return Err(Unusable::ZeroArea);
        }
        self.area += zone_area;
        self.extent = match (self.extent, extent) {
            (Some(a), Some(b)) => Some(a.union(b)),
            (a, b) => a.or(b),
        };
        Ok(())
    }

    fn add_ring(&mut self, ring: &[f64], hole: bool, limits: Option<(f64, f64)>) -> Result<f64, Unusable> {
        if !usable(ring) {
            return Err(Unusable::Coordinates);
        }
        let mut ring = open_ring(ring);
        if ring.len() < 6 {
            return Err(Unusable::TooFewPoints);
        }
        let drawn_area = area(ring);
        if drawn_area <= NO_AREA {
            return Err(Unusable::ZeroArea);
        }
        let mut left_area = drawn_area;
        if let Some((width, height)) = limits {
            match self.clipper.ring(ring, width, height) {
                Clip::Inside => {}
                Clip::Cut(left) => {
                    ring = left;
                    left_area = area(left);
                    self.clipped = true;
                }
                Clip::Outside => left_area = 0.0,
            }
        }
        if left_area <= NO_AREA {
            return Err(Unusable::OutOfBounds);
        }
        let start = self.points.len();
        self.points.extend_from_slice(ring);
        self.rings.push(Ring { start, end: self.points.len(), hole });
        Ok(left_area)
    }

    /// The rings in order, each region followed by its holes, and whether a ring is a hole.
    pub fn rings(&self) -> impl Iterator<Item = (&[f64], bool)> {
        self.rings.iter().map(|ring| (self.ring(ring), ring.hole))
    }

    /// The zones: a region, and its holes.
    pub fn zones(&self) -> impl Iterator<Item = (&[f64], impl Iterator<Item = &[f64]>)> {
        self.rings.chunk_by(|_, next| next.hole).filter_map(|zone| {
            let (region, holes) = zone.split_first()?;
            Some((self.ring(region), holes.iter().map(|hole| self.ring(hole))))
        })
    }

    /// Makes `other` this shape with x and y exchanged: rows of the one are columns of the other.
    pub fn transpose_into(&self, other: &mut Self) {
        other.clone_from(self);
        other.points.chunks_exact_mut(2).for_each(|point| point.swap(0, 1));
        other.drawn_size = self.drawn_size.map(|(width, height)| (height, width));
        other.extent = self.extent.map(|extent| Extent { x0: extent.y0, y0: extent.x0, x1: extent.y1, y1: extent.x1 });
    }

    fn ring(&self, ring: &Ring) -> &[f64] {
        &self.points[ring.start..ring.end]
    }

    /// How many regions it has.
    pub fn parts(&self) -> usize {
        self.rings.iter().filter(|ring| !ring.hole).count()
    }

    /// Whether something is cut out of it.
    pub fn has_holes(&self) -> bool {
        self.rings.iter().any(|ring| ring.hole)
    }

    /// The area in square pixels: ring areas, those of holes subtracted.
    pub fn area(&self) -> f64 {
        self.area
    }

    /// The smallest rectangle around it.
    pub fn extent(&self) -> Extent {
        self.extent.unwrap_or(Extent { x0: 0.0, y0: 0.0, x1: 0.0, y1: 0.0 })
    }

    /// Left, top, width and height. Of an unclipped box exactly what was drawn.
    pub fn bounding_box(&self) -> [f64; 4] {
        let extent = self.extent();
        let (width, height) = self.drawn_size.unwrap_or((extent.width(), extent.height()));
        [extent.x0, extent.y0, width, height]
    }

    /// Whether some of it was cut off at the edges of the image.
    pub fn is_clipped(&self) -> bool {
        self.clipped
    }

    /// How many regions had no area or too few points and were left out.
    pub fn dropped_parts(&self) -> usize {
        self.dropped_parts
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::types::{BoundingBox, Zone};

    fn boxed(x: f64, y: f64, width: f64, height: f64) -> Geometry {
        Geometry::BoundingBox(BoundingBox { x, y, width, height })
    }

    fn ring(x: f64, y: f64, side: f64) -> Vec<f64> {
        Extent { x0: x, y0: y, x1: x + side, y1: y + side }.ring().to_vec()
    }

    const SIZE: Option<(f64, f64)> = Some((100.0, 80.0));

    #[test]
    fn a_box_inside_is_what_was_drawn() {
        let mut shape = Shape::new();
        shape.set(&boxed(0.1, 0.2, 0.7, 0.3), SIZE, Bounds::Clip).unwrap();
        assert_eq!(shape.bounding_box(), [0.1, 0.2, 0.7, 0.3]);
        assert_eq!(shape.area(), 0.7 * 0.3);
        assert!(!shape.is_clipped());
    }

    #[test]
    fn x_and_y_can_be_exchanged() {
        let (mut shape, mut other) = (Shape::new(), Shape::new());
        let zone = Zone { region: vec![10.0, 20.0, 40.0, 20.0, 40.0, 30.0, 10.0, 30.0], holes: vec![vec![12.0, 22.0, 14.0, 22.0, 14.0, 23.0]] };
        shape.set(&Geometry::Segmentation(vec![zone]), SIZE, Bounds::Clip).unwrap();
        shape.transpose_into(&mut other);
        assert_eq!((other.area(), other.bounding_box()), (shape.area(), [20.0, 10.0, 10.0, 30.0]));
        assert_eq!(other.rings().nth(1), Some((&[22.0, 12.0, 22.0, 14.0, 23.0, 14.0][..], true)));
    }

    #[test]
    fn what_leaves_the_image_follows_the_bounds() {
        let mut shape = Shape::new();
        let out = boxed(90.0, 70.0, 20.0, 20.0);
        shape.set(&out, SIZE, Bounds::Clip).unwrap();
        assert_eq!((shape.bounding_box(), shape.area(), shape.is_clipped()), ([90.0, 70.0, 10.0, 10.0], 100.0, true));
        shape.set(&out, SIZE, Bounds::Keep).unwrap();
        assert_eq!((shape.area(), shape.is_clipped()), (400.0, false));
        assert_eq!(shape.set(&out, SIZE, Bounds::Drop), Err(Unusable::OutOfBounds));
        assert_eq!(shape.set(&boxed(100.0, 0.0, 5.0, 5.0), SIZE, Bounds::Clip), Err(Unusable::OutOfBounds));
        shape.set(&out, None, Bounds::Clip).unwrap();
        assert_eq!(shape.area(), 400.0);
    }

    #[test]
    fn holes_are_subtracted_and_zones_added() {
        let mut shape = Shape::new();
        let zones = vec![
            Zone { region: ring(0.0, 0.0, 10.0), holes: vec![ring(2.0, 2.0, 3.0), vec![1.0, 1.0]] },
            Zone { region: vec![], holes: vec![] },
            Zone { region: ring(200.0, 0.0, 10.0), holes: vec![ring(202.0, 2.0, 3.0)] },
            Zone { region: ring(50.0, 50.0, 4.0), holes: vec![] },
        ];
        shape.set(&Geometry::Segmentation(zones), SIZE, Bounds::Clip).unwrap();
        assert_eq!(shape.area(), 100.0 - 9.0 + 16.0);
        assert_eq!((shape.parts(), shape.has_holes(), shape.dropped_parts(), shape.is_clipped()), (2, true, 1, true));
        let zones: Vec<_> = shape.zones().map(|(region, holes)| (area(region), holes.count())).collect();
        assert_eq!(zones, [(100.0, 1), (16.0, 0)]);
        assert_eq!(shape.extent(), Extent { x0: 0.0, y0: 0.0, x1: 54.0, y1: 54.0 });
    }

    #[test]
    fn what_has_no_area_says_why() {
        let mut shape = Shape::new();
        for (geometry, want) in [
            (boxed(1.0, 1.0, 0.0, 5.0), Unusable::ZeroArea),
            (boxed(1e300, 1.0, 1.0, 5.0), Unusable::Coordinates),
            (Geometry::Polygon(vec![1.0, 1.0, 2.0, 2.0, 1.0, 1.0]), Unusable::TooFewPoints),
            (Geometry::Polygon(vec![1.0, 1.0, 2.0, 2.0, 3.0, 3.0]), Unusable::ZeroArea),
            (Geometry::Polygon(vec![1.0, 1.0, f64::NAN, 2.0, 3.0, 9.0]), Unusable::Coordinates),
            (Geometry::Polygon(ring(-20.0, 0.0, 10.0)), Unusable::OutOfBounds),
            (Geometry::Segmentation(vec![]), Unusable::TooFewPoints),
            (Geometry::Segmentation(vec![Zone { region: ring(1.0, 1.0, 2.0), holes: vec![ring(1.0, 1.0, 2.0)] }]), Unusable::ZeroArea),
            (Geometry::Polyline(ring(0.0, 0.0, 1.0)), Unusable::Unsupported),
        ] {
            assert_eq!(shape.set(&geometry, SIZE, Bounds::Clip), Err(want), "{geometry:?}");
        }
    }
}
