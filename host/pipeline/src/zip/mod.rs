//! Zip archives, written in one pass to something that cannot seek.
//!
//! Why our own writer: entries are compressed elsewhere, in pieces, by many threads, and sizes are not known before the end. [`deflate`] makes pieces that can be put
//! one after the other; [`writer`] puts them into an archive.

pub mod deflate;
pub mod writer;

pub use deflate::{Compressor, Piece, Whole};
pub use writer::ZipWriter;
