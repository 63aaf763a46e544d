//! Masks as CVAT has them: run lengths row by row within the mask's own box, beginning with the empty pixels.

use ango_plugin_sdk::geometry::Shape;
use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::raster::Rasterizer;
use ango_plugin_sdk::rle::{Builder, RleError};

/// Makes masks; keeps its memory from one to the next.
#[derive(Debug, Default)]
pub(crate) struct Masks {
    rasterizer: Rasterizer,
    /// Rows, first columns, and the columns after the last.
    runs: Vec<(u32, u32, u32)>,
    builder: Builder,
}

/// Why there is no mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoMask {
    /// The shape hides between the centres of pixels.
    NoPixels,
    /// It is beyond what is worth a mask.
    TooLarge(RleError),
}

impl From<RleError> for NoMask {
    fn from(error: RleError) -> Self {
        Self::TooLarge(error)
    }
}

impl NoMask {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::NoPixels => "no-pixels",
            Self::TooLarge(_) => "mask-too-large",
        }
    }
}

impl std::fmt::Display for NoMask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoPixels => f.write_str("object hides between the centres of pixels, so that its mask is empty"),
            Self::TooLarge(error) => write!(f, "object has no mask: {error}"),
        }
    }
}

impl Masks {
    /// Appends ` rle="..." left="..." top="..." width="..." height="..."` of a shape in an image of this size.
    pub(crate) fn write_shape(&mut self, out: &mut Vec<u8>, shape: &Shape, (width, height): (u32, u32)) -> Result<(), NoMask> {
        self.rasterizer.resize(width, height);
        self.rasterizer.runs(shape, &mut self.runs)?;
        self.write(out)
    }

    /// The same of runs of pixels: rows, first columns, and the columns after the last; from top to bottom and from left to right.
    pub(crate) fn write_runs(&mut self, out: &mut Vec<u8>, runs: impl Iterator<Item = (u32, u32, u32)>) -> Result<(), NoMask> {
        self.runs.clear();
        self.runs.extend(runs);
        self.write(out)
    }

    fn write(&mut self, out: &mut Vec<u8>) -> Result<(), NoMask> {
        let runs = &self.runs;
        let (Some(&(top, _, _)), Some(&(bottom, _, _))) = (runs.first(), runs.last()) else { return Err(NoMask::NoPixels) };
        let left = runs.iter().map(|run| run.1).min().unwrap_or(0);
        let right = runs.iter().map(|run| run.2).max().unwrap_or(0);
        let (own_width, own_height) = (right - left, bottom - top + 1);
        if own_width.checked_mul(own_height).is_none() {
            return Err(RleError::ImageSize.into());
        }
        for &(y, x0, x1) in runs {
            let row = (y - top) * own_width;
            self.builder.set(row + x0 - left, row + x1 - left);
        }
        // The product of the sides is what matters to the run lengths.
        let mask = self.builder.finish(own_width, own_height)?;
        out.extend_from_slice(b" rle=\"");
        for (at, &count) in mask.counts().iter().enumerate() {
            if at > 0 {
                out.extend_from_slice(b", ");
            }
            write_u64(out, count.into());
        }
        for (name, number) in [(&b"\" left=\""[..], left), (b"\" top=\"", top), (b"\" width=\"", own_width), (b"\" height=\"", own_height)] {
            out.extend_from_slice(name);
            write_u64(out, number.into());
        }
        out.push(b'"');
        Ok(())
    }
}
