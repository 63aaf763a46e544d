//! From a ring to run lengths, by the rule of the COCO tools.
//!
//! The rule, found by their authors: coordinates are multiplied by five and rounded; the outline is walked on that fine grid; wherever it
//! passes from the third to the fourth of a pixel column's five fine columns it crosses that column, at a height that is rounded to a pixel;
//! between its crossings a column is alternately empty and set. The tools visit every fine point of the outline. Only the crossings matter, and
//! where they are can be computed, so that the work here depends on the pixel columns that an edge passes, not on its length.

use super::RleError;

/// Fine columns and rows in a pixel.
const FINE: f64 = 5.0;
/// Fine coordinates up to here are exact in every step of the arithmetic below.
const MAX_COORDINATE: f64 = 1e7;

/// How many pixels an image has.
pub(super) fn pixels(width: u32, height: u32) -> Result<u32, RleError> {
    width.checked_mul(height).filter(|&pixels| pixels > 0).ok_or(RleError::ImageSize)
}

/// The run lengths of a ring. `budget` is how many crossings are allowed, and is charged.
pub(super) fn counts(ring: &[f64], width: u32, height: u32, budget: &mut usize) -> Result<Vec<u32>, RleError> {
    let pixels = pixels(width, height)?;
    if !ring.iter().all(|number| number.abs() <= MAX_COORDINATE) {
        return Err(RleError::Coordinate);
    }
    let mut crossings = Crossings { width: i64::from(width), height: i64::from(height), list: Vec::new(), budget };
    if let Some(last) = ring.chunks_exact(2).last() {
        let mut from = fine(last);
        for point in ring.chunks_exact(2) {
            let to = fine(point);
            crossings.edge(from, to)?;
            from = to;
        }
    }
    let mut list = crossings.list;
    list.sort_unstable();
    list.push(pixels);
    Ok(runs(&list))
}

/// The fine point of a point. The cast cuts towards zero, as the rule has it.
fn fine(point: &[f64]) -> (i64, i64) {
    ((FINE * point[0] + 0.5) as i64, (FINE * point[1] + 0.5) as i64)
}

/// Run lengths from sorted positions at which the value changes; two changes at one place are none.
pub(super) fn runs(changes: &[u32]) -> Vec<u32> {
    let mut counts: Vec<u32> = Vec::with_capacity(changes.len());
    let mut before = 0;
    let mut joined = false;
    for (at, &change) in changes.iter().enumerate() {
        let run = change - before;
        before = change;
        if joined {
            if let Some(last) = counts.last_mut() {
                *last += run;
            }
            joined = false;
        } else if run > 0 || at == 0 {
            counts.push(run);
        } else {
            joined = true;
        }
    }
    counts
}

struct Crossings<'a> {
    width: i64,
    height: i64,
    /// Positions in column order.
    list: Vec<u32>,
    budget: &'a mut usize,
}

impl Crossings<'_> {
    fn edge(&mut self, from: (i64, i64), to: (i64, i64)) -> Result<(), RleError> {
        let (dx, dy) = ((to.0 - from.0).abs(), (to.1 - from.1).abs());
        if dx == 0 {
            return Ok(());
        }
        // The rule walks an edge upwards along its longer side, whichever way it was drawn.
        let backwards = if dx >= dy { from.0 > to.0 } else { from.1 > to.1 };
        let (start, end) = if backwards { (to, from) } else { (from, to) };
        // Pixel columns whose crossing lies between the two ends, in the image.
        let (left, right) = (start.0.min(end.0), start.0.max(end.0));
        let first = (left - 2).max(0).div_euclid(5) + i64::from(left > 2 && (left - 2) % 5 != 0);
        let last = (right - 3).div_euclid(5).min(self.width - 1);
        if first > last {
            return Ok(());
        }
        let count = (last - first + 1) as usize;
        *self.budget = self.budget.checked_sub(count).ok_or(RleError::TooComplex)?;
        self.list.reserve(count);
        if dx >= dy {
            let slope = (end.1 - start.1) as f64 / dx as f64;
            let row = |step: i64| (start.1 as f64 + slope * step as f64 + 0.5) as i64;
            for column in first..=last {
                let step = 5 * column + 3 - start.0;
                self.cross(column, row(step).min(row(step - 1)));
            }
        } else {
            let slope = (end.0 - start.0) as f64 / dy as f64;
            let reached = |step: i64, wanted: i64| (start.0 as f64 + slope * step as f64 + 0.5) as i64 >= wanted;
            let grows = slope > 0.0;
            for column in first..=last {
                // The first step at which the outline is on the far side of the crossing: computed, then put right, as both the division
                // here and the rule's own arithmetic round.
                let wanted = 5 * column + 3;
                let mut step = (((wanted as f64 - 0.5 - start.0 as f64) / slope).ceil() as i64).clamp(1, dy);
                while step > 1 && reached(step - 1, wanted) == grows {
                    step -= 1;
                }
                while step < dy && reached(step, wanted) != grows {
                    step += 1;
                }
                self.cross(column, start.1 + step - 1);
            }
        }
        Ok(())
    }

    /// Notes a crossing of a pixel column at a fine row.
    fn cross(&mut self, column: i64, fine_row: i64) {
        // (fine_row + 0.5) / 5 - 0.5, rounded up, and kept to the image.
        let row = if fine_row <= 2 { 0 } else { (fine_row + 2).div_euclid(5).min(self.height) };
        self.list.push((column * self.height + row) as u32);
    }
}
