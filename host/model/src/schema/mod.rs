//! One description of the V3 export format as data, and what follows from it.
//!
//! [`format::ASSET`] and [`geometry`] hold the table: every object of the format, its keys, what their values may be, and what they mean. From it come
//!
//! - [`json_schema()`]: a JSON Schema (draft 2020-12) of an export, for tools that speak that language;
//! - [`Checker`]: a validator that goes over exports of any size record by record and names every problem of a record, not only the first.
//!
//! The table says the same as the typed reader in [`crate::v3`]: what the reader rejects is an error, what it accepts although it is suspicious is a
//! warning. Unknown keys are allowed everywhere, because they survive an export.

mod check;
mod conform;
pub mod format;
pub mod geometry;
mod json_schema;
mod pretty;
mod problem;
mod shape;
mod suspect;
mod suspect_geometry;

pub use check::Checker;
pub use json_schema::{SCHEMA_ID, json_schema};
pub use problem::{MAX_PROBLEMS, Problem, Severity};
pub use shape::{AnswerType, Fork, Key, Presence, Repeats, Shape, Type};
