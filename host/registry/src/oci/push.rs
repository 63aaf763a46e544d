//! Pushing a plugin into a registry.

use super::artifact::Artifact;
use super::auth::{self, Access, Want};
use super::reference::OciReference;
use crate::digest::Digest;
use crate::error::{FetchError, PushError};
use crate::limits::{Limits, seconds};
use crate::origin::is_loopback;
use crate::signatures;
use crate::web::{ATTEMPTS, FIRST_WAIT, Web, cause, is_cut, named};
use bytes::Bytes;
use oci_client::Client;
use oci_client::client::{ClientConfig, ClientProtocol};
use oci_client::errors::OciDistributionError;
use oci_client::manifest::OCI_IMAGE_MEDIA_TYPE;
use reqwest::StatusCode;
use reqwest::header::HeaderValue;
use std::collections::BTreeMap;
use std::time::Duration;

/// Time for a whole push: 64 MiB over a line of 2 Mbit/s.
const TIMEOUT: Duration = Duration::from_secs(300);

/// Pushes a plugin with its signatures (JSON objects), and gives back the digest of its manifest. The tag, when there is one of that name, then means this plugin: pushing
/// again is safe.
///
/// `annotations` go into the manifest; well-known names are `org.opencontainers.image.version`, `.description`, `.source`, `.licenses`, `.authors`, `.created`.
///
/// # Errors
/// When the reference is a digest, when signatures or annotations cannot be written down, and when the registry does not take it.
pub async fn push(
    reference: &OciReference,
    wasm: &[u8],
    signatures: &[Vec<u8>],
    annotations: &BTreeMap<String, String>,
) -> Result<String, PushError> {
    if reference.digest().is_some() {
        return Err(PushError::Input(format!("oci://{reference}: a digest follows from what is pushed: push to a tag")));
    }
    let text = signatures::join(signatures);
    let documents = signatures::split(&format!("oci://{reference}"), &text).map_err(|error| PushError::Input(error.to_string()))?;
    let name = reference.repository().rsplit('/').next().unwrap_or_default();
    let artifact = Artifact::of(name, wasm, &documents, annotations).map_err(|problem| PushError::Input(format!("oci://{reference}: {problem}")))?;
    let digest = Digest::of(&artifact.manifest).to_string();
    match tokio::time::timeout(TIMEOUT, upload(reference, wasm.to_vec(), artifact)).await {
        Ok(done) => done.map(|()| digest),
        Err(_) => {
            let problem = format!("limit 'timeout' reached: the push takes more than the {} that are allowed", seconds(TIMEOUT));
            Err(PushError::Network { reference: reference.to_string(), problem })
        }
    }
}

async fn upload(reference: &OciReference, wasm: Vec<u8>, artifact: Artifact) -> Result<(), PushError> {
    let limits = Limits::default();
    let web = Web::new(&limits).map_err(|error| of_fetch(reference, error))?;
    let access = auth::authorize(&web, reference, Want::Push).await.map_err(|error| of_fetch(reference, error))?;
    let client = client(reference, &limits).map_err(|error| of_client(reference, "nothing yet", &access, &error))?;
    let to = Target { client, reference, access };
    to.client.store_auth_if_needed(reference.inner().resolve_registry(), &to.access.auth).await;
    to.blob("the plugin", wasm).await?;
    to.blob("its configuration", artifact.config).await?;
    let manifest = artifact.manifest;
    let push = || to.client.push_manifest_raw(reference.inner(), manifest.clone(), HeaderValue::from_static(OCI_IMAGE_MEDIA_TYPE));
    to.again("its manifest", push).await.map(|_| ())
}

fn client(reference: &OciReference, limits: &Limits) -> Result<Client, OciDistributionError> {
    let registry = reference.inner().resolve_registry().to_owned();
    let is_local = reference.base().is_ok_and(|base| is_loopback(&base));
    let mut config = ClientConfig {
        connect_timeout: Some(limits.connect_timeout),
        // The other way, in pieces, is one that not every registry has.
        use_monolithic_push: true,
        user_agent: concat!("ango-export/", env!("CARGO_PKG_VERSION")),
        ..ClientConfig::default()
    };
    if is_local {
        config.protocol = ClientProtocol::HttpsExcept(vec![registry]);
        // What goes to this machine must not go to a proxy that the environment names; the client has no other way to say so than a proxy that nothing may go to.
        config.http_proxy = Some("http://127.0.0.1:1".into());
        config.no_proxy = Some("localhost,127.0.0.0/8,::1".into());
    }
    Client::try_from(config)
}

struct Target<'a> {
    client: Client,
    reference: &'a OciReference,
    access: Access,
}

impl Target<'_> {
    async fn blob(&self, what: &str, content: Vec<u8>) -> Result<(), PushError> {
        let (digest, size) = (Digest::of(&content), content.len() as u64);
        let is_there = self.again(what, || self.client.blob_exists(self.reference.inner(), digest.as_str())).await?;
        if !is_there {
            // As a stream, because the client panics on some answers when it is given bytes.
            let (content, size) = (Bytes::from(content), Some(size));
            let push = || {
                let content = futures::stream::once(std::future::ready(Ok(content.clone())));
                self.client.push_blob_stream(self.reference.inner(), content, digest.as_str(), size)
            };
            self.again(what, push).await?;
        }
        Ok(())
    }

    /// Does something that is safe to do again, until it works or will not.
    async fn again<T, F: Future<Output = Result<T, OciDistributionError>>>(&self, what: &str, act: impl Fn() -> F) -> Result<T, PushError> {
        let mut wait = FIRST_WAIT;
        let mut attempt = 1;
        loop {
            match act().await {
                Ok(done) => return Ok(done),
                Err(error) if attempt == ATTEMPTS || !is_passing(&error) => return Err(of_client(self.reference, what, &self.access, &error)),
                Err(_) => {}
            }
            tokio::time::sleep(wait).await;
            wait *= 2;
            attempt += 1;
        }
    }
}

fn is_passing(error: &OciDistributionError) -> bool {
    match error {
        OciDistributionError::ServerError { code, .. } => *code == 429 || *code >= 500,
        OciDistributionError::RequestError(error) => {
            is_cut(error) || error.status().is_some_and(|status| status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error())
        }
        _ => false,
    }
}

/// What the client's error means. Its own words are not used: they quote URLs that let somebody upload, and what the server says.
fn of_client(reference: &OciReference, what: &str, access: &Access, error: &OciDistributionError) -> PushError {
    let name = reference.to_string();
    let (status, message) = match error {
        OciDistributionError::ServerError { code, message, .. } => (StatusCode::from_u16(*code).ok(), message.as_str()),
        OciDistributionError::UnauthorizedError { .. } | OciDistributionError::AuthenticationFailure(_) => (Some(StatusCode::UNAUTHORIZED), ""),
        OciDistributionError::RequestError(error) if error.status().is_some() => (error.status(), ""),
        OciDistributionError::RequestError(error) => {
            return PushError::Network {
                reference: name,
                problem: format!("the registry cannot be reached, or goes away, while it is sent {what}: {}", cause(error)),
            };
        }
        _ => {
            return PushError::Answer { reference: name, problem: format!("the registry does not keep to the rules of OCI while it is sent {what}") };
        }
    };
    match status {
        Some(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => PushError::Denied { reference: name, problem: access.refused("push") },
        status => {
            let status = status.map_or_else(|| "an unknown status".into(), named);
            let code = code(message).map_or_else(String::new, |code| format!(" ({code})"));
            PushError::Answer { reference: name, problem: format!("the registry answers {status}{code} when it is sent {what}") }
        }
    }
}

/// The code of an error of OCI: `MANIFEST_INVALID`.
fn code(message: &str) -> Option<String> {
    let body: serde_json::Value = serde_json::from_str(message).ok()?;
    let code = body.pointer("/errors/0/code")?.as_str()?;
    (code.len() <= 40 && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')).then(|| code.to_owned())
}

fn of_fetch(reference: &OciReference, error: FetchError) -> PushError {
    let reference = reference.to_string();
    match error {
        FetchError::Denied { problem, .. } => PushError::Denied { reference, problem },
        FetchError::Answer { problem, .. } | FetchError::NotFound { problem, .. } => PushError::Answer { reference, problem },
        FetchError::Network { problem, .. } => PushError::Network { reference, problem },
        FetchError::Limit { limit, asked, allowed, .. } => {
            PushError::Network { reference, problem: format!("limit '{limit}' reached: {asked}, and {allowed} is allowed") }
        }
        other => PushError::Answer { reference, problem: other.to_string() },
    }
}
