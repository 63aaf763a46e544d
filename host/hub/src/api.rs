//! Hub's HTTP API, as far as a run needs it.
//!
//! Answers are bounded, redirects are not followed with a key in hand, and what is tried again is only what can be: a request that was carried out twice does no more than one.

use crate::backoff::Backoff;
use crate::error::RunError;
use crate::payload::Payload;
use crate::secret::Secret;
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::time::Duration;
use tempfile::NamedTempFile;
use url::Url;

/// The largest answer that is read, but for the export itself: a project with all of its classes.
const MAX_ANSWER: usize = 16 << 20;
/// The largest answer that says what went wrong.
const MAX_PROBLEM: usize = 4 << 10;
/// Times that a request is tried.
const TRIES: u32 = 4;
/// Longest wait that a server may ask for.
const MAX_WAIT: Duration = Duration::from_secs(30);
/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(15);
/// How long a server may say nothing while it sends something.
const SILENCE: Duration = Duration::from_secs(60);
/// How long a small request may take.
const SMALL: Duration = Duration::from_secs(60);

/// Hub's API.
#[derive(Debug, Clone)]
pub struct Api {
    base: String,
    /// Carries keys, and follows nobody.
    client: Client,
    /// Carries none.
    plain: Client,
}

/// Where the result goes, and the link under which it is found.
#[derive(Debug, Clone)]
pub struct Destination {
    /// To be `PUT` to.
    pub upload: String,
    /// To be read from.
    pub signed: String,
}

/// How one try ended that did not succeed.
struct Try {
    problem: String,
    /// Whether another one makes sense.
    again: bool,
    /// How long the server asks to wait.
    wait: Option<Duration>,
}

impl Api {
    /// The API of the Hub at `base`.
    ///
    /// # Errors
    /// When there is no TLS.
    pub fn new(base: &Url) -> Result<Self, reqwest::Error> {
        let builder = || Client::builder().connect_timeout(CONNECT).user_agent(concat!("ango-export/", env!("CARGO_PKG_VERSION")));
        Ok(Self {
            base: base.as_str().trim_end_matches('/').to_owned(),
            client: builder().redirect(reqwest::redirect::Policy::none()).build()?,
            plain: builder().redirect(reqwest::redirect::Policy::limited(5)).read_timeout(SILENCE).build()?,
        })
    }

    /// Asks for the run's export. Hub answers when it is ready, however long that takes: the link to it.
    ///
    /// # Errors
    /// When there is none.
    pub async fn export(&self, payload: &Payload) -> Result<String, RunError> {
        let list = |names: &[String]| Value::from(names.to_vec()).to_string();
        let key_frames = payload.key_frames_only().map_err(|wrong| RunError::Asked(wrong.0))?.to_string();
        let mut query = vec![
            ("sendEmail", "false".to_owned()),
            ("includeMetadata", "true".to_owned()),
            ("includeHistory", "true".to_owned()),
            ("doNotNotify", "true".to_owned()),
            ("format", "ndjson".to_owned()),
            ("type", "task".to_owned()),
            ("includeOnlyKeyFrames", key_frames),
            ("includeIdleBlurDurations", "false".to_owned()),
        ];
        if !payload.batches.is_empty() {
            query.push(("batches", list(&payload.batches)));
        }
        query.push(("taskTypes", "[\"default\"]".to_owned()));
        if !payload.stages.is_empty() {
            query.push(("stage", list(&payload.stages)));
        }
        query.push(("project", payload.project.clone()));
        let step = "the export was not made";
        // Only the run's own time limits how long Hub makes it.
        let answer = self.get("/v2/export", &query, &payload.key, step, None).await?;
        link(&answer, "exportPath", step)
    }

    /// What Hub knows of a project.
    ///
    /// # Errors
    /// When it does not say.
    pub async fn project(&self, project: &str, key: &Secret) -> Result<Value, RunError> {
        let step = "the project was not described";
        // A path segment of its own, whatever the id holds.
        let segment: String = url::form_urlencoded::byte_serialize(project.as_bytes()).collect::<String>().replace('+', "%20");
        let answer = self.get(&format!("/v2/project/{segment}"), &[], key, step, Some(SMALL)).await?;
        answer
            .get("data")
            .and_then(|data| data.get("project"))
            .cloned()
            .ok_or_else(|| RunError::Hub { step, problem: "the answer holds none".into() })
    }

    /// Asks where the result goes. The link is signed before there is anything: so it is with Hub.
    ///
    /// # Errors
    /// When Hub does not say.
    pub async fn destination(&self, name: &str, payload: &Payload) -> Result<Destination, RunError> {
        let storage = payload.storage().map_err(|wrong| RunError::Asked(wrong.0))?;
        let query = |name: &str| {
            let mut query = vec![("name", name.to_owned()), ("project", payload.project.clone()), ("type", "exports".to_owned())];
            query.extend(storage.map(|storage| ("storageId", storage.to_owned())));
            query
        };
        let step = "there is no place for the result";
        let upload = link(&self.get("/v2/getUploadUrl", &query(name), &payload.key, step, Some(SMALL)).await?, "uploadUrl", step)?;
        let step = "there is no link to the result";
        let signed = link(&self.get("/v2/getSignedUrl", &query(&upload), &payload.key, step, Some(SMALL)).await?, "signedUrl", step)?;
        Ok(Destination { upload, signed })
    }

    /// Reports the end of a run.
    ///
    /// # Errors
    /// When Hub does not take it.
    pub async fn respond(&self, response: &Value, key: &Secret) -> Result<(), RunError> {
        let url = format!("{}/v2/pluginResponse", self.base);
        retry("the end of the run was not reported", || async {
            let request = self.client.post(&url).header("apikey", key.reveal()).header("content-type", "application/json").body(response.to_string());
            answered(request.timeout(SMALL).send().await, Some(key)).await.map(|_| ())
        })
        .await
    }

    /// Adds a line to the log of a run. It is not tried again: it would stand there twice.
    ///
    /// # Errors
    /// When Hub does not take it.
    pub async fn log(&self, line: &Value, key: &Secret) -> Result<(), String> {
        let url = format!("{}/v2/pluginLog", self.base);
        let request = self.client.post(&url).header("apikey", key.reveal()).header("content-type", "application/json").body(line.to_string());
        answered(request.timeout(Duration::from_secs(10)).send().await, Some(key)).await.map(|_| ()).map_err(|failed| failed.problem)
    }

    /// Fetches what is behind a link into a temporary file. No key goes there: the link is all that is needed.
    ///
    /// # Errors
    /// When it cannot be fetched, or is larger than `most` bytes.
    pub async fn download(&self, link: &str, most: u64) -> Result<NamedTempFile, RunError> {
        let step = "the export was not fetched";
        retry(step, || async {
            let response = accepted(self.plain.get(link).send().await, None).await?;
            if response.content_length().is_some_and(|length| length > most) {
                return Err(Try::last(format!("it is larger than {most} bytes (connect.max-export-bytes)")));
            }
            save(response, most).await
        })
        .await
    }

    /// Puts a file where Hub said. The storage gets no header of ours but its length.
    ///
    /// # Errors
    /// When the storage does not take it.
    pub async fn upload(&self, url: &str, file: &Path) -> Result<(), RunError> {
        retry("the result was not uploaded", || async {
            let io = |error: std::io::Error| Try::last(error.to_string());
            let file = tokio::fs::File::open(file).await.map_err(io)?;
            let length = file.metadata().await.map_err(io)?.len();
            let request = self.client.request(Method::PUT, url).header("content-length", length).body(reqwest::Body::from(file));
            accepted(request.send().await, None).await.map(|_| ())
        })
        .await
    }

    async fn get(&self, path: &str, query: &[(&str, String)], key: &Secret, step: &'static str, within: Option<Duration>) -> Result<Value, RunError> {
        let query: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        let url = format!("{}{path}{}{query}", self.base, if query.is_empty() { "" } else { "?" });
        retry(step, || async {
            let request = self.client.get(&url).header("apikey", key.reveal());
            let request = match within {
                Some(within) => request.timeout(within),
                None => request,
            };
            let text = answered(request.send().await, Some(key)).await?;
            serde_json::from_slice(&text).map_err(|_| Try::last("the answer is not JSON".to_owned()))
        })
        .await
    }
}

impl Try {
    fn last(problem: String) -> Self {
        Self { problem, again: false, wait: None }
    }

    fn again(problem: String) -> Self {
        Self { problem, again: true, wait: None }
    }
}

/// Tries until it works, cannot work, or has been tried often enough.
async fn retry<T, F: Future<Output = Result<T, Try>>>(step: &'static str, mut attempt: impl FnMut() -> F) -> Result<T, RunError> {
    let mut backoff = Backoff::new(Duration::from_millis(250), Duration::from_secs(5));
    let mut tries = 1;
    loop {
        match attempt().await {
            Ok(value) => return Ok(value),
            Err(failed) if failed.again && tries < TRIES => {
                tries += 1;
                let wait = backoff.next().max(failed.wait.unwrap_or_default()).min(MAX_WAIT);
                tokio::time::sleep(wait).await;
            }
            Err(failed) => return Err(RunError::Hub { step, problem: failed.problem }),
        }
    }
}

/// An answer that says yes.
async fn accepted(sent: Result<Response, reqwest::Error>, key: Option<&Secret>) -> Result<Response, Try> {
    let response = sent.map_err(|error| unsent(&error))?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let wait = response
        .headers()
        .get("retry-after")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.trim().parse().ok())
        .map(Duration::from_secs);
    let said = bounded(response, MAX_PROBLEM).await.unwrap_or_default();
    let said = said_by(&String::from_utf8_lossy(&said));
    let said = key.map_or_else(|| said.clone(), |key| key.scrub(&said));
    let problem = if said.is_empty() { format!("HTTP {status}") } else { format!("HTTP {status}: {said}") };
    Err(Try { problem, again: status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS, wait })
}

/// The text of an answer that says yes.
async fn answered(sent: Result<Response, reqwest::Error>, key: Option<&Secret>) -> Result<Vec<u8>, Try> {
    let response = accepted(sent, key).await?;
    bounded(response, MAX_ANSWER).await
}

/// Reads an answer. What is longer than `most` is none; of what went wrong, the beginning is enough.
async fn bounded(mut response: Response, most: usize) -> Result<Vec<u8>, Try> {
    let mut text = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unsent(&error))? {
        if text.len() + chunk.len() > most {
            if most == MAX_PROBLEM {
                text.extend_from_slice(chunk.get(..most - text.len()).unwrap_or_default());
                return Ok(text);
            }
            return Err(Try::last(format!("the answer is longer than {most} bytes")));
        }
        text.extend_from_slice(&chunk);
    }
    Ok(text)
}

/// Writes an answer to a temporary file.
async fn save(mut response: Response, most: u64) -> Result<NamedTempFile, Try> {
    let disk = |error: std::io::Error| Try::last(format!("a temporary file cannot be written: {error}"));
    let mut file = NamedTempFile::new().map_err(disk)?;
    let mut length = 0;
    while let Some(chunk) = response.chunk().await.map_err(|error| unsent(&error))? {
        length += chunk.len() as u64;
        if length > most {
            return Err(Try::last(format!("it is larger than {most} bytes (connect.max-export-bytes)")));
        }
        // Pieces are small, and the system writes them later: that is no reason for a thread of its own.
        file.write_all(&chunk).map_err(disk)?;
    }
    file.flush().map_err(disk)?;
    Ok(file)
}

/// Why no answer arrived. Without the URL, which can hold a signature.
fn unsent(error: &reqwest::Error) -> Try {
    let mut problem = if error.is_timeout() { "no answer in time".to_owned() } else { "the connection failed".to_owned() };
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        // The innermost one says it best.
        if cause.source().is_none() {
            problem = format!("{problem}: {}", ango_runtime::printable_line(&cause.to_string(), 200));
        }
        source = cause.source();
    }
    Try::again(problem)
}

/// What Hub says went wrong: the message of its envelope, or what there is, on one line.
fn said_by(text: &str) -> String {
    let message = serde_json::from_str::<Value>(text).ok().and_then(|value| {
        let message = value.get("message").or_else(|| value.get("detail"))?;
        Some(message.as_str().map_or_else(|| message.to_string(), str::to_owned))
    });
    ango_runtime::printable_line(message.as_deref().unwrap_or(text).trim(), 300)
}

/// A link in the envelope of an answer.
fn link(answer: &Value, name: &str, step: &'static str) -> Result<String, RunError> {
    let wrong = |problem: String| RunError::Hub { step, problem };
    let link = answer
        .get("data")
        .and_then(|data| data.get(name))
        .and_then(Value::as_str)
        .ok_or_else(|| wrong(format!("the answer holds no data.{name}")))?;
    let url = Url::parse(link).map_err(|_| wrong(format!("data.{name} is not a URL")))?;
    if !matches!(url.scheme(), "http" | "https") || link.len() > 16 << 10 {
        return Err(wrong(format!("data.{name} is not a link that can be followed")));
    }
    Ok(link.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn links_are_checked() {
        let answer = |link: Value| json!({ "data": { "exportPath": link } });
        assert!(link(&answer(json!("https://x/y?z")), "exportPath", "s").is_ok());
        for wrong in [json!("file:///etc/passwd"), json!("y"), json!(7), Value::Null] {
            assert!(link(&answer(wrong), "exportPath", "s").is_err());
        }
        assert!(link(&json!([]), "exportPath", "s").is_err());
    }

    #[test]
    fn what_hub_says_is_one_short_line() {
        assert_eq!(said_by(r#"{"status":"fail","message":"no\nsuch project"}"#), "no such project");
        assert_eq!(said_by("<html>"), "<html>");
        assert!(said_by(&"x".repeat(5000)).len() <= 300);
    }
}
