//! Texts in the forms of other formats, written so that their readers give back what was meant. For JSON there is [`json`](crate::json).

mod base64;
pub mod csv;
pub mod names;
pub mod tokens;
mod uuid;
pub mod xml;
pub mod yaml;

pub use base64::write_base64;
pub use uuid::write_uuid;
