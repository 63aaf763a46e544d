//! Measuring a converter's own work.

use std::cell::RefCell;
use std::rc::Rc;

use super::archive::Archive;
use super::{RunError, run_shard};
use crate::converter::Converter;
use crate::host::memory::{Assets, State};
use crate::types::{Project, Task};

/// A run whose input is made beforehand and whose output is only counted, so that the time of [`run`](Self::run) is the time of the converter:
/// the native side of a comparison with the sandbox.
///
/// Make one `Bench` per measured run (a run consumes its tasks), outside of the timed part:
///
/// ```no_run
/// # use ango_plugin_sdk::{Converter, testkit::{Bench, TestKit, derive_project, read_tasks}};
/// # fn measure<C: Converter>(export: &str) -> Result<(), Box<dyn std::error::Error>> {
/// let tasks = read_tasks(export)?;
/// let project = derive_project(&tasks);
/// for _ in 0..10 {
///     let bench = Bench::new(tasks.clone(), project.clone());
///     let begin = std::time::Instant::now();
///     let counts = bench.run::<C>("{}").map_err(|error| format!("{error:?}"))?;
///     println!("{:?} for {} bytes", begin.elapsed(), counts.bytes);
/// }
/// # Ok(())
/// # }
/// ```
pub struct Bench {
    tasks: Vec<Task>,
    project: Project,
}

/// What a measured run wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Files, each joined file once.
    pub files: u64,
    /// Bytes written.
    pub bytes: u64,
    /// Reports of losses.
    pub lost: u64,
}

impl Bench {
    /// Takes the tasks of the run.
    pub fn new(tasks: Vec<Task>, project: Project) -> Self {
        Self { tasks, project }
    }

    /// Runs the converter over the tasks as one shard.
    ///
    /// # Errors
    ///
    /// When the converter fails.
    pub fn run<C: Converter>(self, options: &str) -> Result<Counts, RunError> {
        let state = Rc::new(RefCell::new(State {
            shard: 0,
            project: self.project,
            tasks: self.tasks.into_iter(),
            assets: Assets::default(),
            archive: Archive::counting(),
            lost: None,
            lost_count: 0,
            logs: Vec::new(),
            progress: 0,
        }));
        run_shard::<C>(options, &state)?;
        let state = state.borrow();
        Ok(Counts { files: state.archive.file_count, bytes: state.archive.byte_count, lost: state.lost_count })
    }
}
