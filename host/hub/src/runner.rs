//! Runs: each is fetched, converted, uploaded and answered; each is limited in time, and so many at a time. However a run ends, Hub gets an answer.

use crate::api::Api;
use crate::convert::{Conversion, Converted, converter};
use crate::error::RunError;
use crate::event::{Event, Observer, RunState};
use crate::payload::{Envelope, Payload};
use crate::project;
use crate::sessions::{Claim, Ended, Sessions};
use crate::settings::{Served, Settings};
use crate::voice::{Channel, Level, Voice};
use ango_launch::{LaunchError, Loader};
use ango_pipeline::Progress;
use ango_runtime::Cancel;
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};
use tokio::task::spawn_blocking;

/// How often Hub is told how far a conversion is.
const PROGRESS: Duration = Duration::from_secs(5);
/// Lines of a converter's own log that Hub gets.
const MAX_LINES: usize = 200;
/// Codes of losses, or unknown keys, that Hub is told of.
const MAX_CODES: usize = 50;

/// How far the program is with stopping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
pub enum Stop {
    /// It is not.
    Running,
    /// Runs that wait do not begin any more; those that have begun may end.
    Draining,
    /// Every run ends now.
    Now,
}

/// Carries out runs. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Runner(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: Settings,
    api: Api,
    loader: Arc<Loader>,
    slots: Arc<Semaphore>,
    waiting: AtomicUsize,
    open: watch::Sender<usize>,
    stop: watch::Receiver<Stop>,
    sessions: Sessions,
    observer: Observer,
    runtime: Handle,
}

impl Runner {
    /// A runner, which ends its runs as `stop` says.
    pub fn new(settings: Settings, api: Api, loader: Arc<Loader>, observer: Observer, stop: watch::Receiver<Stop>, runtime: Handle) -> Self {
        let slots = Arc::new(Semaphore::new(settings.runs.clamp(1, Semaphore::MAX_PERMITS)));
        let (open, _) = watch::channel(0);
        Self(Arc::new(Inner {
            settings,
            api,
            loader,
            slots,
            waiting: AtomicUsize::new(0),
            open,
            stop,
            sessions: Sessions::default(),
            observer,
            runtime,
        }))
    }

    /// Begins a run, unless it has been begun already. The receiver gets to know whether it has a result that Hub knows of.
    pub fn begin(&self, plugin: Arc<Served>, payload: Value, channel: Channel) -> oneshot::Receiver<bool> {
        let (done, receiver) = oneshot::channel();
        let inner = Arc::clone(&self.0);
        inner.open.send_modify(|open| *open += 1);
        tokio::spawn(async move {
            // Where nobody waits for it any more, the run goes on: Hub is told all the same.
            let _ = done.send(inner.serve(plugin, payload, channel).await);
            inner.open.send_modify(|open| *open -= 1);
        });
        receiver
    }

    /// Runs that have not been answered.
    pub fn open(&self) -> watch::Receiver<usize> {
        self.0.open.subscribe()
    }
}

impl Inner {
    async fn serve(self: &Arc<Self>, plugin: Arc<Served>, payload: Value, channel: Channel) -> bool {
        let envelope = Envelope::read(&payload);
        let session = envelope.session.clone();
        let voice = Voice::new(Arc::clone(&plugin), envelope, channel.clone(), self.observer.clone());
        let mine = match self.sessions.claim(&plugin.id, &session) {
            Claim::New(mine) => mine,
            Claim::Known(known) => return Self::again(known, voice).await,
        };
        let started = Instant::now();
        let shown = voice.session();
        let outcome = self.attempt(&plugin, payload, &voice).await;
        if let Err(error) = &outcome {
            voice.log(Level::Error, &error.to_string());
        }
        let (class, problem) = outcome.as_ref().err().map(|error| (error.class(), error.to_string())).unzip();
        let link = outcome.ok();
        let (response, told) = voice.respond(link.as_deref()).await;
        let succeeded = link.is_some() && told;
        mine.send_replace(Some(Ended { response, succeeded }));
        self.sessions.ended(&plugin.id, &session);
        let state = if succeeded { RunState::Succeeded } else { RunState::Failed };
        let problem = problem.map(|problem| ango_runtime::printable_line(&plugin.secret.scrub(&problem), 1000));
        self.tell(&plugin, shown, state, Some(started.elapsed().as_secs_f64()), class, problem);
        succeeded
    }

    /// A run that is asked for again: how it ends is told when that is known. Over a WebSocket it is told once, unless it had ended already.
    async fn again(mut known: watch::Receiver<Option<Ended>>, voice: Voice) -> bool {
        let had_ended = known.borrow().is_some();
        let ended = match known.wait_for(Option::is_some).await {
            Ok(ended) => ended.clone(),
            Err(_) => None,
        };
        let Some(ended) = ended else { return false };
        if had_ended {
            voice.repeat(&ended.response).await;
        }
        ended.succeeded
    }

    fn tell(&self, plugin: &Served, session: String, state: RunState, seconds: Option<f64>, class: Option<&'static str>, problem: Option<String>) {
        self.observer.tell(&Event::Run { plugin: plugin.id.clone(), session, state, seconds, class, problem });
    }

    /// Waits its turn, and runs within its time. The link to the result.
    async fn attempt(self: &Arc<Self>, plugin: &Arc<Served>, payload: Value, voice: &Voice) -> Result<String, RunError> {
        let payload = Payload::read(&payload, &plugin.id).map_err(|wrong| RunError::Asked(wrong.0))?;
        payload.key_frames_only().and(payload.storage().map(|_| false)).map_err(|wrong| RunError::Asked(wrong.0))?;
        let permit = Arc::new(self.slot(plugin, voice).await?);
        self.tell(plugin, voice.session(), RunState::Running, None, None, None);
        let cancel = Cancel::default();
        let mut stop = self.stop.clone();
        let run = self.run(plugin, payload, voice, &cancel, permit);
        let ended = tokio::select! {
            ended = run => ended,
            () = tokio::time::sleep(plugin.time_limit) => Err(RunError::TimeLimit(plugin.time_limit.as_secs())),
            _ = stop.wait_for(|stop| *stop == Stop::Now) => Err(RunError::Shutdown),
        };
        // What is left of it on a thread of its own ends soon, and keeps its slot until then.
        cancel.cancel();
        ended
    }

    async fn slot(&self, plugin: &Served, voice: &Voice) -> Result<OwnedSemaphorePermit, RunError> {
        let closed = |_| RunError::Internal("runs have ended".into());
        if *self.stop.borrow() != Stop::Running {
            return Err(RunError::Shutdown);
        }
        if let Ok(permit) = Arc::clone(&self.slots).try_acquire_owned() {
            return Ok(permit);
        }
        let before = self.waiting.fetch_add(1, Ordering::AcqRel);
        let _leave = Leave(&self.waiting);
        if before >= self.settings.max_queued {
            return Err(RunError::Full(before));
        }
        voice.log(Level::Info, &format!("the run waits: {} are running, and {before} wait already", self.settings.runs));
        self.tell(plugin, voice.session(), RunState::Queued, None, None, None);
        let mut stop = self.stop.clone();
        tokio::select! {
            permit = Arc::clone(&self.slots).acquire_owned() => permit.map_err(closed),
            _ = stop.wait_for(|stop| *stop != Stop::Running) => Err(RunError::Shutdown),
        }
    }

    async fn run(
        self: &Arc<Self>,
        plugin: &Arc<Served>,
        payload: Payload,
        voice: &Voice,
        cancel: &Cancel,
        permit: Arc<OwnedSemaphorePermit>,
    ) -> Result<String, RunError> {
        // The options first: they need no export, which can take Hub minutes.
        let (loader, served, config, kept) = (Arc::clone(&self.loader), Arc::clone(plugin), payload.config.clone(), Arc::clone(&permit));
        let converter = on_a_thread(move || {
            let _kept = kept;
            converter(&loader, &served, &config)
        });
        let converter = converter.await?.map_err(|error| match error {
            LaunchError::Internal(problem) => RunError::Internal(problem),
            error => RunError::Asked(error.to_string()),
        })?;
        for key in converter.unknown.iter().take(MAX_CODES) {
            voice.log(Level::Warning, &format!("configJSON: '{key}' is no option of {}: it has no effect", plugin.converter));
        }
        let (link, described) = tokio::join!(self.api.export(&payload), self.api.project(&payload.project, &payload.key));
        let link = link?;
        let export = self.api.download(&link, self.settings.max_export_bytes).await?;
        let bytes = export.as_file().metadata().map_or(0, |metadata| metadata.len());
        voice.progress(0, &format!("the export is here: {bytes} bytes"));
        let project = described.map(|described| project::read(&described));
        if let Err(error) = &project {
            voice.log(Level::Warning, &format!("{error}; class ids come from the export"));
        } else if let Ok(None) = &project {
            voice.log(Level::Warning, "the project has no classes; class ids come from the export");
        }
        let progress = Arc::new(Progress::default());
        let conversion = Conversion {
            export,
            export_name: name_of(&link),
            project_id: payload.project.clone(),
            project: project.ok().flatten(),
            converter,
            cancel: cancel.clone(),
            progress: Arc::clone(&progress),
            runtime: self.runtime.clone(),
        };
        let inner = Arc::clone(self);
        let converting = on_a_thread(move || {
            let _kept = permit;
            conversion.run(&inner.settings)
        });
        let converted = watched(converting, &progress, voice).await??;
        told(&converted, voice);
        let destination = self.api.destination(&converted.name, &payload).await?;
        self.api.upload(&destination.upload, &converted.path).await?;
        voice.progress(100, &format!("done: {} tasks, {}", converted.report.tasks, converted.name));
        Ok(destination.signed)
    }
}

/// One run less that waits.
struct Leave<'a>(&'a AtomicUsize);

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// What blocks. A panic in it ends the run, and nothing else.
async fn on_a_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, RunError> {
    spawn_blocking(work).await.map_err(|_| RunError::Internal("an error in the program: the conversion broke off".into()))
}

/// The name of the file behind a link, as the command line would be given it. What signs the link is no part of it.
fn name_of(link: &str) -> String {
    let path = link.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    // Decoding it as a form would take a plus for a space.
    let decoded = url::form_urlencoded::parse(name.replace('+', "%2B").replace(['=', '&'], "_").as_bytes())
        .next()
        .map_or_else(String::new, |(name, _)| name.into_owned());
    let name = ango_runtime::printable_line(&decoded, 200);
    if name.is_empty() { "export.zip".to_owned() } else { name }
}

/// Waits for a conversion, and tells how far it is meanwhile.
async fn watched<T>(converting: impl Future<Output = T>, progress: &Progress, voice: &Voice) -> T {
    tokio::pin!(converting);
    loop {
        tokio::select! {
            done = &mut converting => return done,
            () = tokio::time::sleep(PROGRESS) => {
                let now = progress.snapshot();
                let percent = (now.read_bytes.saturating_mul(100)).checked_div(now.total_bytes).unwrap_or(0).min(99);
                voice.progress(percent, &format!("{}: {} tasks", now.phase.name(), now.tasks));
            }
        }
    }
}

/// Says what the converter said, and what the result does not hold.
fn told(converted: &Converted, voice: &Voice) {
    converted.warnings.iter().take(MAX_CODES).for_each(|warning| voice.log(Level::Warning, warning));
    for line in converted.report.log.iter().filter(|line| line.level != "debug").take(MAX_LINES) {
        // A line of the converter's is no end of the run, whatever it calls itself.
        voice.log(if line.level == "info" { Level::Info } else { Level::Warning }, &line.message);
    }
    for loss in converted.report.losses.codes.iter().take(MAX_CODES) {
        let example = loss.examples.first().map_or_else(String::new, |example| format!(": {}", example.detail));
        voice.log(Level::Warning, &format!("the result does not hold {} x {}{example}", loss.count, loss.code));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_are_called_as_the_file_behind_the_link() {
        for (link, name) in [
            ("https://b/x/My%20project+1-task.zip?X-Amz-Signature=a/b", "My project+1-task.zip"),
            ("https://b/", "export.zip"),
            ("https://b/a=1&b.zip#x", "a_1_b.zip"),
            ("https://b/%0a%1b.zip", " \u{fffd}.zip"),
        ] {
            assert_eq!(name_of(link), name);
        }
    }
}
