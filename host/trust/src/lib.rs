//! Which plugins are installed, and why they may run.
//!
//! A plugin is code of a stranger. [`Installer`] takes one in and says what it found out; it waits in the [`PluginStore`] until an admin approves that very component, and
//! [`PluginStore::load_approved`] gives it to those who run it, as it was approved or not at all. A [`Policy`] says who has to have signed.
//!
//! This crate knows nothing of networks (where a component comes from is for others to fetch) and of the command line.

mod approvals;
mod changes;
mod claims;
mod decide;
mod digest;
mod error;
mod folder;
mod install;
mod keys;
mod load;
mod lock;
mod policy;
mod report;
mod signature;
mod staged;
mod store;
mod verify;

pub use approvals::{Entry, Event, Record};
pub use changes::Changes;
pub use claims::Claims;
pub use decide::{Actor, Approval};
pub use digest::Digest;
pub use error::TrustError;
pub use install::{Arrival, Installer, Outcome};
pub use keys::{PublicKey, SigningKey};
pub use load::Approved;
pub use lock::{Compiled, Installed, Lock, Standing};
pub use policy::{AnyOf, Files, Moment, Policy, Requirement, Signatures, Signers, TrustedKey, Unattended};
pub use report::{CompileCost, Report};
pub use signature::{STATEMENT_TYPE, Signed, Statement, sign};
pub use store::PluginStore;
pub use verify::Finding;
