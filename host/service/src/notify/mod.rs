//! Who is told that an export is ready or failed: the page, webhooks, and people by e-mail.
//!
//! What is to be told is written down together with the end of the export, in one transaction, and sent from there until somebody took it or it was tried for long enough. So nothing is told of an
//! export that has not ended, and nothing that has ended stays untold because a node died.

mod email;
mod send;
mod webhook;

pub(crate) use send::send;

use crate::api::view::ResultView;
use crate::app::App;
use crate::order::Order;
use ango_jobs::{Ending, Export, NewDelivery, NewNotification, Problem, Progress, State};
use serde_json::json;

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
    told(app, export, "ready", title, &message)
}

/// What is told of an export that failed.
pub(crate) async fn of_failure(app: &App, export: &Export, problem: &Problem) -> Ending {
    told(app, export, "failed", "Export failed", &problem.message)
}

fn order(export: &Export) -> Option<Order> {
    serde_json::from_value(export.request.clone()).ok()
}

fn told(app: &App, export: &Export, kind: &str, title: &str, message: &str) -> Ending {
    let live = app.live();
    let notify = order(export).map(|order| order.notify).unwrap_or_default();
    let link = format!("{}/#/projects/{}/exports/{}", live.public_url, export.project, export.id);
    let mut notifications = Vec::new();
    if !notify.silent {
        notifications.push(NewNotification {
            organisation: export.organisation.clone(),
            project: Some(export.project.clone()),
            export_id: Some(export.id.clone()),
            kind: kind.to_owned(),
            title: title.to_owned(),
            message: message.to_owned(),
            link: Some(link.clone()),
        });
    }
    let payload = json!({
        "event": format!("export.{kind}"), "organisation": export.organisation, "project": export.project, "export": export.id,
        "title": title, "message": message, "page": link,
    });
    let mut deliveries = Vec::new();
    for (name, webhook) in &live.service.webhooks {
        let is_meant = webhook.organisation == export.organisation && (webhook.projects.is_empty() || webhook.projects.contains(&export.project));
        if is_meant && !notify.silent {
            deliveries.push(NewDelivery {
                organisation: export.organisation.clone(),
                kind: "webhook".into(),
                target: name.clone(),
                payload: payload.clone(),
            });
        }
    }
    if let Some(address) = email::address(&export.requested_by).filter(|_| notify.email && live.service.smtp.is_some()) {
        deliveries.push(NewDelivery { organisation: export.organisation.clone(), kind: "email".into(), target: address, payload });
    }
    // The state is whoever calls this one's to say.
    Ending { state: State::Succeeded, result: None, error: None, progress: Progress::default(), notifications, deliveries }
}
