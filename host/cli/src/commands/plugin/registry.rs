//! `plugin push` and `plugin mirror`: components on their way to those who install them.

use crate::args::{PluginMirror, PluginPush};
use crate::exit::{Exit, Failure};
use crate::ui::{Ui, bytes, print};
use ango_config::Config;
use ango_launch::Loader;
use ango_registry::{Limits, Origin, copy_to_mirror, fetch};
use ango_trust::Digest;
use serde_json::json;
use std::collections::BTreeMap;
use tokio::runtime::Runtime;

/// Puts a component into a registry. What is no plugin is refused: others would find out at installation.
pub(super) fn push(args: &PluginPush, config: &Config, runtime: &Runtime, ui: &Ui) -> Result<Exit, Failure> {
    let Origin::Oci(reference) = args.to.parse::<Origin>()? else {
        return Err(Failure::new(Exit::Config, format!("{}: push to where? expected oci://REGISTRY/REPOSITORY:TAG", args.to)));
    };
    let component = runtime.block_on(fetch(&Origin::File(args.component.clone()), None, &Limits::default()))?;
    let (loader, _) = Loader::new(config, None, crate::user::user(), runtime.handle().clone())?;
    let plugin = loader.load_bytes(&component.origin, &component.wasm)?;
    let info = plugin.info();
    let annotations: BTreeMap<String, String> = [
        ("org.opencontainers.image.title", info.name.as_str()),
        ("org.opencontainers.image.version", info.version.as_str()),
        ("org.opencontainers.image.description", info.title.as_str()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect();
    let manifest = runtime.block_on(ango_registry::push(&reference, &component.wasm, &component.signatures, &annotations))?;
    let digest = Digest::of(&component.wasm);
    if ui.is_json() {
        print(
            &json!({ "event": "pushed", "to": args.to, "manifest": manifest, "digest": digest, "signatures": component.signatures.len() })
                .to_string(),
        );
    } else {
        print(&format!("{}: {} {} ({digest}), {} signatures", args.to, info.name, info.version, component.signatures.len()));
        print(&format!("manifest {manifest}"));
    }
    Ok(Exit::Ok)
}

/// Fetches a component into a mirror.
pub(super) fn mirror(args: &PluginMirror, runtime: &Runtime, ui: &Ui) -> Result<Exit, Failure> {
    let origin: Origin = args.from.parse()?;
    let fetched = runtime.block_on(copy_to_mirror(&origin, &args.to, &Limits::default()))?;
    let digest = Digest::of(&fetched.wasm);
    if ui.is_json() {
        let event = json!({ "event": "mirrored", "from": fetched.origin, "to": args.to.display().to_string(), "digest": digest, "bytes": fetched.wasm.len() });
        print(&event.to_string());
    } else {
        print(&format!("{}: {} ({}), {} signatures", args.to.display(), digest, bytes(fetched.wasm.len() as u64), fetched.signatures.len()));
    }
    Ok(Exit::Ok)
}
