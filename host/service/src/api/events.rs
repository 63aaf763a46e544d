//! Following an export or a run: server-sent events.
//!
//! What is sent comes from the database, so that it does not matter which node works on the export. Changes on this node are sent at once, those on others within a moment.

use super::exports::{find, log_lines, with_position};
use super::sessions;
use super::words::EventName;
use crate::app::App;
use crate::asked::Path;
use crate::auth::Caller;
use crate::error::ApiError;
use ango_jobs::Role;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use std::time::Duration;
use tokio::time::Instant;
use utoipa::ToSchema;

/// How often something is sent at most, and looked for at least.
const STEP: Duration = Duration::from_millis(500);

/// What is followed.
#[derive(Clone, Copy)]
enum Subject {
    Export,
    Session,
}

/// What a follower was sent already.
struct Follower {
    app: App,
    caller: Caller,
    subject: Subject,
    id: String,
    changes: tokio::sync::broadcast::Receiver<String>,
    sent: Option<String>,
    lines: i64,
    pending: std::collections::VecDeque<Event>,
    last: Instant,
    ended: bool,
}

/// An event of a stream, as it is described.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "events are written where they are sent")]
pub(super) struct StreamEvent {
    /// What it tells of.
    #[schema(value_type = EventName)]
    event: String,
    /// Of an `export` event an `ExportView`, of a `session` event a `SessionView`, of a `log` event a `LogView`, in JSON.
    #[schema(content_media_type = "application/json")]
    data: String,
}

/// Follows an export: `export` events with the export as it stands, on every change and at most twice a second, and `log` events. The stream ends after the last state.
#[utoipa::path(get, path = "/v1/exports/{id}/events", tag = "exports", params(("id" = String, Path, description = "id of the export")),
    responses((status = 200, content_type = "text/event-stream", body = StreamEvent)))]
pub(super) async fn follow(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Sse<impl Stream<Item = Result<Event, std::convert::Infallible>>>, ApiError> {
    find(&app, &caller, &id, Role::Viewer).await?;
    Ok(stream(app, caller, Subject::Export, id))
}

/// Follows a run: `session` events with the run as it stands, on every change and at most twice a second, and `log` events. The stream ends after the last state.
#[utoipa::path(get, path = "/v1/sessions/{id}/events", tag = "sessions", params(("id" = String, Path, description = "id of the run")),
    responses((status = 200, content_type = "text/event-stream", body = StreamEvent)))]
pub(super) async fn follow_session(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Sse<impl Stream<Item = Result<Event, std::convert::Infallible>>>, ApiError> {
    sessions::find(&app, &caller, &id, Role::Viewer).await?;
    Ok(stream(app, caller, Subject::Session, id))
}

fn stream(app: App, caller: Caller, subject: Subject, id: String) -> Sse<impl Stream<Item = Result<Event, std::convert::Infallible>>> {
    let changes = app.changes.subscribe();
    let pending = std::collections::VecDeque::new();
    let follower = Follower { app, caller, subject, id, changes, sent: None, lines: 0, pending, last: Instant::now() - STEP, ended: false };
    let stream = futures::stream::unfold(follower, |mut follower| async move {
        let event = follower.next().await?;
        Some((Ok(event), follower))
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

impl Follower {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.pending.pop_front() {
                return Some(event);
            }
            if self.ended || self.app.is_stopping() {
                return None;
            }
            if self.sent.is_some() {
                self.wait().await;
            }
            // What is gone, or a database that is: the client asks again and learns why.
            if self.look().await.is_err() {
                return None;
            }
        }
    }

    /// Waits for a change, but never longer than a moment.
    async fn wait(&mut self) {
        let until = self.last + STEP;
        loop {
            tokio::select! {
                change = self.changes.recv() => match change {
                    Ok(id) if id == self.id => return,
                    Ok(_) => {}
                    // So much happened that some of it was missed.
                    Err(_) => return tokio::time::sleep_until(until).await,
                },
                () = tokio::time::sleep_until(until) => return,
                () = self.app.stopped() => return,
            }
        }
    }

    async fn look(&mut self) -> Result<(), ApiError> {
        self.last = Instant::now();
        // The state is read before the log: lines are written before the end, so none is missed.
        let (name, text, ended) = self.state().await?;
        for line in log_lines(&self.app, &self.id, self.lines).await? {
            self.lines = line.seq;
            if let Ok(event) = Event::default().event("log").json_data(&line) {
                self.pending.push_back(event);
            }
        }
        if self.sent.as_ref() != Some(&text) {
            self.pending.push_back(Event::default().event(name).data(&text));
            self.sent = Some(text);
        }
        self.ended = ended;
        Ok(())
    }

    /// The name of the event, what it holds, and whether it is the last one.
    async fn state(&self) -> Result<(&'static str, String, bool), ApiError> {
        let Self { app, caller, id, .. } = self;
        let internal = |error: serde_json::Error| ApiError::internal(&error);
        match self.subject {
            Subject::Export => {
                let export = find(app, caller, id, Role::Viewer).await?;
                let text = serde_json::to_string(&with_position(app, &export).await?).map_err(internal)?;
                Ok(("export", text, export.state.is_final()))
            }
            Subject::Session => {
                let session = sessions::find(app, caller, id, Role::Viewer).await?;
                let text = serde_json::to_string(&sessions::view(app, &session).await?).map_err(internal)?;
                Ok(("session", text, session.state.is_final()))
            }
        }
    }
}
