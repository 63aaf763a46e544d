//! Label rows: a class, and numbers between 0 and 1 with six decimals.
//!
//! All is rounded to whole millionths first, and what is checked is what is written.

use ango_plugin_sdk::geometry::{Corners, Extent};
use ango_plugin_sdk::keypoints::Keypoint;
use ango_plugin_sdk::number::{millionths, millionths_text};

/// 1 in millionths.
const ONE: u32 = 1_000_000;

/// Nothing is left of an object with six decimals.
pub(crate) struct NoSize;

/// ` cx cy w h` of a rectangle in an image of this size, so that also after rounding it ends within the image.
#[inline(never)]
pub(crate) fn write_box(out: &mut Vec<u8>, extent: &Extent, (width, height): (f64, f64)) -> Result<(), NoSize> {
    let center_x = millionths((extent.x0 + extent.x1) / 2.0 / width);
    let center_y = millionths((extent.y0 + extent.y1) / 2.0 / height);
    let size_x = millionths(extent.width() / width).min(2 * center_x).min(2 * (ONE - center_x));
    let size_y = millionths(extent.height() / height).min(2 * center_y).min(2 * (ONE - center_y));
    if size_x == 0 || size_y == 0 {
        return Err(NoSize);
    }
    // In one piece: each append by itself would look for room again.
    let mut row = [b' '; 36];
    for (place, column) in row.as_chunks_mut::<9>().0.iter_mut().zip([center_x, center_y, size_x, size_y]) {
        place[1..].copy_from_slice(&millionths_text(column));
    }
    out.extend_from_slice(&row);
    Ok(())
}

/// ` x1 y1 x2 y2 ...` of a ring in the image.
#[inline(never)]
pub(crate) fn write_ring(out: &mut Vec<u8>, ring: &[f64], (width, height): (f64, f64)) -> Result<(), NoSize> {
    let (mut low, mut high) = ([ONE; 2], [0; 2]);
    out.reserve(ring.len() * 9);
    let scale = [1.0 / width, 1.0 / height];
    for (at, &number) in ring.iter().enumerate() {
        let axis = at & 1;
        let number = millionths(number * scale[axis]);
        low[axis] = low[axis].min(number);
        high[axis] = high[axis].max(number);
        let [one, point, rest @ ..] = millionths_text(number);
        let [a, b, c, d, e, f] = rest;
        out.extend_from_slice(&[b' ', one, point, a, b, c, d, e, f]);
    }
    if high[0] <= low[0] || high[1] <= low[1] { Err(NoSize) } else { Ok(()) }
}

/// Corners in millionths of an image's width and height; they may be outside.
pub(crate) struct Turned([i64; 8]);

impl Turned {
    /// `None` if the loader would not take them. It computes the upright box around them, and refuses the whole image unless its centre is in the image and its size
    /// not above 1 (each to within a hundredth, which is not used here); corners may be outside, as those of a turned box at the edge must.
    pub(crate) fn new(corners: &Corners, (width, height): (f64, f64)) -> Option<Self> {
        const ONE: i64 = 1_000_000;
        let scale = [1e6 / width, 1e6 / height];
        let turned: [i64; 8] = std::array::from_fn(|at| (corners[at] * scale[at & 1] + 0.5).floor() as i64);
        let fits = |axis: usize| {
            let along = [turned[axis], turned[axis + 2], turned[axis + 4], turned[axis + 6]];
            let (low, high) = along.iter().fold((i64::MAX, i64::MIN), |(low, high), &number| (low.min(number), high.max(number)));
            (0..=2 * ONE).contains(&(low + high)) && high - low <= ONE
        };
        // Not beyond the image by more than its size, so that no sum above is near the end of what a whole number holds.
        let near = turned.iter().all(|number| (-ONE..=2 * ONE).contains(number));
        (near && fits(0) && fits(1)).then_some(Self(turned))
    }

    /// ` x1 y1 x2 y2 x3 y3 x4 y4`.
    pub(crate) fn write(&self, out: &mut Vec<u8>) -> Result<(), NoSize> {
        let [ax, ay, bx, by, cx, cy, dx, dy] = self.0;
        if ((cx - ax) * (dy - by) - (dx - bx) * (cy - ay)).abs() == 0 {
            return Err(NoSize);
        }
        for number in self.0 {
            out.extend_from_slice(if number < 0 { b" -" } else { b" " });
            out.extend_from_slice(&millionths_text(u32::try_from(number.abs()).unwrap_or(ONE)));
        }
        Ok(())
    }
}

/// ` x y v` of each keypoint.
pub(crate) fn write_keypoints(out: &mut Vec<u8>, keypoints: &[Keypoint], (width, height): (f64, f64)) {
    for keypoint in keypoints {
        for number in [keypoint.x / width, keypoint.y / height] {
            out.push(b' ');
            out.extend_from_slice(&millionths_text(millionths(number)));
        }
        out.extend_from_slice(&[b' ', b'0' + keypoint.visibility.min(2)]);
    }
}
