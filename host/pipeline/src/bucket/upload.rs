//! One object on its way into a bucket.
//!
//! A small object is one request that refuses to overwrite. A larger one is a multipart upload: parts are not visible, and completing it makes the object
//! appear whole. An upload that is dropped is aborted.

use super::Bucket;
use super::failure::NO_SUCH_BUCKET;
use super::failure::{is_unanswered, was_repeated};
use crate::error::{JobError, StorageError};
use ango_runtime::Cancel;
use bytes::Bytes;
use object_store::path::Path;
use object_store::{ObjectStoreExt, PutMode, PutOptions, PutPayload, WriteMultipart};
use sha2::{Digest, Sha256};
use std::io::{self, Write};
use std::time::Duration;

/// Bytes of a part. Stores ask for at least 5 MiB and allow 10,000 parts: archives of up to 80 GB.
const PART: usize = 8 << 20;
/// Parts on their way at a time. Bounds memory when the network is slower than the compressor.
const PARALLEL: usize = 2;
/// How long a storage may take to forget an upload: one that does not answer must not hold up who gave up because of that.
const ABORT: Duration = Duration::from_secs(10);
/// How often a small object is sent whose answer never came.
const TRIES: u32 = 3;
/// Pause before it is sent again; longer each time.
const PAUSE: Duration = Duration::from_millis(500);
/// How long it may take to look whether an object arrived whose answer never came.
const LOOK: Duration = Duration::from_secs(30);

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
    cancel: Cancel,
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
    pub(super) fn new(bucket: Bucket, key: Path, cancel: Cancel) -> Self {
        Self { bucket, key, cancel, pending: Vec::new(), parts: None, hash: Sha256::new(), bytes: 0, failure: None }
    }

    fn send_part(&mut self) -> Result<(), StorageError> {
        let part = Bytes::from(std::mem::take(&mut self.pending));
        let Self { bucket, key, cancel, parts, .. } = self;
        let _context = bucket.runtime.enter();
        let parts = match parts {
            Some(parts) => parts,
            None => {
                // Completing an upload would replace what is there. Whatever is there afterwards is ours.
                if wait(bucket, key, cancel, async { is_there(bucket.store.head(key).await) })?.is_some() {
                    return Err(bucket.error(key, object_store::Error::AlreadyExists { path: key.to_string(), source: "it is there".into() }));
                }
                let upload = wait(bucket, key, cancel, bucket.store.put_multipart(key))?;
                parts.insert(WriteMultipart::new_with_chunk_size(upload, PART))
            }
        };
        wait(bucket, key, cancel, parts.wait_for_capacity(PARALLEL)).map_err(|error| explained(bucket, error))?;
        parts.put(part);
        Ok(())
    }

    /// Makes the object visible.
    ///
    /// # Errors
    /// When the storage refuses or fails, or somebody cancels; the object does not exist then. The last request, which makes it visible, is waited for in any case: nobody could tell
    /// whether it was carried out.
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
                match wait(&self.bucket, &self.key, &self.cancel, parts.wait_for_capacity(0)) {
                    Ok(()) => runtime.block_on(async {
                        self.in_time()?;
                        match parts.finish().await {
                            Ok(_) => Ok(()),
                            // The answer may have been lost, and a second request is told that there is no such upload any more.
                            Err(_) if self.has_arrived().await => Ok(()),
                            Err(error) => Err(self.bucket.error(&self.key, error)),
                        }
                    }),
                    Err(error) => {
                        // Dropped, the upload is aborted.
                        self.parts = Some(parts);
                        Err(explained(&self.bucket, error))
                    }
                }
            }
            None => runtime.block_on(self.put(Bytes::from(pending))),
        };
        result?;
        Ok(Saved { bytes: self.bytes, sha256: std::mem::take(&mut self.hash).finalize().iter().map(|byte| format!("{byte:02x}")).collect() })
    }

    /// Creates a small object, which must not be there yet. Sent again, it is told that it is there when the first answer was lost: what is there is ours, then, if it is the same.
    async fn put(&self, bytes: Bytes) -> Result<(), StorageError> {
        let mut tries = 1;
        loop {
            self.in_time()?;
            let create = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
            let error = match self.bucket.store.put_opts(&self.key, PutPayload::from(bytes.clone()), create).await {
                Ok(_) => return Ok(()),
                Err(error) => error,
            };
            let is_unanswered = is_unanswered(&error);
            let may_be_ours = match &error {
                object_store::Error::AlreadyExists { .. } => tries > 1 || was_repeated(&error),
                _ => is_unanswered,
            };
            if may_be_ours && self.is_the_same(&bytes).await {
                return Ok(());
            }
            if !is_unanswered || tries == TRIES || self.cancel.is_cancelled() {
                return Err(self.bucket.error(&self.key, error));
            }
            tokio::time::sleep(PAUSE * tries).await;
            tries += 1;
        }
    }

    /// Whether there is still time to make the object visible. After that somebody else may have the same name to write.
    fn in_time(&self) -> Result<(), StorageError> {
        let late = || StorageError { storage: self.bucket.name.clone(), problem: format!("{}: the time to save it is over", self.key) };
        if self.cancel.is_late() { Err(late()) } else { Ok(()) }
    }

    /// Whether an object of this size is there now; it was not when the upload began.
    async fn has_arrived(&self) -> bool {
        let looked = tokio::time::timeout(LOOK, self.bucket.store.head(&self.key)).await;
        looked.is_ok_and(|found| found.is_ok_and(|found| found.size == self.bytes))
    }

    /// Whether the object holds these bytes.
    async fn is_the_same(&self, bytes: &Bytes) -> bool {
        let looked = tokio::time::timeout(LOOK, async { self.bucket.store.get(&self.key).await?.bytes().await }).await;
        looked.is_ok_and(|found| found.is_ok_and(|found| found == *bytes))
    }

    /// The storage's own words about a write that failed.
    pub fn take_failure(&mut self) -> Option<StorageError> {
        self.failure.take()
    }
}

/// What is there; nothing is no failure.
fn is_there<T>(found: object_store::Result<T>) -> object_store::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(object_store::Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Why a part failed. Some servers answer before they have read it, and close: the connection is all that is seen to break then, and whether there is such a bucket is asked again.
fn explained(bucket: &Bucket, error: StorageError) -> StorageError {
    let looked = bucket.runtime.block_on(async { tokio::time::timeout(LOOK, bucket.can_list()).await });
    match looked {
        Ok(Err(found)) if found.problem.contains(NO_SUCH_BUCKET) => found,
        _ => error,
    }
}

/// Waits for a storage, which may never answer.
fn wait<T>(bucket: &Bucket, key: &Path, cancel: &Cancel, answer: impl Future<Output = Result<T, object_store::Error>>) -> Result<T, StorageError> {
    let answer = async { answer.await.map_err(|error| bucket.error(key, error)) };
    bucket.wait(cancel, answer).map_err(|error| match error {
        JobError::Storage(error) => error,
        other => StorageError { storage: bucket.name.clone(), problem: format!("{key}: {other}") },
    })
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
            && let Err(failure) = self.send_part()
        {
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
            let _ = runtime.block_on(async { tokio::time::timeout(ABORT, parts.abort()).await });
        }
    }
}
