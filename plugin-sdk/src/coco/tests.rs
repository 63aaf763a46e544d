#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use serde_json::json;

use super::*;
use crate::options::{Split, SplitOptions};
use crate::testkit::{RunError, TestKit};
use crate::{Converter, Failure, Info, Run};

/// Writes a row of each list for every task, into the file of its part.
struct Sheets;

impl Converter for Sheets {
    type Options = SplitOptions;

    fn describe() -> Info {
        Info::new("sheets", "1.0.0", "Sheets", "sheets")
    }

    fn convert(options: SplitOptions, run: &Run) -> Result<(), Failure> {
        let mut head = Vec::new();
        write_info(&mut head, run);
        let mut parts = Parts::open(run, Split::new(&options)?, |name| format!("{name}.json"), &head, ["a", "b"]);
        for task in run.tasks() {
            let name = parts.name(&task);
            let file = parts.of(&task).unwrap();
            crate::json::write_string(file.first.next_row(), &task.task_id);
            crate::json::write_string(file.second.next_row(), name);
        }
        parts.finish();
        Ok(())
    }
}

fn kit(tasks: usize) -> TestKit {
    let task = |at: usize| json!({"asset": "u", "externalId": format!("{at}"), "batches": [format!("b{}", at % 3)], "metadata": {}, "task": {"taskId": format!("t{at}"), "tools": []}});
    TestKit::from_json(&(0..tasks).map(task).collect::<serde_json::Value>().to_string()).unwrap()
}

#[test]
fn rows_of_all_shards_make_one_file_for_each_part() {
    let outcome = kit(2).shard_size(1).run::<Sheets>("{}");
    assert_eq!(outcome.result, Ok(()));
    assert_eq!(
        outcome.text("default.json"),
        Some("{\"info\":{\"description\":\"\"},\n\"a\":[\n\"t0\",\n\"t1\"\n],\n\"b\":[\n\"default\",\n\"default\"\n]}\n")
    );
    let options = r#"{"by":"batch","val":["b1"],"test":["b2"]}"#;
    let whole = kit(7).run::<Sheets>(options);
    assert_eq!(kit(7).shard_size(2).run::<Sheets>(options).files, whole.files);
    let lists = |name: &str| {
        let value: serde_json::Value = serde_json::from_str(whole.text(name).unwrap()).unwrap();
        (value["a"].clone(), value["b"].clone())
    };
    assert_eq!(lists("train.json"), (json!(["t0", "t3", "t6"]), json!(["train", "train", "train"])));
    assert_eq!(lists("val.json"), (json!(["t1", "t4"]), json!(["val", "val"])));
    assert_eq!(lists("test.json"), (json!(["t2", "t5"]), json!(["test", "test"])));
}

#[test]
fn a_split_that_makes_no_sense_is_refused() {
    let outcome = kit(1).run::<Sheets>(r#"{"by":"stage"}"#);
    assert!(matches!(outcome.result, Err(RunError::Failure(Failure::Options(_)))), "{:?}", outcome.result);
}
