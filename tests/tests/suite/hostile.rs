//! A plugin that attacks its host, through the command line: it fails alone, the original is saved, and the next run is as if nothing had been.
//!
//! What each evil must end with stands in the table of `tests/hostile/src/lib.rs`.

use ango_tests::archive::{list, original, payload};
use ango_tests::cli::Cli;
use ango_tests::project::{harbour, records};
use ango_tests::text::stable;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

const HOSTILE: &str = env!("ANGO_HOSTILE");
const TABLE: &str = include_str!("../../hostile/src/lib.rs");

/// Low, so that an evil is soon at the end of it.
const LIMITS: [&str; 8] = [
    "memory=160MiB",
    "fuel-base=200000000",
    "fuel-per-byte=100",
    "output-bytes=16MiB",
    "output-bytes-per-byte=1",
    "output-files=1000",
    "log-bytes=64KiB",
    "handles=256",
];

/// The plugin's memory, and what the program may take beside it: what calls carry, and its own.
const MOST_MEMORY: u64 = (160 + 256) << 20;

/// Tasks of the project: some to read, few enough for one shard.
const TASKS: usize = 40;

/// The rows of the table: an evil, and what it may end with.
fn table() -> Vec<(&'static str, Vec<&'static str>)> {
    let rows = TABLE.lines().filter_map(|line| line.strip_prefix("//! | `"));
    let cells = rows.map(|row| row.split('`').step_by(2).collect::<Vec<_>>());
    cells.map(|cells| (cells[0], cells[1..].iter().copied().filter(|cell| cell.starts_with(|c: char| c.is_ascii_alphabetic())).collect())).collect()
}

/// The ways in which plugins run. They must end in the same way, to the letter.
const ISOLATE: [&str; 2] = if cfg!(target_os = "linux") { ["none", "process"] } else { ["none", "none"] };

fn export(project: &Path, storage: &Path, evil: &str) -> Cli {
    let cli = Cli::export(project, storage).arg("--plugin").arg(HOSTILE).arg("--option").arg(format!("evil={evil}"));
    let cli = LIMITS.iter().fold(cli, |cli, limit| cli.arg("--limit").arg(limit));
    // Time is for those that do nothing but wait; the others must be stopped by something else however slow the machine is.
    let waits = matches!(evil, "sleep-hour" | "poll-forever");
    let cli = cli.arg("--limit").arg(if waits { "wall-time=3" } else { "wall-time=250" });
    cli.args("--all-stages --metadata --history --format ndjson --json")
}

/// The report of a run, which every run must have, and must have saved as well.
fn report(storage: &Path, run: &ango_tests::cli::Run) -> Value {
    let told = run.report()["plugins"][0].clone();
    let saved = std::fs::read(ango_tests::archive::only(storage, ".hostile.report.json")).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&saved).unwrap(), told);
    told
}

/// A text for a snapshot: numbers that hang on the compiler, and frames of its libraries, say nothing about the host.
fn redacted(message: &str, folder: &Path) -> String {
    let (message, frames) = message.split_once("\n  in the plugin:").unwrap_or((message, ""));
    let mut text = stable(message, folder);
    for (pattern, by) in [
        (r"0x[0-9a-f]+", "0xADDRESS"),
        (r"\b\d{5,}\b", "NUMBER"),
        (r"\d+\.\d+ (MiB|KiB)", "SIZE $1"),
        (r"[^\s:]*\.rs:\d+:\d+", "FILE.rs"),
        (r"(?m)^(.{300}).*$", "$1..."),
    ] {
        text = regex::Regex::new(pattern).unwrap().replace_all(&text, by).into_owned();
    }
    let lines = text.lines().count();
    if lines > 12 {
        text = text.lines().take(12).collect::<Vec<_>>().join("\n") + "\n    ...";
    }
    if frames.is_empty() { text } else { text + "\n  in the plugin: (frames)" }
}

/// What the original export must be, whatever the plugin does.
fn check_original(storage: &Path, evil: &str) {
    let (_, text) = payload(&original(storage));
    assert!(text == records(TASKS).trim_end(), "{evil}: the original is complete");
}

/// What a plugin does not get it must not take from the host either.
fn check_memory(run: &ango_tests::cli::Run, evil: &str) {
    let peak = run.peak_memory;
    if cfg!(target_os = "linux") {
        assert!(peak.is_some_and(|peak| peak > 1 << 20), "{evil}: nobody measured its memory");
    }
    assert!(peak.is_none_or(|peak| peak < MOST_MEMORY), "{evil}: {} MiB", peak.unwrap_or(0) >> 20);
}

fn run_evil(project: &Path, folder: &Path, evil: &str, expected: &[&str], isolate: &str) -> (String, Value) {
    let storage = folder.join(isolate).join(evil);
    let started = Instant::now();
    let run = export(project, &storage, evil).arg("--isolate").arg(isolate).run();
    // Shown with --nocapture: what an evil takes is measured, and what it may take of time is a limit of its run.
    println!("{evil} (isolate={isolate}): {:.1} s, {} MiB", started.elapsed().as_secs_f64(), run.peak_memory.unwrap_or(0) >> 20);
    let report = report(&storage, &run);
    check_memory(&run, evil);
    let class = report["error"]["class"].as_str().unwrap_or("ok");
    assert!(expected.contains(&class), "{evil} ends with {class}, expected is {expected:?}: {run}");
    check_original(&storage, evil);
    let converted = list(&storage).iter().filter(|name| name.ends_with(".hostile.zip")).count();
    assert_eq!(list(&storage).len(), 3 + converted, "{evil}: {:?}", list(&storage));
    if class == "ok" {
        assert!(matches!((run.code, report["result"].as_str()), (0, Some("ok")) | (3, Some("ok-with-losses"))), "{evil}: {run}");
        assert_eq!(converted, 1, "{evil}");
        ango_tests::archive::entries(&ango_tests::archive::only(&storage, ".hostile.zip"));
        return (format!("{evil}: {class}"), report);
    }
    assert_eq!((run.code, report["result"].as_str()), (4, Some("failed")), "{evil}: {run}");
    assert_eq!(converted, 0, "{evil}: nothing of a failed plugin is published");
    assert!(report["output"].is_null(), "{evil}");
    let message = report["error"]["message"].as_str().unwrap();
    assert!(message.len() < 100_000 && !message.contains('\u{1b}'), "{evil}: a message for people, not of {} bytes", message.len());
    (format!("{evil}: {class}\n  {}", redacted(message, folder)), report)
}

/// Runs an evil in both ways, and says how it ended.
fn run_evil_both_ways(project: &Path, folder: &Path, evil: &str, expected: &[&str]) -> String {
    let [(here, mut report_here), (apart, mut report_apart)] = ISOLATE.map(|isolate| run_evil(project, folder, evil, expected, isolate));
    assert_eq!(apart, here, "{evil} ends otherwise in a process of its own");
    for report in [&mut report_here, &mut report_apart] {
        // What no two runs have in common.
        for key in ["exportId", "timings", "report"] {
            report[key].take();
        }
        if let Some(output) = report["output"].as_object_mut() {
            output.retain(|key, _| matches!(key.as_str(), "bytes" | "sha256" | "entries"));
        }
        // How far a guest came when its time was over.
        if report["error"]["class"] == "wall-time" {
            report["used"].take();
        }
    }
    assert_eq!(report_apart, report_here, "{evil} is reported otherwise in a process of its own");
    here
}

fn project(folder: &Path) -> PathBuf {
    harbour(&folder.join("project"), TASKS)
}

#[test]
fn every_evil_ends_as_the_table_says_and_takes_nothing_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path());
    let table = table();
    assert!(table.len() > 60, "{} evils", table.len());
    // Compiles it once, and not in all threads at the same time.
    Cli::new(["plugin", "inspect", HOSTILE]).expect(0);
    let (next, said) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some((evil, expected)) = table.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let text = std::panic::catch_unwind(|| run_evil_both_ways(&project, folder.path(), evil, expected));
                    let text = text.unwrap_or_else(|panic| format!("{evil}: WRONG {}", panic.downcast_ref::<String>().cloned().unwrap_or_default()));
                    said.lock().unwrap().push((*evil, text));
                }
            });
        }
    });
    let said = said.into_inner().unwrap();
    for (evil, text) in &said {
        if !text.contains(": WRONG ") {
            insta::assert_snapshot!(format!("evil_{}", evil.replace('-', "_")), text);
        }
    }
    let wrong: Vec<&str> = said.iter().map(|(_, text)| text.as_str()).filter(|text| text.contains(": WRONG ")).collect();
    assert!(wrong.is_empty(), "{} evils of {} end otherwise:\n{}", wrong.len(), table.len(), wrong.join("\n"));
}

#[test]
fn after_an_evil_the_good_run_gives_the_same_bytes_as_ever() {
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path());
    let mut archives = Vec::new();
    for (run, evil) in ["", "trap-after-partial-output", "memory-growth", "path-parent"].iter().enumerate() {
        let storage = folder.path().join(run.to_string());
        if !evil.is_empty() {
            export(&project, &storage, evil).expect(4);
        }
        let good = folder.path().join(format!("good {run}"));
        export(&project, &good, "none").run();
        archives.push(std::fs::read(ango_tests::archive::only(&good, ".hostile.zip")).unwrap());
    }
    assert!(archives.iter().all(|archive| *archive == archives[0]));
}

#[test]
fn an_evil_does_not_disturb_the_plugin_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path());
    let storage = folder.path().join("out");
    let run = export(&project, &storage, "infinite-loop").args("--plugin coco").arg("--option").arg("coco.empty=drop");
    // With two plugins an option says which one it is for.
    run.expect(2);
    let cli =
        Cli::export(&project, &storage).arg("--plugin").arg(HOSTILE).args("--plugin coco -o hostile.evil=infinite-loop --limit fuel-base=200000000");
    let report = cli.report(4);
    let results: Vec<&str> = report["plugins"].as_array().unwrap().iter().map(|plugin| plugin["result"].as_str().unwrap()).collect();
    assert_eq!(results, ["failed", "ok-with-losses"]);
    Cli::export(&project, folder.path().join("alone")).args("--plugin coco").expect(3);
    let coco = |folder: &Path| std::fs::read(ango_tests::archive::only(folder, ".coco.zip")).unwrap();
    assert!(coco(&storage) == coco(&folder.path().join("alone")));
}
