//! How a run ends, whoever says so: once, and told to those who wait for it.

use super::order::SessionOrder;
use crate::app::App;
use crate::metrics::OfPlugin;
use crate::notify::{About, Subject, told};
use ango_jobs::{DatabaseError, Session, SessionEnding, SessionState};
use ango_launch::now;

/// Ends a run. False when it had ended before.
///
/// # Errors
/// When the database fails: it has not ended then.
pub(crate) async fn end(
    app: &App,
    session: &Session,
    state: SessionState,
    response: Option<String>,
    error: Option<String>,
) -> Result<bool, DatabaseError> {
    let live = app.live();
    let name = live.service.plugins.get(&session.plugin).map_or(session.plugin.as_str(), |plugin| plugin.name.as_str());
    let notify = serde_json::from_value::<SessionOrder>(session.request.clone()).map(|order| order.notify).unwrap_or_default();
    let about =
        About { organisation: &session.organisation, project: &session.project, subject: Subject::Session(&session.id), by: &session.run_by, notify };
    let (notifications, deliveries) = match (state, &error) {
        (SessionState::Succeeded, _) => told(app, &about, "ready", &format!("{name}: ready"), "The converted export can be downloaded."),
        // Whoever stopped it knows.
        (SessionState::Cancelled, _) => (Vec::new(), Vec::new()),
        (_, error) => told(app, &about, "failed", &format!("{name}: failed"), error.as_deref().unwrap_or("no reason is known")),
    };
    let ending = SessionEnding { state, response, error, notifications, deliveries };
    let is_first = app.database.end_session(&session.id, &ending, now()).await?;
    if is_first {
        app.metrics.sessions.get_or_create(&OfPlugin { plugin: session.plugin.clone(), what: state.name().to_owned() }).inc();
        tracing::info!(session = session.id, plugin = session.plugin, state = state.name(), problem = ending.error, "a run of a plugin ended");
    }
    app.changed(&session.id);
    Ok(is_first)
}
