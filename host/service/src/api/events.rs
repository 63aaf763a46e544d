//! Following an export: server-sent events.
//!
//! What is sent comes from the database, so that it does not matter which node works on the export. Changes on this node are sent at once, those on others within a moment.

use super::exports::{find, log_lines, with_position};
use super::view::ExportView;
use crate::app::App;
use crate::auth::Caller;
use crate::error::{ApiError, ErrorBody};
use ango_jobs::{Role, State as JobState};
use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use std::time::Duration;
use tokio::time::Instant;

/// How often something is sent at most, and looked for at least.
const STEP: Duration = Duration::from_millis(500);

/// What a follower was sent already.
struct Follower {
    app: App,
    caller: Caller,
    id: String,
    changes: tokio::sync::broadcast::Receiver<String>,
    sent: Option<String>,
    lines: i64,
    pending: std::collections::VecDeque<Event>,
    last: Instant,
    ended: bool,
}

/// Follows an export: `export` events with the export as it stands, on every change and at most twice a second, and `log` events. The stream ends after the last state.
#[utoipa::path(get, path = "/v1/exports/{id}/events", tag = "exports", params(("id" = String, Path, description = "id of the export")),
    responses((status = 200, content_type = "text/event-stream", body = ExportView), (status = "4XX", body = ErrorBody)))]
pub(super) async fn follow(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Sse<impl Stream<Item = Result<Event, std::convert::Infallible>>>, ApiError> {
    find(&app, &caller, &id, Role::Viewer).await?;
    let changes = app.changes.subscribe();
    let follower = Follower {
        app,
        caller,
        id,
        changes,
        sent: None,
        lines: 0,
        pending: std::collections::VecDeque::new(),
        last: Instant::now() - STEP,
        ended: false,
    };
    let stream = futures::stream::unfold(follower, |mut follower| async move {
        let event = follower.next().await?;
        Some((Ok(event), follower))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
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
            // An export that is gone, or a database that is: the client asks again and learns why.
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
        let export = find(&self.app, &self.caller, &self.id, Role::Viewer).await?;
        // The state is read before the log: lines are written before the export ends, so none is missed.
        for line in log_lines(&self.app, &self.id, self.lines).await? {
            self.lines = line.seq;
            if let Ok(event) = Event::default().event("log").json_data(&line) {
                self.pending.push_back(event);
            }
        }
        let text = serde_json::to_string(&with_position(&self.app, &export).await?).map_err(|error| ApiError::internal(&error))?;
        if self.sent.as_ref() != Some(&text) {
            self.pending.push_back(Event::default().event("export").data(&text));
            self.sent = Some(text);
        }
        self.ended = !matches!(export.state, JobState::Queued | JobState::Running);
        Ok(())
    }
}
