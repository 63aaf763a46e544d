//! The outbox: what is to be told is sent until it is taken.

use crate::app::App;
use ango_jobs::Delivery;
use ango_launch::now;
use std::time::Duration;

/// How often the outbox is looked into.
const LOOK: Duration = Duration::from_secs(1);
/// How long one delivery may take.
const TIME: Duration = Duration::from_secs(30);
/// How long a node that says nothing keeps a delivery.
const LEASE: Duration = Duration::from_secs(90);
/// Deliveries at a time.
const AT_ONCE: u32 = 16;
/// After so many tries, over about a day, it is given up.
const TRIES: u32 = 12;

/// Sends until the service is to end.
pub(crate) async fn send(app: App) {
    loop {
        tokio::select! {
            () = app.stopped() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
        let due = match app.database.due(&app.node, now(), LEASE, AT_ONCE).await {
            Ok(due) => due,
            Err(error) => {
                tracing::debug!(%error, "the outbox cannot be read");
                continue;
            }
        };
        futures::future::join_all(due.into_iter().map(|delivery| one(&app, delivery))).await;
    }
}

async fn one(app: &App, delivery: Delivery) {
    let sending = async {
        match delivery.kind.as_str() {
            "webhook" => super::webhook::send(app, &delivery).await,
            "email" => super::email::send(app, &delivery).await,
            other => Err(Failed::ForGood(format!("there is no way to deliver a '{other}'"))),
        }
    };
    let sent = tokio::time::timeout(TIME, sending).await.unwrap_or_else(|_| Err(Failed::ForNow(format!("no answer in {} s", TIME.as_secs()))));
    let kept = match sent {
        Ok(()) => {
            count(app, &delivery, "delivered");
            app.database.delivered(delivery.id, &app.node).await
        }
        Err(Failed::ForNow(problem)) if delivery.attempts + 1 < TRIES => {
            count(app, &delivery, "retried");
            tracing::info!(kind = delivery.kind, target = delivery.target, problem, "not delivered yet");
            app.database.retry(delivery.id, &app.node, now() + backoff(delivery.attempts), &problem).await
        }
        Err(Failed::ForNow(problem) | Failed::ForGood(problem)) => {
            count(app, &delivery, "given-up");
            tracing::warn!(kind = delivery.kind, target = delivery.target, problem, "not delivered");
            app.database.give_up(delivery.id, &app.node, &problem).await
        }
    };
    if let Err(error) = kept {
        tracing::warn!(%error, "what became of a delivery cannot be written down: it may come twice");
    }
}

/// Why something was not delivered.
#[derive(Debug)]
pub(super) enum Failed {
    /// It may work later.
    ForNow(String),
    /// It will not work.
    ForGood(String),
}

/// Milliseconds until the next try: 2 s, doubled each time, up to four hours.
fn backoff(attempts: u32) -> i64 {
    (2_000_i64 << attempts.min(13)).min(4 * 3_600_000)
}

fn count(app: &App, delivery: &Delivery, state: &str) {
    app.metrics.deliveries.get_or_create(&crate::metrics::Ended { state: format!("{} {state}", delivery.kind) }).inc();
}
