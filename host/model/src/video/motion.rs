//! How a geometry moves from one key frame to the next.
//!
//! Boxes, points, polygons and segmentations move coordinate by coordinate, as long as both key frames have the same number of points in the same parts;
//! which point of one ring became which of another is not known otherwise. A rotated box does not: a corner that moves in a straight line while the box turns would
//! cut the circle short, so that the box shrinks on the way (to nothing at half a turn) and is no rectangle when its sizes change as well.
//! It moves as a rigid body instead: its centre, its sizes and its angle change evenly, and the corners follow from them.

use super::GEOMETRY_KEYS;
use crate::json::{Kind, Member, Value};

/// Beyond this nothing is a pixel. Within it no sum of ours overflows.
const LARGEST: f64 = 1e15;

/// Where the number of a slot comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Source {
    /// It changes evenly.
    Linear { from: f64, to: f64 },
    /// This one of the numbers of a turned box.
    Turned(usize),
}

/// The numbers of a geometry that change, in no order, and how.
#[derive(Default)]
pub(super) struct Path<'a, 'd> {
    pub(super) slots: Vec<(Value<'a, 'd>, Source)>,
    pub(super) motion: Motion,
}

/// The motion of a geometry as a whole.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) enum Motion {
    /// Each number for itself.
    #[default]
    Parts,
    /// A rotated box.
    Rigid { from: Pose, to: Pose },
}

/// A rotated box by what a rigid body has. The rotation is in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pose {
    centre: [f64; 2],
    size: [f64; 2],
    rotation: f64,
}

/// The numbers of a turned box: `x`, `y`, `width`, `height`, `rotation`, and the corners from here on.
const CORNERS: usize = 5;

/// The motion from key frame `a` to key frame `b`; `None` when `a` is held.
pub(super) fn between<'a, 'd>(a: &Value<'a, 'd>, b: &Value<'_, '_>) -> Option<Path<'a, 'd>> {
    let (a, b) = (geometry(a)?, geometry(b)?);
    if a.key != b.key {
        return None;
    }
    let (key, a, b) = (a.key, &a.value, &b.value);
    let mut path = Path::default();
    match key {
        "bounding-box" => bounding_box(&mut path, a, b)?,
        "rotated-bounding-box" => rotated_box(&mut path, a, b)?,
        "point" => point(&mut path, a, b)?,
        "polygon" => ring(&mut path, a, b)?,
        "segmentation" => pairs(list(a, "zones")?, list(b, "zones")?, |a, b| zone(&mut path, a, b))?,
        _ => return None,
    }
    Some(path)
}

/// The number on the way from `from` to `to`. In this order a whole number comes out exact wherever it is one, and what stands still stays.
#[inline]
pub(super) fn linear(from: f64, to: f64, step: f64, steps: f64) -> f64 {
    from + (to - from) * step / steps
}

impl Motion {
    /// The numbers of a turned box after `step` of `steps`; zeros for anything else.
    #[inline]
    pub(super) fn at(&self, step: f64, steps: f64) -> [f64; 13] {
        match self {
            Self::Parts => [0.0; 13],
            Self::Rigid { from, to } => from.towards(to, step, steps).numbers(),
        }
    }
}

impl Pose {
    fn towards(&self, to: &Self, step: f64, steps: f64) -> Self {
        let way = |from: f64, to: f64| linear(from, to, step, steps);
        // The shorter way round; half a turn goes up.
        let turn = half_turn(to.rotation - self.rotation);
        Self {
            centre: [way(self.centre[0], to.centre[0]), way(self.centre[1], to.centre[1])],
            size: [way(self.size[0], to.size[0]), way(self.size[1], to.size[1])],
            rotation: half_turn(way(self.rotation, self.rotation + turn)),
        }
    }

    /// The corners in the export's order: top-left, bottom-left, bottom-right, top-right of the box before it was turned; `x` and `y` are those of the first.
    fn numbers(&self) -> [f64; 13] {
        let (sin, cos) = self.rotation.to_radians().sin_cos();
        let [width, height] = self.size;
        let (right, down) = ([width * cos, width * sin], [-height * sin, height * cos]);
        let x = self.centre[0] - (right[0] + down[0]) / 2.0;
        let y = self.centre[1] - (right[1] + down[1]) / 2.0;
        let (bottom_x, bottom_y) = (x + down[0], y + down[1]);
        [x, y, width, height, self.rotation, x, y, bottom_x, bottom_y, bottom_x + right[0], bottom_y + right[1], x + right[0], y + right[1]]
    }
}

/// The same direction in (-180, 180].
fn half_turn(degrees: f64) -> f64 {
    if degrees > -180.0 && degrees <= 180.0 {
        return degrees;
    }
    let turned = degrees.rem_euclid(360.0);
    if turned > 180.0 { turned - 360.0 } else { turned }
}

/// The one geometry of a tool; with several it is not clear which one is meant.
fn geometry<'a, 'd>(tool: &Value<'a, 'd>) -> Option<Member<'a, 'd>> {
    let mut geometries = tool.members().filter(|member| GEOMETRY_KEYS.contains(&member.key));
    geometries.next().filter(|_| geometries.next().is_none())
}

fn number(value: &Value<'_, '_>) -> Option<f64> {
    value.as_f64().filter(|number| number.abs() <= LARGEST)
}

/// The members `keys` of an object; `None` when one of them is there twice, since readers differ in which one they take.
fn fields<'a, 'd, const N: usize>(object: &Value<'a, 'd>, keys: [&str; N]) -> Option<[Option<Value<'a, 'd>>; N]> {
    if object.kind() != Kind::Object {
        return None;
    }
    let mut found = [None; N];
    for member in object.members() {
        if let Some(index) = keys.iter().position(|key| *key == member.key) {
            if found[index].is_some() {
                return None;
            }
            found[index] = Some(member.value);
        }
    }
    Some(found)
}

/// The list `key` of an object; nothing when it is absent or `null`.
fn list<'a, 'd>(object: &Value<'a, 'd>, key: &str) -> Option<Option<Value<'a, 'd>>> {
    let [list] = fields(object, [key])?;
    match list.map(|list| list.kind()) {
        None | Some(Kind::Null) => Some(None),
        Some(Kind::Array) => Some(list),
        Some(_) => None,
    }
}

/// Goes through two lists of one length.
fn pairs<'a, 'd, 'x, 'y>(
    a: Option<Value<'a, 'd>>,
    b: Option<Value<'x, 'y>>,
    mut each: impl FnMut(&Value<'a, 'd>, &Value<'x, 'y>) -> Option<()>,
) -> Option<()> {
    let mut a = a.into_iter().flat_map(|list| list.elements());
    let mut b = b.into_iter().flat_map(|list| list.elements());
    loop {
        match (a.next(), b.next()) {
            (None, None) => return Some(()),
            (Some(a), Some(b)) => each(&a, &b)?,
            _ => return None,
        }
    }
}

fn zone<'a, 'd>(path: &mut Path<'a, 'd>, a: &Value<'a, 'd>, b: &Value<'_, '_>) -> Option<()> {
    pairs(list(a, "region")?, list(b, "region")?, |a, b| point(path, a, b))?;
    pairs(list(a, "holes")?, list(b, "holes")?, |a, b| ring(path, a, b))
}

fn ring<'a, 'd>(path: &mut Path<'a, 'd>, a: &Value<'a, 'd>, b: &Value<'_, '_>) -> Option<()> {
    if a.kind() != Kind::Array || b.kind() != Kind::Array {
        return None;
    }
    pairs(Some(*a), Some(*b), |a, b| point(path, a, b))
}

/// The first two numbers of a list.
fn coordinates<'a, 'd>(value: &Value<'a, 'd>) -> Option<[(Value<'a, 'd>, f64); 2]> {
    let mut elements = value.elements();
    let (x, y) = (elements.next()?, elements.next()?);
    Some([(x, number(&x)?), (y, number(&y)?)])
}

fn point<'a, 'd>(path: &mut Path<'a, 'd>, a: &Value<'a, 'd>, b: &Value<'_, '_>) -> Option<()> {
    for ((slot, from), (_, to)) in coordinates(a)?.into_iter().zip(coordinates(b)?) {
        path.slots.push((slot, Source::Linear { from, to }));
    }
    Some(())
}

fn bounding_box<'a, 'd>(path: &mut Path<'a, 'd>, a: &Value<'a, 'd>, b: &Value<'_, '_>) -> Option<()> {
    const KEYS: [&str; 4] = ["x", "y", "width", "height"];
    let (a, b) = (fields(a, KEYS)?, fields(b, KEYS)?);
    for ((slot, from), to) in a.iter().zip(upright(&a)?).zip(upright(&b)?) {
        path.slots.push(((*slot)?, Source::Linear { from, to }));
    }
    Some(())
}

/// A box by its top-left corner, also where it was drawn from another one.
fn upright(fields: &[Option<Value<'_, '_>>; 4]) -> Option<[f64; 4]> {
    let [x, y, width, height] = fields.map(|field| field.as_ref().and_then(number));
    let (width, height) = (width?, height?);
    Some([x? + width.min(0.0), y? + height.min(0.0), width.abs(), height.abs()])
}

fn rotated_box<'a, 'd>(path: &mut Path<'a, 'd>, a: &Value<'a, 'd>, b: &Value<'_, '_>) -> Option<()> {
    const KEYS: [&str; 6] = ["x", "y", "width", "height", "rotation", "corners"];
    let (a, b) = (fields(a, KEYS)?, fields(b, KEYS)?);
    path.motion = Motion::Rigid { from: pose(&a)?, to: pose(&b)? };
    for (index, slot) in a.iter().take(CORNERS).enumerate().filter_map(|(index, slot)| Some((index, (*slot)?))) {
        // The corners make do without `x` and `y`, but what is there has to be a number to be replaced by one.
        number(&slot)?;
        path.slots.push((slot, Source::Turned(index)));
    }
    let corners = a[CORNERS].into_iter().flat_map(|corners| corners.elements());
    for (index, corner) in corners.enumerate() {
        for (axis, (slot, _)) in coordinates(&corner)?.into_iter().enumerate() {
            path.slots.push((slot, Source::Turned(CORNERS + 2 * index + axis)));
        }
    }
    Some(())
}

/// From the fields of a rotated box. Its corners say where it is; without them `x` and `y` are its first one, which is how exports mean them.
fn pose(fields: &[Option<Value<'_, '_>>; 6]) -> Option<Pose> {
    let [x, y, width, height, rotation, corners] = fields;
    let read = |field: &Option<Value<'_, '_>>| field.as_ref().and_then(number);
    let (width, height, rotation) = (read(width)?, read(height)?, read(rotation)?);
    let centre = match corners.filter(|corners| !corners.is_null()) {
        Some(corners) => {
            let (mut centre, mut count) = ([0.0; 2], 0);
            for corner in corners.elements() {
                let [(_, x), (_, y)] = coordinates(&corner)?;
                centre = [centre[0] + x / 4.0, centre[1] + y / 4.0];
                count += 1;
            }
            (count == 4).then_some(centre)?
        }
        None => {
            let (sin, cos) = rotation.to_radians().sin_cos();
            [read(x)? + (width * cos - height * sin) / 2.0, read(y)? + (width * sin + height * cos) / 2.0]
        }
    };
    Some(Pose { centre, size: [width.abs(), height.abs()], rotation: half_turn(rotation) })
}
