//! What is found out about a component before anybody decides about it.

use crate::claims::Claims;
use crate::digest::Digest;
use crate::policy::Signers;
use ango_conformance::{Cost, Verdict};
use ango_runtime::Info;
use serde::{Deserialize, Serialize};

/// The report of an installation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The component.
    pub digest: Digest,
    /// Its bytes.
    pub size: u64,
    /// Where it came from.
    pub origin: String,
    /// Digest of the manifest that a registry gave for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manifest: Option<String>,
    /// What it says of itself.
    pub info: Info,
    /// The interfaces that it imports.
    pub imports: Vec<String>,
    /// What it says about who made it.
    pub claims: Claims,
    /// Who signed it.
    pub signers: Signers,
    /// What it took to compile it.
    pub compiled: CompileCost,
    /// How it stood the conformance kit.
    pub verdict: Verdict,
    /// What it costs on an export of the kit's; absent when it failed there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<Cost>,
}

/// What it took to compile a component.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompileCost {
    /// On the clock.
    pub seconds: f64,
    /// Of machine code.
    pub bytes: u64,
}
