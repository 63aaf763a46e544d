//! Other tools: what they push can be fetched, and what we push can be pulled by them.
//!
//! `oci-client` is what `wkg` and other tools of WebAssembly pull with; `skopeo`, where it is installed, is what mirrors are filled with.

use crate::worker::Work;
use ango_tests::oci::{Door, Registry};
use oci_client::client::{ClientConfig, ClientProtocol, Config, ImageLayer};
use oci_client::manifest::OciImageManifest;
use oci_client::secrets::RegistryAuth;
use oci_client::{Client, Reference};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

const CONFIG: &str = "application/vnd.wasm.config.v0+json";

fn component() -> Vec<u8> {
    wat::parse_str(
        r#"(component (import "ango:converter/source@0.1.0" (instance $source)) (export "ango:converter/converter@0.1.0" (instance $source)))"#,
    )
    .unwrap()
}

fn client(registry: &Registry) -> Client {
    Client::new(ClientConfig { protocol: ClientProtocol::HttpsExcept(vec![registry.address()]), ..ClientConfig::default() })
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

#[test]
fn they_pull_what_we_push() {
    let Some(registry) = Registry::start(Door::Open) else { return };
    let wasm = component();
    let name = format!("{}/team/coco:1.0", registry.address());
    let annotations = json!({ "org.opencontainers.image.version": "1.0", "org.opencontainers.image.created": "2024-05-01T00:00:00Z", "org.opencontainers.image.authors": "Alyssa" });
    let digest = Work::push(&name, &wasm, &["{\"key\":1}"]).annotations(annotations).digest();
    let reference: Reference = name.parse().unwrap();
    // As wkg does: layers of this type only, and exactly one.
    let image = runtime().block_on(client(&registry).pull(&reference, &RegistryAuth::Anonymous, vec!["application/wasm"])).unwrap();
    assert_eq!((image.layers.len(), image.layers[0].data.as_ref(), image.digest), (1, wasm.as_slice(), Some(digest)));
    assert_eq!(image.config.media_type, CONFIG);
    let config: Value = serde_json::from_slice(&image.config.data).unwrap();
    assert_eq!(
        config,
        json!({
            "created": "2024-05-01T00:00:00Z", "author": "Alyssa", "architecture": "wasm", "os": "wasip2",
            "layerDigests": [ango_registry::Digest::of(&wasm).as_str()],
            "component": { "imports": ["ango:converter/source@0.1.0"], "exports": ["ango:converter/converter@0.1.0"] },
        })
    );
    let manifest = image.manifest.unwrap();
    assert_eq!(manifest.media_type.as_deref(), Some("application/vnd.oci.image.manifest.v1+json"));
    assert_eq!(manifest.annotations.unwrap()["org.opencontainers.image.version"], "1.0");
    assert_eq!(manifest.layers[0].annotations.as_ref().unwrap()["org.opencontainers.image.title"], "coco.wasm");
}

#[test]
fn we_fetch_what_they_push() {
    let Some(registry) = Registry::start(Door::Open) else { return };
    let wasm = component();
    let push = |tag: &str, config: Config, layers: Vec<ImageLayer>| {
        let reference: Reference = format!("{}/team/coco:{tag}", registry.address()).parse().unwrap();
        let mut manifest = OciImageManifest::build(&layers, &config, None);
        manifest.media_type = Some("application/vnd.oci.image.manifest.v1+json".into());
        runtime().block_on(client(&registry).push(&reference, &layers, config, &RegistryAuth::Anonymous, Some(manifest))).unwrap();
        Work::fetch(format!("oci://{reference}"))
    };
    let layer = |bytes: &[u8], media_type: &str| ImageLayer::new(bytes.to_vec(), media_type.into(), None);
    let config = |text: &str, media_type: &str| Config::new(text.to_owned(), media_type.into(), None);
    // wkg
    let fetched = push("wkg", config("{\"os\":\"wasip2\"}", CONFIG), vec![layer(&wasm, "application/wasm")]).fetched();
    assert_eq!((fetched.wasm, fetched.signatures.len()), (wasm.clone(), 0));
    // oras push REFERENCE coco.wasm:application/wasm coco.wasm.sig:application/vnd.ango.plugin.signature.v1+json
    let signature = layer(b"{\"key\":1}\n{\"key\":2}\n", "application/vnd.ango.plugin.signature.v1+json");
    let fetched = push("oras", config("{}", "application/vnd.oci.empty.v1+json"), vec![layer(&wasm, "application/wasm"), signature]).fetched();
    assert_eq!((fetched.wasm, fetched.signatures), (wasm.clone(), vec![b"{\"key\":1}".to_vec(), b"{\"key\":2}".to_vec()]));
    // An image of a container.
    let image = config("{}", "application/vnd.oci.image.config.v1+json");
    let text = push("image", image, vec![layer(b"tar", "application/vnd.oci.image.layer.v1.tar+gzip")]).error();
    assert!(text.ends_with("it is not a plugin: it has a layer that is neither a WebAssembly component nor a signature"), "{text}");
}

fn skopeo(from: &str, to: &str) -> bool {
    let copied =
        Command::new("skopeo").args(["copy", "--quiet", "--insecure-policy", "--src-tls-verify=false", "--dest-tls-verify=false", from, to]).output();
    match copied {
        Ok(output) => {
            assert!(output.status.success(), "skopeo copy {from} {to}: {}", String::from_utf8_lossy(&output.stderr));
            true
        }
        Err(error) if std::env::var_os("ANGO_REQUIRE_REGISTRY").is_some_and(|value| value == "1") => panic!("skopeo: {error}"),
        Err(error) => {
            println!("left out: skopeo cannot be started ({error}); on Debian: apt-get install skopeo");
            false
        }
    }
}

#[test]
fn skopeo_fills_a_mirror_and_reads_ours() {
    let Some(registry) = Registry::start(Door::Open) else { return };
    let wasm = component();
    let address = registry.address();
    let name = format!("oci://{address}/team/coco:1.0");
    let digest = Work::push(&name, &wasm, &["{\"key\":1}"]).digest();
    let folder = tempfile::tempdir().unwrap();
    let repository = |mirror: &str| folder.path().join(mirror).join("oci").join(address.replace(':', "%3A")).join("team/coco");
    let theirs = repository("theirs");
    std::fs::create_dir_all(theirs.parent().unwrap()).unwrap();
    if !skopeo(&format!("docker://{address}/team/coco:1.0"), &format!("oci:{}:1.0", theirs.display())) {
        return;
    }
    Work::copy(&name, &folder.path().join("ours")).fetched();
    skopeo(&format!("oci:{}:1.0", repository("ours").display()), &format!("docker://{address}/copied/coco:1.0"));
    let copied = Work::fetch(format!("oci://{address}/copied/coco:1.0")).fetched();
    drop(registry);
    for mirror in ["theirs", "ours"] {
        for version in [":1.0".to_owned(), format!("@{digest}")] {
            let fetched = Work::fetch(format!("oci://{address}/team/coco{version}")).from(&folder.path().join(mirror)).fetched();
            assert_eq!((fetched.wasm.as_slice(), fetched.manifest_digest.as_ref()), (wasm.as_slice(), Some(&digest)), "{mirror}{version}");
            assert_eq!(fetched.signatures, [b"{\"key\":1}"]);
        }
    }
    assert_eq!((copied.wasm, copied.manifest_digest), (wasm, Some(digest)));
    assert!(Path::new(&repository("ours").join("oci-layout")).is_file());
}
