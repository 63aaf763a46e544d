//! Asking web servers that may be hostile.
//!
//! [`Web`] sends one GET at a time, and nothing is left to a library's defaults: redirects are followed here, so that neither a downgrade to plain http, nor credentials on
//! another host, nor a place that nobody allowed can slip through; a body is counted while it is read, because a server can lie about its length or never end; compression
//! is off, because a small body could become a large one; and with [`Reach::Public`] the addresses that are connected to are looked at, not only the names.
//!
//! No error holds a credential, the query of a URL, or words of a server.

mod address;
mod client;
mod error;
mod words;

pub use address::is_public;
pub use client::{ATTEMPTS, Answer, Cap, FIRST_WAIT, Part, Reach, Request, Web, anywhere};
pub use error::{WebError, cause, is_cut};
pub use words::{bytes, is_loopback, named, plain, seconds, server, shown};
