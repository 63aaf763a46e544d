//! Where plugins come from: whatever an origin says, and whatever the index of a mirror or the manifest of an artifact holds, an error that can be shown, or what was named and nothing else.

#![no_main]

use ango_registry::{Limits, Origin, fetch};
use libfuzzer_sys::fuzz_target;
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use std::sync::LazyLock;
use tokio::runtime::Runtime;

/// The blobs that there are: a component and its configuration.
const WASM: &[u8] = b"\0asm\x0d\0\x01\0";
const CONFIG: &[u8] = b"{\"os\":\"wasip2\",\"architecture\":\"wasm\"}";

struct Mirror {
    folder: tempfile::TempDir,
    runtime: Runtime,
}

static MIRROR: LazyLock<Mirror> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("there is a temporary folder");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("there are threads");
    let mirror = Mirror { folder, runtime };
    std::fs::create_dir_all(mirror.layout().join("blobs/sha256")).expect("the folder is ours");
    std::fs::write(mirror.layout().join("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}").expect("the folder is ours");
    mirror.blob(WASM);
    mirror.blob(CONFIG);
    mirror
});

impl Mirror {
    fn layout(&self) -> PathBuf {
        self.folder.path().join("oci/r.example/team/p")
    }

    /// Puts a blob there, and says what it is called.
    fn blob(&self, bytes: &[u8]) -> (String, PathBuf) {
        let digest: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let file = self.layout().join("blobs/sha256").join(&digest);
        std::fs::write(&file, bytes).expect("the folder is ours");
        (digest, file)
    }

    fn fetch(&self, index: &[u8]) {
        std::fs::write(self.layout().join("index.json"), index).expect("the folder is ours");
        let origin: Origin = "oci://r.example/team/p:1".parse().expect("it is an origin");
        match self.runtime.block_on(fetch(&origin, Some(self.folder.path()), &Limits::default())) {
            Ok(fetched) => assert!([WASM, CONFIG].contains(&&fetched.wasm[..]), "{:?}", fetched.wasm),
            Err(error) => check(&error.to_string()),
        }
    }
}

fn check(message: &str) {
    assert!(!message.is_empty() && message.chars().all(|c| !c.is_control()), "{message:?}");
}

fuzz_target!(|bytes: &[u8]| {
    match bytes.split_first() {
        Some((b'o', text)) => {
            let Ok(text) = std::str::from_utf8(text) else { return };
            match text.parse::<Origin>() {
                Ok(origin @ Origin::Oci(_)) => assert_eq!(origin.to_string().parse(), Ok(origin)),
                Ok(origin) => check(&format!("origin {origin}")),
                Err(error) => check(&error.to_string()),
            }
        }
        Some((b'i', index)) => MIRROR.fetch(index),
        Some((b'm', manifest)) => {
            let (digest, file) = MIRROR.blob(manifest);
            let media_type = "application/vnd.oci.image.manifest.v1+json";
            let tag = "org.opencontainers.image.ref.name";
            let size = manifest.len();
            let index = format!(
                r#"{{"schemaVersion":2,"manifests":[{{"mediaType":"{media_type}","digest":"sha256:{digest}","size":{size},"annotations":{{"{tag}":"1"}}}}]}}"#
            );
            MIRROR.fetch(index.as_bytes());
            if ![WASM, CONFIG].contains(&manifest) {
                std::fs::remove_file(file).expect("the file is ours");
            }
        }
        _ => {}
    }
});
