#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use std::io::Write;

use super::*;
use crate::types::Info;

const TWO_TASKS: &str = r#"{"asset":"u","externalId":"a","task":{"taskId":"1","stageHistory":[{"stage":"Start"}]}}
{"asset":"u","externalId":"b","task":{"taskId":"2"}}"#;

/// Does what its options say, in every shard.
struct Probe;

impl Converter for Probe {
    type Options = Vec<String>;

    fn describe() -> Info {
        Info::new("probe", "1.0.0", "Probe", "none")
    }

    fn convert(steps: Vec<String>, run: &Run) -> Result<(), Failure> {
        for step in steps {
            match step.split_once(' ').unwrap_or((&step, "")) {
                ("add", path) => run.add(path, b"x"),
                ("leave", path) => drop(run.create(path)),
                ("first", path) if run.is_first_shard() => run.add(path, b"first"),
                ("first", _) => {}
                ("section", text) => {
                    let mut file = run.section("joined", text.len() as u32, "+");
                    write!(file, "{text}{}", run.shard())?;
                    file.finish();
                }
                ("tasks", path) => {
                    let mut file = run.section(path, 0, "");
                    for task in run.tasks() {
                        assert!(task.history.is_empty());
                        file.put(task.task_id.as_bytes());
                    }
                    file.finish();
                }
                ("large", path) => {
                    let mut file = run.create(path);
                    for _ in 0..300_000 {
                        file.buffer().extend_from_slice(b"ab");
                    }
                    file.put(&vec![b'c'; 500_000]);
                    file.put(b"d");
                    file.finish();
                }
                ("lost", code) => run.lost(0, None, code, ""),
                ("fail", reason) => {
                    let _open = run.create("open");
                    return Err(Failure::input(reason));
                }
                (other, _) => panic!("no step {other}"),
            }
        }
        Ok(())
    }
}

fn run(steps: &[&str]) -> Outcome {
    TestKit::from_json(TWO_TASKS).unwrap().shard_size(1).run::<Probe>(&serde_json::json!(steps).to_string())
}

fn refusal(steps: &[&str]) -> String {
    match run(steps).result {
        Err(RunError::Refused(message)) => message,
        other => panic!("{steps:?}: {other:?}"),
    }
}

#[test]
fn joined_files_are_put_together_as_the_contract_says() {
    let outcome = run(&["section bb", "section a", "tasks ids", "first once"]);
    assert_eq!(outcome.result, Ok(()));
    assert_eq!(outcome.text("joined"), Some("a0+a1bb0+bb1"));
    assert_eq!(outcome.text("ids"), Some("12"));
    assert_eq!(outcome.text("once"), Some("first"));
    assert_eq!(outcome.text("nothing"), None);
}

#[test]
fn calls_that_break_a_rule_end_the_run() {
    assert_eq!(refusal(&["add ../x"]), "add: path `../x` has `..` in it");
    assert_eq!(refusal(&["first A", "first a"]), "add: path `a` is the same file as `A` on some systems");
    // The second shard uses the path of the first.
    assert_eq!(refusal(&["add x"]), "add: path `x` is already used");
    assert_eq!(refusal(&["section a", "section b"]), "section: section 1 of `joined` is started twice in shard 0");
    assert!(refusal(&["lost Not_Kebab"]).contains("Not_Kebab"));
}

#[test]
fn an_unfinished_file_fails_the_run_but_hides_no_failure() {
    let Err(RunError::Failure(Failure::Failed(message))) = run(&["leave x"]).result else { panic!() };
    assert!(message.contains("`x` was not finished"));
    assert_eq!(run(&["fail because"]).result, Err(RunError::Failure(Failure::input("because"))));
}

#[test]
fn a_panic_is_a_result() {
    let Err(RunError::Panicked(message)) = run(&["dance"]).result else { panic!() };
    assert!(message.contains("dance"));
}

#[test]
fn buffers_of_any_size_keep_the_order() {
    let kit = TestKit::from_json("[]").unwrap();
    let outcome = kit.run::<Probe>(r#"["large x"]"#);
    let data = &outcome.files["x"];
    assert_eq!(data.len(), 600_000 + 500_001);
    assert!(data.ends_with(b"cd") && data[..600_000].chunks(2).all(|pair| pair == b"ab"));
    let counts = Bench::<Probe>::new(Vec::new(), derive_project(&[])).run(r#"["large x", "lost a"]"#).unwrap();
    assert_eq!(counts, Counts { files: 1, bytes: 1_100_001, lost: 1 });
}
