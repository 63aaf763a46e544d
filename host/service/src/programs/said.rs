//! What programs say of their runs, over their WebSocket or by requests: lines of a log, and the answer.
//!
//! The SDK says nothing at all when some things go wrong, and its process waits for the next run: an export that cannot be fetched, an upload that fails. What is left of those is a line of the log.
//! Where a line means that no answer will come, the run is doubted: it may still answer within a moment, and fails with that line otherwise.

use super::end::end;
use crate::app::App;
use ango_jobs::{DatabaseError, NewLog, Session, SessionState};
use ango_launch::now;
use serde_json::{Map, Value};

/// How long an answer may come after a line that says that none will, in milliseconds.
const DOUBT: i64 = 2_000;
/// Bytes that are kept of a line, and of what was said beside it.
const MAX_MESSAGE: usize = 8 << 10;
const MAX_EXTRAS: usize = 2 << 10;
/// The longest link that is taken.
const MAX_LINK: usize = 2048;

/// What a program says.
#[derive(Debug)]
pub(crate) enum Heard {
    /// A line of the log.
    Log(Value),
    /// The answer.
    Response(Value),
}

/// Fields of a line that are not something that was said beside it. Those after `msg` are of the published API, which names them differently.
const FIELDS: [&str; 9] = ["level", "organization", "pluginId", "runBy", "session", "msg", "message", "metadata", "taskId"];

/// Shortens the texts of a line before it waits to be understood.
pub(crate) fn cut(mut line: Value) -> Value {
    if let Value::Object(map) = &mut line {
        for value in map.values_mut() {
            if let Value::String(text) = value {
                text.truncate(text.floor_char_boundary(MAX_MESSAGE));
            }
        }
    }
    line
}

/// What a connected program said, in that order. What is about a run of another program counts for nothing.
pub(crate) async fn by_socket(app: &App, plugin: &str, heard: Vec<Heard>) {
    let mut known: Option<Session> = None;
    let mut lines = Vec::new();
    for said in heard {
        let (Heard::Log(value) | Heard::Response(value)) = &said;
        let id = value.get("session").and_then(Value::as_str).unwrap_or_default();
        if known.as_ref().is_none_or(|session| session.id != id) {
            keep(app, known.as_ref(), &mut lines).await;
            known = match app.database.session(id).await {
                Ok(found) => found.filter(|session| session.plugin == plugin),
                Err(error) => {
                    tracing::warn!(plugin, %error, "what a plugin said cannot be written down");
                    None
                }
            };
        }
        let Some(session) = &known else {
            tracing::info!(plugin, session = ango_runtime::printable_line(id, 64), "a plugin speaks of a run that is not its own");
            continue;
        };
        match said {
            Heard::Log(value) => lines.push(value),
            Heard::Response(value) => {
                keep(app, Some(session), &mut lines).await;
                if let Err(error) = answer(app, session, &value).await {
                    tracing::warn!(session = session.id, %error, "the answer of a run cannot be written down; its deadline ends it");
                }
            }
        }
    }
    keep(app, known.as_ref(), &mut lines).await;
}

async fn keep(app: &App, session: Option<&Session>, lines: &mut Vec<Value>) {
    let lines = std::mem::take(lines);
    if let Some(session) = session.filter(|_| !lines.is_empty())
        && let Err(error) = log(app, session, &lines).await
    {
        tracing::warn!(session = session.id, %error, "the log of a run cannot be written down");
    }
}

/// Keeps lines of a run's log, and doubts the run when one of them means that no answer will come.
///
/// # Errors
/// When the database fails.
pub(crate) async fn log(app: &App, session: &Session, values: &[Value]) -> Result<(), DatabaseError> {
    let lines: Vec<NewLog> = values.iter().map(|value| line(&session.plugin, value)).collect();
    app.database.append_logs(&session.id, &lines).await?;
    for line in lines.iter().filter(|line| line.level == "error") {
        let is_last_word = line.message.starts_with("Error calling sdk.export")
            // Others log that as well; in a run that was given the address of an upload, the SDK does nothing after it.
            || (line.message.starts_with("HTTP error occurred:") || line.message.starts_with("Other error occurred:"))
                && !app.database.uploads(&session.id).await?.is_empty();
        if is_last_word {
            doubt(app, session, &line.message).await?;
        }
    }
    app.changed(&session.id);
    Ok(())
}

/// Doubts that a run will answer.
///
/// # Errors
/// When the database fails.
pub(crate) async fn doubt(app: &App, session: &Session, problem: &str) -> Result<(), DatabaseError> {
    app.database.doubt_session(&session.id, now() + DOUBT, problem).await
}

/// Ends a run with its answer.
///
/// # Errors
/// When the database fails.
pub(crate) async fn answer(app: &App, session: &Session, value: &Value) -> Result<(), DatabaseError> {
    let failed = |problem: String| (SessionState::Failed, None, Some(problem));
    let has_failed = value.get("error").is_some_and(|error| !matches!(error, Value::Null | Value::Bool(false)))
        || value.get("status").and_then(Value::as_str).is_some_and(|status| ["error", "fail", "failed"].contains(&status));
    let link = value.get("response").and_then(Value::as_str).filter(|link| is_link(link));
    let uploads = app.database.uploads(&session.id).await?;
    let (state, response, error) = if has_failed {
        let said = app.database.last_error(&session.id).await?;
        failed(said.unwrap_or_else(|| "the plugin answered that it failed, and logged no reason".to_owned()))
    } else if uploads.iter().any(|upload| upload.bytes.is_some()) {
        // Links to what it uploaded are signed anew whenever somebody asks.
        (SessionState::Succeeded, None, None)
    } else if !uploads.is_empty() {
        failed("the plugin answered with a link to a file that it did not upload".to_owned())
    } else if let Some(link) = link {
        (SessionState::Succeeded, Some(link.to_owned()), None)
    } else {
        failed("the plugin answered with something that is no link".to_owned())
    };
    end(app, session, state, response, error).await.map(|_| ())
}

/// Whether people can be led there.
pub(crate) fn is_link(text: &str) -> bool {
    text.len() <= MAX_LINK && url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// A line, as the SDK sends it, or as the published API describes it.
fn line(plugin: &str, value: &Value) -> NewLog {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let level = match text("level").unwrap_or_default().to_ascii_lowercase().as_str() {
        "debug" => "debug",
        "warning" | "warn" => "warning",
        "error" | "critical" | "fatal" => "error",
        _ => "info",
    };
    let mut message = match value.get("msg").or_else(|| value.get("message")) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    };
    message.truncate(message.floor_char_boundary(MAX_MESSAGE - MAX_EXTRAS));
    let mut extras: Map<String, Value> = value.get("metadata").and_then(Value::as_object).cloned().unwrap_or_default();
    if let Some(map) = value.as_object() {
        extras.extend(map.iter().filter(|(name, _)| !FIELDS.contains(&name.as_str())).map(|(name, value)| (name.clone(), value.clone())));
    }
    if !extras.is_empty() {
        let mut extras = Value::Object(extras).to_string();
        extras.truncate(extras.floor_char_boundary(MAX_EXTRAS));
        message = if message.is_empty() { extras } else { format!("{message} {extras}") };
    }
    NewLog { time: now(), level: level.to_owned(), plugin: Some(plugin.to_owned()), message: scrub(&message) }
}

/// A text without keys, and without addresses that a file can be uploaded to: programs log what they were given, and requests that failed.
fn scrub(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, found, end)) = ["ango_", super::upload::PATH].iter().filter_map(|&word| secret_at(rest, word)).min() {
        clean.push_str(&rest[..before]);
        clean.push_str(found);
        clean.push_str("...");
        rest = &rest[end..];
    }
    clean.push_str(rest);
    clean
}

/// The first secret that begins with `word`: where it begins, the word, and where the secret ends. Single words that begin like it are none.
fn secret_at<'a>(text: &str, word: &'a str) -> Option<(usize, &'a str, usize)> {
    let mut from = 0;
    while let Some(at) = text[from..].find(word).map(|at| at + from) {
        let begin = at + word.len();
        let length = text[begin..].bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(byte)).count();
        if length >= 32 {
            return Some((at, word, begin + length));
        }
        from = begin;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: &Value) -> (String, String) {
        let line = line("p", value);
        (line.level, line.message)
    }

    #[test]
    fn both_shapes_of_a_line_are_understood() {
        let sdk = json!({ "level": "WARNING", "organization": "O", "pluginId": "p", "runBy": "u", "session": "s", "msg": "slow", "progress": 3 });
        assert_eq!(read(&sdk), ("warning".into(), "slow {\"progress\":3}".into()));
        let published = json!({ "pluginId": "p", "taskId": "t", "level": "error", "message": "bad", "metadata": { "a": 1 } });
        assert_eq!(read(&published), ("error".into(), "bad {\"a\":1}".into()));
        assert_eq!(read(&json!({ "level": "CRITICAL", "msg": 7 })), ("error".into(), "7".into()));
        assert_eq!(read(&json!("what is this")), ("info".into(), String::new()));
        let long = read(&json!({ "msg": "ü".repeat(10_000), "more": "ü".repeat(10_000) })).1;
        assert!(long.len() <= MAX_MESSAGE + 1 && long.contains("\"more\""), "{}", long.len());
    }

    #[test]
    fn secrets_are_cut_out_of_lines() {
        let key = format!("ango_0123abcd_{}", "a".repeat(64));
        let upload = format!("http://x{}{}.{}/result.json?", super::super::upload::PATH, "b".repeat(60), "c".repeat(43));
        let text = format!("{key}: PUT {upload} failed; {key}{key} ango_export is fine, and so is ango_");
        let clean = scrub(&text);
        assert_eq!(
            clean,
            format!("ango_...: PUT http://x{}.../result.json? failed; ango_... ango_export is fine, and so is ango_", super::super::upload::PATH)
        );
    }

    #[test]
    fn a_link_leads_to_a_web_server() {
        assert!(is_link("https://example.org/a?b") && is_link("http://127.0.0.1:80/"));
        for other in
            ["", "javascript:alert(1)", "file:///etc/passwd", "//example.org", "data:text/html,x", &format!("https://e/{}", "a".repeat(3000))]
        {
            assert!(!is_link(other), "{other}");
        }
    }
}
