//! Open lines and points in an image: the counterpart of [`Shape`](super::Shape) for what has no area.

use super::{Bounds, Extent, Unusable, usable, within};

/// An open line, cut at the edges of the image where that is asked for. Made once and [`set`](Self::set) for every object.
#[derive(Clone, Debug, Default)]
pub struct Line {
    points: Vec<f64>,
    piece: Vec<f64>,
    clipped: bool,
    dropped_parts: usize,
}

impl Line {
    /// A line without points.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a path (x0, y0, x1, y1, ...; two points at least). `size` is the image's width and height in pixels; without it nothing is clipped.
    /// Of a line that leaves the image several times the longest piece in it is taken.
    ///
    /// # Errors
    ///
    /// When no line of any length is left; what it holds then means nothing.
    pub fn set(&mut self, path: &[f64], size: Option<(f64, f64)>, bounds: Bounds) -> Result<(), Unusable> {
        self.points.clear();
        (self.clipped, self.dropped_parts) = (false, 0);
        let path = &path[..path.len() & !1];
        if !usable(path) {
            return Err(Unusable::Coordinates);
        }
        if path.len() < 4 {
            return Err(Unusable::TooFewPoints);
        }
        let limits = size.filter(|_| bounds != Bounds::Keep);
        let is_inside = |(width, height): (f64, f64)| Extent::of(path).is_some_and(|extent| extent.is_inside(width, height));
        match limits.filter(|size| !is_inside(*size)) {
            None => self.points.extend_from_slice(path),
            Some(_) if bounds == Bounds::Drop => return Err(Unusable::OutOfBounds),
            Some(size) => self.clip(path, size),
        }
        if length(&self.points) > 0.0 {
            Ok(())
        } else if self.clipped {
            Err(Unusable::OutOfBounds)
        } else {
            Err(Unusable::ZeroArea)
        }
    }

    /// Takes the longest piece inside.
    fn clip(&mut self, path: &[f64], (width, height): (f64, f64)) {
        self.clipped = true;
        let mut pieces = 0;
        self.piece.clear();
        for (from, to) in path.chunks_exact(2).zip(path[2..].chunks_exact(2)) {
            let (from, to) = ([from[0], from[1]], [to[0], to[1]]);
            let Some((enter, leave)) = inside(from, to, width, height) else {
                pieces += self.end_piece();
                continue;
            };
            let at = |part: f64| [within(from[0] + (to[0] - from[0]) * part, width), within(from[1] + (to[1] - from[1]) * part, height)];
            if enter > 0.0 || self.piece.is_empty() {
                pieces += self.end_piece();
                self.piece.extend_from_slice(&at(enter));
            }
            self.piece.extend_from_slice(&if leave < 1.0 { at(leave) } else { to });
            if leave < 1.0 {
                pieces += self.end_piece();
            }
        }
        pieces += self.end_piece();
        self.dropped_parts = pieces.max(1) - 1;
    }

    /// Keeps the piece if it is the longest so far, and counts it if it has a length.
    fn end_piece(&mut self) -> usize {
        let own = length(&self.piece);
        if own > length(&self.points) {
            std::mem::swap(&mut self.points, &mut self.piece);
        }
        self.piece.clear();
        usize::from(own > 0.0)
    }

    /// The points, flat.
    pub fn points(&self) -> &[f64] {
        &self.points
    }

    /// Whether some of it was cut off at the edges of the image.
    pub fn is_clipped(&self) -> bool {
        self.clipped
    }

    /// How many other pieces of it there were in the image.
    pub fn dropped_parts(&self) -> usize {
        self.dropped_parts
    }
}

/// Whether a point is of use in an image of this size: with [`Bounds::Keep`], or without a size, wherever it is.
///
/// # Errors
///
/// When it is not.
pub fn check_point(x: f64, y: f64, size: Option<(f64, f64)>, bounds: Bounds) -> Result<(), Unusable> {
    if !usable(&[x, y]) {
        return Err(Unusable::Coordinates);
    }
    let limits = size.filter(|_| bounds != Bounds::Keep);
    let is_inside = |(width, height): (f64, f64)| Extent { x0: x, y0: y, x1: x, y1: y }.is_inside(width, height);
    if limits.is_none_or(is_inside) { Ok(()) } else { Err(Unusable::OutOfBounds) }
}

fn length(path: &[f64]) -> f64 {
    if path.len() < 4 {
        return 0.0;
    }
    path.chunks_exact(2).zip(path[2..].chunks_exact(2)).map(|(a, b)| (b[0] - a[0]).hypot(b[1] - a[1])).sum()
}

/// From which to which part of a stretch it is inside the image (Liang and Barsky); `None` if nowhere.
fn inside(from: [f64; 2], to: [f64; 2], width: f64, height: f64) -> Option<(f64, f64)> {
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (axis, limit) in [(0, width), (1, height)] {
        let step = to[axis] - from[axis];
        for (towards, room) in [(-step, from[axis]), (step, limit - from[axis])] {
            if towards == 0.0 {
                if room < 0.0 {
                    return None;
                }
            } else if towards < 0.0 {
                enter = enter.max(room / towards);
            } else {
                leave = leave.min(room / towards);
            }
        }
    }
    (enter <= leave).then_some((enter, leave))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;

    const SIZE: Option<(f64, f64)> = Some((10.0, 10.0));

    fn clipped(path: &[f64]) -> Result<(Vec<f64>, usize), Unusable> {
        let mut line = Line::new();
        line.set(path, SIZE, Bounds::Clip)?;
        Ok((line.points().to_vec(), line.dropped_parts()))
    }

    #[test]
    fn lines_are_cut_at_the_edges() {
        assert_eq!(clipped(&[1.0, 1.0, 9.0, 9.0]), Ok((vec![1.0, 1.0, 9.0, 9.0], 0)));
        assert_eq!(clipped(&[-5.0, 5.0, 5.0, 5.0, 5.0, 20.0]), Ok((vec![0.0, 5.0, 5.0, 5.0, 5.0, 10.0], 0)));
        // Out and in again: the longer piece stays.
        assert_eq!(clipped(&[8.0, 1.0, 12.0, 1.0, 12.0, 5.0, 2.0, 5.0]), Ok((vec![10.0, 5.0, 2.0, 5.0], 1)));
        assert_eq!(clipped(&[20.0, 1.0, 30.0, 1.0]), Err(Unusable::OutOfBounds));
        // Past a corner, inside of the box of both ends.
        assert_eq!(clipped(&[9.0, -5.0, 15.0, 1.0]), Err(Unusable::OutOfBounds));
    }

    #[test]
    fn what_is_no_line_says_why() {
        let mut line = Line::new();
        assert_eq!(line.set(&[1.0, 1.0], SIZE, Bounds::Clip), Err(Unusable::TooFewPoints));
        assert_eq!(line.set(&[1.0, 1.0, 1.0, 1.0], SIZE, Bounds::Clip), Err(Unusable::ZeroArea));
        assert_eq!(line.set(&[1.0, 1.0, f64::NAN, 1.0], SIZE, Bounds::Keep), Err(Unusable::Coordinates));
        assert_eq!(line.set(&[1.0, 1.0, 11.0, 1.0], SIZE, Bounds::Drop), Err(Unusable::OutOfBounds));
        assert_eq!(line.set(&[1.0, 1.0, 11.0, 1.0], SIZE, Bounds::Keep), Ok(()));
        assert_eq!(line.set(&[1.0, 1.0, 11.0, 1.0], None, Bounds::Clip), Ok(()));
        assert_eq!(check_point(10.0, 0.0, SIZE, Bounds::Clip), Ok(()));
        assert_eq!(check_point(11.0, 0.0, SIZE, Bounds::Clip), Err(Unusable::OutOfBounds));
        assert_eq!(check_point(11.0, 0.0, SIZE, Bounds::Keep), Ok(()));
        assert_eq!(check_point(f64::INFINITY, 0.0, None, Bounds::Keep), Err(Unusable::Coordinates));
    }

    proptest! {
        #[test]
        fn nothing_is_outside_and_nothing_gets_longer(path in prop::collection::vec(-20.0..30.0, 4..20)) {
            if let Ok((points, _)) = clipped(&path) {
                prop_assert!(Extent::of(&points).unwrap().is_inside(10.0, 10.0));
                prop_assert!(length(&points) <= length(&path[..path.len() & !1]) + 1e-9);
            }
        }
    }
}
