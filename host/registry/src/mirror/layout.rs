//! OCI image layouts: a repository in a folder, as `skopeo`, `oras` and others write and read it.

use super::{Confined, host_name};
use crate::digest::Digest;
use crate::error::FetchError;
use crate::oci::artifact::{Blob, MAX_MANIFEST};
use crate::oci::pull::{Blobs, Pulled};
use crate::oci::reference::OciReference;
use oci_client::manifest::{IMAGE_MANIFEST_MEDIA_TYPE, OCI_IMAGE_INDEX_MEDIA_TYPE, OCI_IMAGE_MEDIA_TYPE};
use serde_json::{Map, Value, json};
use std::fs::File;
use std::path::{Path, PathBuf};

/// The file that says that a folder is a layout.
const MARKER: &str = "oci-layout";
const VERSION: &str = "1.0.0";
const INDEX: &str = "index.json";
/// The annotation of a manifest with its tag.
const TAG: &str = "org.opencontainers.image.ref.name";

/// The layout of a repository in a mirror.
#[derive(Debug)]
pub(super) struct Layout {
    mirror: Confined,
    /// Below the mirror.
    folder: PathBuf,
}

/// Where a repository lies. Its parts are lower-case names without dots in a row, by the grammar of references.
pub(super) fn folder(reference: &OciReference) -> PathBuf {
    Path::new("oci").join(host_name(reference.registry())).join(reference.repository())
}

impl Layout {
    pub(super) fn new(mirror: Confined, reference: &OciReference) -> Result<Self, FetchError> {
        let folder = folder(reference);
        mirror.path(&folder)?;
        Ok(Self { mirror, folder })
    }

    fn missing(&self, origin: &str, name: &Path, problem: impl Into<String>) -> FetchError {
        match self.mirror.path(&self.folder.join(name)) {
            Ok(file) => FetchError::NotInMirror { origin: origin.to_owned(), file, problem: problem.into() },
            Err(error) => error,
        }
    }

    fn blob_path(digest: &Digest) -> PathBuf {
        Path::new("blobs").join("sha256").join(digest.hex())
    }

    /// The manifest that a reference means, and its digest.
    pub(super) fn manifest(&self, reference: &OciReference, origin: &str) -> Result<(Digest, Vec<u8>), FetchError> {
        let digest = match reference.digest() {
            Some(digest) => digest.clone(),
            None => self.tagged(reference.tag().unwrap_or("latest"), origin)?,
        };
        let path = Self::blob_path(&digest);
        let found = self.mirror.read(&self.folder.join(&path), "manifest-bytes", MAX_MANIFEST)?;
        let manifest = found.ok_or_else(|| self.missing(origin, &path, "does not exist"))?;
        Ok((digest, manifest))
    }

    fn tagged(&self, tag: &str, origin: &str) -> Result<Digest, FetchError> {
        let Some(index) = self.index()? else { return Err(self.missing(origin, Path::new(INDEX), "does not exist")) };
        let entries = entries(&index);
        let Some(entry) = entries.iter().find(|entry| tag_of(entry) == Some(tag)) else {
            let known: Vec<String> = entries.iter().filter_map(|entry| tag_of(entry)).take(10).map(|tag| tag.escape_debug().to_string()).collect();
            let known = if known.is_empty() { "it names none".to_owned() } else { format!("it names {}", known.join(", ")) };
            return Err(self.missing(origin, Path::new(INDEX), format!("does not name the tag '{tag}': {known}")));
        };
        let media_type = entry.get("mediaType").and_then(Value::as_str).unwrap_or(OCI_IMAGE_MEDIA_TYPE);
        let digest = entry.get("digest").and_then(Value::as_str).and_then(Digest::parse);
        match (media_type, digest) {
            (OCI_IMAGE_MEDIA_TYPE | IMAGE_MANIFEST_MEDIA_TYPE | OCI_IMAGE_INDEX_MEDIA_TYPE, Some(digest)) => Ok(digest),
            _ => Err(self.missing(origin, Path::new(INDEX), format!("names something else than a plugin by the tag '{tag}'"))),
        }
    }

    /// The index, if there is one.
    fn index(&self) -> Result<Option<Map<String, Value>>, FetchError> {
        let path = self.folder.join(INDEX);
        let Some(text) = self.mirror.read(&path, "manifest-bytes", MAX_MANIFEST)? else { return Ok(None) };
        let index = serde_json::from_slice::<Map<String, Value>>(&text).ok().filter(|index| index.get("manifests").is_some_and(Value::is_array));
        match index {
            Some(index) => Ok(Some(index)),
            None => Err(FetchError::File { path: self.mirror.path(&path)?, problem: "is not the index of an OCI image layout".into() }),
        }
    }

    pub(super) fn blobs<'a>(&'a self, origin: &'a str) -> LayoutBlobs<'a> {
        LayoutBlobs { layout: self, origin }
    }

    /// Writes an artifact: blobs first, then what names them. Whatever else the layout holds stays.
    pub(super) fn write(&self, reference: &OciReference, pulled: &Pulled) -> Result<(), FetchError> {
        let marker = self.folder.join(MARKER);
        if self.mirror.read(&marker, "manifest-bytes", MAX_MANIFEST)?.is_none() {
            self.mirror.write_new(&marker, json!({ "imageLayoutVersion": VERSION }).to_string().as_bytes())?;
        }
        // Two that fill the same mirror would each lose what the other wrote into the index.
        let marker = self.mirror.path(&marker)?;
        let lock = File::open(&marker).and_then(|file| file.lock().map(|()| file));
        let _lock = lock.map_err(|error| FetchError::File { path: marker, problem: format!("cannot be locked: {error}") })?;
        for (blob, content) in &pulled.blobs {
            self.write_blob(&blob.digest, content)?;
        }
        self.write_blob(&pulled.digest, &pulled.manifest)?;
        let mut index = self.index()?.unwrap_or_else(|| {
            let mut index = Map::new();
            index.insert("schemaVersion".into(), json!(2));
            index.insert("mediaType".into(), json!(OCI_IMAGE_INDEX_MEDIA_TYPE));
            index
        });
        let entries = entry_list(reference, pulled, entries(&index));
        index.insert("manifests".into(), Value::Array(entries));
        let text =
            serde_json::to_vec_pretty(&index).map_err(|error| FetchError::File { path: self.folder.join(INDEX), problem: error.to_string() })?;
        self.mirror.write(&self.folder.join(INDEX), &text)
    }

    fn write_blob(&self, digest: &Digest, content: &[u8]) -> Result<(), FetchError> {
        let path = self.folder.join(Self::blob_path(digest));
        let max = content.len() as u64;
        // What is there and right stays; what is there and wrong is replaced.
        match self.mirror.read(&path, "max-bytes", max) {
            Ok(Some(there)) if there == content => Ok(()),
            _ => self.mirror.write(&path, content),
        }
    }
}

/// The manifests of an index.
fn entries(index: &Map<String, Value>) -> &[Value] {
    index.get("manifests").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn tag_of(entry: &Value) -> Option<&str> {
    entry.get("annotations")?.get(TAG)?.as_str()
}

/// The index's manifests, with one more. The manifest that had the tag loses it and stays, for those who name it by its digest.
fn entry_list(reference: &OciReference, pulled: &Pulled, entries: &[Value]) -> Vec<Value> {
    let tag = reference.tag();
    let digest = pulled.digest.as_str();
    let mut list = Vec::new();
    for entry in entries {
        let mut entry = entry.clone();
        if tag.is_some() && tag_of(&entry) == tag {
            if let Some(annotations) = entry.get_mut("annotations").and_then(Value::as_object_mut) {
                annotations.remove(TAG);
            }
            if entry.get("annotations").and_then(Value::as_object).is_some_and(Map::is_empty)
                && let Some(entry) = entry.as_object_mut()
            {
                entry.remove("annotations");
            }
        }
        let is_same = entry.get("digest").and_then(Value::as_str) == Some(digest) && tag_of(&entry).is_none();
        if !is_same {
            list.push(entry);
        }
    }
    let is_named = list.iter().any(|entry| entry.get("digest").and_then(Value::as_str) == Some(digest));
    if tag.is_some() || !is_named {
        let mut entry = json!({ "mediaType": OCI_IMAGE_MEDIA_TYPE, "digest": digest, "size": pulled.manifest.len() });
        if let Some(tag) = tag {
            entry["annotations"] = json!({ TAG: tag });
        }
        list.push(entry);
    }
    list
}

/// The blobs of a layout.
pub(super) struct LayoutBlobs<'a> {
    layout: &'a Layout,
    origin: &'a str,
}

impl Blobs for LayoutBlobs<'_> {
    async fn blob(&self, blob: &Blob) -> Result<Vec<u8>, FetchError> {
        let path = Layout::blob_path(&blob.digest);
        let cap = blob.cap();
        let found = self.layout.mirror.read(&self.layout.folder.join(&path), cap.limit, cap.max).map_err(|error| blob.explained(self.origin, error));
        found?.ok_or_else(|| self.layout.missing(self.origin, &path, format!("(the {}) does not exist", blob.part.name())))
    }
}
