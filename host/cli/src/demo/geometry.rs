//! Points, closed rings and the few curves that the drawings are made of.
//!
//! Pixels, origin at the top-left corner of the image, x to the right, y down. Only the four basic operations and the square
//! root are used, which IEEE 754 fixes to the last bit: the library's sine may differ between platforms, and then so would the project.

/// A position in pixels, `[x, y]`.
pub type Point = [f64; 2];

/// A closed outline; the first point is not repeated at the end.
pub type Ring = Vec<Point>;

/// Sine and cosine of an angle in degrees, the same on every platform.
pub fn sin_cos(degrees: f64) -> (f64, f64) {
    let quarter = (degrees / 90.0).round();
    let angle = (degrees - quarter * 90.0) * (std::f64::consts::PI / 180.0);
    // Within 45 degrees the ninth term of either Taylor series is below the last bit of a double.
    let square = angle * angle;
    let (mut sine, mut cosine) = (0.0, 0.0);
    let (mut odd, mut even) = (angle, 1.0);
    for term in 1..=9 {
        sine += odd;
        cosine += even;
        let n = f64::from(2 * term);
        odd *= -square / (n * (n + 1.0));
        even *= -square / (n * (n - 1.0));
    }
    match quarter.rem_euclid(4.0) as u8 {
        0 => (sine, cosine),
        1 => (cosine, -sine),
        2 => (-sine, -cosine),
        _ => (-cosine, sine),
    }
}

/// Where and how a shape that is described around its own origin lands in the picture.
#[derive(Debug, Clone, Copy)]
pub struct Placement {
    origin: Point,
    scale: f64,
    mirrored: bool,
    sine: f64,
    cosine: f64,
}

impl Placement {
    /// Puts the shape's origin at `(x, y)`, unscaled and upright.
    pub fn at(x: f64, y: f64) -> Self {
        Self { origin: [x, y], scale: 1.0, mirrored: false, sine: 0.0, cosine: 1.0 }
    }

    /// Multiplies all lengths by `factor`.
    pub fn scaled(self, factor: f64) -> Self {
        Self { scale: self.scale * factor, ..self }
    }

    /// Mirrors left and right when `mirrored` is set.
    pub fn mirrored(self, mirrored: bool) -> Self {
        Self { mirrored, ..self }
    }

    /// Turns the shape about its origin, clockwise on screen, in degrees.
    pub fn turned(self, degrees: f64) -> Self {
        let (sine, cosine) = sin_cos(degrees);
        Self { sine, cosine, ..self }
    }

    /// The picture position of a point of the shape.
    pub fn place(&self, [x, y]: Point) -> Point {
        let x = if self.mirrored { -x } else { x } * self.scale;
        let y = y * self.scale;
        [self.origin[0] + x * self.cosine - y * self.sine, self.origin[1] + x * self.sine + y * self.cosine]
    }

    /// The picture outline of a ring of the shape.
    pub fn ring(&self, ring: &[Point]) -> Ring {
        ring.iter().map(|&point| self.place(point)).collect()
    }
}

/// An axis-parallel rectangle with its upper left corner at `(x, y)`.
pub fn rectangle(x: f64, y: f64, width: f64, height: f64) -> Ring {
    vec![[x, y], [x, y + height], [x + width, y + height], [x + width, y]]
}

/// A rectangle whose corners are rounded with `radius`.
pub fn rounded(x: f64, y: f64, width: f64, height: f64, radius: f64) -> Ring {
    let radius = radius.min(width / 2.0).min(height / 2.0);
    let mut ring = Ring::with_capacity(28);
    for (corner, [cx, cy]) in
        [[x + width - radius, y + height - radius], [x + radius, y + height - radius], [x + radius, y + radius], [x + width - radius, y + radius]]
            .into_iter()
            .enumerate()
    {
        for step in 0..=6 {
            let (sine, cosine) = sin_cos(corner as f64 * 90.0 + f64::from(step) * 15.0);
            ring.push([cx + radius * cosine, cy + radius * sine]);
        }
    }
    ring
}

/// An ellipse around `(x, y)` as a polygon fine enough for the eye.
pub fn ellipse(x: f64, y: f64, across: f64, down: f64) -> Ring {
    let steps = if across.max(down) > 40.0 { 72 } else { 36 };
    (0..steps)
        .map(|step| {
            let (sine, cosine) = sin_cos(f64::from(step) * 360.0 / f64::from(steps));
            [x + across * cosine, y + down * sine]
        })
        .collect()
}

/// A circle of `radius` around `(x, y)`.
pub fn circle(x: f64, y: f64, radius: f64) -> Ring {
    ellipse(x, y, radius, radius)
}

/// A line from `from` to `to` with round ends, `start` and `end` being its half widths: limbs, poles, branches.
pub fn capsule(from: Point, to: Point, start: f64, end: f64) -> Ring {
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let length = (dx * dx + dy * dy).sqrt();
    if length < 1e-9 {
        return circle(from[0], from[1], start.max(end));
    }
    let (ux, uy) = (dx / length, dy / length);
    let mut ring = Ring::with_capacity(18);
    for (centre, radius, turn) in [(to, end, -90.0), (from, start, 90.0)] {
        for step in 0..=8 {
            let (sine, cosine) = sin_cos(turn + f64::from(step) * 22.5);
            ring.push([centre[0] + radius * (ux * cosine - uy * sine), centre[1] + radius * (uy * cosine + ux * sine)]);
        }
    }
    ring
}

/// An outline drawn with straight lines and quadratic curves.
#[derive(Debug)]
pub struct Pen(Ring);

impl Pen {
    /// Sets the pen down at `(x, y)`.
    pub fn start(x: f64, y: f64) -> Self {
        Self(vec![[x, y]])
    }

    /// A straight line to `(x, y)`.
    pub fn line(mut self, x: f64, y: f64) -> Self {
        self.0.push([x, y]);
        self
    }

    /// A quadratic Bézier curve to `to`, pulled towards `control`.
    pub fn curve(mut self, control: Point, to: Point) -> Self {
        let from = self.0.last().copied().unwrap_or(control);
        for step in 1..=8 {
            let t = f64::from(step) / 8.0;
            let (a, b, c) = ((1.0 - t) * (1.0 - t), 2.0 * t * (1.0 - t), t * t);
            self.0.push([a * from[0] + b * control[0] + c * to[0], a * from[1] + b * control[1] + c * to[1]]);
        }
        self
    }

    /// The outline, closed by a straight line.
    pub fn close(self) -> Ring {
        self.0
    }
}

/// The part of a convex ring within a picture of `width` by `height`; empty when there is none (Sutherland and Hodgman).
pub fn clipped(ring: &[Point], width: f64, height: f64) -> Ring {
    let edges = [(0, 1.0, 0.0), (0, -1.0, -width), (1, 1.0, 0.0), (1, -1.0, -height)];
    edges.iter().fold(ring.to_vec(), |ring, &(axis, side, limit)| {
        let depth = |point: &Point| side * point[axis] - limit;
        let mut kept = Ring::with_capacity(ring.len() + 2);
        for (from, to) in ring.iter().zip(ring.iter().cycle().skip(1)) {
            let (start, end) = (depth(from), depth(to));
            if start >= 0.0 {
                kept.push(*from);
            }
            if (start >= 0.0) != (end >= 0.0) {
                let share = start / (start - end);
                kept.push([from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]);
            }
        }
        kept
    })
}

/// The smallest upright box around some points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

impl Bounds {
    /// The box around `points`, or nothing when there are none.
    pub fn around<'a>(points: impl IntoIterator<Item = &'a Point>) -> Option<Self> {
        points.into_iter().fold(None, |bounds: Option<Self>, &[x, y]| {
            let b = bounds.unwrap_or(Self { left: x, top: y, right: x, bottom: y });
            Some(Self { left: b.left.min(x), top: b.top.min(y), right: b.right.max(x), bottom: b.bottom.max(y) })
        })
    }

    /// Extent in x.
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// Extent in y.
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// Area in square pixels.
    pub fn area(&self) -> f64 {
        self.width().max(0.0) * self.height().max(0.0)
    }

    /// The area that both boxes share.
    pub fn shared(&self, other: &Self) -> f64 {
        let width = self.right.min(other.right) - self.left.max(other.left);
        let height = self.bottom.min(other.bottom) - self.top.max(other.top);
        width.max(0.0) * height.max(0.0)
    }

    /// Intersection over union, 0 to 1; 0 when both are empty.
    pub fn overlap(&self, other: &Self) -> f64 {
        let shared = self.shared(other);
        let union = self.area() + other.area() - shared;
        if union > 0.0 { shared / union } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sine_and_cosine_agree_with_the_library() {
        for tenth in -7200..=7200 {
            let degrees = f64::from(tenth) / 10.0;
            let (sine, cosine) = sin_cos(degrees);
            let (known_sine, known_cosine) = degrees.to_radians().sin_cos();
            assert!((sine - known_sine).abs() < 1e-14, "sine of {degrees}");
            assert!((cosine - known_cosine).abs() < 1e-14, "cosine of {degrees}");
        }
    }

    #[test]
    fn overlap_of_half_covered_boxes_is_a_third() {
        let left = Bounds { left: 0.0, top: 0.0, right: 2.0, bottom: 1.0 };
        let right = Bounds { left: 1.0, top: 0.0, right: 3.0, bottom: 1.0 };
        assert!((left.overlap(&right) - 1.0 / 3.0).abs() < 1e-12);
        let far = Bounds { left: 9.0, top: 9.0, right: 10.0, bottom: 10.0 };
        assert_eq!(left.overlap(&far), 0.0);
    }

    #[test]
    fn clipping_keeps_what_lies_in_the_picture() {
        let inside = rectangle(1.0, 1.0, 2.0, 2.0);
        assert_eq!(clipped(&inside, 10.0, 10.0), inside);
        assert!(clipped(&rectangle(20.0, 1.0, 2.0, 2.0), 10.0, 10.0).is_empty());
        let half = clipped(&rectangle(-5.0, 4.0, 10.0, 20.0), 10.0, 10.0);
        let bounds = Bounds::around(&half);
        assert_eq!(bounds, Some(Bounds { left: 0.0, top: 4.0, right: 5.0, bottom: 10.0 }));
    }

    #[test]
    fn a_quarter_turn_carries_x_to_y() {
        let [x, y] = Placement::at(10.0, 20.0).turned(90.0).place([5.0, 0.0]);
        assert!((x - 10.0).abs() < 1e-12 && (y - 25.0).abs() < 1e-12);
    }
}
