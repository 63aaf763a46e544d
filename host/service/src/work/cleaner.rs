//! Cleaning up: uploads that nobody will finish, exports that are long over.

use crate::app::{App, blocking};
use crate::error::ApiError;
use crate::storage::{self, Place};
use ango_jobs::Export;
use ango_launch::now;
use ango_pipeline::bucket::Swept;
use ango_runtime::Cancel;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

/// How often it is looked for.
const OFTEN: Duration = Duration::from_secs(600);
/// How often the queue is counted for the metrics.
const COUNT: Duration = Duration::from_secs(5);

/// Cleans up now and then, until it is aborted.
pub(super) async fn clean(app: App) {
    let mut swept = None::<tokio::time::Instant>;
    loop {
        match app.database.counts().await {
            Ok(counts) => {
                for (state, count) in counts {
                    let count = i64::try_from(count).unwrap_or(i64::MAX);
                    app.metrics.queue.get_or_create(&crate::metrics::Ended { state: state.name().to_owned() }).set(count);
                }
            }
            Err(error) => tracing::debug!(%error, "the queue cannot be counted"),
        }
        if let Err(error) = tell_of_interrupted(&app).await {
            tracing::warn!(%error, "whom to tell of interrupted exports cannot be found out");
        }
        let live = app.live();
        // With a short clean-up age it is worth looking more often.
        let every = OFTEN.min(Duration::from_secs(u64::from(live.service.clean_up_seconds) / 4));
        if swept.is_none_or(|at| at.elapsed() >= every) {
            swept = Some(tokio::time::Instant::now());
            if let Err(error) = sweep(&app).await {
                tracing::warn!(error = %error.message, "cleaning up failed");
            }
            let keep = i64::from(live.service.keep_days) * 86_400_000;
            if let Err(error) = app.database.forget(now() - keep).await {
                tracing::warn!(%error, "old exports cannot be forgotten");
            }
            if let Err(error) = app.database.forget_presence(now() - keep).await {
                tracing::warn!(%error, "plugins that left cannot be forgotten");
            }
        }
        tokio::time::sleep(COUNT).await;
    }
}

/// Tells of exports that failed because nodes died under them, and takes back what they had saved: none of those nodes lived to do it.
async fn tell_of_interrupted(app: &App) -> Result<(), ango_jobs::DatabaseError> {
    for export in app.database.untold(100).await? {
        if let Some(problem) = &export.error {
            if let Err(error) = take_back(app, &export).await {
                tracing::warn!(job = %export.id, error = %error.message, "what an interrupted export left cannot be removed");
            }
            let told = crate::notify::of_failure(app, &export, problem).await;
            app.database.tell(&export.id, now(), &told.notifications, &told.deliveries).await?;
        }
    }
    Ok(())
}

/// Removes what an export left that failed.
async fn take_back(app: &App, export: &Export) -> Result<(), ApiError> {
    let place = storage::place(app, &export.organisation, &export.project).await?;
    let (live, runtime, name) = (app.live(), app.runtime.clone(), export.name.clone());
    let swept = blocking(move || {
        let bucket = storage::open(&live, &place, &runtime)?;
        Ok(bucket.remove_leftovers(&name, &Cancel::default())?)
    });
    count(app, &swept.await?);
    Ok(())
}

/// Counts what was cleaned up, and says what could not be: whoever pays for it should know.
pub(super) fn count(app: &App, swept: &Swept) {
    if swept.removed > 0 {
        app.metrics.swept.inc_by(swept.removed);
        tracing::info!(uploads = swept.removed, "cleaned up what nobody finished");
    }
    if let Some(error) = &swept.failure {
        app.metrics.unswept.inc_by(swept.failed.max(1));
        tracing::warn!(uploads = swept.failed, %error, "what nobody finished cannot be cleaned up: it is tried again at the next cleaning up");
    }
}

/// Aborts uploads that are older than the clean-up age and belong to no export that may still run.
pub(super) async fn sweep(app: &App) -> Result<(), ApiError> {
    let live = app.live();
    let age = Duration::from_secs(u64::from(live.service.clean_up_seconds));
    let keep: HashSet<String> = app.database.unfinished_names().await?.into_iter().chain(app.database.unfinished_uploads().await?).collect();
    let keep = Arc::new(keep);
    for place in places(app).await? {
        let (live, runtime, keep) = (Arc::clone(&live), app.runtime.clone(), Arc::clone(&keep));
        let swept = blocking(move || {
            let bucket = storage::open(&live, &place, &runtime)?;
            let is_kept = |name: &str| keep.iter().any(|kept| name.starts_with(kept.as_str()));
            Ok(bucket.sweep(age, &is_kept)?)
        })
        .await;
        match swept {
            Ok(swept) => count(app, &swept),
            Err(error) => {
                app.metrics.unswept.inc();
                tracing::warn!(error = %error.message, "a storage cannot be cleaned up");
            }
        }
    }
    Ok(())
}

/// Everywhere exports went.
async fn places(app: &App) -> Result<Vec<Place>, ApiError> {
    let live = app.live();
    let mut places = Vec::new();
    for (organisation, settings) in &live.service.organisations {
        let settings = settings.clone();
        let projects = blocking(move || crate::projects::all(&settings)).await?;
        for project in projects {
            if let Ok(place) = storage::place(app, organisation, &project.id).await
                && !places.contains(&place)
            {
                places.push(place);
            }
        }
    }
    Ok(places)
}
