//! What is said to Azure without the library: links, and that an object is to be deleted.
//!
//! The library signs the address as it is written, with its escapes; Azure checks the name without them, and refuses such a link to every object whose name or folder has a space in it. So an
//! account's key signs here. Other credentials sign by a key that Azure gives out for some hours, which the library asks for; it is used where a name needs no escapes.
//!
//! The library deletes by a list of requests in one request, which needs more rights than the request alone where a token is given (Azurite breaks over it).

use crate::error::ConfigError;
use ango_model::time::format_iso;
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::StreamExt;
use object_store::azure::{AzureAuthorizer, MicrosoftAzure};
use object_store::client::{HttpClient, HttpRequest, HttpRequestBody};
use object_store::path::Path;
use object_store::signer::{Method, Signer, Url};
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The version of the rules that links are signed by.
const VERSION: &str = "2023-11-03";

/// How often it is asked to delete an object, and the pause before it is asked again; longer each time.
const TRIES: u32 = 4;
const PAUSE: Duration = Duration::from_millis(500);
/// The most that is read of an answer that says no.
const MAX_ANSWER: usize = 64 << 10;

/// Signs links into a container, and deletes from it.
pub(super) struct Sas {
    library: Arc<MicrosoftAzure>,
    key: Option<hmac::Key>,
    account: String,
    container: String,
    /// Where containers are folders.
    base: Url,
}

/// The key is never shown.
impl std::fmt::Debug for Sas {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sas").field("account", &self.account).field("container", &self.container).finish_non_exhaustive()
    }
}

impl Sas {
    /// A signer with an account's key, in base64, if there is one.
    pub(super) fn new(library: Arc<MicrosoftAzure>, key: Option<&str>, account: &str, container: &str, base: Url) -> Result<Self, ConfigError> {
        let decoded = key.map(|key| STANDARD.decode(key)).transpose().map_err(|_| ConfigError("the account's key is not base64".into()))?;
        let key = decoded.map(|key| hmac::Key::new(hmac::HMAC_SHA256, &key));
        Ok(Self { library, key, account: account.to_owned(), container: container.to_owned(), base })
    }

    /// The address of an object.
    fn address(&self, path: &Path) -> object_store::Result<Url> {
        let mut url = self.base.clone();
        let mut parts = url.path_segments_mut().map_err(|()| fail("the endpoint is none"))?;
        parts.pop_if_empty().push(&self.container).extend(path.parts().map(|part| part.as_ref().to_owned()));
        drop(parts);
        Ok(url)
    }

    /// Deletes an object. One that is not there is an error.
    pub(super) async fn delete(&self, http: &HttpClient, path: &Path) -> object_store::Result<()> {
        let mut tries = 1;
        loop {
            let mut request = HttpRequest::new(HttpRequestBody::empty());
            *request.method_mut() = Method::DELETE;
            *request.uri_mut() = self.address(path)?.as_str().parse().map_err(|_| fail("the address is none"))?;
            let credential = self.library.credentials().get_credential().await?;
            AzureAuthorizer::new(&credential, &self.account).try_authorize(&mut request)?;
            let error = match http.execute(request).await {
                Ok(response) if response.status().is_success() => return Ok(()),
                Ok(response) => {
                    let status = response.status();
                    let mut body = Vec::new();
                    let mut chunks = response.into_body().bytes_stream();
                    while let Some(Ok(chunk)) = chunks.next().await
                        && body.len() < MAX_ANSWER
                    {
                        body.extend_from_slice(&chunk);
                    }
                    let (path, source) = (path.to_string(), format!("the storage answers {status}: {}", String::from_utf8_lossy(&body)).into());
                    match status.as_u16() {
                        401 => return Err(object_store::Error::Unauthenticated { path, source }),
                        403 => return Err(object_store::Error::PermissionDenied { path, source }),
                        404 => return Err(object_store::Error::NotFound { path, source }),
                        500.. => object_store::Error::Generic { store: "Azure", source },
                        _ => return Err(object_store::Error::Generic { store: "Azure", source }),
                    }
                }
                Err(error) => object_store::Error::Generic { store: "Azure", source: Box::new(error) },
            };
            if tries == TRIES {
                return Err(error);
            }
            tokio::time::sleep(PAUSE * tries).await;
            tries += 1;
        }
    }

    async fn sign(&self, method: Method, path: &Path, time: Duration) -> object_store::Result<Url> {
        let mut url = self.address(path)?;
        let Some(key) = &self.key else {
            let signed = self.library.signed_url(method, path, time).await?;
            if !url.path().ends_with(&format!("/{}/{path}", self.container)) {
                return Err(fail("these credentials sign no links to names with spaces and other such signs in them"));
            }
            return Ok(signed);
        };
        if method != Method::GET {
            return Err(fail("only links for reading are signed"));
        }
        let end = (SystemTime::now() + time).duration_since(UNIX_EPOCH).unwrap_or_default();
        let end = format_iso(i64::try_from(end.as_secs()).unwrap_or(i64::MAX / 1000).saturating_mul(1000));
        let end = end.split('.').next().unwrap_or_default().trim_end_matches('Z').to_owned() + "Z";
        // A link that may be fetched in the clear is for emulators.
        let protocol = if url.scheme() == "https" { "https" } else { "https,http" };
        let resource = format!("/blob/{}/{}/{path}", self.account, self.container);
        let text = format!("r\n\n{end}\n{resource}\n\n\n{protocol}\n{VERSION}\nb\n\n\n\n\n\n\n");
        let signature = STANDARD.encode(hmac::sign(key, text.as_bytes()).as_ref());
        url.query_pairs_mut().extend_pairs([("sv", VERSION), ("sr", "b"), ("sp", "r"), ("se", &end), ("spr", protocol), ("sig", &signature)]);
        Ok(url)
    }
}

fn fail(problem: &str) -> object_store::Error {
    object_store::Error::Generic { store: "Azure", source: problem.into() }
}

impl Signer for Sas {
    // What `async_trait` makes of an async function.
    fn signed_url<'a, 'b, 'c>(
        &'a self,
        method: Method,
        path: &'b Path,
        time: Duration,
    ) -> Pin<Box<dyn Future<Output = object_store::Result<Url>> + Send + 'c>>
    where
        'a: 'c,
        'b: 'c,
        Self: 'c,
    {
        Box::pin(self.sign(method, path, time))
    }
}
