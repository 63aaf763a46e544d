//! Being let into a registry: no credentials, a user and a password, or a token that another server gives out for them.

use super::credentials::{self, Credentials, REMEDY};
use super::reference::OciReference;
use crate::error::FetchError;
use crate::origin::is_loopback;
use crate::web::{Cap, Request, Web, named, server};
use http_auth::ChallengeRef;
use http_auth::parser::ChallengeParser;
use oci_client::secrets::RegistryAuth;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue, WWW_AUTHENTICATE};
use serde::Deserialize;
use url::Url;

/// What we want to do with a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    Pull,
    Push,
}

/// Most bytes of a token server's answer. Tokens of some clouds are ten thousand bytes long.
const MAX_TOKEN: u64 = 128 << 10;

#[derive(Deserialize)]
struct Token {
    token: Option<String>,
    access_token: Option<String>,
}

/// How a registry lets us in.
#[derive(Debug)]
pub(crate) struct Access {
    pub(crate) auth: RegistryAuth,
    /// Whether it knows who we are.
    is_known: bool,
}

impl Access {
    fn nobody(auth: RegistryAuth) -> Self {
        Self { auth, is_known: false }
    }

    /// The header that shows it.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        header(&self.auth)
    }

    /// What to say when the registry does not let us do `what` all the same.
    pub(crate) fn refused(&self, what: &str) -> String {
        if self.is_known { REFUSED.into() } else { format!("the registry does not let everybody {what}: {REMEDY}") }
    }
}

/// What to say when credentials do not help.
const REFUSED: &str = "the registry refuses the user and the password: check ANGO_REGISTRY_USER and ANGO_REGISTRY_PASSWORD or the login in Docker's configuration, and what the user may do";

/// Asks the registry what it wants, and gets it.
///
/// # Errors
/// When the registry is none or cannot be reached, or does not let us in.
pub(crate) async fn authorize(web: &Web, reference: &OciReference, want: Want) -> Result<Access, FetchError> {
    let origin = format!("oci://{reference}");
    let base = reference.base()?;
    let denied = |problem: String| FetchError::Denied { origin: origin.clone(), problem };
    let answer = web
        .get(&Request { origin: &origin, url: base.clone(), accept: None, authorization: None, cap: Cap { limit: "answer-bytes", max: MAX_TOKEN } })
        .await?;
    match answer.status {
        StatusCode::OK => return Ok(Access::nobody(RegistryAuth::Anonymous)),
        StatusCode::UNAUTHORIZED => {}
        status => {
            let problem = format!("{} is not a registry: it answers {}", server(&base), named(status));
            return Err(FetchError::Answer { origin, problem });
        }
    }
    let credentials = credentials::find(reference.registry()).await.map_err(&denied)?;
    match (Challenge::of(&answer.headers), credentials) {
        (Some(Challenge::Bearer { realm, service }), credentials) => {
            let is_known = credentials.is_some();
            let token = token(web, reference, want, &origin, &realm, service.as_deref(), credentials).await?;
            Ok(Access { auth: RegistryAuth::Bearer(token), is_known })
        }
        (Some(Challenge::Basic), Some(Credentials { user, password })) => Ok(Access { auth: RegistryAuth::Basic(user, password), is_known: true }),
        (Some(Challenge::Basic), None) => Err(denied(format!("the registry asks for a user and a password: {REMEDY}"))),
        (None, _) => Err(denied("the registry wants to know who asks, in a way that is not known here".into())),
    }
}

fn header(auth: &RegistryAuth) -> Option<HeaderValue> {
    let mut header: HeaderValue = match auth {
        RegistryAuth::Anonymous => return None,
        RegistryAuth::Basic(user, password) => http_auth::basic::encode_credentials(user, password).parse().ok()?,
        RegistryAuth::Bearer(token) => HeaderValue::from_str(&format!("Bearer {token}")).ok()?,
    };
    header.set_sensitive(true);
    Some(header)
}

/// What a registry wants. A token is better than a password, where it offers both.
enum Challenge {
    Bearer { realm: String, service: Option<String> },
    Basic,
}

impl Challenge {
    fn of(headers: &HeaderMap) -> Option<Self> {
        let texts = headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|header| header.to_str().ok());
        let challenges: Vec<ChallengeRef<'_>> = texts.flat_map(|text| ChallengeParser::new(text).map_while(Result::ok)).collect();
        let named = |name: &str| challenges.iter().find(|challenge| challenge.scheme.eq_ignore_ascii_case(name));
        let bearer = named("Bearer").and_then(|challenge| {
            let value = |name: &str| challenge.params.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_unescaped());
            Some(Self::Bearer { realm: value("realm")?, service: value("service") })
        });
        bearer.or_else(|| named("Basic").map(|_| Self::Basic))
    }
}

/// Gets a token, for the credentials if there are any.
async fn token(
    web: &Web,
    reference: &OciReference,
    want: Want,
    origin: &str,
    realm: &str,
    service: Option<&str>,
    credentials: Option<Credentials>,
) -> Result<String, FetchError> {
    let bad = |problem: String| FetchError::Answer { origin: origin.to_owned(), problem };
    let mut url = Url::parse(realm).map_err(|_| bad("the registry names a token server that is not a URL".into()))?;
    // The password goes there, and the registry chose the place: it must not be one where the network reads along.
    let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url) && is_loopback(&reference.base()?));
    if !is_safe || !url.username().is_empty() || url.password().is_some() {
        return Err(bad(format!("the registry names a token server that a password must not go to: {}://{}", url.scheme(), server(&url))));
    }
    let actions = if want == Want::Push { "pull,push" } else { "pull" };
    url.query_pairs_mut().append_pair("scope", &format!("repository:{}:{actions}", reference.repository()));
    if let Some(service) = service {
        url.query_pairs_mut().append_pair("service", service);
    }
    let has_credentials = credentials.is_some();
    let authorization = credentials.and_then(|Credentials { user, password }| header(&RegistryAuth::Basic(user, password)));
    let at = server(&url);
    let answer = web.get(&Request { origin, url, accept: None, authorization, cap: Cap { limit: "token-bytes", max: MAX_TOKEN } }).await?;
    match answer.status {
        StatusCode::OK => {}
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            let problem = if has_credentials { REFUSED.into() } else { format!("the registry asks for a user and a password: {REMEDY}") };
            return Err(FetchError::Denied { origin: origin.to_owned(), problem });
        }
        status => return Err(bad(format!("the token server {at} answers {}", named(status)))),
    }
    let token: Option<Token> = serde_json::from_slice(&answer.body).ok();
    let token = token.and_then(|token| token.token.or(token.access_token)).filter(|token| HeaderValue::from_str(token).is_ok());
    token.ok_or_else(|| bad(format!("the token server {at} gives out no token")))
}
