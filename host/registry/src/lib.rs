//! Where plugins come from and go to.
//!
//! * [`Origin`] is a place that a plugin is installed from: a file, a web server, an OCI registry. [`fetch`] brings the bytes, and the signatures that lie beside them.
//! * [`push`] puts a plugin into an OCI registry, laid out as the CNCF has it for WebAssembly, so that other tools can pull it.
//! * A mirror is a plain folder that stands for the network: [`copy_to_mirror`] fills it, and with one given [`fetch`] asks no server. Registries in it are OCI image
//!   layouts, so that `skopeo` and `oras` can fill it as well.
//!
//! Everything that comes from outside is hostile: sizes and times are limited while bytes are read, a digest is computed from what came and never believed, names cannot
//! leave a folder, and what a server says is not repeated in errors. Credentials come from the environment or from Docker's configuration, go only where the network cannot
//! read them, and are never shown.
//!
//! This crate moves bytes. Whether they are a plugin, and whether anybody should trust it, is decided elsewhere: it knows nothing of WebAssembly engines, of approvals, of export
//! options, and of the command line.

mod digest;
mod error;
mod fetch;
mod file;
mod limits;
mod mirror;
mod oci;
mod origin;
mod signatures;
mod web;

pub use digest::Digest;
pub use error::{FetchError, OriginError, PushError};
pub use fetch::{Fetched, copy_to_mirror, fetch};
pub use limits::Limits;
pub use oci::push;
pub use oci::reference::OciReference;
pub use origin::Origin;
pub use signatures::{MAX_SIGNATURE_BYTES, MAX_SIGNATURES};
