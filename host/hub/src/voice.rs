//! How Hub is told of a run: over the plugin's WebSocket, or over HTTP with the run's key.

use crate::api::Api;
use crate::event::{Event, Observer};
use crate::outbox::Outbox;
use crate::payload::Envelope;
use crate::settings::Served;
use ango_runtime::printable_line;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Longest line of a log, in bytes.
const MAX_LINE: usize = 4 << 10;
/// Lines that wait to be posted; what is more is given up.
const MAX_POSTED: usize = 500;
/// How long the end of a run waits for its log.
const LOG_TIME: Duration = Duration::from_secs(15);

/// Where to.
#[derive(Debug, Clone)]
pub enum Channel {
    /// Over the plugin's WebSocket.
    Socket(Arc<Outbox>),
    /// Over HTTP.
    Http(Api),
}

/// Tells Hub, and whoever runs the program, of one run.
#[derive(Debug)]
pub struct Voice {
    plugin: Arc<Served>,
    envelope: Envelope,
    observer: Observer,
    to: To,
}

#[derive(Debug)]
enum To {
    Socket(Arc<Outbox>),
    Http { api: Api, lines: mpsc::Sender<Value>, poster: JoinHandle<()> },
}

/// How serious a line is.
#[derive(Debug, Clone, Copy)]
pub enum Level {
    /// Good to know.
    Info,
    /// Something is not as it was asked for.
    Warning,
    /// The run has no result.
    Error,
}

impl Level {
    const fn name(self) -> &'static str {
        match self {
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
        }
    }
}

impl Voice {
    /// A voice for a run. Must be made on the runtime.
    pub fn new(plugin: Arc<Served>, envelope: Envelope, channel: Channel, observer: Observer) -> Self {
        let to = match channel {
            Channel::Socket(outbox) => To::Socket(outbox),
            Channel::Http(api) => {
                let (lines, mut received) = mpsc::channel::<Value>(MAX_POSTED);
                let (posting, key, observer, id) = (api.clone(), envelope.key.clone(), observer.clone(), plugin.id.clone());
                let poster = tokio::spawn(async move {
                    while let Some(line) = received.recv().await {
                        let Some(key) = &key else { continue };
                        if let Err(problem) = posting.log(&line, key).await {
                            observer.tell(&Event::Warning { plugin: id.clone(), message: format!("a line of the log was not taken: {problem}") });
                        }
                    }
                });
                To::Http { api, lines, poster }
            }
        };
        Self { plugin, envelope, observer, to }
    }

    /// The run's id, harmless on a terminal.
    pub fn session(&self) -> String {
        printable_line(&self.envelope.session, 100)
    }

    /// Adds a line to the run's log.
    pub fn log(&self, level: Level, message: &str) {
        self.line(level, message, Map::new());
    }

    /// The same with how far the run is, in percent.
    pub fn progress(&self, percent: u64, message: &str) {
        self.line(Level::Info, message, Map::from_iter([("progress".to_owned(), Value::from(percent))]));
    }

    fn line(&self, level: Level, message: &str, mut extra: Map<String, Value>) {
        // Neither may the key stand in a log, nor the secret, whoever said it.
        let message = self.envelope.key.as_ref().map_or_else(|| message.to_owned(), |key| key.scrub(message));
        let message = printable_line(&self.plugin.secret.scrub(&message), MAX_LINE);
        let envelope = &self.envelope;
        let fields = [
            ("level", level.name()),
            ("organization", &envelope.organisation),
            ("pluginId", &self.plugin.id),
            ("runBy", &envelope.run_by),
            ("session", &envelope.session),
            ("msg", &message),
        ];
        extra.extend(fields.map(|(name, value)| (name.to_owned(), Value::from(value))));
        match &self.to {
            To::Socket(outbox) => outbox.log(Value::Object(extra)),
            // Full when Hub takes lines more slowly than they come: the end of the run is what counts.
            To::Http { lines, .. } => drop(lines.try_send(Value::Object(extra))),
        }
        self.observer.tell(&Event::Log { plugin: self.plugin.id.clone(), session: self.session(), level: level.name(), message });
    }

    /// Tells the end of the run: the link to its result, or that there is none. What was told, and whether it arrived as far as one can know.
    pub async fn respond(self, link: Option<&str>) -> (Value, bool) {
        let session = &self.envelope.session;
        let response = match link {
            Some(link) => json!({ "export": true, "response": link, "session": session }),
            None => json!({ "error": true, "session": session }),
        };
        let told = self.tell(&response).await;
        (response, told)
    }

    /// Tells an end that was told before.
    pub async fn repeat(self, response: &Value) {
        self.tell(response).await;
    }

    async fn tell(self, response: &Value) -> bool {
        match self.to {
            To::Socket(outbox) => {
                outbox.respond(response.clone());
                true
            }
            To::Http { api, lines, poster } => {
                drop(lines);
                // The log first, so that nothing is said of a run that has ended; but not for ever.
                let _ = tokio::time::timeout(LOG_TIME, poster).await;
                let warn = |message: String| self.observer.tell(&Event::Warning { plugin: self.plugin.id.clone(), message });
                let Some(key) = &self.envelope.key else {
                    warn("the end of a run without a key cannot be reported".into());
                    return false;
                };
                match api.respond(response, key).await {
                    Ok(()) => true,
                    Err(error) => {
                        warn(error.to_string());
                        false
                    }
                }
            }
        }
    }
}
