//! Masks as run lengths, in the form of COCO.
//!
//! Column by column, from the top: first how many pixels are empty, then how many are set, and so on; the numbers add up to the image.

mod build;
mod raster;
mod rows;
mod text;

pub use build::Builder;

/// The most places at which outlines may cross pixel columns in one mask. A mask of real drawing has some thousands; beyond this the outline
/// is made to hurt, and the numbers alone would fill a sandbox.
const MAX_CROSSINGS: usize = 1 << 22;

/// Why there is no mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RleError {
    /// The image has no pixels, or more than run lengths of 32 bits can count.
    ImageSize,
    /// A coordinate is not finite or further than ten million pixels away.
    Coordinate,
    /// The outline winds through the image more often than four million times.
    TooComplex,
    /// A compressed text that does not add up to the image.
    Malformed,
}

impl std::fmt::Display for RleError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::ImageSize => "image has no pixels or more than 4294967295",
            Self::Coordinate => "coordinate is not finite or further than 10000000 pixels away",
            Self::TooComplex => "outline crosses pixel columns more often than 4194304 times",
            Self::Malformed => "run lengths do not add up to the image",
        })
    }
}

impl std::error::Error for RleError {}

/// A mask as run lengths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rle {
    width: u32,
    height: u32,
    counts: Vec<u32>,
}

impl Rle {
    /// The mask of one ring, by the rule of the COCO tools, bit for bit.
    ///
    /// # Errors
    ///
    /// When the image or the ring is beyond what a mask can hold.
    pub fn from_ring(ring: &[f64], width: u32, height: u32) -> Result<Self, RleError> {
        let mut budget = MAX_CROSSINGS;
        Self::ring_within(ring, width, height, &mut budget)
    }

    /// The mask of a region without its holes, united over all zones. An empty list gives an empty mask.
    ///
    /// # Errors
    ///
    /// As [`from_ring`](Self::from_ring); the limit on crossings counts all rings together.
    pub fn from_zones<'a, H>(zones: impl IntoIterator<Item = (&'a [f64], H)>, width: u32, height: u32) -> Result<Self, RleError>
    where
        H: IntoIterator<Item = &'a [f64]>,
    {
        let mut budget = MAX_CROSSINGS;
        let mut masks = Vec::new();
        for (region, holes) in zones {
            let mut mask = Self::ring_within(region, width, height, &mut budget)?;
            let holes = holes.into_iter().map(|hole| Self::ring_within(hole, width, height, &mut budget)).collect::<Result<Vec<_>, _>>()?;
            if !holes.is_empty() {
                mask = mask.subtract(&Self::union_all(holes, width, height)?);
            }
            masks.push(mask);
        }
        Self::union_all(masks, width, height)
    }

    fn ring_within(ring: &[f64], width: u32, height: u32, budget: &mut usize) -> Result<Self, RleError> {
        Ok(Self { width, height, counts: raster::counts(ring, width, height, budget)? })
    }

    /// Unites pairwise, so that many masks cost their total length times the logarithm of their number.
    fn union_all(mut masks: Vec<Self>, width: u32, height: u32) -> Result<Self, RleError> {
        while masks.len() > 1 {
            masks = masks.chunks(2).map(|pair| if let [a, b] = pair { a.union(b) } else { pair[0].clone() }).collect();
        }
        match masks.pop() {
            Some(mask) => Ok(mask),
            None => Ok(Self { width, height, counts: vec![raster::pixels(width, height)?] }),
        }
    }

    /// The run lengths.
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// Width and height of the image, in pixels.
    pub fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// How many pixels are set.
    pub fn area(&self) -> u64 {
        self.counts.iter().skip(1).step_by(2).map(|&run| u64::from(run)).sum()
    }

    /// What is set in one of the two masks, which must be of the same image.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a || b)
    }

    /// What is set in this mask and not in the other, which must be of the same image.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a && !b)
    }

    fn combine(&self, other: &Self, op: impl Fn(bool, bool) -> bool) -> Self {
        let mut a = Runs { counts: &self.counts, value: true, left: 0 };
        let mut b = Runs { counts: &other.counts, value: true, left: 0 };
        let mut counts = Vec::with_capacity(self.counts.len() + other.counts.len());
        let (mut value, mut run) = (false, 0_u32);
        while a.fill() && b.fill() {
            let step = a.left.min(b.left);
            let set = op(a.value, b.value);
            if set != value {
                counts.push(run);
                (value, run) = (set, 0);
            }
            run += step;
            a.left -= step;
            b.left -= step;
        }
        counts.push(run);
        Self { width: self.width, height: self.height, counts }
    }

    /// Every pixel, column by column: whether it is set. For tests and small masks.
    pub fn pixels(&self) -> Vec<bool> {
        let runs = self.counts.iter().enumerate();
        runs.flat_map(|(at, &run)| std::iter::repeat_n(at % 2 == 1, run as usize)).collect()
    }
}

/// Runs being walked through.
struct Runs<'a> {
    counts: &'a [u32],
    value: bool,
    left: u32,
}

impl Runs<'_> {
    /// Goes on to the next run that is not empty, if the current one is used up.
    fn fill(&mut self) -> bool {
        while self.left == 0 {
            let [next, rest @ ..] = self.counts else { return false };
            (self.left, self.counts, self.value) = (*next, rest, !self.value);
        }
        true
    }
}

#[cfg(test)]
mod tests;
