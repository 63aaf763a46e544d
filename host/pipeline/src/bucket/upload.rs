//! One object on its way into a bucket.
//!
//! A small object is one request that refuses to overwrite. A larger one is a multipart upload: parts are not visible, and completing it makes the object
//! appear whole. An upload that is dropped is aborted.

use super::Bucket;
use crate::error::StorageError;
use bytes::Bytes;
use object_store::path::Path;
use object_store::{ObjectStoreExt, PutMode, PutOptions, PutPayload, WriteMultipart};
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// Bytes of a part. Stores ask for at least 5 MiB and allow 10,000 parts: archives of up to 80 GB.
const PART: usize = 8 << 20;
/// Parts on their way at a time. Bounds memory when the network is slower than the compressor.
const PARALLEL: usize = 2;

/// An object that was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// Bytes.
    pub bytes: u64,
    /// SHA-256, in hexadecimal.
    pub sha256: String,
}

/// An object being written. Blocks the thread that writes; must not be used on a thread of the runtime.
pub struct Upload {
    bucket: Bucket,
    key: Path,
    pending: Vec<u8>,
    parts: Option<WriteMultipart>,
    hash: Sha256,
    bytes: u64,
    /// What went wrong: `io::Error` cannot carry it through other writers unharmed.
    failure: Option<StorageError>,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upload").field("key", &self.key.as_ref()).field("bytes", &self.bytes).finish_non_exhaustive()
    }
}

impl Upload {
    pub(super) fn new(bucket: Bucket, key: Path) -> Self {
        Self { bucket, key, pending: Vec::new(), parts: None, hash: Sha256::new(), bytes: 0, failure: None }
    }

    fn send_part(&mut self) -> Result<(), object_store::Error> {
        let part = Bytes::from(std::mem::take(&mut self.pending));
        let runtime = self.bucket.runtime.clone();
        let _context = runtime.enter();
        if self.parts.is_none() {
            let upload = runtime.block_on(self.bucket.store.put_multipart(&self.key))?;
            self.parts = Some(WriteMultipart::new_with_chunk_size(upload, PART));
        }
        if let Some(parts) = &mut self.parts {
            runtime.block_on(parts.wait_for_capacity(PARALLEL))?;
            parts.put(part);
        }
        Ok(())
    }

    /// Makes the object visible.
    ///
    /// # Errors
    /// When the storage refuses or fails; the object does not exist then.
    pub fn complete(mut self) -> Result<Saved, StorageError> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        let runtime = self.bucket.runtime.clone();
        let _context = runtime.enter();
        let pending = std::mem::take(&mut self.pending);
        let result = match self.parts.take() {
            Some(mut parts) => {
                if !pending.is_empty() {
                    parts.put(Bytes::from(pending));
                }
                // Wait for the parts first: of a part that failed, `finish` would tell how aborting went.
                match runtime.block_on(parts.wait_for_capacity(0)) {
                    Ok(()) => runtime.block_on(parts.finish()).map(|_| ()),
                    Err(error) => {
                        // Dropped, the upload is aborted.
                        self.parts = Some(parts);
                        Err(error)
                    }
                }
            }
            None => {
                let create = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
                runtime.block_on(self.bucket.store.put_opts(&self.key, PutPayload::from(pending), create)).map(|_| ())
            }
        };
        result.map_err(|error| self.bucket.error(&self.key, error))?;
        Ok(Saved { bytes: self.bytes, sha256: std::mem::take(&mut self.hash).finalize().iter().map(|byte| format!("{byte:02x}")).collect() })
    }

    /// The storage's own words about a write that failed.
    pub fn take_failure(&mut self) -> Option<StorageError> {
        self.failure.take()
    }
}

impl Write for Upload {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        if self.failure.is_some() {
            return Err(io::Error::other("the upload failed before"));
        }
        self.hash.update(data);
        self.bytes += data.len() as u64;
        let filled = self.pending.len() + data.len();
        if filled > PART / 8 && self.pending.capacity() < PART {
            // An object of this size will fill the part: growing to it step by step would copy it again and again.
            self.pending.reserve_exact((PART + data.len()).max(filled) - self.pending.len());
        }
        self.pending.extend_from_slice(data);
        if self.pending.len() >= PART
            && let Err(error) = self.send_part()
        {
            let failure = self.bucket.error(&self.key, error);
            let text = failure.to_string();
            self.failure = Some(failure);
            return Err(io::Error::other(text));
        }
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if let Some(parts) = self.parts.take() {
            let runtime = self.bucket.runtime.clone();
            let _context = runtime.enter();
            // Best effort: the store's own rule for abandoned uploads covers the rest.
            let _ = runtime.block_on(parts.abort());
        }
    }
}
