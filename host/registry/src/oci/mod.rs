//! OCI registries.
//!
//! Pulling is done here, on [`Web`](crate::web::Web): a registry that is asked for a plugin may be anybody's. Pushing goes through `oci-client`, which knows the ways of uploads; the
//! registry that is pushed to was chosen by whoever pushes.

pub(crate) mod artifact;
mod auth;
mod component;
mod credentials;
pub(crate) mod pull;
mod push;
pub(crate) mod reference;

pub use push::push;
