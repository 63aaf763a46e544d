//! The client.

use crate::address::{NotPublic, PublicNames, is_public};
use crate::error::{WebError, cause, causes, is_cut};
use crate::words::{bytes, is_loopback, named, plain, seconds, server};
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_RANGE, HeaderMap, HeaderName, HeaderValue, LOCATION, RANGE, RETRY_AFTER,
};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use url::{Host, Url};

/// Redirects that are followed for one answer. Registries need one or two, to the store that holds their blobs.
const MAX_REDIRECTS: usize = 5;
/// Times that a request is sent before a passing failure counts as one.
pub const ATTEMPTS: u32 = 4;
/// The wait before the second attempt; it doubles from one to the next.
pub const FIRST_WAIT: Duration = Duration::from_millis(200);
/// The longest wait that a server may ask for.
const MAX_WAIT: Duration = Duration::from_secs(10);

/// The most that a body may hold, and what that limit is called.
#[derive(Debug, Clone, Copy)]
pub struct Cap {
    /// The limit's name.
    pub limit: &'static str,
    /// Bytes.
    pub max: u64,
}

/// Where connections may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// To any address, and through the proxies that the environment names.
    Any,
    /// To addresses of the public internet. No proxy is used: what it would connect to cannot be seen from here.
    Public,
}

/// What is asked for.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The URL. Plain http is for this machine alone, which is the caller's to check; of redirects it is checked here.
    pub url: &'a Url,
    /// Media types.
    pub accept: Option<&'static str>,
    /// Sent to the URL's own scheme, host and port, and nowhere that it redirects to.
    pub authorization: Option<&'a HeaderValue>,
    /// The most that may come.
    pub cap: Cap,
    /// A part is enough.
    pub part: Option<Part>,
    /// Whether a redirect may lead there.
    pub may: &'a (dyn Fn(&Url) -> bool + Sync),
}

impl std::fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Request({})", crate::shown(self.url))
    }
}

/// For [`Request::may`]: redirects may lead anywhere that the rules of this crate let them.
pub fn anywhere(_: &Url) -> bool {
    true
}

/// Bytes that are enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Where they begin.
    pub start: u64,
    /// How many, at most; not 0.
    pub length: u64,
}

/// An answer. The body is there when the status is 200, or 206 when a part was asked for.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// What came.
    pub body: Vec<u8>,
    /// Where it begins: 0 when the server gives no parts. Then everything from there to the end of the part that was asked for has come.
    pub start: u64,
    /// How long the whole is, where that is known.
    pub total: Option<u64>,
}

/// Asks servers.
#[derive(Debug)]
pub struct Web {
    remote: Client,
    /// For this machine: what goes there must not go to a proxy.
    local: Client,
    connect_timeout: Duration,
    reach: Reach,
}

/// A failure, and whether another attempt can help.
struct Fault {
    error: WebError,
    is_passing: bool,
}

impl From<WebError> for Fault {
    fn from(error: WebError) -> Self {
        Self { error, is_passing: false }
    }
}

impl Web {
    /// A client.
    ///
    /// # Errors
    /// When there is no TLS on this machine.
    pub fn new(connect_timeout: Duration, reach: Reach) -> Result<Self, WebError> {
        let builder = || {
            Client::builder()
                .user_agent(concat!("ango-export/", env!("CARGO_PKG_VERSION")))
                .connect_timeout(connect_timeout)
                .redirect(Policy::none())
                .referer(false)
                .no_gzip()
                .no_brotli()
                .no_deflate()
                .no_zstd()
        };
        let fail = |error: reqwest::Error| WebError::Network(format!("https cannot be used on this machine: {}", cause(&error)));
        let remote = match reach {
            Reach::Any => builder(),
            Reach::Public => builder().no_proxy().dns_resolver(Arc::new(PublicNames)),
        };
        Ok(Self { remote: remote.build().map_err(fail)?, local: builder().no_proxy().build().map_err(fail)?, connect_timeout, reach })
    }

    /// Sends a GET and reads the answer to its end. What may pass by itself (429, 5xx, a connection that is cut) is tried again, with growing waits.
    ///
    /// # Errors
    /// When the server cannot be reached, redirects where it must not, sends more than allowed, or still fails in the last attempt. Any other status is an answer.
    pub async fn get(&self, request: &Request<'_>) -> Result<Answer, WebError> {
        let mut wait = FIRST_WAIT;
        let mut attempt = 1;
        loop {
            let (error, asked) = match self.once(request).await {
                Ok(answer) if answer.status == StatusCode::TOO_MANY_REQUESTS || answer.status.is_server_error() => {
                    (WebError::Answer(format!("the server answers {}, {ATTEMPTS} times", named(answer.status))), retry_after(&answer.headers))
                }
                Ok(answer) => return Ok(answer),
                Err(Fault { error, is_passing: true }) => (error, None),
                Err(Fault { error, is_passing: false }) => return Err(error),
            };
            if attempt == ATTEMPTS {
                return Err(error);
            }
            tokio::time::sleep(asked.unwrap_or(wait).min(MAX_WAIT)).await;
            wait *= 2;
            attempt += 1;
        }
    }

    async fn once(&self, request: &Request<'_>) -> Result<Answer, Fault> {
        let mut url = request.url.clone();
        let mut redirects = 0;
        loop {
            let response = self.send(request, &url).await?;
            let status = response.status();
            if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
                return self.read(request, response).await;
            }
            if redirects == MAX_REDIRECTS {
                return Err(WebError::Answer(format!("the server redirects more than {MAX_REDIRECTS} times")).into());
            }
            url = redirected(&url, response.headers().get(LOCATION)).map_err(WebError::Answer)?;
            if !(request.may)(&url) {
                return Err(WebError::Refused(format!("the server redirects to a place that may not be asked, {}", server(&url))).into());
            }
            redirects += 1;
        }
    }

    async fn send(&self, request: &Request<'_>, url: &Url) -> Result<Response, Fault> {
        if self.reach == Reach::Public && address_of(url).is_some_and(|address| !is_public(address)) {
            return Err(WebError::Refused(format!("{} may not be asked: {NotPublic}", server(url))).into());
        }
        let client = if self.reach == Reach::Any && is_loopback(url) { &self.local } else { &self.remote };
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if let Some(accept) = request.accept {
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
        }
        if let Some(Part { start, length }) = request.part {
            let range = HeaderValue::from_str(&format!("bytes={start}-{}", start.saturating_add(length.max(1) - 1)));
            headers.insert(RANGE, range.map_err(|error| WebError::Answer(error.to_string()))?);
        }
        if let Some(authorization) = request.authorization.filter(|_| url.origin() == request.url.origin()) {
            headers.insert(AUTHORIZATION, authorization.clone());
        }
        client.get(url.clone()).headers(headers).send().await.map_err(|error| self.fault(url, &error))
    }

    async fn read(&self, request: &Request<'_>, mut response: Response) -> Result<Answer, Fault> {
        let (status, headers) = (response.status(), response.headers().clone());
        let mut answer = Answer { status, headers, body: Vec::new(), start: 0, total: None };
        let part = request.part.filter(|_| status == StatusCode::PARTIAL_CONTENT);
        if status != StatusCode::OK && part.is_none() {
            // Error pages are of no use: their words are the server's.
            return Ok(answer);
        }
        if let Some(encoding) = answer.headers.get(CONTENT_ENCODING).filter(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
            let problem =
                format!("the server sends it compressed ({}), which was not asked for", plain(&String::from_utf8_lossy(encoding.as_bytes())));
            return Err(WebError::Answer(problem).into());
        }
        answer.total = match part {
            Some(part) => total_of(&answer.headers, part.start).map_err(WebError::Answer)?,
            None => response.content_length(),
        };
        answer.start = part.map_or(0, |part| part.start);
        let Cap { limit, max } = request.cap;
        let too_large = |asked: String| WebError::Limit { limit, asked, allowed: bytes(max) };
        // Where a part is wanted, the whole may be as long as it likes. A server that gives none sends what is before it as well.
        let wanted = request.part.map(|wanted| if part.is_some() { wanted.length } else { wanted.start.saturating_add(wanted.length) });
        if let Some(length) = answer.total.filter(|length| *length > max && wanted.is_none()) {
            return Err(too_large(format!("it has {}", bytes(length))).into());
        }
        let url = response.url().clone();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.fault(&url, &error))? {
            answer.body.extend_from_slice(&chunk);
            let length = answer.body.len() as u64;
            if let Some(wanted) = wanted.filter(|wanted| length >= *wanted && *wanted <= max) {
                answer.body.truncate(usize::try_from(wanted).unwrap_or(usize::MAX));
                return Ok(answer);
            }
            if length > max {
                return Err(too_large(format!("it has more than {}", bytes(max))).into());
            }
        }
        if part.is_none() {
            answer.total = Some(answer.body.len() as u64);
        }
        Ok(answer)
    }

    fn fault(&self, url: &Url, error: &reqwest::Error) -> Fault {
        let server = server(url);
        if causes(error).any(|cause| cause.is::<NotPublic>()) {
            return WebError::Refused(format!("{server} may not be asked: {NotPublic}")).into();
        }
        if error.is_connect() && error.is_timeout() {
            let asked = format!("{server} does not take a connection");
            return WebError::Limit { limit: "connect-timeout", asked, allowed: seconds(self.connect_timeout) }.into();
        }
        let is_cut = is_cut(error);
        let problem = match error.is_connect() {
            true => format!("{server} cannot be reached: {}", cause(error)),
            false if is_cut => format!("{server} cuts the connection, {ATTEMPTS} times"),
            false => format!("{server} answers badly: {}", cause(error)),
        };
        Fault { error: WebError::Network(problem), is_passing: is_cut }
    }
}

/// The address in a URL that names one.
fn address_of(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Domain(_) => None,
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
    }
}

/// How long the whole is that a part is of, where the server knows. The part must be the one that was asked for.
fn total_of(headers: &HeaderMap, start: u64) -> Result<Option<u64>, String> {
    let range = headers.get(CONTENT_RANGE).and_then(|range| range.to_str().ok()).and_then(|range| range.strip_prefix("bytes "));
    let Some((range, total)) = range.and_then(|range| range.split_once('/')) else {
        return Err("the server sends a part without saying which".into());
    };
    if range.split('-').next().and_then(|first| first.trim().parse().ok()) != Some(start) {
        return Err("the server sends another part than the one that was asked for".into());
    }
    Ok(total.trim().parse().ok())
}

/// Where a redirect leads, if it may.
fn redirected(from: &Url, location: Option<&HeaderValue>) -> Result<Url, String> {
    let Some(to) = location.and_then(|location| location.to_str().ok()).and_then(|location| from.join(location).ok()) else {
        return Err("the server redirects without saying where".into());
    };
    match to.scheme() {
        _ if !to.username().is_empty() || to.password().is_some() => {
            Err(format!("the server redirects to a URL with credentials, at {}", server(&to)))
        }
        "https" => Ok(to),
        "http" if from.scheme() == "https" => Err(format!("the server redirects from https to plain http, at {}", server(&to))),
        "http" if !is_loopback(&to) => Err(format!("the server redirects to plain http on another machine, {}", server(&to))),
        "http" => Ok(to),
        _ => Err("the server redirects to something that is not a web address".into()),
    }
}

/// The wait that a server asks for, in seconds; dates are not understood.
fn retry_after(headers: &HeaderMap<HeaderValue>) -> Option<Duration> {
    let header: HeaderName = RETRY_AFTER;
    headers.get(header)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    fn to(from: &str, location: &str) -> Result<String, String> {
        let from = Url::parse(from).map_err(|error| error.to_string())?;
        let location = HeaderValue::from_bytes(location.as_bytes()).map_err(|error| error.to_string())?;
        redirected(&from, Some(&location)).map(String::from)
    }

    #[test]
    fn redirects_that_are_followed() {
        assert_eq!(to("https://a.example/p?x", "/q").as_deref(), Ok("https://a.example/q"));
        assert_eq!(to("https://a.example/p", "//b.example/q?s=1").as_deref(), Ok("https://b.example/q?s=1"));
        assert_eq!(to("http://127.0.0.1:1/p", "https://b.example/q").as_deref(), Ok("https://b.example/q"));
        assert_eq!(to("http://127.0.0.1:1/p", "http://localhost:2/q").as_deref(), Ok("http://localhost:2/q"));
    }

    #[test]
    fn redirects_that_are_refused() {
        let mut all = String::new();
        for (from, location) in [
            ("https://a.example/p", "http://a.example/p"),
            ("https://a.example/p", "http://127.0.0.1/p"),
            ("http://127.0.0.1/p", "http://a.example/p?sig=hush"),
            ("https://a.example/p", "https://user:hush@b.example/p"),
            ("https://a.example/p", "file:///etc/passwd"),
            ("https://a.example/p", "data:text/plain,hush"),
            ("https://a.example/p", "https://[hush/"),
            ("https://a.example/p", "\u{e4}"),
        ] {
            let problem = to(from, location).expect_err(location);
            assert!(!problem.contains("hush"), "{problem}");
            all.push_str(&format!("{from} to {location}\n    {problem}\n"));
        }
        insta::assert_snapshot!(all);
    }
}
