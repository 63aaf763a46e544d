//! What all instances of one conversion share, and how it is stopped.

use crate::host::assets::Assets;
use crate::limits::{Limits, Meter};
use crate::project::ProjectForPlugin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// Stops runs from outside.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<Asked>);

#[derive(Debug, Default)]
struct Asked {
    cancelled: watch::Sender<bool>,
    until: Mutex<Option<Instant>>,
}

impl Cancel {
    /// Stops every run that holds a clone of this, within the next few milliseconds of guest work.
    pub fn cancel(&self) {
        self.0.cancelled.send_replace(true);
    }

    /// Gives runs time until then, and no more: who is stopped himself meanwhile, and goes on later, cannot be told to stop before that.
    pub fn only_until(&self, until: Instant) {
        *self.0.until.lock().unwrap_or_else(PoisonError::into_inner) = Some(until);
    }

    /// Whether the time is over that was given.
    pub fn is_late(&self) -> bool {
        self.0.until.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|until| Instant::now() > until)
    }

    /// Whether it was called, or the time is over.
    pub fn is_cancelled(&self) -> bool {
        *self.0.cancelled.borrow() || self.is_late()
    }

    /// Waits until it is called.
    pub async fn cancelled(&self) {
        // The sender lives in `self`, so waiting cannot fail.
        let _ = self.0.cancelled.subscribe().wait_for(|cancelled| *cancelled).await;
    }
}

/// What all instances of one conversion share.
pub(crate) struct Shared {
    pub(crate) project: ProjectForPlugin,
    pub(crate) limits: Limits,
    pub(crate) meter: Meter,
    pub(crate) cancel: Cancel,
    pub(crate) deadline: Instant,
    pub(crate) assets: Option<Arc<dyn Assets>>,
}

impl Shared {
    /// A run that starts now.
    pub(crate) fn new(project: ProjectForPlugin, limits: Limits, cancel: Cancel) -> Self {
        Self { project, deadline: deadline(limits.wall_time), limits, meter: Meter::default(), cancel, assets: None }
    }
}

/// When a run that has so much time left must be over; a wall time beyond what clocks can count is a year.
pub(crate) fn deadline(left: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(left).unwrap_or(now + Duration::from_secs(365 * 86_400))
}
