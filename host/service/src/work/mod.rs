//! The workers of this node: they take exports from the queue, run them, and clean up behind nodes that died.

mod cleaner;
mod lease;
mod run;

use crate::app::App;
use ango_jobs::RunningLimits;
use ango_launch::now;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// How long a node waits before it looks into a database that failed.
const AFTER_FAILURE: Duration = Duration::from_secs(1);
/// How long it waits at most for somebody to tell that there is work.
const LOOK: Duration = Duration::from_secs(1);

/// Works until the service is to end, and then until the exports that run have ended or were handed back.
pub async fn work(app: App, jobs: usize) {
    let slots = Arc::new(Semaphore::new(jobs));
    let mut running = JoinSet::new();
    let cleaner = tokio::spawn(cleaner::clean(app.clone()));
    loop {
        let slot = tokio::select! {
            slot = Arc::clone(&slots).acquire_owned() => slot,
            () = app.stopped() => break,
        };
        // Nobody closes it.
        let Ok(slot) = slot else { break };
        while running.try_join_next().is_some() {}
        match claim(&app).await {
            Ok(Some(claim)) => {
                let app = app.clone();
                running.spawn(async move {
                    lease::carry_out(&app, claim, jobs).await;
                    drop(slot);
                });
            }
            Ok(None) => {
                drop(slot);
                tokio::select! {
                    () = app.database.changed(LOOK) => {}
                    () = app.stopped() => break,
                }
            }
            Err(error) => {
                drop(slot);
                tracing::warn!(%error, "the queue cannot be read");
                tokio::select! {
                    () = tokio::time::sleep(AFTER_FAILURE) => {}
                    () = app.stopped() => break,
                }
            }
        }
    }
    while running.join_next().await.is_some() {}
    cleaner.abort();
}

async fn claim(app: &App) -> Result<Option<ango_jobs::Claim>, ango_jobs::DatabaseError> {
    let live = app.live();
    let limits: HashMap<String, u32> =
        live.service.organisations.iter().map(|(name, organisation)| (name.clone(), organisation.max_running)).collect();
    // Exports of an organisation that is not configured any more wait until it is.
    let limits = RunningLimits { organisations: limits, default: 0 };
    let lease = Duration::from_secs(live.service.lease_seconds.into());
    app.database.claim(&app.node, now(), lease, &limits, live.service.attempts).await
}
