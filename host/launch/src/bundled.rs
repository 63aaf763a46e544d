//! What bundled plugins are, without compiling them.

use crate::error::LaunchError;
use ango_plugin_bundle::Bundled;
use ango_runtime::{Grant, Info, Parallelism};
use sha2::{Digest, Sha256};

/// A bundled plugin, as far as it can be known without loading it.
#[derive(Debug)]
pub struct BundledPlugin {
    /// What it is.
    pub info: Info,
    /// SHA-256 of the component, in hexadecimal.
    pub digest: String,
}

/// All bundled plugins, by name. Loading all of them, which a host does that never met them, takes many seconds; this takes none.
///
/// # Errors
/// When one of them describes itself wrongly, which no release does.
pub fn bundled_plugins() -> Result<Vec<BundledPlugin>, LaunchError> {
    ango_plugin_bundle::all().iter().map(described).collect()
}

fn described(bundled: &Bundled) -> Result<BundledPlugin, LaunchError> {
    use ango_plugin_bundle as said;
    let info = (bundled.describe)();
    let options_schema = serde_json::from_str(&info.options_schema)
        .map_err(|error| LaunchError::Internal(format!("plugin {}: its options schema is not JSON: {error}", bundled.name)))?;
    Ok(BundledPlugin {
        info: Info {
            name: info.name,
            version: info.version,
            title: info.title,
            format: info.format,
            options_schema,
            grants: info.grants.iter().map(|said::Grant::Assets| Grant::Assets).collect(),
            parallelism: match info.parallelism {
                said::Parallelism::Sequential => Parallelism::Sequential,
                said::Parallelism::IndependentTasks => Parallelism::IndependentTasks,
            },
            history: info.history,
        },
        digest: Sha256::digest(bundled.wasm).iter().map(|byte| format!("{byte:02x}")).collect(),
    })
}
