//! Memory, summed over the whole store.
//!
//! wasmtime's own limit is per linear memory: a component of a hundred memories, or of three huge tables, passes it. This limiter counts them all.

use super::{Bytes, LimitExceeded, LimitName};
use wasmtime::ResourceLimiter;

/// What a table element takes in the host.
const TABLE_ELEMENT: usize = 8;

#[derive(Debug)]
pub(crate) struct MemoryLimiter {
    limit: u64,
    used: u64,
    /// Set when something was denied. The guest only sees a failed growth, and most guests abort then.
    denied: Option<LimitExceeded>,
}

impl MemoryLimiter {
    pub(crate) fn new(limit: u64) -> Self {
        Self { limit, used: 0, denied: None }
    }

    /// Memories never shrink, so what is used at the end is the peak.
    pub(crate) fn peak(&self) -> u64 {
        self.used
    }

    pub(crate) fn take_denied(&mut self) -> Option<LimitExceeded> {
        self.denied.take()
    }

    fn grow(&mut self, growth: usize) -> bool {
        let wanted = self.used.saturating_add(growth as u64);
        if wanted > self.limit {
            let problem = format!("asked for {} more than the {} in use, allowed are {}", Bytes(growth as u64), Bytes(self.used), Bytes(self.limit));
            self.denied.get_or_insert(LimitExceeded::new(LimitName::Memory, problem));
            return false;
        }
        self.used = wanted;
        true
    }
}

impl ResourceLimiter for MemoryLimiter {
    fn memory_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(self.grow(desired.saturating_sub(current)))
    }

    fn table_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(self.grow(desired.saturating_sub(current).saturating_mul(TABLE_ELEMENT)))
    }

    /// Python components have about a hundred core instances.
    fn instances(&self) -> usize {
        512
    }

    fn tables(&self) -> usize {
        64
    }

    /// Every memory reserves gigabytes of addresses, however little of it is used.
    fn memories(&self) -> usize {
        16
    }
}
