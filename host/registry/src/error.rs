//! How fetching and pushing can fail. No error holds a credential, the query of a URL, or words of a server.

use crate::digest::Digest;
use std::path::PathBuf;

/// What is wrong with the name of a place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct OriginError(pub(crate) String);

/// Why a plugin did not come.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// A limit was reached.
    #[error("{origin}: limit '{limit}' reached: {asked}, and {allowed} is allowed")]
    Limit {
        /// Where it was fetched from.
        origin: String,
        /// Which limit.
        limit: &'static str,
        /// What was asked.
        asked: String,
        /// What is allowed.
        allowed: String,
    },
    /// There is no such thing.
    #[error("{origin}: {problem}")]
    NotFound {
        /// Where it was looked for.
        origin: String,
        /// What is missing.
        problem: String,
    },
    /// The server wants to know who asks, or does not let them.
    #[error("{origin}: {problem}")]
    Denied {
        /// Where.
        origin: String,
        /// What it wants, and the remedy.
        problem: String,
    },
    /// The server could not be reached, or went away.
    #[error("{origin}: {problem}")]
    Network {
        /// Where.
        origin: String,
        /// What happened.
        problem: String,
    },
    /// The server answered with something that is not acceptable.
    #[error("{origin}: {problem}")]
    Answer {
        /// Where.
        origin: String,
        /// What.
        problem: String,
    },
    /// What came is not what its digest says.
    #[error("{origin}: the {what} has the digest {actual}, not {expected}: it was changed on its way, or where it is kept")]
    Digest {
        /// Where it was fetched from.
        origin: String,
        /// What: `manifest`, `plugin`, ...
        what: &'static str,
        /// The digest that was asked for.
        expected: Digest,
        /// The digest of what came.
        actual: Digest,
    },
    /// The artifact is not a plugin's.
    #[error("{origin}: {problem}")]
    Artifact {
        /// Where it was fetched from.
        origin: String,
        /// What it is instead.
        problem: String,
    },
    /// What lies beside the plugin are no signatures.
    #[error("{origin}: {problem}")]
    Signatures {
        /// The file of signatures.
        origin: String,
        /// What is wrong.
        problem: String,
    },
    /// A file cannot be read or written.
    #[error("{}: {problem}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// The mirror does not hold it, and with a mirror nothing is fetched from the network.
    #[error("{origin} is not in the mirror: {} {problem}", file.display())]
    NotInMirror {
        /// What was asked for.
        origin: String,
        /// The file that was looked for.
        file: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The place cannot have, or be in, a mirror.
    #[error(transparent)]
    Origin(#[from] OriginError),
}

/// Why a plugin was not pushed. Blobs that came there before are harmless: nothing names them.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// The reference, the annotations or the signatures are not what can be pushed.
    #[error("{0}")]
    Input(String),
    /// The registry wants to know who asks, or does not let them.
    #[error("oci://{reference}: {problem}")]
    Denied {
        /// What was to be pushed.
        reference: String,
        /// What it wants, and the remedy.
        problem: String,
    },
    /// The registry could not be reached, went away, or took too long.
    #[error("oci://{reference}: {problem}")]
    Network {
        /// What was to be pushed.
        reference: String,
        /// What happened.
        problem: String,
    },
    /// The registry did not take it.
    #[error("oci://{reference}: {problem}")]
    Answer {
        /// What was to be pushed.
        reference: String,
        /// What it answered.
        problem: String,
    },
}
