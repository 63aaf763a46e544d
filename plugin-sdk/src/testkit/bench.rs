//! Measuring a converter's own work.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::rc::Rc;

use super::archive::Archive;
use super::{RunError, run_shard, strip_history};
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
///     let bench = Bench::<C>::new(tasks.clone(), project.clone());
///     let begin = std::time::Instant::now();
///     let counts = bench.run("{}").map_err(|error| format!("{error:?}"))?;
///     println!("{:?} for {} bytes", begin.elapsed(), counts.bytes);
/// }
/// # Ok(())
/// # }
/// ```
///
/// What is measured includes freeing the tasks, as it does in the sandbox.
pub struct Bench<C> {
    tasks: Vec<Task>,
    project: Project,
    converter: PhantomData<C>,
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

impl<C: Converter> Bench<C> {
    /// Takes the tasks of the run; without their history, if the converter does not ask for it.
    pub fn new(mut tasks: Vec<Task>, project: Project) -> Self {
        strip_history::<C>(&mut tasks);
        // An allocator that tidies up what was freed before does it at the next large block: here, and not in the measured part.
        std::hint::black_box(Vec::<u8>::with_capacity(256 * 1024));
        Self { tasks, project, converter: PhantomData }
    }

    /// Runs the converter over the tasks as one shard.
    ///
    /// # Errors
    ///
    /// When the converter fails.
    pub fn run(self, options: &str) -> Result<Counts, RunError> {
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
