//! JSON as a flat tape over the original text.
//!
//! Why our own: an export must keep what it does not understand (unknown keys, their order, the text of every number), name the byte where something is
//! wrong, and be written back at the speed of a copy. A document here is a vector of 16-byte nodes that point into the text, so an untouched part is
//! written with one `memcpy`, and a dropped key costs nothing. Parsers that build values lose the number text or the order; lazy ones
//! parse again for each look.

mod number;
mod parse;
mod rewrite;
mod text;
mod value;

pub use number::{parse_f64, parse_u64};
pub use parse::{Document, MAX_DEPTH, SyntaxError};
pub use rewrite::{Part, Rule};
pub use text::{compact, unescape, write_string};
pub use value::{Kind, Member, Value};
