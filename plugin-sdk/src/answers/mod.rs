//! Answers to questions, in the forms that formats have for them.

mod by_title;
mod fields;

pub use by_title::*;
pub use fields::*;
