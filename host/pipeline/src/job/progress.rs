//! How far a job is, for whoever wants to look.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};

/// What a job is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Nothing yet.
    Start,
    /// Reading the export once to learn what its classes are.
    Scan,
    /// Reading, writing and converting.
    Convert,
    /// Completing archives and writing reports.
    Save,
    /// Filling a store.
    Import,
}

impl Phase {
    /// The phase in one word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Scan => "scan",
            Self::Convert => "convert",
            Self::Save => "save",
            Self::Import => "import",
        }
    }
}

/// Counters that a job moves and anybody may read.
#[derive(Debug, Default)]
pub struct Progress {
    phase: AtomicU8,
    total: AtomicU64,
    read: Arc<AtomicU64>,
    tasks: AtomicU64,
    issues: AtomicBool,
}

/// The counters at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snapshot {
    /// What the job is doing.
    pub phase: Phase,
    /// Bytes of the source on disk.
    pub total_bytes: u64,
    /// Of these, read in this phase.
    pub read_bytes: u64,
    /// Tasks done in this phase, or issues.
    pub tasks: u64,
    /// What is counted: `tasks` or `issues`.
    pub unit: &'static str,
}

impl Progress {
    pub(crate) fn start(&self, total: u64) {
        self.total.store(total, Ordering::Relaxed);
    }

    pub(crate) fn enter(&self, phase: Phase) {
        if phase != Phase::Save {
            self.read.store(0, Ordering::Relaxed);
            self.tasks.store(0, Ordering::Relaxed);
        }
        self.phase.store(phase as u8, Ordering::Relaxed);
    }

    /// From now on issues are counted, from 0.
    pub(crate) fn count_issues(&self) {
        self.tasks.store(0, Ordering::Relaxed);
        self.issues.store(true, Ordering::Relaxed);
    }

    pub(crate) fn bytes(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.read)
    }

    pub(crate) fn add_tasks(&self, tasks: u64) {
        self.tasks.fetch_add(tasks, Ordering::Relaxed);
    }

    /// The counters now.
    pub fn snapshot(&self) -> Snapshot {
        let phase = match self.phase.load(Ordering::Relaxed) {
            1 => Phase::Scan,
            2 => Phase::Convert,
            3 => Phase::Save,
            4 => Phase::Import,
            _ => Phase::Start,
        };
        Snapshot {
            phase,
            total_bytes: self.total.load(Ordering::Relaxed),
            read_bytes: self.read.load(Ordering::Relaxed),
            tasks: self.tasks.load(Ordering::Relaxed),
            unit: if self.issues.load(Ordering::Relaxed) { "issues" } else { "tasks" },
        }
    }
}
