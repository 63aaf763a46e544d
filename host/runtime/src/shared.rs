//! What all instances of one conversion share, and how it is stopped.

use crate::host::assets::Assets;
use crate::limits::{Limits, Meter};
use crate::project::ProjectForPlugin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// Stops runs from outside.
#[derive(Debug, Clone)]
pub struct Cancel(Arc<watch::Sender<bool>>);

impl Default for Cancel {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Cancel {
    /// Stops every run that holds a clone of this, within the next few milliseconds of guest work.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was called.
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is called.
    pub async fn cancelled(&self) {
        // The sender lives in `self`, so waiting cannot fail.
        let _ = self.0.subscribe().wait_for(|cancelled| *cancelled).await;
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
