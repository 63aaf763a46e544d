//! Asking web servers that may be hostile.
//!
//! One GET at a time, and nothing is left to a library's defaults: redirects are followed here, so that neither a downgrade to plain http nor credentials on another host can slip
//! through; a body is counted while it is read, because a server can lie about its length or never end; compression is off, because a small body could become a large one.

use crate::error::FetchError;
use crate::limits::{Limits, bytes, seconds};
use crate::origin::is_loopback;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use std::error::Error;
use std::io::ErrorKind;
use std::time::Duration;
use url::Url;

/// Redirects that are followed for one answer. Registries need one or two, to the store that holds their blobs.
const MAX_REDIRECTS: usize = 5;
/// Times that a request is sent before a passing failure counts as one.
pub(crate) const ATTEMPTS: u32 = 4;
/// The wait before the second attempt; it doubles from one to the next.
pub(crate) const FIRST_WAIT: Duration = Duration::from_millis(200);
/// The longest wait that a server may ask for.
const MAX_WAIT: Duration = Duration::from_secs(10);

/// The most that a body may hold, and what that limit is called.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cap {
    pub(crate) limit: &'static str,
    pub(crate) max: u64,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Request<'a> {
    /// What errors name as the place.
    pub(crate) origin: &'a str,
    pub(crate) url: Url,
    pub(crate) accept: Option<&'static str>,
    /// Sent to the URL's own scheme, host and port, and nowhere that it redirects to.
    pub(crate) authorization: Option<HeaderValue>,
    pub(crate) cap: Cap,
}

/// An answer. The body is there when the status is 200.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Asks servers.
#[derive(Debug)]
pub(crate) struct Web {
    remote: Client,
    /// For this machine: what goes there must not go to a proxy.
    local: Client,
    connect_timeout: Duration,
}

/// A failure, and whether another attempt can help.
struct Fault {
    error: FetchError,
    is_passing: bool,
}

impl Web {
    pub(crate) fn new(limits: &Limits) -> Result<Self, FetchError> {
        let builder = || {
            Client::builder()
                .user_agent(concat!("ango-export/", env!("CARGO_PKG_VERSION")))
                .connect_timeout(limits.connect_timeout)
                .redirect(Policy::none())
                .referer(false)
                .no_gzip()
                .no_brotli()
                .no_deflate()
                .no_zstd()
        };
        let fail = |error: reqwest::Error| FetchError::Network {
            origin: "https".into(),
            problem: format!("cannot be used on this machine: {}", cause(&error)),
        };
        let remote = builder().build().map_err(fail)?;
        let local = builder().no_proxy().build().map_err(fail)?;
        Ok(Self { remote, local, connect_timeout: limits.connect_timeout })
    }

    /// Sends a GET and reads the answer to its end. What may pass by itself (429, 5xx, a connection that is cut) is tried again, with growing waits.
    ///
    /// # Errors
    /// When the server cannot be reached, redirects where it must not, sends more than allowed, or still fails in the last attempt. Any other status is an answer.
    pub(crate) async fn get(&self, request: &Request<'_>) -> Result<Answer, FetchError> {
        let mut wait = FIRST_WAIT;
        let mut attempt = 1;
        loop {
            let (error, asked) = match self.once(request).await {
                Ok(answer) if answer.status == StatusCode::TOO_MANY_REQUESTS || answer.status.is_server_error() => {
                    let problem = format!("the server answers {}, {ATTEMPTS} times", named(answer.status));
                    (FetchError::Answer { origin: request.origin.to_owned(), problem }, retry_after(&answer.headers))
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
            let refused = |problem: String| Fault { error: FetchError::Answer { origin: request.origin.to_owned(), problem }, is_passing: false };
            if redirects == MAX_REDIRECTS {
                return Err(refused(format!("the server redirects more than {MAX_REDIRECTS} times")));
            }
            url = redirected(&url, response.headers().get(LOCATION)).map_err(refused)?;
            redirects += 1;
        }
    }

    async fn send(&self, request: &Request<'_>, url: &Url) -> Result<Response, Fault> {
        let client = if is_loopback(url) { &self.local } else { &self.remote };
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if let Some(accept) = request.accept {
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
        }
        if let Some(authorization) = request.authorization.clone().filter(|_| url.origin() == request.url.origin()) {
            headers.insert(AUTHORIZATION, authorization);
        }
        client.get(url.clone()).headers(headers).send().await.map_err(|error| self.fault(request, url, &error))
    }

    async fn read(&self, request: &Request<'_>, mut response: Response) -> Result<Answer, Fault> {
        let (status, headers) = (response.status(), response.headers().clone());
        let mut answer = Answer { status, headers, body: Vec::new() };
        if status != StatusCode::OK {
            // Error pages are of no use: their words are the server's.
            return Ok(answer);
        }
        let final_fault = |error| Fault { error, is_passing: false };
        let Cap { limit, max } = request.cap;
        let too_large = |asked: String| final_fault(FetchError::Limit { origin: request.origin.to_owned(), limit, asked, allowed: bytes(max) });
        if let Some(encoding) = answer.headers.get(CONTENT_ENCODING).filter(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
            let problem =
                format!("the server sends it compressed ({}), which was not asked for", plain(&String::from_utf8_lossy(encoding.as_bytes())));
            return Err(final_fault(FetchError::Answer { origin: request.origin.to_owned(), problem }));
        }
        if let Some(length) = response.content_length().filter(|length| *length > max) {
            return Err(too_large(format!("it has {}", bytes(length))));
        }
        let url = response.url().clone();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.fault(request, &url, &error))? {
            if (answer.body.len() + chunk.len()) as u64 > max {
                return Err(too_large(format!("it has more than {}", bytes(max))));
            }
            answer.body.extend_from_slice(&chunk);
        }
        Ok(answer)
    }

    fn fault(&self, request: &Request<'_>, url: &Url, error: &reqwest::Error) -> Fault {
        let origin = request.origin.to_owned();
        let server = server(url);
        if error.is_connect() && error.is_timeout() {
            let asked = format!("{server} does not take a connection");
            let error = FetchError::Limit { origin, limit: "connect-timeout", asked, allowed: seconds(self.connect_timeout) };
            return Fault { error, is_passing: false };
        }
        let is_cut = is_cut(error);
        let problem = match error.is_connect() {
            true => format!("{server} cannot be reached: {}", cause(error)),
            false if is_cut => format!("{server} cuts the connection, {ATTEMPTS} times"),
            false => format!("{server} answers badly: {}", cause(error)),
        };
        Fault { error: FetchError::Network { origin, problem }, is_passing: is_cut }
    }
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

/// Host and port: what may be told of a URL that a server made up.
pub(crate) fn server(url: &Url) -> String {
    let host = plain(url.host_str().unwrap_or_default());
    url.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}"))
}

/// A status in words.
pub(crate) fn named(status: StatusCode) -> String {
    status.canonical_reason().map_or_else(|| status.as_u16().to_string(), |reason| format!("{} {reason}", status.as_u16()))
}

/// The wait that a server asks for, in seconds; dates are not understood.
fn retry_after(headers: &HeaderMap<HeaderValue>) -> Option<Duration> {
    let header: HeaderName = RETRY_AFTER;
    headers.get(header)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

/// Whether the other side went away in the middle.
pub(crate) fn is_cut(error: &reqwest::Error) -> bool {
    causes(error).any(|cause| {
        let of_io = cause.downcast_ref::<std::io::Error>().is_some_and(|error| {
            matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe | ErrorKind::UnexpectedEof)
        });
        of_io || cause.downcast_ref::<hyper::Error>().is_some_and(|error| error.is_incomplete_message() || error.is_closed())
    })
}

/// The innermost cause: the outer ones quote URLs.
pub(crate) fn cause(error: &reqwest::Error) -> String {
    plain(&causes(error).last().map_or_else(|| "the request failed".into(), ToString::to_string))
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause: &&(dyn Error + 'static)| (*cause).source())
}

/// A short text without anything that a terminal could take for a command.
fn plain(text: &str) -> String {
    let text: String = text.chars().take(200).collect();
    text.escape_debug().to_string().replace("\\\"", "\"")
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
