//! What all shards of a run use together.

use super::{Bytes, LimitExceeded, LimitName, Limits};
use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Counters that the instances of one run share.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    input_bytes: AtomicU64,
    input_tasks: AtomicU64,
    output_bytes: AtomicU64,
    output_files: AtomicU64,
    log_bytes: AtomicU64,
    /// Sections of joined files: path identity and position.
    sections: Mutex<HashSet<(u64, u32)>>,
}

/// Sections of joined files in a run. Each waits in memory or in a file of its own until the end.
const MAX_SECTIONS: usize = 256;

impl Meter {
    pub(crate) fn add_input(&self, bytes: u64, tasks: u64) {
        self.input_bytes.fetch_add(bytes, Ordering::Relaxed);
        self.input_tasks.fetch_add(tasks, Ordering::Relaxed);
    }

    pub(crate) fn add_output(&self, bytes: u64, limits: &Limits) -> Result<(), LimitExceeded> {
        let written = self.output_bytes.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        let input = self.input_bytes.load(Ordering::Relaxed);
        let allowed = limits.output_bytes_base.saturating_add(input.saturating_mul(limits.output_bytes_per_byte));
        if written > allowed {
            let problem =
                format!("writing {} bytes more would make {}, allowed are {} for {} of input", bytes, Bytes(written), Bytes(allowed), Bytes(input));
            return Err(LimitExceeded::new(LimitName::OutputBytes, problem));
        }
        Ok(())
    }

    pub(crate) fn add_file(&self, limits: &Limits) -> Result<(), LimitExceeded> {
        let files = self.output_files.fetch_add(1, Ordering::Relaxed) + 1;
        let tasks = self.input_tasks.load(Ordering::Relaxed);
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
    pub(crate) fn add_section(&self, identity: u64, position: u32) -> Result<(), LimitExceeded> {
        let mut sections = self.sections.lock().unwrap_or_else(PoisonError::into_inner);
        if sections.insert((identity, position)) && sections.len() > MAX_SECTIONS {
            return Err(LimitExceeded::new(LimitName::OutputFiles, format!("more than {MAX_SECTIONS} sections of joined files")));
        }
        Ok(())
    }

    pub(crate) fn add_log(&self, bytes: u64, limits: &Limits) -> Result<(), LimitExceeded> {
        let logged = self.log_bytes.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        if logged > limits.log_bytes {
            return Err(LimitExceeded::new(
                LimitName::LogBytes,
                format!("messages of {} in all, allowed are {}", Bytes(logged), Bytes(limits.log_bytes)),
            ));
        }
        Ok(())
    }
}
