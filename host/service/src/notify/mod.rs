//! Who is told that an export or a run is ready or failed: the page, webhooks, and people by e-mail.
//!
//! What is to be told is written down together with the end of the export, in one transaction, and sent from there until somebody took it or it was tried for long enough. So nothing is told of an
//! export that has not ended, and nothing that has ended stays untold because a node died.

mod email;
mod send;
mod webhook;

pub(crate) use send::send;

use crate::api::view::ResultView;
use crate::app::App;
use crate::order::{Notify, Order};
use ango_jobs::{Ending, Export, NewDelivery, NewNotification, Problem, Progress, State};
use serde_json::json;

/// Whether the settings of those who are told can be used.
///
/// # Errors
/// The setting that cannot, and why.
pub(crate) fn check(service: &ango_config::Service) -> Result<(), String> {
    service.smtp.as_ref().map_or(Ok(()), email::check).map_err(|problem| format!("service: smtp: {problem}"))
}

/// What is told of an export that succeeded; the rest of the ending is for others to fill in.
pub(crate) async fn of_success(app: &App, export: &Export, view: &ResultView) -> Ending {
    let title = match view.outcome.as_str() {
        "ok" => "Export ready",
        "ok-with-losses" => "Export ready; a converted export does not hold everything",
        _ => "Export ready; a conversion failed",
    };
    let counted =
        format!("{} {}", view.tasks, if order(export).is_some_and(|order| order.kind == crate::order::Kind::Issue) { "issues" } else { "tasks" });
    let converted: Vec<String> = view
        .conversions
        .iter()
        .map(|conversion| match conversion.result.as_str() {
            "ok" => conversion.plugin.clone(),
            "failed" => format!("{} (failed)", conversion.plugin),
            _ => format!("{} ({} losses)", conversion.plugin, conversion.losses),
        })
        .collect();
    let message = if converted.is_empty() { counted } else { format!("{counted}, converted by {}", converted.join(", ")) };
    ended(app, export, "ready", title, &message)
}

/// What is told of an export that failed.
pub(crate) async fn of_failure(app: &App, export: &Export, problem: &Problem) -> Ending {
    ended(app, export, "failed", "Export failed", &problem.message)
}

fn order(export: &Export) -> Option<Order> {
    serde_json::from_value(export.request.clone()).ok()
}

fn ended(app: &App, export: &Export, kind: &str, title: &str, message: &str) -> Ending {
    let about = About {
        organisation: &export.organisation,
        project: &export.project,
        subject: Subject::Export(&export.id),
        by: &export.requested_by,
        notify: order(export).map(|order| order.notify).unwrap_or_default(),
    };
    let (notifications, deliveries) = told(app, &about, kind, title, message);
    // The state is whoever calls this one's to say.
    Ending { state: State::Succeeded, result: None, error: None, progress: Progress::default(), notifications, deliveries }
}

/// What has ended.
pub(crate) enum Subject<'a> {
    /// An export, by its id.
    Export(&'a str),
    /// A run of a connected program.
    Session(&'a str),
}

/// What is told about.
pub(crate) struct About<'a> {
    pub(crate) organisation: &'a str,
    pub(crate) project: &'a str,
    pub(crate) subject: Subject<'a>,
    /// Who asked for it.
    pub(crate) by: &'a str,
    /// And what they want to be told.
    pub(crate) notify: Notify,
}

/// What is shown on the page and what is sent, when something is `ready` or `failed`.
pub(crate) fn told(app: &App, about: &About<'_>, kind: &str, title: &str, message: &str) -> (Vec<NewNotification>, Vec<NewDelivery>) {
    let live = app.live();
    let (word, folder, id) = match about.subject {
        Subject::Export(id) => ("export", "exports", id),
        Subject::Session(id) => ("session", "runs", id),
    };
    let (organisation, project, notify) = (about.organisation.to_owned(), about.project.to_owned(), about.notify);
    let link = format!("{}/#/{project}/{folder}/{id}", live.public_url);
    let mut notifications = Vec::new();
    if !notify.silent {
        notifications.push(NewNotification {
            organisation: organisation.clone(),
            project: Some(project.clone()),
            export_id: matches!(about.subject, Subject::Export(_)).then(|| id.to_owned()),
            kind: kind.to_owned(),
            title: title.to_owned(),
            message: message.to_owned(),
            link: Some(link.clone()),
            receiver: None,
        });
    }
    let payload = json!({
        "event": format!("{word}.{kind}"), "organisation": organisation, "project": project, word: id, "title": title, "message": message, "page": link,
    });
    let delivery = |kind: &str, target: &str| NewDelivery {
        organisation: organisation.clone(),
        kind: kind.to_owned(),
        target: target.to_owned(),
        payload: payload.clone(),
    };
    let mut deliveries = Vec::new();
    for (name, webhook) in &live.service.webhooks {
        let is_meant = webhook.organisation == organisation && (webhook.projects.is_empty() || webhook.projects.contains(&project));
        if is_meant && !notify.silent {
            deliveries.push(delivery("webhook", name));
        }
    }
    // Who wants no notification wants none by mail.
    let is_mailed = notify.email && !notify.silent && live.service.smtp.is_some();
    if let Some(address) = email::address(about.by).filter(|_| is_mailed) {
        deliveries.push(delivery("email", &address));
    }
    (notifications, deliveries)
}
