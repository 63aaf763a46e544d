//! Asks for the size of every task's asset and for the bytes of its brush mask, and writes down what it gets: in `assets.txt` a line for each task, with its id, the size, and how many bytes
//! came, or the first of them when they are few.

use crate::Ended;
use crate::bindings::ango::converter::{archive, assets, source};

pub(crate) fn run() -> Ended {
    let all = archive::section("assets.txt", 0, b"");
    loop {
        let tasks = source::next_batch(64);
        if tasks.is_empty() {
            break;
        }
        for task in tasks {
            let mask = task.annotations.brush.as_deref().map(assets::read);
            let mask = match mask {
                None => "none".to_owned(),
                Some(Ok(bytes)) if bytes.len() <= 32 => format!("{:?}", String::from_utf8_lossy(&bytes)),
                Some(Ok(bytes)) => format!("{} bytes", bytes.len()),
                Some(Err(error)) => format!("{error:?}"),
            };
            all.write(format!("{} {:?} {mask}\n", task.task_id, assets::size(&task.asset.url)).as_bytes());
        }
    }
    all.finish();
    Ok(())
}
