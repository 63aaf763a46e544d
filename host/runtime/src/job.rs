//! One conversion: a plugin, its options and limits, and the shards that it is run on.

use crate::error::RunError;
use crate::host::State;
use crate::host::archive::Files;
use crate::host::assets::Assets;
use crate::host::feed::{Cursor, Feed};
use crate::host::output::Output;
use crate::instance;
#[cfg(target_os = "linux")]
use crate::isolate::Workers;
use crate::limits::Limits;
use crate::losses::{LogLine, Losses};
use crate::plugin::{Plugin, Runner};
use crate::project::ProjectForPlugin;
use crate::shared::{Cancel, Shared};
#[cfg(target_os = "linux")]
use std::io;
use std::sync::{Arc, Mutex};

/// One conversion of an export by one plugin.
pub struct Job {
    plugin: Arc<Plugin>,
    options: String,
    shared: Arc<Shared>,
    #[cfg(target_os = "linux")]
    workers: Option<io::Result<Workers>>,
}

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Job").field("plugin", &self.plugin).finish_non_exhaustive()
    }
}

/// What one shard's instance leaves behind, besides its files.
#[derive(Debug, Default)]
pub struct ShardResult {
    /// Tasks read.
    pub tasks: u64,
    /// What could not be converted.
    pub losses: Losses,
    /// Messages.
    pub log: Vec<LogLine>,
    /// Fuel burnt. The same in every run on the same input.
    pub fuel: u64,
    /// Bytes of memories and tables.
    pub peak_memory: u64,
}

/// A shard that failed.
#[derive(Debug)]
pub struct ShardFailure {
    /// How.
    pub error: RunError,
    /// Fuel burnt until then.
    pub fuel: u64,
    /// Bytes of memories and tables.
    pub peak_memory: u64,
}

impl Job {
    /// A conversion that starts now: its wall time runs from here. `options` is JSON that was checked against the plugin's schema.
    pub fn new(plugin: Arc<Plugin>, project: ProjectForPlugin, options: String, limits: Limits, cancel: Cancel) -> Self {
        Self {
            #[cfg(target_os = "linux")]
            workers: plugin.workers(),
            plugin,
            options,
            shared: Arc::new(Shared::new(project, limits, cancel)),
        }
    }

    /// The same conversion with somebody who fetches assets for it. Without one, every question for an asset is denied.
    #[must_use]
    pub fn with_assets(mut self, assets: Arc<dyn Assets>) -> Self {
        // Before the first run nobody else has it.
        if let Some(shared) = Arc::get_mut(&mut self.shared) {
            shared.assets = Some(assets);
        }
        self
    }

    /// The plugin.
    pub fn plugin(&self) -> &Plugin {
        &self.plugin
    }

    /// What the run may use.
    pub fn limits(&self) -> &Limits {
        &self.shared.limits
    }

    /// Converts one shard in a fresh instance. Needs a tokio runtime with a timer around it, and blocks its thread while the plugin works.
    ///
    /// # Errors
    /// When the plugin reaches a limit, crashes, breaks the contract or says that it failed. What it wrote is worthless then.
    pub async fn run(&self, shard: u32, feed: Feed, output: Arc<Mutex<dyn Output>>) -> Result<ShardResult, ShardFailure> {
        match &self.plugin.runner {
            Runner::Here(engine, component) => {
                let state = State::new(Arc::clone(&self.shared), shard, Cursor::new(feed), Files::new(output));
                instance::convert(engine, component, &self.options, state).await
            }
            #[cfg(target_os = "linux")]
            Runner::Apart(..) => match &self.workers {
                Some(Ok(workers)) => workers.run(&self.shared, &self.options, shard, feed, &output).await,
                Some(Err(error)) => Err(not_started(error)),
                None => Err(not_started(&"there is none")),
            },
        }
    }
}

#[cfg(target_os = "linux")]
fn not_started(problem: &dyn std::fmt::Display) -> ShardFailure {
    ShardFailure { error: RunError::Isolation(format!("does not start: {problem}")), fuel: 0, peak_memory: 0 }
}
