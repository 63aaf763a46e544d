//! Tasks of one call of the host, taken apart one by one.

use crate::types::Task;
use ango_packed::{Malformed, Reader, Unpack};

/// Packed tasks. Each is taken apart when its turn comes, so that its memory is used again by the next.
#[derive(Debug, Default)]
pub(crate) struct PackedBatch {
    bytes: Vec<u8>,
    at: usize,
}

impl PackedBatch {
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, at: 0 }
    }
}

impl Iterator for PackedBatch {
    type Item = Task;

    #[inline]
    fn next(&mut self) -> Option<Task> {
        let mut reader = Reader::new(&self.bytes[self.at..]);
        if reader.left() == 0 {
            return None;
        }
        let task = Task::unpack(&mut reader);
        self.at = self.bytes.len() - reader.left();
        match task {
            Ok(task) => Some(task),
            Err(malformed) => broken_host(malformed),
        }
    }
}

/// The host does not keep the contract, which no converter can do anything about.
#[cold]
#[allow(clippy::panic, reason = "ends the run with a message; nothing that a converter could do would make its output right")]
fn broken_host(malformed: Malformed) -> ! {
    panic!("the host broke the contract: {malformed}")
}
