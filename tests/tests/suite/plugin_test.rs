//! What authors run on their plugins: `plugin test`, `plugin check` and `plugin bench`.

use ango_tests::archive::list;
use ango_tests::cli::Cli;
use ango_tests::project::records;
use std::path::{Path, PathBuf};

const HOSTILE: &str = env!("ANGO_HOSTILE");

/// A folder with one test of these options.
fn project(folder: &Path, options: &str) -> PathBuf {
    let test = folder.join("tests/harbour");
    std::fs::create_dir_all(&test).unwrap();
    std::fs::write(test.join("input.ndjson"), records(12)).unwrap();
    std::fs::write(test.join("options.json"), options).unwrap();
    folder.to_owned()
}

#[test]
fn bundled_plugins_give_the_same_in_one_shard_and_in_many() {
    for plugin in ["coco", "yolo"] {
        let folder = tempfile::tempdir().unwrap();
        let project = project(folder.path(), "{}");
        let run = Cli::new(["plugin", "test", "--plugin", plugin, "--json"]).arg(&project).expect(4);
        let events = run.events();
        assert_eq!(events[0]["passed"], false);
        assert!(events[0]["problem"].as_str().unwrap().contains("comes out and is not expected (--bless takes over what came out)"), "{run}");
        Cli::new(["plugin", "test", "--plugin", plugin, "--bless"]).arg(&project).expect(0);
        assert!(!list(&project.join("tests/harbour/expected")).is_empty());
        let run = Cli::new(["plugin", "test", "--plugin", plugin]).arg(&project).expect(0);
        assert_eq!((run.stdout.as_str(), run.stderr.trim()), ("ok   harbour\n", "1 of 1 tests passed"));
        std::fs::write(project.join("tests/harbour/expected/more.txt"), "").unwrap();
        let run = Cli::new(["plugin", "test", "--plugin", plugin]).arg(&project).expect(4);
        assert!(run.stdout.contains("more.txt does not come out"), "{run}");
    }
}

#[test]
fn a_plugin_that_fails_or_depends_on_shards_fails_its_test() {
    let folder = tempfile::tempdir().unwrap();
    for (evil, problem) in [("panic", "FAIL harbour: "), ("static-state", "the output depends on how tasks are cut into shards: ")] {
        let project = project(folder.path(), &format!("{{\"evil\":\"{evil}\"}}"));
        let run = Cli::new(["plugin", "test", "--plugin", HOSTILE]).arg(&project).run();
        assert!(run.code == 4 && run.stdout.contains(problem), "{run}");
    }
}

#[test]
fn what_is_missing_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let run = Cli::new(["plugin", "test"]).arg(folder.path()).expect(2);
    assert!(run.stderr.contains("there is no .wasm file in") && run.stderr.contains("build the plugin first"), "{run}");
    let run = Cli::new(["plugin", "test", "--plugin", "coco"]).arg(folder.path()).expect(2);
    assert!(run.stderr.contains("tests: "), "{run}");
    std::fs::create_dir(folder.path().join("tests")).unwrap();
    let run = Cli::new(["plugin", "test", "--plugin", "coco"]).arg(folder.path()).expect(2);
    assert!(run.stderr.contains("there is no test: a folder with input.ndjson"), "{run}");
    let project = project(folder.path(), "{\"nonsense\":1}");
    let run = Cli::new(["plugin", "test", "--plugin", "coco"]).arg(&project).expect(2);
    assert!(run.stderr.contains("nonsense"), "{run}");
}

#[test]
fn a_bench_shows_a_plugin_beside_coco() {
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("export.ndjson");
    std::fs::write(&export, records(200)).unwrap();
    let run = Cli::new(["plugin", "bench", "--plugin", "yolo", "-o", "task=segment", "--rounds", "1", "--json"]).arg(&export).expect(0);
    let events = run.events();
    let names: Vec<&str> = events.iter().filter_map(|event| event["plugin"].as_str()).collect();
    assert_eq!(names, ["yolo", "coco", "yolo"]);
    for event in &events[..2] {
        assert_eq!(event["tasks"], 200);
        assert!(
            event["fuelPerByte"].as_f64().unwrap() > 1.0
                && event["megabytesPerSecond"].as_f64().unwrap() > 0.0
                && event["peakMemory"].as_u64().unwrap() > 65_536,
            "{run}"
        );
    }
    assert!(events[2]["seconds"].as_f64().unwrap() > 0.0);
    let run = Cli::new(["plugin", "bench", "--rounds", "1", "-o", "evil=fail-failed", "--plugin", HOSTILE]).arg(&export).expect(4);
    assert!(run.stderr.contains("plugin hostile: "), "{run}");
    let run = Cli::new(["plugin", "bench", "--plugin", "coco", "-o", "task"]).arg(&export).expect(2);
    assert!(run.stderr.contains("expected KEY=VALUE"), "{run}");
}

#[test]
fn the_kit_finds_what_a_converter_cannot_bear() {
    for (plugin, options) in [("coco", ""), ("yolo", "-o task=segment"), ("yolo", "-o split.by=ratio -o split.val_ratio=0.3")] {
        let run = Cli::new(["plugin", "check", plugin]).args(options).expect(0);
        assert!(run.stdout.lines().count() >= 9 && run.stdout.lines().all(|line| line.starts_with("ok   ")), "{run}");
        assert!(run.stderr.ends_with("checks passed\n"), "{run}");
    }
    for (evil, code, problem) in [
        ("none", 0, ""),
        ("fail-input", 4, "FAIL every tool: "),
        ("static-state", 4, "FAIL many tasks, cut into shards: state-1.txt comes out and is not expected"),
    ] {
        let run = Cli::new(["plugin", "check", HOSTILE, "-o"]).arg(format!("evil={evil}")).expect(code);
        assert!(run.stdout.contains(problem), "{run}");
    }
    let run = Cli::new(["plugin", "check", "coco", "--json", "-o", "nonsense=1"]).expect(2);
    assert!(run.text().contains("nonsense"), "{run}");
}
