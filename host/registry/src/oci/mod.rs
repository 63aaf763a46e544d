//! OCI registries.
//!
//! Pulling is done here, on [`Web`](crate::web::Web): a registry that is asked for a plugin may be anybody's, and `oci-client` reads manifests and tokens without a limit
//! and panics on some of them. Pushing goes through it, with the token that was got here: it knows the ways of uploads, and the registry that is pushed to was chosen by
//! whoever pushes.

pub(crate) mod artifact;
mod auth;
mod component;
mod credentials;
pub(crate) mod pull;
mod push;
pub(crate) mod reference;

pub use push::push;
