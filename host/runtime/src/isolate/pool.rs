//! The children of a conversion.

use super::counters;
use super::relay::{Incoming, relay};
use super::wire::{self, Described, NotDescribed, Run, kind};
use super::worker::NOT_CONFINED;
use crate::artefact::Artefact;
use crate::bindings::ango::converter::description::Info;
use crate::child::ChildProgram;
use crate::child::process::{Broken, Patience, Process};
use crate::child::program::WORKER;
use crate::error::RunError;
use crate::host::feed::Feed;
use crate::host::output::Output;
use crate::job::{ShardFailure, ShardResult};
use crate::limits::{LimitExceeded, LimitName, Limits};
use crate::shared::{Cancel, Shared};
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What a child is given beyond the deadline, to say itself how its guest ended.
const GRACE: Duration = Duration::from_secs(3);

/// Bytes of memory that a child has besides its guest's: machine code, tasks, and what it writes.
const SPARE_MEMORY: u64 = 512 << 20;

/// Bytes that a description can be, at most: a schema, and what surrounds it.
const MAX_DESCRIPTION: u64 = 4 << 20;

/// Children that run one component: one for each instance that runs at a time.
#[derive(Debug)]
pub(crate) struct Workers {
    program: ChildProgram,
    artefact: Arc<Artefact>,
    counters: OwnedFd,
    idle: Mutex<Vec<Worker>>,
}

/// A child.
#[derive(Debug)]
struct Worker {
    talk: Incoming<Process>,
    is_set_up: bool,
}

impl Workers {
    /// No children yet. Those of one conversion share what they count.
    pub(crate) fn new(program: ChildProgram, artefact: Arc<Artefact>) -> io::Result<Self> {
        Ok(Self { program, artefact, counters: counters::create()?, idle: Mutex::default() })
    }

    /// Children of the same component for another conversion.
    pub(crate) fn again(&self) -> io::Result<Self> {
        Self::new(self.program.clone(), Arc::clone(&self.artefact))
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Worker>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A child that may have no more memory than these limits say: the guest's, what is copied out of it at a time, and the rest. Whoever took the child over gets no more either.
    fn take(&self, limits: &Limits) -> io::Result<Worker> {
        let idle = self.idle().pop();
        let worker = idle.map_or_else(|| self.start(), Ok)?;
        worker.talk.inner().limit_memory(limits.memory.saturating_mul(2).saturating_add(SPARE_MEMORY))?;
        Ok(worker)
    }

    fn start(&self) -> io::Result<Worker> {
        let inherited = vec![self.artefact.descriptor()?, self.counters.try_clone()?];
        let numbers: Vec<String> = inherited.iter().map(|file| file.as_raw_fd().to_string()).collect();
        let process = Process::start(&self.program, WORKER, numbers, inherited)?;
        Ok(Worker { talk: Incoming::new(process), is_set_up: false })
    }

    /// Asks the component what it is.
    pub(crate) fn describe(&self) -> Result<(Info, Vec<String>), NotDescribed> {
        let limits = Limits::describe();
        let mut worker = self.take(&limits).map_err(|error| NotDescribed::Run(not_started(&error)))?;
        let wall_time = limits.wall_time;
        let patience = Patience { until: Instant::now() + wall_time + GRACE, cancel: Cancel::default() };
        let mut ask = || {
            worker.talk.say(kind::DESCRIBE, &[], &patience)?;
            let (kind, length) = worker.talk.head(&patience)?;
            Ok((kind, worker.talk.body(length, MAX_DESCRIPTION, &patience)?))
        };
        let described = match ask() {
            Ok((kind::DESCRIBED, bytes)) => wire::unpack::<Described>(&bytes).map_err(|_| ()),
            Ok((kind::NOT_DESCRIBED, bytes)) => return Err(wire::unpack(&bytes).unwrap_or_else(|_| NotDescribed::Run(nonsense()))),
            Ok(_) => Err(()),
            Err(broken) => return Err(NotDescribed::Run(worker.why(broken, wall_time))),
        };
        let Described { info, imports } = described.map_err(|()| NotDescribed::Run(nonsense()))?;
        self.idle().push(worker);
        Ok((info, imports))
    }

    /// Converts a shard in a child. Blocks this thread while the plugin works, and looks at every moment whether it should go on.
    pub(crate) async fn run(
        &self,
        shared: &Shared,
        options: &str,
        shard: u32,
        feed: Feed,
        output: &Mutex<dyn Output>,
    ) -> Result<ShardResult, ShardFailure> {
        let failed = |error| ShardFailure { error, fuel: 0, peak_memory: 0 };
        let mut worker = self.take(&shared.limits).map_err(|error| failed(not_started(&error)))?;
        let deadline = shared.deadline.into_std();
        let patience = Patience { until: deadline + GRACE, cancel: shared.cancel.clone() };
        let run = Run { shard, left: deadline.saturating_duration_since(Instant::now()) };
        let begun = worker.begin(shared, options, &run, &patience);
        let answer = match begun {
            Ok(()) => relay(&mut worker.talk, shared, feed, output, &patience).await,
            Err(broken) => Err(broken.into()),
        };
        match answer {
            Ok(ended) => {
                // It said how it ended, so it waits for the next shard.
                self.idle().push(worker);
                ended
            }
            Err(super::relay::Stopped::Broken(broken)) => Err(failed(worker.why(broken, shared.limits.wall_time))),
            Err(super::relay::Stopped::Refused(error)) => Err(failed(error)),
        }
    }
}

impl Worker {
    fn begin(&mut self, shared: &Shared, options: &str, run: &Run, patience: &Patience) -> Result<(), Broken> {
        if !std::mem::replace(&mut self.is_set_up, true) {
            self.talk.say(kind::SET_UP, &[&wire::set_up(options, &shared.project.0, &shared.limits)], patience)?;
        }
        self.talk.say(kind::RUN, &[&wire::run(run)], patience)
    }

    /// Why a child talks no longer.
    fn why(self, broken: Broken, wall_time: Duration) -> RunError {
        match broken {
            Broken::Cancelled => RunError::Cancelled,
            Broken::TimeOut => {
                let problem = format!("the run took longer than {} s", wall_time.as_secs_f64());
                RunError::Limit { limit: LimitExceeded::new(LimitName::WallTime, problem), context: Default::default() }
            }
            Broken::Io(error) => RunError::Isolation(format!("cannot be talked to: {error}")),
            Broken::Closed => match self.talk.into_inner().end() {
                Ok(end) if end.status.code() == Some(i32::from(NOT_CONFINED)) => {
                    RunError::Isolation(format!("cannot be confined on this system: {}: leave --isolate=process out", end.stderr))
                }
                Ok(end) => RunError::Isolation(format!("ended with {end}")),
                Err(error) => RunError::Isolation(format!("ended: {error}")),
            },
        }
    }
}

fn not_started(error: &io::Error) -> RunError {
    RunError::Isolation(format!("does not start: {error}"))
}

fn nonsense() -> RunError {
    RunError::Isolation("says what no honest one does".into())
}
