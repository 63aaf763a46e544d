//! The types of Ango Export V3, and how they are read from a tape.
//!
//! Everything borrows from the record's text. Reading is tolerant where Hub's own exports vary (a `createdAt` as a number or as text, `null` members,
//! missing titles, negative box sizes) and strict where a wrong value would silently become a wrong annotation. What is not understood
//! is kept as raw JSON: an unknown geometry, an unknown answer, and unknown keys in `extra`.

mod asset;
mod classification;
mod extra;
pub(crate) mod field;
mod geometry;
mod object;
mod relation;
mod task;

pub use asset::Asset;
pub use classification::{Answer, Classification, Provenance};
pub use extra::Extra;
pub use field::FieldError;
pub use field::time as read_time;
pub use geometry::{BoundingBox, Entity, Geometry, Path, PdfArea, PdfRectangle, RotatedBox, Zone};
pub use object::Object;
pub use relation::{Direction, Members, Relation};
pub use task::{Annotations, OptionalKey, StageVisit, Task};
