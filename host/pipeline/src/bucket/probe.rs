//! Testing a connection: everything that an export will do, with a small object.

use super::Bucket;
use super::failure::shown;
use ango_runtime::Cancel;
use object_store::client::{HttpRequest, HttpRequestBody};
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload};
use std::time::Duration;

/// What is written.
const TEXT: &[u8] = b"ango-export was here to see whether it may write. It deletes this object again.\n";
/// How long the link of the test can be used.
const LINK: Duration = Duration::from_secs(60);
/// How long a step may take: somebody waits for it.
const STEP: Duration = Duration::from_secs(15);

/// A step of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// `open`, `write`, `read`, `link` or `delete`.
    pub step: &'static str,
    /// Whether it went well.
    pub ok: bool,
    /// What went wrong, or what is worth knowing.
    pub detail: Option<String>,
}

impl Bucket {
    /// Lists the folder, writes a small object under a name that nothing else has, reads it back, opens a link to it as anybody would, and deletes it. Ends with the first step that fails, except
    /// that what was written is deleted in any case. Each step takes 15 seconds at most. Must not be called on a thread of the runtime.
    pub fn probe(&self, name: &str, cancel: &Cancel) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut step = |step, result: Result<Option<String>, String>| {
            let ok = result.is_ok();
            steps.push(Step { step, ok, detail: result.unwrap_or_else(Some) });
            ok
        };
        let key = self.key(name);
        let said = |error| self.error(&key, error).to_string();
        if !step("open", self.within(cancel, async { self.can_list().await.map(|()| Some(self.name.clone())).map_err(|error| error.to_string()) })) {
            return steps;
        }
        let write = async {
            let create = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
            self.store.put_opts(&key, PutPayload::from_static(TEXT), create).await.map(|_| Some(self.url(name))).map_err(said)
        };
        if !step("write", self.within(cancel, write)) {
            // It may have arrived all the same, when nobody answered.
            let _ = self.within(cancel, async { self.delete_key(name).await.map(|()| None).map_err(|error| error.to_string()) });
            return steps;
        }
        let read = async {
            let bytes = self.store.get_range(&key, 0..TEXT.len() as u64).await.map_err(said)?;
            if bytes == TEXT { Ok(None) } else { Err(format!("{}: what comes back is not what was written", self.name)) }
        };
        let _ = step("read", self.within(cancel, read)) && step("link", self.link(name, cancel));
        step("delete", self.within(cancel, async { self.delete_key(name).await.map(|()| None).map_err(|error| error.to_string()) }));
        steps
    }

    /// Signs a link and opens it without credentials.
    fn link(&self, name: &str, cancel: &Cancel) -> Result<Option<String>, String> {
        let Some(provider) = &self.provider else { return Ok(Some("links into this folder are signed by the service".to_owned())) };
        let url = self.signed_url(name, LINK).map_err(|error| error.to_string())?.unwrap_or_default();
        let fail = |problem: &str| format!("{}: a link that was signed does not open: {}", self.name, shown(&self.settings, problem));
        self.within(cancel, async {
            let mut request = HttpRequest::new(HttpRequestBody::empty());
            *request.uri_mut() = url.parse().map_err(|_| fail("its address is none"))?;
            let response = provider.http.execute(request).await.map_err(|error| fail(&error.to_string()))?;
            if response.status().is_success() { Ok(None) } else { Err(fail(&format!("the storage answers {}", response.status()))) }
        })
    }

    /// Waits for a step.
    fn within(&self, cancel: &Cancel, step: impl Future<Output = Result<Option<String>, String>>) -> Result<Option<String>, String> {
        self.runtime.block_on(async {
            tokio::select! {
                biased;
                () = cancel.cancelled() => Err("somebody cancelled the test".to_owned()),
                result = tokio::time::timeout(STEP, step) => {
                    result.unwrap_or_else(|_| Err(format!("{}: the storage does not answer within {} seconds", self.name, STEP.as_secs())))
                }
            }
        })
    }
}
