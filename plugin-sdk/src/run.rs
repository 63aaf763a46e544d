//! A run as a converter sees it: tasks in, files and reports out.

use std::cell::RefCell;
use std::fmt::Display;
use std::rc::Rc;

use crate::file::File;
use crate::host::{Batch, Host};
use crate::losses::Losses;
use crate::types::{FetchError, Level, Project, Task};

/// One run of the converter, or one shard of it.
///
/// Every method takes `&self`, and files and the task iterator do not borrow the run: writing and reporting while iterating just works.
pub struct Run {
    host: Host,
    project: Project,
    unfinished: Unfinished,
    losses: Losses,
}

/// Paths of files that were dropped without [`File::finish`].
pub(crate) type Unfinished = Rc<RefCell<Vec<String>>>;

impl Run {
    pub(crate) fn new(host: Host) -> Self {
        let project = host.project();
        Self { host, project, unfinished: Unfinished::default(), losses: Losses::default() }
    }

    pub(crate) fn first_unfinished(&self) -> Option<String> {
        self.unfinished.borrow().first().cloned()
    }

    /// The project: its ontology in project order, its stages and batches. The same in every shard.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// Which shard of the run this is, from 0. What belongs once into the output is written by shard 0, which always exists.
    pub fn shard(&self) -> u32 {
        self.host.shard()
    }

    /// Whether this is the shard that writes what belongs once into the output.
    pub fn is_first_shard(&self) -> bool {
        self.shard() == 0
    }

    /// The tasks of this shard in export order, each by value. Reports progress by itself.
    pub fn tasks(&self) -> Tasks {
        Tasks { host: self.host.clone(), batch: Batch::default(), done: 0, ended: false, without_history: false }
    }

    /// Starts a file of this shard's own. The rules for paths are those of the contract: relative, with `/`, portable, used once.
    pub fn create(&self, path: &str) -> File {
        File::new(self.host.create(path), path, self.unfinished.clone())
    }

    /// Writes a whole small file in one call; cheaper than [`create`](Self::create) for files below some 64 KiB.
    pub fn add(&self, path: &str, data: &[u8]) {
        self.host.add(path, data);
    }

    /// Starts this shard's contribution to a section of the joined file at `path`.
    ///
    /// The joined file is its sections in ascending order of `position`; a section is what the shards wrote into it, in shard order, with
    /// `separator` (at most 16 bytes, the same in every call) between contributions that are not empty. Within its own contribution a
    /// converter writes separators itself.
    pub fn section(&self, path: &str, position: u32, separator: &str) -> File {
        File::new(self.host.section(path, position, separator.as_bytes()), path, self.unfinished.clone())
    }

    /// Reports something that the converted export does not hold, or holds only approximately. Dropping something silently is a fault.
    ///
    /// `task` is [`Task::index`], `object` an object id, or `None` when the whole task is meant; `code` is stable kebab-case of at most 64
    /// characters; `detail` is for people. Of each code the first hundred are told in full and the others counted: give `format_args!` rather than `format!`, and the
    /// text of those is never made.
    pub fn lost(&self, task: u64, object: Option<&str>, code: &str, detail: impl Display) {
        self.lose(task, object, code, &detail);
    }

    /// Once for all kinds of details: a component has hundreds of them.
    #[inline(never)]
    fn lose(&self, task: u64, object: Option<&str>, code: &str, detail: &dyn Display) {
        if self.losses.count(code) || self.host.wants_every_loss() {
            self.host.lost(task, object, code, &detail.to_string());
        }
    }

    /// Tells the host how many losses there were that were only counted.
    pub(crate) fn tell_counted_losses(&self) {
        if !self.host.wants_every_loss() {
            self.losses.take_untold().iter().for_each(|(code, more)| self.host.lost_more(code, *more));
        }
    }

    /// A message for the job's log.
    pub fn log(&self, level: Level, message: &str) {
        self.host.log(level, message);
    }

    /// Tasks converted so far in this shard. [`tasks`](Self::tasks) already reports this; only for converters that work after the last task.
    pub fn progress(&self, done: u64) {
        self.host.progress(done);
    }

    /// Width and height in pixels of an image, measured by the host.
    ///
    /// # Errors
    ///
    /// [`FetchError::Denied`] unless an admin granted `assets` to the plugin, and whatever keeps the host from fetching the link.
    pub fn asset_size(&self, url: &str) -> Result<(u32, u32), FetchError> {
        self.host.asset_size(url)
    }

    /// The bytes of a brush mask or another small file, fetched by the host.
    ///
    /// # Errors
    ///
    /// As [`asset_size`](Self::asset_size).
    pub fn asset_bytes(&self, url: &str) -> Result<Vec<u8>, FetchError> {
        self.host.asset_bytes(url)
    }
}

/// The tasks of a shard, pulled from the host in batches.
pub struct Tasks {
    host: Host,
    batch: Batch,
    done: u64,
    ended: bool,
    without_history: bool,
}

impl Iterator for Tasks {
    type Item = Task;

    #[inline]
    fn next(&mut self) -> Option<Task> {
        let task = match self.batch.next() {
            Some(task) => task,
            None => self.pull()?,
        };
        self.done += 1;
        Some(task)
    }
}

impl Tasks {
    /// The same tasks with empty histories, which is much quicker where the export carries them: for converters that asked for them but need them only for
    /// some choices of options.
    #[must_use]
    pub fn without_history(mut self) -> Self {
        self.without_history = true;
        self
    }

    #[cold]
    fn pull(&mut self) -> Option<Task> {
        if self.ended {
            return None;
        }
        if self.done > 0 {
            self.host.progress(self.done);
        }
        self.batch = self.host.next_batch();
        if self.without_history {
            self.batch.pass_over_history();
        }
        let first = self.batch.next();
        self.ended = first.is_none();
        first
    }
}
