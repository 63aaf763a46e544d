//! PNG files of masks: written from runs of equal pixels, and read row by row.
//!
//! Masks are not photos: nearly every row is the one above it, and a row is a few runs. [`MaskPng`] takes runs and compares each row with the one above run by
//! run, so that the time it takes depends on what is drawn and not on the number of pixels. Reading takes every kind of PNG, within a limit that is checked
//! before anything is allocated, and is small: a general library for it would be a third of a component.

mod bits;
mod chunk;
mod deflate;
mod huffman;
mod inflate;
mod pixels;
mod read;
mod rgb;
mod sum;
mod write;

pub use read::{ReadError, Reader};
pub use rgb::RgbPng;
pub use write::{MaskPng, Pixel};

#[cfg(test)]
mod tests;
