//! What can be read but is suspicious: where objects are. What has the wrong type is passed by; the table has told about it.

use super::problem::Log;
use crate::json::{Kind, Value};

/// How far outside of the image a point may lie, in pixels: annotators draw along the edge.
const MARGIN: f64 = 1.0;

/// How far a corner may be from where it should, as a part of the box's longer edge.
const CORNER_TOLERANCE: f64 = 1e-6;

/// What objects are drawn on.
pub(super) struct Canvas {
    /// Width and height in pixels, when known.
    pub(super) size: Option<[f64; 2]>,
    /// The asset is one image or video. Of several images, only the first one's size is known.
    pub(super) same_for_all_pages: bool,
}

impl Canvas {
    /// Reports what is suspicious in the value of a geometry key. Tells whether the geometry is in pixels of an image.
    pub(super) fn geometry<'a>(&self, log: &mut Log<'a, '_>, key: &str, value: &Value<'a, '_>, page: u64) -> bool {
        let size = self.size.filter(|_| self.same_for_all_pages || page == 0);
        let view = View { size };
        match key {
            "bounding-box" => view.bounding_box(log, value),
            "rotated-bounding-box" => view.rotated_box(log, value),
            "polygon" => view.ring(log, value),
            "polyline" => view.polyline(log, value),
            "segmentation" => view.segmentation(log, value),
            "point" => {
                if let Some(point) = point(value)
                    && !view.holds(point)
                {
                    view.outside(log, value, point, 0);
                }
            }
            "spline" => return true,
            _ => return false,
        }
        true
    }
}

/// The image that one object is drawn on.
struct View {
    size: Option<[f64; 2]>,
}

impl View {
    fn holds(&self, point: [f64; 2]) -> bool {
        self.size.is_none_or(|size| (0..2).all(|axis| point[axis] >= -MARGIN && point[axis] <= size[axis] + MARGIN))
    }

    fn outside(&self, log: &mut Log<'_, '_>, value: &Value<'_, '_>, point: [f64; 2], others: usize) {
        let [width, height] = self.size.unwrap_or_default();
        log.warn(value, "outside-image", || {
            let more = if others > 0 { format!(", and so are {others} others") } else { String::new() };
            format!("({}, {}) is outside of the image of {width} x {height} pixels{more}", point[0], point[1])
        });
    }

    fn bounding_box<'a>(&self, log: &mut Log<'a, '_>, value: &Value<'a, '_>) {
        negative_sizes(log, value);
        if let (Some(x), Some(y), Some(width), Some(height)) =
            (number(value, "x"), number(value, "y"), number(value, "width"), number(value, "height"))
        {
            self.corners(log, value, &[[x, y], [x + width, y + height]]);
        }
    }

    fn rotated_box<'a>(&self, log: &mut Log<'a, '_>, value: &Value<'a, '_>) {
        negative_sizes(log, value);
        let computed = rotated_corners(value);
        match value.get("corners").filter(|corners| !corners.is_null()) {
            Some(corners) => {
                log.enter("corners");
                self.points(log, &corners);
                let stored: Vec<[f64; 2]> = corners.elements().filter_map(|corner| point(&corner)).collect();
                if let Some((computed, tolerance)) = computed
                    && stored.len() == 4
                    && !stored.iter().zip(&computed).all(|(a, b)| (a[0] - b[0]).abs() <= tolerance && (a[1] - b[1]).abs() <= tolerance)
                {
                    log.warn(&corners, "corners-mismatch", || {
                        "the corners are not those of x, y, width, height and rotation: the corners count".to_owned()
                    });
                }
                log.leave();
            }
            None => {
                if let Some((computed, _)) = computed {
                    self.corners(log, value, &computed);
                }
            }
        }
    }

    fn corners(&self, log: &mut Log<'_, '_>, value: &Value<'_, '_>, corners: &[[f64; 2]]) {
        if let Some(corner) = corners.iter().find(|corner| !self.holds(**corner)) {
            self.outside(log, value, *corner, 0);
        }
    }

    /// Reports the first point outside of the image.
    fn points<'a>(&self, log: &mut Log<'a, '_>, list: &Value<'a, '_>) {
        let mut outside = list.elements().enumerate().filter_map(|(index, value)| {
            let point = point(&value)?;
            (!self.holds(point)).then_some((index, value, point))
        });
        if let Some((index, value, point)) = outside.next() {
            let others = outside.count();
            log.enter_index(index);
            self.outside(log, &value, point, others);
            log.leave();
        }
    }

    fn polyline<'a>(&self, log: &mut Log<'a, '_>, value: &Value<'a, '_>) {
        let count = value.elements().count();
        if matches!(value.kind(), Kind::Array | Kind::Null) && count < 2 {
            log.warn(value, "few-points", || format!("a line of {count} points"));
        }
        self.points(log, value);
    }

    fn ring<'a>(&self, log: &mut Log<'a, '_>, value: &Value<'a, '_>) {
        if !matches!(value.kind(), Kind::Array | Kind::Null) {
            return;
        }
        let (mut count, mut last) = (0usize, None);
        for element in value.elements() {
            count += 1;
            last = Some(element);
        }
        let first = value.elements().next().and_then(|first| point(&first));
        let closed = count > 1 && first.is_some() && last.and_then(|last| point(&last)) == first;
        if closed && let Some(last) = last {
            log.enter_index(count - 1);
            log.warn(&last, "closed-ring", || "the ring repeats its first point at the end: rings of the format are open".to_owned());
            log.leave();
            count -= 1;
        }
        if count < 3 {
            log.warn(value, "few-points", || format!("a ring of {count} points has no area"));
        }
        self.points(log, value);
    }

    fn segmentation<'a>(&self, log: &mut Log<'a, '_>, value: &Value<'a, '_>) {
        let zones = value.get("zones");
        if value.kind() == Kind::Object && zones.is_none_or(|zones| zones.elements().all(|zone| zone.is_null())) {
            log.warn(value, "empty-region", || "the segmentation has no zones".to_owned());
        }
        let Some(zones) = zones else { return };
        log.enter("zones");
        for (index, zone) in zones.elements().enumerate().filter(|(_, zone)| zone.kind() == Kind::Object) {
            log.enter_index(index);
            self.zone(log, &zone);
            log.leave();
        }
        log.leave();
    }

    fn zone<'a>(&self, log: &mut Log<'a, '_>, zone: &Value<'a, '_>) {
        let holes = zone.get("holes");
        let has_holes = holes.is_some_and(|holes| holes.elements().any(|hole| !hole.is_null()));
        match zone.get("region").filter(|region| region.kind() != Kind::Array || region.elements().next().is_some()) {
            Some(region) if !region.is_null() => {
                log.enter("region");
                self.ring(log, &region);
                log.leave();
            }
            _ if has_holes => log.warn(zone, "hole-without-region", || "holes are cut out of a region that has no points".to_owned()),
            _ => log.warn(zone, "empty-region", || "the region has no points".to_owned()),
        }
        if let Some(holes) = holes {
            log.enter("holes");
            for (index, hole) in holes.elements().enumerate().filter(|(_, hole)| hole.kind() == Kind::Array) {
                log.enter_index(index);
                self.ring(log, &hole);
                log.leave();
            }
            log.leave();
        }
    }
}

fn negative_sizes<'a>(log: &mut Log<'a, '_>, value: &Value<'a, '_>) {
    for key in ["width", "height"] {
        if let Some(member) = value.get(key)
            && let Some(size) = member.as_f64().filter(|size| *size < 0.0)
        {
            log.enter(key);
            log.warn(&member, "negative-size", || format!("the {key} is {size}: the box was drawn from another corner than the top-left one"));
            log.leave();
        }
    }
}

/// The corners that follow from x, y, width, height and rotation (`ango-v3.md` 1.3.2), and how far each may be off.
fn rotated_corners(value: &Value<'_, '_>) -> Option<([[f64; 2]; 4], f64)> {
    let [x, y, width, height, rotation] = ["x", "y", "width", "height", "rotation"].map(|key| number(value, key));
    let (x, y, width, height) = (x?, y?, width?, height?);
    let (sin, cos) = rotation?.to_radians().sin_cos();
    let (right, down) = ([width * cos, width * sin], [-height * sin, height * cos]);
    let corners = [[x, y], [x + down[0], y + down[1]], [x + down[0] + right[0], y + down[1] + right[1]], [x + right[0], y + right[1]]];
    Some((corners, CORNER_TOLERANCE * width.abs().max(height.abs())))
}

fn number(value: &Value<'_, '_>, key: &str) -> Option<f64> {
    value.get(key)?.as_f64()
}

/// The first two numbers of a list.
fn point(value: &Value<'_, '_>) -> Option<[f64; 2]> {
    let mut elements = value.elements();
    Some([elements.next()?.as_f64()?, elements.next()?.as_f64()?])
}
