//! Run lengths from pixels in rows.

use super::{MAX_CROSSINGS, Rle, RleError, raster};

impl Rle {
    /// The mask of runs of pixels `(y, x0, x1)`, columns from `x0` up to but not including `x1`: from top to bottom, in a row from left to right, and not
    /// overlapping.
    ///
    /// # Errors
    ///
    /// When the image has no pixels or too many, when a run is outside of it or out of order, or when the pixels are more ragged than a mask can be.
    pub fn from_rows(rows: impl IntoIterator<Item = (u32, u32, u32)>, width: u32, height: u32) -> Result<Self, RleError> {
        let pixels = raster::pixels(width, height)?;
        let mut changes = Changes { height, list: Vec::new(), above: Vec::new() };
        let mut row: Vec<u32> = Vec::new();
        let mut at = 0;
        for (y, x0, x1) in rows {
            if y != at {
                changes.add(at, &mut row)?;
                // Nothing is set in the rows between.
                if y > at + 1 {
                    changes.add(at + 1, &mut row)?;
                }
            }
            if y < at || y >= height || x0 > x1 || x1 > width || row.last().is_some_and(|&end| x0 < end) {
                return Err(RleError::Malformed);
            }
            at = y;
            row.extend_from_slice(&[x0, x1]);
        }
        changes.add(at, &mut row)?;
        changes.add(at + 1, &mut row)?;
        changes.list.sort_unstable();
        changes.list.push(pixels);
        Ok(Self { width, height, counts: raster::runs(&changes.list) })
    }
}

/// Where the value changes down the columns.
struct Changes {
    height: u32,
    list: Vec<u32>,
    /// Ends of the runs of the row above.
    above: Vec<u32>,
}

impl Changes {
    /// Adds the places where row `y` is not like the one above. The ends of its runs are taken.
    fn add(&mut self, y: u32, row: &mut Vec<u32>) -> Result<(), RleError> {
        let (mut a, mut b) = (self.above.iter().copied().peekable(), row.iter().copied().peekable());
        let mut from = None;
        while let Some(end) = match (a.peek(), b.peek()) {
            (Some(x), Some(other)) if x <= other => a.next(),
            (Some(_), None) => a.next(),
            _ => b.next(),
        } {
            // Between every second of the ends of both, exactly one of them is set.
            let Some(start) = from.take() else {
                from = Some(end);
                continue;
            };
            if self.list.len() + (end - start) as usize > MAX_CROSSINGS {
                return Err(RleError::TooComplex);
            }
            self.list.extend((start..end).map(|x| x * self.height + y));
        }
        std::mem::swap(&mut self.above, row);
        row.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;

    fn mask(rows: &[(u32, u32, u32)]) -> Result<Vec<u32>, RleError> {
        Rle::from_rows(rows.iter().copied(), 4, 3).map(|mask| mask.counts().to_vec())
    }

    #[test]
    fn rows_become_columns() {
        assert_eq!(mask(&[]), Ok(vec![12]));
        assert_eq!(mask(&[(0, 0, 4), (1, 0, 2), (1, 2, 4), (2, 0, 4)]), Ok(vec![0, 12]));
        assert_eq!(mask(&[(0, 1, 3), (2, 1, 2)]), Ok(vec![3, 1, 1, 2, 5]));
        assert_eq!(mask(&[(2, 3, 4)]), Ok(vec![11, 1]));
        for wrong in [&[(3, 0, 1)][..], &[(0, 0, 5)], &[(1, 0, 1), (0, 0, 1)], &[(0, 1, 3), (0, 2, 4)], &[(0, 3, 2)]] {
            assert_eq!(mask(wrong), Err(RleError::Malformed), "{wrong:?}");
        }
        assert_eq!(Rle::from_rows([], 0, 3), Err(RleError::ImageSize));
        let noise = (0..3000).flat_map(|y| (0..1500).map(move |x| (y, x * 2 + y % 2, x * 2 + y % 2 + 1)));
        assert_eq!(Rle::from_rows(noise, 3001, 3000), Err(RleError::TooComplex));
    }

    proptest! {
        #[test]
        fn every_pixel_is_where_it_was(set in prop::collection::vec(any::<bool>(), 63)) {
            let (width, height) = (9_u32, 7_u32);
            let at = |x: u32, y: u32| set[(y * width + x) as usize];
            let rows = (0..height).flat_map(|y| (0..width).filter(move |&x| at(x, y)).map(move |x| (y, x, x + 1)));
            let want: Vec<bool> = (0..width).flat_map(|x| (0..height).map(move |y| at(x, y))).collect();
            let mask = Rle::from_rows(rows, width, height).unwrap();
            prop_assert_eq!(mask.pixels(), want);
            prop_assert!(mask.counts().iter().skip(1).all(|&run| run > 0));
        }
    }
}
