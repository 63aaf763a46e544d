//! Runs a converter natively, inside `cargo test` and benches, against a host in memory.
//!
//! ```
//! # use ango_plugin_sdk::{Converter, Failure, Info, Run};
//! # struct Names;
//! # impl Converter for Names {
//! #     type Options = serde::de::IgnoredAny;
//! #     fn describe() -> Info { Info::new("names", "1.0.0", "Names of assets", "text") }
//! #     fn convert(_: Self::Options, run: &Run) -> Result<(), Failure> {
//! #         let mut out = run.section("names.txt", 0, "");
//! #         for task in run.tasks() {
//! #             out.put(task.asset.external_id.as_bytes());
//! #             out.put(b"\n");
//! #         }
//! #         out.finish();
//! #         Ok(())
//! #     }
//! # }
//! use ango_plugin_sdk::testkit::TestKit;
//!
//! let export = r#"[{"asset":"https://x.test/a.jpg","externalId":"a.jpg","metadata":{},"batches":[],"task":{"taskId":"t1","tools":[]}},
//!                  {"asset":"https://x.test/b.jpg","externalId":"b.jpg","metadata":{},"batches":[],"task":{"taskId":"t2","tools":[]}}]"#;
//! let kit = TestKit::from_json(export)?;
//! let outcome = kit.run::<Names>("{}");
//! assert_eq!(outcome.text("names.txt"), Some("a.jpg\nb.jpg\n"));
//! // Cutting the export into shards must not change the output.
//! assert_eq!(kit.clone().shard_size(1).run::<Names>("{}").files, outcome.files);
//! # Ok::<(), ango_plugin_sdk::testkit::ReadError>(())
//! ```

pub(crate) mod archive;
mod bench;
mod names;
pub(crate) mod portable;
mod project;
mod reader;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

pub use bench::{Bench, Counts};
pub use project::derive_project;
pub use reader::{ReadError, read_tasks};

use crate::converter::{Converter, convert_with};
use crate::host::Host;
use crate::host::memory::{Assets, Refused, State};
use crate::run::Run;
use crate::types::{Failure, FetchError, Level, Project, Task};

/// An export to run converters on.
#[derive(Clone, Debug)]
pub struct TestKit {
    tasks: Vec<Task>,
    project: Project,
    shard_size: usize,
    assets: Assets,
}

/// What a run left behind.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// How the run ended. The files are there either way; a real host publishes none of a run that failed.
    pub result: Result<(), RunError>,
    /// Every file by path, joined files put together.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What was reported as lost, in order.
    pub lost: Vec<Lost>,
    /// What was logged, in order.
    pub logs: Vec<Log>,
}

/// Why a run failed.
#[derive(Clone, Debug, PartialEq)]
pub enum RunError {
    /// The converter said so.
    Failure(Failure),
    /// A call broke a rule of the contract; a real host ends the run with such a message.
    Refused(String),
    /// The converter panicked; inside the sandbox that is a trap.
    Panicked(String),
}

/// A report of something that the converted export does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The task's index.
    pub task: u64,
    /// The object, or `None` when the whole task is meant.
    pub object: Option<String>,
    /// The stable code.
    pub code: String,
    /// For people.
    pub detail: String,
}

/// A message of the converter.
#[derive(Clone, Debug, PartialEq)]
pub struct Log {
    /// How much it matters.
    pub level: Level,
    /// The message.
    pub message: String,
}

impl TestKit {
    /// An export in V3 form, as a JSON array or as NDJSON. The project is derived from it (see [`derive_project`]).
    ///
    /// # Errors
    ///
    /// When the text is not JSON or not V3; the error names the task and the field.
    pub fn from_json(text: &str) -> Result<Self, ReadError> {
        Ok(Self::from_tasks(read_tasks(text)?))
    }

    /// An export of typed tasks; the project is derived from it. Indexes and offsets are the caller's.
    pub fn from_tasks(tasks: Vec<Task>) -> Self {
        let project = derive_project(&tasks);
        Self { tasks, project, shard_size: usize::MAX, assets: Assets::default() }
    }

    /// Gives the project instead of deriving it.
    pub fn project(mut self, project: Project) -> Self {
        self.project = project;
        self
    }

    /// Changes the project: an exporting time, a class without instances, ...
    pub fn change_project(mut self, change: impl FnOnce(&mut Project)) -> Self {
        change(&mut self.project);
        self
    }

    /// How many tasks one shard holds; all of them unless said. A converter that is `sequential` should be given one shard.
    pub fn shard_size(mut self, tasks: usize) -> Self {
        self.shard_size = tasks.max(1);
        self
    }

    /// Grants `assets`, and says what a link's size is. Links that are not given answer `not-found`.
    pub fn asset_size(mut self, url: &str, size: Result<(u32, u32), FetchError>) -> Self {
        self.assets.granted = true;
        self.assets.sizes.insert(url.to_owned(), size);
        self
    }

    /// Grants `assets`, and says what a link's bytes are.
    pub fn asset_bytes(mut self, url: &str, bytes: Result<Vec<u8>, FetchError>) -> Self {
        self.assets.granted = true;
        self.assets.bytes.insert(url.to_owned(), bytes);
        self
    }

    /// The tasks, to change them in ways that JSON cannot say (a host is hostile only in tests).
    pub fn tasks_mut(&mut self) -> &mut Vec<Task> {
        &mut self.tasks
    }

    /// Runs a converter over the whole export, shard after shard. `options` is JSON.
    pub fn run<C: Converter>(&self, options: &str) -> Outcome {
        let state = Rc::new(RefCell::new(State {
            shard: 0,
            project: self.project.clone(),
            tasks: Vec::new().into_iter(),
            packed: None,
            assets: self.assets.clone(),
            archive: archive::Archive::default(),
            lost: Some(Vec::new()),
            lost_count: 0,
            logs: Vec::new(),
            progress: 0,
        }));
        let mut shards: Vec<Vec<Task>> = self.tasks.chunks(self.shard_size).map(<[Task]>::to_vec).collect();
        if shards.is_empty() {
            shards.push(Vec::new());
        }
        let mut result = Ok(());
        for (shard, mut tasks) in (0..).zip(shards) {
            strip_history::<C>(&mut tasks);
            {
                let mut state = state.borrow_mut();
                state.shard = shard;
                state.tasks = tasks.into_iter();
            }
            result = run_shard::<C>(options, &state);
            if result.is_err() {
                break;
            }
        }
        let mut state = state.borrow_mut();
        Outcome {
            result,
            files: std::mem::take(&mut state.archive).into_files(),
            lost: state.lost.take().unwrap_or_default(),
            logs: std::mem::take(&mut state.logs),
        }
    }
}

/// A host gives no history to a converter that does not ask for it.
fn strip_history<C: Converter>(tasks: &mut [Task]) {
    if !C::describe().history {
        tasks.iter_mut().for_each(|task| task.history.clear());
    }
}

fn run_shard<C: Converter>(options: &str, state: &Rc<RefCell<State>>) -> Result<(), RunError> {
    let host = Host::new(state.clone());
    let converted = catch_unwind(AssertUnwindSafe(|| convert_with::<C>(options, &Run::new(host))));
    match converted {
        Ok(result) => result.map_err(RunError::Failure),
        Err(thrown) => Err(match thrown.downcast::<Refused>() {
            Ok(refused) => RunError::Refused(refused.0),
            Err(panic) => RunError::Panicked(
                panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned())).unwrap_or_default(),
            ),
        }),
    }
}

impl Outcome {
    /// A file as text; `None` when there is no such file or it is not UTF-8.
    pub fn text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(self.files.get(path)?).ok()
    }

    /// How often each code was reported.
    pub fn codes(&self) -> BTreeMap<&str, usize> {
        let mut codes = BTreeMap::new();
        for lost in &self.lost {
            *codes.entry(lost.code.as_str()).or_default() += 1;
        }
        codes
    }
}

#[cfg(test)]
mod tests;
