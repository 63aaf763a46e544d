//! The Ango V3 export as data: a reader that streams, types, export options, and the canonical writer.
//!
//! The way of one record through this crate:
//!
//! 1. [`stream::RecordReader`] cuts the input into [`stream::Chunk`]s of whole records without parsing them, so that the expensive part can run on
//!    many threads.
//! 2. [`json::Document`] parses one record into a flat tape of nodes that point into the record's own text. Nothing is copied, so key order, unknown keys
//!    and the text of numbers survive by construction.
//! 3. [`v3::Asset::read`] gives the typed view of a tape and finds what is malformed, with the path of the field.
//! 4. [`canonical::Canonical`] writes the tape back with the [`options::ExportOptions`] applied.
//!
//! An export of issues holds other objects than tasks and goes the same way, with [`issue::Issue`] as the typed view.
//!
//! This crate knows nothing of files, buckets or WebAssembly.

pub mod canonical;
pub mod issue;
pub mod json;
pub mod legacy;
pub mod links;
pub mod ontology;
pub mod options;
pub mod schema;
pub mod sink;
pub mod stream;
pub mod time;
pub mod v3;
pub mod video;

mod error;

pub use error::{InputError, Place};
