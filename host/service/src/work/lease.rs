//! One export from the moment this node has it to the moment it has ended: running it, saying that we are alive, and writing down how it ended.
//!
//! A node keeps an export by renewing its lease. When it cannot (the database is gone, or this machine slept), it stops the export before the lease is over, because from then on another node may
//! run it. Whatever comes too late changes nothing: an end counts only while the lease is held, and nothing is saved after it. A process that was stopped and goes on does not have to be told that.

use super::run::{Prepared, run};
use crate::app::App;
use crate::notify;
use ango_jobs::{Claim, Ending, NewLog, Problem, Progress as Kept, Renewal, State};
use ango_launch::now;
use ango_pipeline::Progress;
use ango_pipeline::job::progress::Snapshot;
use ango_runtime::Cancel;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How often progress is written down, while there is any.
const STEP: Duration = Duration::from_millis(500);
/// How often the end of an export is written down again, when the database fails.
const RETRY: Duration = Duration::from_secs(1);

/// How an export ended here.
#[derive(Debug)]
pub(super) enum End {
    /// Saved. The view that is kept, and lines of the log.
    Done(Box<crate::api::view::ResultView>, Vec<NewLog>),
    /// Nothing was saved.
    Failed(Problem),
    /// It was stopped before it ended.
    Stopped,
}

/// Why an export was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    /// Somebody asked for it.
    Cancelled,
    /// Another node has it, or may have it.
    Lost,
    /// The service is to end.
    HandBack,
}

/// Runs an export to its end.
pub(super) async fn carry_out(app: &App, claim: Claim, jobs: usize) {
    let export = &claim.export;
    let span = tracing::info_span!("export", job = %export.id, project = %export.project, attempt = claim.attempt);
    let started = Instant::now();
    app.metrics.running.inc();
    app.metrics.waited.observe((now() - export.created_at).max(0) as f64 / 1e3);
    tracing::info!(parent: &span, "begins");
    app.changed(&export.id);
    let (cancel, progress) = (Cancel::default(), Arc::new(Progress::default()));
    cancel.only_until(end_of(started, Duration::from_secs(app.live().service.lease_seconds.into())));
    let prepared =
        Prepared { app: app.clone(), export: export.clone(), attempt: claim.attempt, jobs, cancel: cancel.clone(), progress: Arc::clone(&progress) };
    let mut running = tokio::task::spawn_blocking(move || run(prepared));
    let mut keeper = Keeper { app, claim: &claim, cancel: &cancel, progress: &progress, held: Instant::now(), last: None, reason: None };
    let end = loop {
        tokio::select! {
            end = &mut running => break end,
            () = keeper.step() => {}
        }
    };
    let end = end.unwrap_or_else(|error| End::Failed(Problem { class: "internal".into(), message: format!("the export broke off: {error}") }));
    app.metrics.running.dec();
    app.metrics.duration.observe(started.elapsed().as_secs_f64());
    let state = finish(app, &claim, end, keeper.reason, &progress).await;
    tracing::info!(parent: &span, state, seconds = started.elapsed().as_secs_f64(), "ended");
    app.metrics.exports.get_or_create(&crate::metrics::Ended { state: state.to_owned() }).inc();
    app.changed(&export.id);
}

/// Until when something may be saved under a lease that was asked for then: a little less, since asking took time.
fn end_of(asked: Instant, lease: Duration) -> Instant {
    asked + lease * 9 / 10
}

struct Keeper<'a> {
    app: &'a App,
    claim: &'a Claim,
    cancel: &'a Cancel,
    progress: &'a Progress,
    /// When the lease was renewed.
    held: Instant,
    last: Option<Snapshot>,
    reason: Option<Reason>,
}

impl Keeper<'_> {
    async fn step(&mut self) {
        let lease = Duration::from_secs(self.app.live().service.lease_seconds.into());
        tokio::select! {
            () = tokio::time::sleep(STEP) => {}
            () = self.app.stopped(), if self.reason.is_none() => {
                let patience = Duration::from_secs(self.app.live().service.shutdown_seconds.into());
                // Time to end by itself; the lease is renewed meanwhile.
                let until = Instant::now() + patience;
                while Instant::now() < until {
                    tokio::time::sleep(STEP.min(patience)).await;
                    self.renew(lease).await;
                    if self.reason.is_some() {
                        return;
                    }
                }
                self.stop(Reason::HandBack);
                return;
            }
        }
        let now = self.progress.snapshot();
        // When nothing moves, saying that we are alive is enough now and then.
        if self.last != Some(now) || self.held.elapsed() > lease / 4 {
            self.last = Some(now);
            self.renew(lease).await;
        }
    }

    async fn renew(&mut self, lease: Duration) {
        let asked = Instant::now();
        let (export, progress) = (&self.claim.export, kept(&self.progress.snapshot(), 0));
        let renewal = self.app.database.renew(&export.id, self.claim.attempt, &self.app.node, now(), lease, &progress);
        match tokio::time::timeout(lease / 4, renewal).await {
            Ok(Ok(Renewal::Held { cancel_requested })) => {
                self.held = asked;
                self.cancel.only_until(end_of(asked, lease));
                self.app.changed(&export.id);
                if cancel_requested {
                    self.stop(Reason::Cancelled);
                }
            }
            Ok(Ok(Renewal::Lost)) => self.stop(Reason::Lost),
            Ok(Err(_)) | Err(_) => {
                tracing::warn!(job = %export.id, "the lease cannot be renewed");
                // Time for what is under way to end before another node may begin.
                if self.held.elapsed() > lease * 2 / 3 {
                    self.stop(Reason::Lost);
                }
            }
        }
    }

    fn stop(&mut self, reason: Reason) {
        if self.reason.is_none() {
            self.reason = Some(reason);
            self.cancel.cancel();
        }
    }
}

fn kept(now: &Snapshot, losses: u64) -> Kept {
    Kept { phase: now.phase.name().to_owned(), tasks: now.tasks, bytes: now.read_bytes, total_bytes: now.total_bytes, losses }
}

/// Writes down how it ended, and says it in one word.
async fn finish(app: &App, claim: &Claim, end: End, reason: Option<Reason>, progress: &Progress) -> &'static str {
    let export = &claim.export;
    let (ending, logs, state) = match (end, reason) {
        (End::Done(view, logs), _) => {
            count(app, &view);
            let losses = view.conversions.iter().map(|conversion| conversion.losses).sum();
            let result = serde_json::to_value(&*view).unwrap_or(Value::Null);
            let told = notify::of_success(app, export, &view).await;
            let ending = Ending { state: State::Succeeded, result: Some(result), error: None, progress: kept(&progress.snapshot(), losses), ..told };
            (ending, logs, "succeeded")
        }
        (_, Some(Reason::Cancelled)) => (ending(State::Cancelled, None, progress), Vec::new(), "cancelled"),
        (_, Some(Reason::Lost)) => {
            app.metrics.lost_leases.inc();
            return "lost";
        }
        (_, Some(Reason::HandBack)) | (End::Stopped, None) => {
            if let Err(error) = app.database.release(&export.id, claim.attempt, &app.node).await {
                tracing::warn!(job = %export.id, %error, "cannot be handed back: its lease ends by itself");
            }
            return "handed-back";
        }
        (End::Failed(problem), None) => {
            let told = notify::of_failure(app, export, &problem).await;
            let log = NewLog { time: now(), level: "error".into(), plugin: None, message: problem.message.clone() };
            let ending = Ending { state: State::Failed, result: None, error: Some(problem), progress: kept(&progress.snapshot(), 0), ..told };
            (ending, vec![log], "failed")
        }
    };
    if !logs.is_empty()
        && let Err(error) = app.database.append_logs(&export.id, &logs).await
    {
        tracing::warn!(job = %export.id, %error, "the log cannot be kept");
    }
    // The archives are there, so it is worth trying until the lease is over; another node does it all again otherwise.
    let lease = Duration::from_secs(app.live().service.lease_seconds.into());
    let until = Instant::now() + lease;
    loop {
        match app.database.finish(&export.id, claim.attempt, &app.node, now(), &ending).await {
            Ok(true) => return state,
            Ok(false) => {
                app.metrics.lost_leases.inc();
                return "lost";
            }
            Err(error) if Instant::now() < until => {
                tracing::warn!(job = %export.id, %error, "its end cannot be written down yet");
                tokio::time::sleep(RETRY).await;
            }
            Err(error) => {
                tracing::error!(job = %export.id, %error, "its end cannot be written down: it will be done again");
                return "lost";
            }
        }
    }
}

fn ending(state: State, error: Option<Problem>, progress: &Progress) -> Ending {
    Ending { state, result: None, error, progress: kept(&progress.snapshot(), 0), notifications: Vec::new(), deliveries: Vec::new() }
}

fn count(app: &App, view: &crate::api::view::ResultView) {
    use crate::metrics::OfPlugin;
    let metrics = &app.metrics;
    metrics.tasks.inc_by(view.tasks);
    metrics.saved_bytes.inc_by(view.original.as_ref().map_or(0, |original| original.bytes));
    for conversion in &view.conversions {
        let of = |what: &str| OfPlugin { plugin: conversion.plugin.clone(), what: what.to_owned() };
        metrics.saved_bytes.inc_by(conversion.output.as_ref().map_or(0, |output| output.bytes));
        metrics.conversions.get_or_create(&of(&conversion.result)).inc();
        for code in &conversion.codes {
            metrics.losses.get_or_create(&of(&code.code)).inc_by(code.count);
        }
        if let Some((class, _)) = conversion.error.as_ref().and_then(|error| error.split_once(':')) {
            metrics.limits.get_or_create(&of(class)).inc();
        }
    }
}
