//! Tasks of one call of the host, taken apart one by one.

use crate::types::{StageVisit, Task};
use ango_packed::{Malformed, Reader, Unpack};

/// Packed tasks. Each is taken apart when its turn comes, so that its memory is used again by the next.
#[derive(Debug, Default)]
pub(crate) struct PackedBatch {
    bytes: Vec<u8>,
    at: usize,
    without_history: bool,
}

impl PackedBatch {
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, at: 0, without_history: false }
    }

    /// Passes over the history of tasks, which holds all annotations again for each stage.
    pub(crate) fn pass_over_history(&mut self) {
        self.without_history = true;
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
        let task = if self.without_history { without_history(&mut reader) } else { Task::unpack(&mut reader) };
        self.at = self.bytes.len() - reader.left();
        match task {
            Ok(task) => Some(task),
            Err(malformed) => broken_host(malformed),
        }
    }
}

/// A task with an empty history. The fields of a struct expression are evaluated as they are written, which is the order of the contract.
fn without_history(from: &mut Reader<'_>) -> Result<Task, Malformed> {
    Ok(Task {
        index: Unpack::unpack(from)?,
        object_offset: Unpack::unpack(from)?,
        task_id: Unpack::unpack(from)?,
        stage: Unpack::unpack(from)?,
        stage_id: Unpack::unpack(from)?,
        updated_at: Unpack::unpack(from)?,
        updated_by: Unpack::unpack(from)?,
        total_duration_ms: Unpack::unpack(from)?,
        asset: Unpack::unpack(from)?,
        annotations: Unpack::unpack(from)?,
        history: {
            Vec::<StageVisit>::skip(from)?;
            Vec::new()
        },
        extra: Unpack::unpack(from)?,
    })
}

/// The host does not keep the contract, which no converter can do anything about.
#[cold]
#[allow(clippy::panic, reason = "ends the run with a message; nothing that a converter could do would make its output right")]
fn broken_host(malformed: Malformed) -> ! {
    panic!("the host broke the contract: {malformed}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ango_packed::write;

    /// Annotations of a box, a segmentation with a hole, an answered question in one of them, and both kinds of relations.
    fn annotations(out: &mut Vec<u8>) {
        let head = |out: &mut Vec<u8>, case: u8| {
            ["o", "s", "title"].iter().for_each(|text| write::text(out, text));
            out.push(case);
        };
        let tail = |out: &mut Vec<u8>, answers: u32| {
            // Page 3, gone, no OCR, provenance with the first of six fields.
            out.extend_from_slice(&[1, 3, 0, 0, 0, 1, 0, 1, 1]);
            out.extend_from_slice(&7_i64.to_le_bytes());
            out.extend_from_slice(&[0; 5]);
            out.extend_from_slice(&answers.to_le_bytes());
        };
        out.extend_from_slice(&2_u32.to_le_bytes());
        head(out, 0);
        [1.0, 2.0, 3.0, 4.0_f64].iter().for_each(|number| out.extend_from_slice(&number.to_le_bytes()));
        tail(out, 0);
        out.push(0);
        head(out, 4);
        out.extend_from_slice(&1_u32.to_le_bytes());
        write::numbers(out, &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        out.extend_from_slice(&1_u32.to_le_bytes());
        write::numbers(out, &[0.5, 1.0]);
        tail(out, 1);
        ["c", "q", "Colour", "radio"].iter().for_each(|text| write::text(out, text));
        out.push(2);
        write::list(out, &["red", "é"], |out, item| write::text(out, item));
        // No parent, no page, not gone, no provenance.
        out.extend_from_slice(&[0; 4]);
        out.push(1);
        write::text(out, "{}");
        out.extend_from_slice(&0_u32.to_le_bytes());
        out.extend_from_slice(&2_u32.to_le_bytes());
        ["r", "s", "t"].iter().for_each(|text| write::text(out, text));
        out.push(0);
        ["a", "b"].iter().for_each(|text| write::text(out, text));
        out.extend_from_slice(&[2, 0]);
        ["g", "s", "t"].iter().for_each(|text| write::text(out, text));
        out.push(1);
        write::list(out, &["a"], |out, item| write::text(out, item));
        out.extend_from_slice(&[0, 0, 0]);
    }

    fn packed() -> Vec<u8> {
        let mut out = Vec::new();
        [5_u64, 6].iter().for_each(|number| out.extend_from_slice(&number.to_le_bytes()));
        ["t", "Complete"].iter().for_each(|text| write::text(&mut out, text));
        out.extend_from_slice(&[0; 3]);
        out.extend_from_slice(&9_u64.to_le_bytes());
        write::text(&mut out, "https://x.test/a.jpg");
        out.push(0);
        ["a.jpg", "a.jpg"].iter().for_each(|text| write::text(&mut out, text));
        out.extend_from_slice(&[0; 8 + 6]);
        annotations(&mut out);
        out.extend_from_slice(&2_u32.to_le_bytes());
        for stage in ["Label", "Review"] {
            write::text(&mut out, stage);
            out.push(0);
            out.extend_from_slice(&1_u64.to_le_bytes());
            out.extend_from_slice(&[0; 3]);
            annotations(&mut out);
        }
        out.push(1);
        write::text(&mut out, "{\"x\":1}");
        out
    }

    #[test]
    fn a_history_that_is_passed_over_leaves_the_rest_as_it_is() {
        let bytes = [packed(), packed()].concat();
        let mut batch = PackedBatch::new(bytes.clone());
        let whole: Vec<Task> = batch.by_ref().collect();
        assert_eq!((whole.len(), whole[0].history.len(), whole[0].annotations.objects.len()), (2, 2, 2));
        assert_eq!(whole[0].history[1].annotations, whole[0].annotations);
        let mut batch = PackedBatch::new(bytes);
        batch.pass_over_history();
        let without: Vec<Task> = batch.collect();
        assert_eq!(without, whole.into_iter().map(|task| Task { history: Vec::new(), ..task }).collect::<Vec<_>>());
    }

    #[test]
    fn a_history_that_is_cut_off_is_malformed_either_way() {
        let bytes = packed();
        for end in 0..bytes.len() {
            assert_eq!(without_history(&mut Reader::new(&bytes[..end])), Err(Malformed), "{end}");
        }
    }
}
