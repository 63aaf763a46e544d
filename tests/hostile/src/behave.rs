//! What a plugin should do: the conversion that evils fall back on, and that shows that a run after a bad one is unharmed.

use crate::Ended;
use crate::bindings::Failure;
use crate::bindings::ango::converter::types::Task;
use crate::bindings::ango::converter::{archive, source};
use ango_packed::{Reader, Unpack};

/// One small file for each task, and `all.txt` with one line for each: `task-id<TAB>file-name`.
pub(crate) fn convert(batch: u32) -> Ended {
    let all = archive::section("all.txt", 0, b"\n");
    let mut first = true;
    each_task(batch, |task| {
        let line = format!("{}\t{}", task.task_id, task.asset.file_name);
        archive::add(&format!("{}.txt", task.asset.file_name), line.as_bytes());
        if !std::mem::take(&mut first) {
            all.write(b"\n");
        }
        all.write(line.as_bytes());
    });
    all.finish();
    Ok(())
}

/// The tasks as the host's text, unchanged, into `all.ndjson`.
pub(crate) fn copy_json(bytes: u32) -> Ended {
    let all = archive::section("all.ndjson", 0, b"");
    loop {
        let lines = source::next_json(bytes);
        if lines.is_empty() {
            break;
        }
        all.write(&lines);
    }
    all.finish();
    Ok(())
}

/// Every task as the generated types print it, into `tasks.txt`: what a guest sees of it.
pub(crate) fn show(next: impl Fn() -> Result<Vec<Task>, Failure>) -> Ended {
    let all = archive::section("tasks.txt", 0, b"");
    loop {
        let tasks = next()?;
        if tasks.is_empty() {
            break;
        }
        tasks.iter().for_each(|task| all.write(format!("{task:?}\n").as_bytes()));
    }
    all.finish();
    Ok(())
}

/// The next tasks, taken apart by the rules that stand beside `next-packed`.
pub(crate) fn unpack(bytes: u32) -> Result<Vec<Task>, Failure> {
    unpacked(&source::next_packed(bytes))
}

/// Packed tasks, taken apart.
pub(crate) fn unpacked(packed: &[u8]) -> Result<Vec<Task>, Failure> {
    let mut reader = Reader::new(packed);
    let mut tasks = Vec::new();
    while reader.left() > 0 {
        tasks.push(Task::unpack(&mut reader).map_err(|error| Failure::Failed(error.to_string()))?);
    }
    Ok(tasks)
}

/// Reads to the end and writes nothing.
pub(crate) fn read_all() {
    each_task(64, |_| {});
}

fn each_task(batch: u32, mut act: impl FnMut(&Task)) {
    loop {
        let tasks = source::next_batch(batch);
        if tasks.is_empty() {
            break;
        }
        tasks.iter().for_each(&mut act);
    }
}
