//! What an admin lets plugins have.

use super::allow::Allowed;
use crate::error::JobError;
use std::time::Duration;

/// Which assets plugins may ask for, and how much of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetRules {
    /// Places, each with everything below it: `https://host/folder/`, `s3://bucket/folder`, `file:///folder`. With `allow_private` also `http://` to this machine.
    pub allow: Vec<String>,
    /// Bytes of one asset. Of an image whose size is asked for, bytes that may be read.
    pub max_bytes: u64,
    /// Bytes of all assets of a run. What is on its way when they are reached still comes.
    pub max_total_bytes: u64,
    /// Time for one asset.
    pub timeout: Duration,
    /// Web servers may have addresses of this machine and of private networks. Then proxies of the environment are used as well.
    pub allow_private: bool,
}

impl Default for AssetRules {
    fn default() -> Self {
        // A brush mask is less than 1 MiB; a photograph whose size is asked for costs about 80 KiB.
        Self { allow: Vec::new(), max_bytes: 64 << 20, max_total_bytes: 16 << 30, timeout: Duration::from_secs(30), allow_private: false }
    }
}

impl AssetRules {
    /// Whether the places are ones, without asking for anything there.
    ///
    /// # Errors
    /// Which is not, and why.
    pub fn check(&self) -> Result<(), JobError> {
        for place in &self.allow {
            Allowed::parse(place, self.allow_private)?;
        }
        Ok(())
    }
}
