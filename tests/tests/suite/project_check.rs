//! `project check` finds everything that is wrong with a project, not only the first thing, and says where.

use ango_tests::cli::Cli;
use ango_tests::project::{PROJECT, harbour, records, write};
use ango_tests::text::stable;
use std::path::{Path, PathBuf};

/// A project with a problem of every kind, one after the other.
fn spoilt(folder: &Path) -> PathBuf {
    let all = records(12);
    let mut lines: Vec<String> = all.lines().map(str::to_owned).collect();
    let mut change = |index: usize, from: &str, to: &str| {
        assert!(lines[index].contains(from), "{from} in line {index}");
        lines[index] = lines[index].replacen(from, to, 1);
    };
    change(1, "aaaaaaaaaaaaaaaaaaaaaa1", "gone");
    change(2, "bbbbbbbbbbbbbbbbbbbbbb1", "gone");
    change(3, "cccccccccccccccccccccc1", "gone");
    change(4, r#""stage":"Complete","stageId":"Complete""#, r#""stage":"Lost","stageId":"lost""#);
    change(5, r#"["south"]"#, r#"["south","west"]"#);
    change(7, r#""bounding-box":{"x":"#, r#""bounding-box":{"x":true,"z":"#);
    change(8, r#""taskId":"#, r#""taskIdentity":"#);
    change(10, r#""relations":[{"from":""#, r#""relations":[{"from":"f"#);
    let twin = lines[0].clone();
    lines[11] = twin;
    lines[9].truncate(200);
    write(&folder.join("project"), PROJECT, lines.join("\n").as_bytes())
}

#[test]
fn every_problem_is_named_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let run = Cli::new(["project", "check"]).arg(spoilt(folder.path())).expect(5);
    insta::assert_snapshot!(stable(&run.text(), folder.path()));
}

#[test]
fn problems_are_events_for_machines() {
    let folder = tempfile::tempdir().unwrap();
    let project = spoilt(folder.path());
    let run = Cli::new(["project", "check", "--json"]).arg(&project).expect(5);
    let events = run.events();
    let (last, problems) = events.split_last().unwrap();
    assert!(problems.iter().all(|event| event["event"] == "problem" && event["line"].is_u64() && event["problem"].is_string()), "{run}");
    assert_eq!((last["tasks"].as_u64(), last["problems"].as_u64()), (Some(12), Some(problems.len() as u64)), "{run}");
    let lines: Vec<u64> = problems.iter().map(|event| event["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6, 8, 9, 10, 11, 12]);
}

#[test]
fn a_good_project_has_none() {
    let folder = tempfile::tempdir().unwrap();
    let run = Cli::new(["project", "check"]).arg(harbour(folder.path(), 100)).expect(0);
    assert_eq!(run.text(), "100 tasks, 0 problems\n");
}

#[test]
fn a_flood_is_counted_and_cut_short() {
    let folder = tempfile::tempdir().unwrap();
    let project = write(folder.path(), &PROJECT.replace("aaaaaaaaaaaaaaaaaaaaaa1", "other"), records(1000).as_bytes());
    let run = Cli::new(["project", "check"]).arg(project).expect(5);
    assert!(run.stdout.lines().count() < 100, "{run}");
    assert!(run.stderr.contains("1000 tasks, 858 problems"), "{run}");
}
