//! What all shards of a run use together.

use super::{Bytes, LimitExceeded, LimitName, Limits};
use crate::path::identity;
use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Counters that the instances of one run share; also with other processes.
#[derive(Debug, Default)]
#[repr(C)]
pub(crate) struct Counters {
    input_bytes: AtomicU64,
    input_tasks: AtomicU64,
    output_bytes: AtomicU64,
    output_files: AtomicU64,
    log_bytes: AtomicU64,
}

/// Says whether one more section of a joined file may be started: path and position.
pub(crate) type AskSection = Box<dyn Fn(&str, u32) -> Result<(), LimitExceeded> + Send + Sync>;

/// Sections of joined files: path identity and position.
type Sections = Mutex<HashSet<(u64, u32)>>;

/// What a run has used so far.
#[derive(Default)]
pub(crate) struct Meter {
    counters: Counters,
    /// Counters that lie elsewhere count instead.
    elsewhere: Option<&'static Counters>,
    sections: Sections,
    /// Whom to ask when not all sections are known here.
    ask: Option<AskSection>,
}

/// Sections of joined files in a run. Each waits in memory or in a file of its own until the end.
const MAX_SECTIONS: usize = 256;

impl Meter {
    /// A meter whose counters and sections others count as well.
    pub(crate) fn elsewhere(counters: &'static Counters, ask: AskSection) -> Self {
        Self { elsewhere: Some(counters), ask: Some(ask), ..Self::default() }
    }

    pub(crate) fn add_input(&self, bytes: u64, tasks: u64) {
        self.counters().input_bytes.fetch_add(bytes, Ordering::Relaxed);
        self.counters().input_tasks.fetch_add(tasks, Ordering::Relaxed);
    }

    fn counters(&self) -> &Counters {
        self.elsewhere.unwrap_or(&self.counters)
    }

    pub(crate) fn add_output(&self, bytes: u64, limits: &Limits) -> Result<(), LimitExceeded> {
        let written = self.counters().output_bytes.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        let input = self.counters().input_bytes.load(Ordering::Relaxed);
        let allowed = limits.output_bytes_base.saturating_add(input.saturating_mul(limits.output_bytes_per_byte));
        if written > allowed {
            let problem =
                format!("writing {} bytes more would make {}, allowed are {} for {} of input", bytes, Bytes(written), Bytes(allowed), Bytes(input));
            return Err(LimitExceeded::new(LimitName::OutputBytes, problem));
        }
        Ok(())
    }

    pub(crate) fn add_file(&self, limits: &Limits) -> Result<(), LimitExceeded> {
        let files = self.counters().output_files.fetch_add(1, Ordering::Relaxed) + 1;
        let tasks = self.counters().input_tasks.load(Ordering::Relaxed);
        let allowed = limits.output_files.saturating_add(tasks);
        if files > allowed {
            return Err(LimitExceeded::new(
                LimitName::OutputFiles,
                format!("this would be file number {files}, allowed are {allowed} for {tasks} tasks"),
            ));
        }
        Ok(())
    }

    /// Counts a section once, whichever shards write into it.
    pub(crate) fn add_section(&self, path: &str, position: u32) -> Result<(), LimitExceeded> {
        let mut sections = self.sections.lock().unwrap_or_else(PoisonError::into_inner);
        if !sections.insert((identity(path), position)) {
            return Ok(());
        }
        match &self.ask {
            Some(ask) => ask(path, position),
            None if sections.len() > MAX_SECTIONS => {
                Err(LimitExceeded::new(LimitName::OutputFiles, format!("more than {MAX_SECTIONS} sections of joined files")))
            }
            None => Ok(()),
        }
    }

    pub(crate) fn add_log(&self, bytes: u64, limits: &Limits) -> Result<(), LimitExceeded> {
        let logged = self.counters().log_bytes.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        if logged > limits.log_bytes {
            return Err(LimitExceeded::new(
                LimitName::LogBytes,
                format!("messages of {} in all, allowed are {}", Bytes(logged), Bytes(limits.log_bytes)),
            ));
        }
        Ok(())
    }
}
