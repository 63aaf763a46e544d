//! The host as memory: what [`testkit`](crate::testkit) runs a converter against.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::host::batch::PackedBatch;
use crate::testkit::archive::{Archive, Handle};
use crate::testkit::{Log, Lost};
use crate::types::{FetchError, Level, Project, Task};

/// What the assets of a run answer, by link.
#[derive(Clone, Debug, Default)]
pub(crate) struct Assets {
    pub(crate) granted: bool,
    pub(crate) sizes: HashMap<String, Result<(u32, u32), FetchError>>,
    pub(crate) bytes: HashMap<String, Result<Vec<u8>, FetchError>>,
}

/// The state of a run.
pub(crate) struct State {
    pub(crate) shard: u32,
    pub(crate) project: Project,
    pub(crate) tasks: std::vec::IntoIter<Task>,
    /// Tasks in the form that a component gets; handed out first, all at once.
    pub(crate) packed: Option<Vec<u8>>,
    pub(crate) assets: Assets,
    pub(crate) archive: Archive,
    /// `None` when only the number is wanted.
    pub(crate) lost: Option<Vec<Lost>>,
    pub(crate) lost_count: u64,
    pub(crate) logs: Vec<Log>,
    pub(crate) progress: u64,
}

/// A call that broke a rule of the contract: thrown, because such a call never returns to the plugin.
pub(crate) struct Refused(pub(crate) String);

fn refuse(message: String) -> ! {
    // Not a panic: the hook that prints panics stays silent, as the testkit catches this and reports it as the run's result.
    std::panic::resume_unwind(Box::new(Refused(message)))
}

/// Tasks of one call.
pub(crate) enum Batch {
    /// Ready.
    Tasks(std::vec::IntoIter<Task>),
    /// As a component gets them.
    Packed(PackedBatch),
}

impl Default for Batch {
    fn default() -> Self {
        Self::Tasks(Vec::new().into_iter())
    }
}

impl Batch {
    pub(crate) fn pass_over_history(&mut self) {
        match self {
            Self::Tasks(tasks) => tasks.as_mut_slice().iter_mut().for_each(|task| task.history.clear()),
            Self::Packed(packed) => packed.pass_over_history(),
        }
    }
}

impl Iterator for Batch {
    type Item = Task;

    #[inline]
    fn next(&mut self) -> Option<Task> {
        match self {
            Self::Tasks(tasks) => tasks.next(),
            Self::Packed(packed) => packed.next(),
        }
    }
}

/// How many tasks there are in a batch.
const BATCH: usize = 64;

/// The host of one run in memory; a clone is the same host.
#[derive(Clone)]
pub(crate) struct Host(Rc<RefCell<State>>);

impl Host {
    pub(crate) fn new(state: Rc<RefCell<State>>) -> Self {
        Self(state)
    }

    pub(crate) fn project(&self) -> Project {
        self.0.borrow().project.clone()
    }

    pub(crate) fn shard(&self) -> u32 {
        self.0.borrow().shard
    }

    pub(crate) fn next_batch(&self) -> Batch {
        let mut state = self.0.borrow_mut();
        match state.packed.take() {
            Some(packed) => Batch::Packed(PackedBatch::new(packed)),
            None => Batch::Tasks(state.tasks.by_ref().take(BATCH).collect::<Vec<_>>().into_iter()),
        }
    }

    fn checked<T>(&self, call: impl FnOnce(&mut Archive) -> Result<T, String>) -> T {
        let answer = call(&mut self.0.borrow_mut().archive);
        answer.unwrap_or_else(|message| refuse(message))
    }

    pub(crate) fn create(&self, path: &str) -> HostFile {
        HostFile { handle: self.checked(|archive| archive.create(path)), host: self.clone() }
    }

    pub(crate) fn add(&self, path: &str, data: &[u8]) {
        self.checked(|archive| archive.add(path, data));
    }

    pub(crate) fn section(&self, path: &str, position: u32, separator: &[u8]) -> HostFile {
        let shard = self.shard();
        HostFile { handle: self.checked(|archive| archive.section(path, position, separator, shard)), host: self.clone() }
    }

    pub(crate) fn asset_size(&self, url: &str) -> Result<(u32, u32), FetchError> {
        let state = self.0.borrow();
        if !state.assets.granted {
            return Err(FetchError::Denied);
        }
        state.assets.sizes.get(url).cloned().unwrap_or(Err(FetchError::NotFound))
    }

    pub(crate) fn asset_bytes(&self, url: &str) -> Result<Vec<u8>, FetchError> {
        let state = self.0.borrow();
        if !state.assets.granted {
            return Err(FetchError::Denied);
        }
        state.assets.bytes.get(url).cloned().unwrap_or(Err(FetchError::NotFound))
    }

    pub(crate) fn log(&self, level: Level, message: &str) {
        self.0.borrow_mut().logs.push(Log { level, message: message.to_owned() });
    }

    pub(crate) fn progress(&self, done: u64) {
        self.0.borrow_mut().progress = done;
    }

    pub(crate) fn lost(&self, task: u64, object: Option<&str>, code: &str, detail: &str) {
        let well_formed = (1..=64).contains(&code.len())
            && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'.');
        if !well_formed {
            refuse(format!("lost: code `{code}` is not kebab-case of at most 64 characters"));
        }
        let mut state = self.0.borrow_mut();
        state.lost_count += 1;
        if let Some(lost) = &mut state.lost {
            lost.push(Lost { task, object: object.map(str::to_owned), code: code.to_owned(), detail: detail.to_owned() });
        }
    }

    pub(crate) fn lost_more(&self, _code: &str, count: u64) {
        self.0.borrow_mut().lost_count += count;
    }

    /// A test wants to see each of them.
    pub(crate) fn wants_every_loss(&self) -> bool {
        self.0.borrow().lost.is_some()
    }
}

/// A file of the archive in memory.
pub(crate) struct HostFile {
    handle: Handle,
    host: Host,
}

impl HostFile {
    pub(crate) fn write(&self, data: &[u8]) {
        self.host.checked(|archive| archive.write(self.handle, data));
    }

    pub(crate) fn finish(&mut self) {
        self.host.checked(|archive| archive.finish(self.handle));
    }

    pub(crate) fn abandon(&mut self) {}
}
