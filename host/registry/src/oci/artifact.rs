//! A plugin as an artifact: which blob is what.
//!
//! The layout is the CNCF's for WebAssembly: a manifest with a configuration that says what the component imports and exports, and one layer, the component. Readers of that layout
//! refuse an artifact with further layers, so signatures go into an annotation of the manifest, as the text that lies beside a file. They are read from further layers as
//! well: that is how `oras push` puts a file beside another.

use super::component;
use crate::digest::Digest;
use crate::error::FetchError;
use crate::limits::bytes;
use crate::signatures;
use crate::web::Cap;
use oci_client::manifest::{IMAGE_MANIFEST_MEDIA_TYPE, OCI_IMAGE_MEDIA_TYPE, OciDescriptor, OciImageManifest};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The component.
pub(crate) const WASM: &str = "application/wasm";
/// What it imports and exports.
pub(crate) const CONFIG: &str = "application/vnd.wasm.config.v0+json";
/// A signature, as a layer.
pub(crate) const SIGNATURE: &str = "application/vnd.ango.plugin.signature.v1+json";
/// The annotation of a manifest with signatures, one JSON object on each line.
pub(crate) const SIGNATURES: &str = "ai.ango.plugin.signatures.v1";

/// What a component's layer was called before there was a layout for all.
const WASM_ONCE: [&str; 2] = ["application/vnd.wasm.content.layer.v1+wasm", "application/vnd.bytecodealliance.wasm.component.layer.v0+wasm"];

/// Most bytes of a manifest: what OCI tells registries to accept.
pub(crate) const MAX_MANIFEST: u64 = 4 << 20;
/// Most bytes of a configuration.
pub(crate) const MAX_CONFIG: u64 = 1 << 20;

/// What a blob is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Config,
    Wasm,
    Signature,
}

impl Part {
    /// What errors call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Config => "configuration",
            Self::Wasm => "plugin",
            Self::Signature => "signature",
        }
    }
}

/// A blob that a manifest names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Blob {
    pub(crate) part: Part,
    pub(crate) digest: Digest,
    pub(crate) size: u64,
}

impl Blob {
    /// One byte more than it should have is another blob already, and is not read.
    pub(crate) fn cap(&self) -> Cap {
        Cap { limit: "blob-bytes", max: self.size }
    }

    /// Says of an error of that limit whose fault it is: nobody set it but the manifest.
    pub(crate) fn explained(&self, origin: &str, error: FetchError) -> FetchError {
        match error {
            FetchError::Limit { limit: "blob-bytes", .. } => {
                let problem = format!("the {} is longer than the {} that the manifest gives it", self.part.name(), bytes(self.size));
                FetchError::Artifact { origin: origin.to_owned(), problem }
            }
            other => other,
        }
    }
}

/// What a manifest says.
#[derive(Debug)]
pub(crate) struct Manifest {
    pub(crate) config: Blob,
    pub(crate) wasm: Blob,
    pub(crate) signatures: Vec<Blob>,
    /// Signatures that the manifest itself holds.
    pub(crate) annotated: Vec<Vec<u8>>,
}

impl Manifest {
    /// Reads a manifest, and checks that it is one of a plugin of at most `max_bytes`.
    ///
    /// # Errors
    /// When it is not JSON, of something else, or names what is too large.
    pub(crate) fn parse(origin: &str, text: &[u8], max_bytes: u64) -> Result<Self, FetchError> {
        let not = |problem: String| FetchError::Artifact { origin: origin.to_owned(), problem };
        let kind: Kind = serde_json::from_slice(text).map_err(|_| not("the manifest is not one of OCI".into()))?;
        kind.check().map_err(not)?;
        let manifest: OciImageManifest = serde_json::from_slice(text).map_err(|_| not("the manifest is not one of an artifact".into()))?;
        let blob = |part: Part, descriptor: &OciDescriptor, limit, max| {
            let what = part.name();
            let digest = Digest::parse(&descriptor.digest).ok_or_else(|| not(format!("the digest of the {what} is not one of sha256")))?;
            let size = u64::try_from(descriptor.size).map_err(|_| not(format!("the size of the {what} is negative")))?;
            if size > max {
                let asked = format!("the {what} has {}", bytes(size));
                return Err(FetchError::Limit { origin: origin.to_owned(), limit, asked, allowed: bytes(max) });
            }
            Ok(Blob { part, digest, size })
        };
        let (mut wasm, mut found) = (Vec::new(), Vec::new());
        for layer in &manifest.layers {
            match layer.media_type.as_str() {
                WASM => wasm.push(layer),
                once if WASM_ONCE.contains(&once) => wasm.push(layer),
                SIGNATURE => found.push(layer),
                _ => return Err(not("it is not a plugin: it has a layer that is neither a WebAssembly component nor a signature".into())),
            }
        }
        let [wasm] = wasm.as_slice() else {
            return Err(not(format!("it is not a plugin: it has {} layers of type {WASM}, and a plugin has one", wasm.len())));
        };
        if found.len() > signatures::MAX_SIGNATURES {
            let asked = format!("there are {} signatures", found.len());
            return Err(FetchError::Limit { origin: origin.to_owned(), limit: "signatures", asked, allowed: signatures::MAX_SIGNATURES.to_string() });
        }
        let annotation = manifest.annotations.as_ref().and_then(|annotations| annotations.get(SIGNATURES));
        Ok(Self {
            config: blob(Part::Config, &manifest.config, "configuration-bytes", MAX_CONFIG)?,
            wasm: blob(Part::Wasm, wasm, "max-bytes", max_bytes)?,
            signatures: found
                .into_iter()
                .map(|layer| blob(Part::Signature, layer, "signature-bytes", signatures::MAX_SIGNATURE_BYTES as u64))
                .collect::<Result<_, _>>()?,
            annotated: annotation.map_or(Ok(Vec::new()), |text| signatures::split(origin, text.as_bytes()))?,
        })
    }

    /// All that it names, in the order in which it is needed.
    pub(crate) fn blobs(&self) -> impl Iterator<Item = &Blob> {
        [&self.config, &self.wasm].into_iter().chain(&self.signatures)
    }
}

/// What tells manifests apart.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kind {
    schema_version: u64,
    media_type: Option<String>,
    manifests: Option<Vec<Entry>>,
}

#[derive(Deserialize)]
struct Entry {
    digest: String,
}

impl Kind {
    fn check(&self) -> Result<(), String> {
        if let Some(manifests) = &self.manifests {
            let digests: Vec<String> =
                manifests.iter().take(5).filter_map(|entry| Digest::parse(&entry.digest)).map(|digest| format!("@{digest}")).collect();
            return Err(format!("it is an index of {} artifacts: name one by its digest ({})", manifests.len(), digests.join(", ")));
        }
        if self.schema_version != 2 {
            return Err(format!("its manifest has schema version {}, and there is only 2", self.schema_version));
        }
        match self.media_type.as_deref() {
            None | Some(OCI_IMAGE_MEDIA_TYPE | IMAGE_MANIFEST_MEDIA_TYPE) => Ok(()),
            Some(_) => Err("its manifest is of a type that is not known".into()),
        }
    }
}

/// A plugin's artifact, whole.
#[derive(Debug)]
pub(crate) struct Artifact {
    pub(crate) manifest: Vec<u8>,
    pub(crate) config: Vec<u8>,
}

impl Artifact {
    /// Lays out a plugin. The same plugin with the same annotations gives the same bytes: the time in it is that of the annotation `org.opencontainers.image.created`, or none.
    ///
    /// # Errors
    /// When the annotations or the signatures cannot be written down.
    pub(crate) fn of(name: &str, wasm: &[u8], documents: &[Vec<u8>], annotations: &BTreeMap<String, String>) -> Result<Self, String> {
        if annotations.contains_key(SIGNATURES) {
            return Err(format!("annotation {SIGNATURES} is where signatures go, and cannot be given"));
        }
        let mut annotations = annotations.clone();
        let title = annotations.get("org.opencontainers.image.title").cloned().unwrap_or_else(|| format!("{name}.wasm"));
        let config = component::config(wasm, &annotations);
        if !documents.is_empty() {
            let text = String::from_utf8(signatures::join(documents)).map_err(|_| "a signature is not UTF-8".to_owned())?;
            annotations.insert(SIGNATURES.into(), text);
        }
        let blob = |content: &[u8], media_type: &str, title: Option<String>| OciDescriptor {
            media_type: media_type.into(),
            digest: Digest::of(content).to_string(),
            size: i64::try_from(content.len()).unwrap_or(i64::MAX),
            annotations: title.map(|title| BTreeMap::from([("org.opencontainers.image.title".to_owned(), title)])),
            ..OciDescriptor::default()
        };
        let manifest = OciImageManifest {
            media_type: Some(OCI_IMAGE_MEDIA_TYPE.into()),
            config: blob(&config, CONFIG, None),
            // oras writes a layer into the file that its title names.
            layers: vec![blob(wasm, WASM, Some(title))],
            annotations: (!annotations.is_empty()).then_some(annotations),
            ..OciImageManifest::default()
        };
        let manifest = serde_json::to_vec(&manifest).map_err(|error| error.to_string())?;
        if manifest.len() as u64 > MAX_MANIFEST {
            return Err(format!(
                "the annotations are too long: the manifest has {}, and registries take {}",
                bytes(manifest.len() as u64),
                bytes(MAX_MANIFEST)
            ));
        }
        Ok(Self { manifest, config })
    }
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn descriptor(media_type: &str, content: &[u8]) -> Value {
        json!({ "mediaType": media_type, "digest": Digest::of(content).as_str(), "size": content.len() })
    }

    fn manifest(layers: Value) -> Value {
        json!({ "schemaVersion": 2, "mediaType": OCI_IMAGE_MEDIA_TYPE, "config": descriptor(CONFIG, b"{}"), "layers": layers })
    }

    fn parse(manifest: &Value) -> Result<Manifest, String> {
        Manifest::parse("oci://r.example/a:1", manifest.to_string().as_bytes(), 1 << 20).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_laid_out_is_read_again() {
        let documents = [br#"{"a":1}"#.to_vec(), b"{\n\"b\": 2\n}".to_vec()];
        let annotations = BTreeMap::from([("org.opencontainers.image.version".to_owned(), "1.0".to_owned())]);
        let artifact = Artifact::of("coco", b"\0asm", &documents, &annotations).expect("it is laid out");
        let read = Manifest::parse("x", &artifact.manifest, 4).expect("it is read");
        assert_eq!(read.annotated, [br#"{"a":1}"#.to_vec(), br#"{ "b": 2 }"#.to_vec()]);
        assert_eq!((read.wasm.digest, read.wasm.size, read.signatures.len()), (Digest::of(b"\0asm"), 4, 0));
        assert_eq!(read.config.digest, Digest::of(&artifact.config));
        let again = Artifact::of("coco", b"\0asm", &documents, &annotations).expect("it is laid out");
        assert_eq!(again.manifest, artifact.manifest);
        let manifest: Value = serde_json::from_slice(&artifact.manifest).expect("it is JSON");
        insta::assert_snapshot!(serde_json::to_string_pretty(&manifest).expect("it is JSON"));
    }

    #[test]
    fn layers_of_other_tools() {
        for media_type in WASM_ONCE {
            assert!(parse(&manifest(json!([descriptor(media_type, b"w")]))).is_ok());
        }
        let signed = parse(&manifest(json!([descriptor(SIGNATURE, b"{}"), descriptor(WASM, b"w")]))).expect("it is read");
        assert_eq!(signed.signatures.iter().map(|blob| blob.size).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn what_is_no_plugin() {
        let wasm = descriptor(WASM, b"w");
        let with = |key: &str, value: Value| {
            let mut manifest = manifest(json!([wasm]));
            manifest[key] = value;
            manifest
        };
        let of = |key: &str, value: Value| {
            let mut wasm = wasm.clone();
            wasm[key] = value;
            manifest(json!([wasm]))
        };
        let mut all = String::new();
        for manifest in [
            json!([]),
            json!({}),
            json!({ "schemaVersion": 1, "fsLayers": [] }),
            json!({ "schemaVersion": 2, "manifests": [wasm, wasm] }),
            with("mediaType", json!("text/\u{1b}[2Jhush")),
            with("schemaVersion", json!(3)),
            with("layers", json!({})),
            with("config", descriptor(CONFIG, &vec![b' '; MAX_CONFIG as usize + 1])),
            with("annotations", json!({ SIGNATURES: "hush" })),
            manifest(json!([])),
            manifest(json!([wasm, wasm])),
            manifest(json!([wasm, descriptor("application/vnd.oci.image.layer.v1.tar+gzip", b"x")])),
            manifest(Value::from(vec![descriptor(SIGNATURE, b"{}"); 9])),
            manifest(json!([wasm, descriptor(SIGNATURE, &[b' '; 20_000])])),
            of("size", json!(-1)),
            of("size", json!((1 << 20) + 1)),
            of("size", json!(u64::MAX)),
            of("digest", json!("sha256:../../../etc/passwd")),
            of("digest", json!(format!("sha512:{}", "0".repeat(128)))),
        ] {
            let error = parse(&manifest).expect_err("it is refused");
            assert!(!error.contains("hush") && !error.contains('\u{1b}'), "{error}");
            all.push_str(&error);
            all.push('\n');
        }
        insta::assert_snapshot!(all);
        let taken = BTreeMap::from([(SIGNATURES.to_owned(), String::new())]);
        assert!(Artifact::of("a", b"", &[], &taken).is_err());
        let long = BTreeMap::from([("a".to_owned(), "x".repeat(MAX_MANIFEST as usize))]);
        assert!(Artifact::of("a", b"", &[], &long).is_err_and(|problem| problem.contains("4 MiB")));
    }
}
