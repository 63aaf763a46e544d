//! The one pass: chunks to workers, their results to the archives.

use super::JobSpec;
use super::collect::{PluginCollector, ShardDone};
use super::original::OriginalWriter;
use super::pump::{Input, Stopped, pump};
use super::sequential;
use super::worker::{Done, WorkError, Workbench, Worker};
use crate::error::{JobError, StorageError};
use crate::output::ShardWriter;
use crate::report::InputReport;
use crate::source::IssuesOfTasks;
use ango_model::legacy::LeftOut;
use ango_model::options::ExportOptions;
use ango_runtime::{Block, Job, Parallelism};
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::mpsc;

/// What the pass counted.
#[derive(Debug, Default)]
pub(super) struct Totals {
    pub(super) input: InputReport,
    pub(super) read: Duration,
    pub(super) original: Duration,
    /// Tasks that were selected by their ids and are there.
    pub(super) wanted: HashSet<String>,
    /// What the format of the original has no place for.
    pub(super) left_out: LeftOut,
}

/// Reads the source once and feeds everybody.
pub(super) fn convert_all(
    spec: &JobSpec,
    options: &ExportOptions,
    jobs: &[Job],
    original: &mut Option<OriginalWriter>,
    plugins: &mut [PluginCollector],
    given_up: &mut bool,
) -> Result<Totals, JobError> {
    let wants_issues = jobs.iter().any(|job| job.plugin().info().wants_issues());
    let issues = if wants_issues { IssuesOfTasks::read(&spec.source, spec.max_record, &spec.cancel)? } else { None };
    let worker = Worker::new(spec, options, jobs, issues);
    let mut totals = Totals::default();
    let mut wrong = None;
    let pumped = std::thread::scope(|scope| {
        let mut queues: Vec<Option<mpsc::Sender<Arc<Block>>>> = Vec::new();
        let mut instances = Vec::new();
        for job in jobs {
            let is_sequential = job.plugin().info().parallelism == Parallelism::Sequential;
            let (sender, instance) = if is_sequential {
                let (sender, feed) = sequential::queue();
                (Some(sender), Some(scope.spawn(move || sequential::run(job, 0, feed, &spec.runtime, &Arc::<Mutex<ShardWriter>>::default()))))
            } else {
                (None, None)
            };
            queues.push(sender);
            instances.push(instance);
        }
        let input = Input {
            source: &spec.source,
            max_record: spec.max_record,
            chunk_bytes: spec.chunk_bytes,
            workers: spec.workers,
            cancel: &spec.cancel,
            progress: &spec.progress,
        };
        let consume = |done: Option<Result<Done, WorkError>>| -> Result<(), JobError> {
            // Nothing after the first error counts.
            let mut done = match done {
                Some(Ok(done)) if wrong.is_none() => done,
                Some(Err(WorkError::Input(error))) => {
                    wrong.get_or_insert(error);
                    return Err(JobError::Cancelled);
                }
                Some(Err(error)) => return Err(error.into()),
                _ => return Err(JobError::Cancelled),
            };
            totals.add(&mut done);
            spec.progress.add_tasks(done.input.tasks);
            for portion in done.portions {
                totals.left_out.merge(&portion.left_out);
                if let Some(original) = original {
                    original.add(portion.original)?;
                }
                for (index, ((shard, plugin), queue)) in portion.plugins.into_iter().zip(plugins.iter_mut()).zip(&mut queues).enumerate() {
                    match shard {
                        ShardDone::Block(block) => {
                            // A closed queue is an instance that ended; how, it tells itself.
                            if queue.as_ref().is_some_and(|queue| queue.blocking_send(block).is_err()) {
                                *queue = None;
                            }
                        }
                        other => plugin.add(other),
                    }
                    if plugin.has_failed() {
                        worker.give_up(index);
                        *queue = None;
                    }
                }
            }
            Ok(())
        };
        let pumped = pump(input, Workbench::default, |bench, numbered| worker.work(bench, &numbered), consume);
        if pumped.is_err() {
            // Instances must not take the end of their queue for the end of the export.
            *given_up = !spec.cancel.is_cancelled();
            spec.cancel.cancel();
        }
        queues.clear();
        for (instance, plugin) in instances.into_iter().zip(plugins.iter_mut()) {
            if let Some(instance) = instance {
                match instance.join() {
                    Ok(ran) => plugin.add(ShardDone::Ran(Box::new(ran), Duration::ZERO)),
                    Err(_) => plugin.fail_host("its thread panicked"),
                }
            }
        }
        pumped
    });
    match (wrong, pumped) {
        (Some(error), _) | (None, Err(Stopped::Input(error))) => Err(error.into()),
        (None, Err(Stopped::Cancelled)) => Err(JobError::Cancelled),
        (None, Err(Stopped::Consumer(error))) => Err(error),
        (None, Ok(())) => Ok(totals),
    }
}

impl Totals {
    fn add(&mut self, done: &mut Done) {
        self.input.read += done.input.read;
        self.input.tasks += done.input.tasks;
        self.input.objects += done.input.objects;
        self.input.bytes += done.input.bytes;
        self.read += done.read;
        self.original += done.original_time;
        self.wanted.extend(done.wanted.drain(..));
    }
}

impl From<StorageError> for Stopped<JobError> {
    fn from(error: StorageError) -> Self {
        Self::Consumer(error.into())
    }
}
