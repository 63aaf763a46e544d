//! How asking a server can fail.

use crate::words::plain;
use std::error::Error;
use std::io::ErrorKind;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WebError {
    /// A limit was reached.
    #[error("limit '{limit}' reached: {asked}, and {allowed} is allowed")]
    Limit {
        /// Which limit.
        limit: &'static str,
        /// What was asked.
        asked: String,
        /// What is allowed.
        allowed: String,
    },
    /// The server cannot be reached, or goes away.
    #[error("{0}")]
    Network(String),
    /// The server answers with something that is not acceptable.
    #[error("{0}")]
    Answer(String),
    /// The server, or one that it redirects to, may not be asked.
    #[error("{0}")]
    Refused(String),
}

/// Whether the other side went away in the middle, which may not happen again. Before a request is sent as well: a connection that was kept can be gone by then.
pub fn is_cut(error: &reqwest::Error) -> bool {
    causes(error).any(|cause| {
        let of_io = cause.downcast_ref::<std::io::Error>().is_some_and(|error| {
            matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe | ErrorKind::UnexpectedEof)
        });
        of_io || cause.downcast_ref::<hyper::Error>().is_some_and(|error| error.is_incomplete_message() || error.is_closed() || error.is_canceled())
    })
}

/// The innermost cause in words: the outer ones quote URLs.
pub fn cause(error: &reqwest::Error) -> String {
    plain(&causes(error).last().map_or_else(|| "the request failed".into(), ToString::to_string))
}

pub(crate) fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause: &&(dyn Error + 'static)| (*cause).source())
}
