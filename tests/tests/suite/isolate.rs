//! Plugins in processes of their own: the same archives, nothing to find for what breaks out, and what becomes of a run whose process is killed.
#![cfg(target_os = "linux")]

use ango_runtime::{
    AssetError, AssetFuture, Assets, Cancel, ChildProgram, CompileLimits, Engine, Feed, Job, Limits, Output, OutputError, Plugin, ProjectForPlugin,
    Target,
};
use ango_tests::archive::{list, only, original, payload};
use ango_tests::cli::{Cli, program};
use ango_tests::project::{harbour, records};
use ango_tests::text::stable;
use std::path::Path;
use std::process::{Child, Command};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const HOSTILE: &str = env!("ANGO_HOSTILE");

/// Tasks of a project of several shards.
const TASKS: usize = 6_000;

#[test]
fn the_archives_are_the_same_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), TASKS);
    let export = |name: &str, more: &str| {
        let storage = folder.path().join(name);
        let report = Cli::export(&project, &storage).args("--all-stages --history --plugin coco --plugin yolo").args(more).report(3);
        let archives = [".coco.zip", ".yolo.zip"].map(|end| std::fs::read(only(&storage, end)).unwrap());
        let facts: Vec<_> = report["plugins"].as_array().unwrap().iter().map(|plugin| (plugin["used"].clone(), plugin["losses"].clone())).collect();
        (archives, facts)
    };
    let here = export("here", "--workers 2");
    assert!(here.1[0].0["shards"].as_u64().unwrap() > 2, "{:?}", here.1[0].0);
    for (name, more) in [("one", "--workers 1 --isolate process"), ("three", "--workers 3 --isolate process")] {
        let apart = export(name, more);
        assert!(apart == here, "{name}");
    }
}

/// Children of a process that run plugins.
fn workers(parent: &Child) -> Vec<u32> {
    let mut workers = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        let of_parent =
            stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(1).map(str::to_owned)) == Some(parent.id().to_string());
        let arguments = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        if of_parent && arguments.split(|byte| *byte == 0).nth(1) == Some(b"__worker") {
            workers.push(id);
        }
    }
    workers
}

/// A line of what the system says of a process.
fn status(id: u32, name: &str) -> String {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned()
}

/// Waits for the child in which a plugin runs for ever.
fn worker(parent: &mut Child) -> u32 {
    let started = Instant::now();
    loop {
        // The plugin has said what it is, and the job has begun, when the program waits for Ctrl-C.
        let waits = u64::from_str_radix(&status(parent.id(), "SigCgt:"), 16).is_ok_and(|signals| signals & 2 != 0);
        if let ([worker, ..], true) = (&workers(parent)[..], waits) {
            return *worker;
        }
        assert!(parent.try_wait().unwrap().is_none(), "the program ended before its plugin ran");
        assert!(started.elapsed() < Duration::from_secs(60), "there is no child");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn kill(id: u32, signal: &str) {
    assert!(Command::new("kill").arg(signal).arg(id.to_string()).status().unwrap().success());
}

fn is_alive(id: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{id}/stat"))
        .is_ok_and(|stat| !stat.rsplit_once(')').unwrap_or_default().1.trim_start().starts_with(['Z', 'X']))
}

/// An export with a plugin that does nothing for ever, and with the variables that nobody else is to see.
fn stuck(project: &Path, storage: &Path) -> Cli {
    Cli::export(project, storage)
        .arg("--plugin")
        .arg(HOSTILE)
        .args("--option evil=sleep-hour --all-stages --metadata --history --format ndjson --isolate process --workers 1")
        .env("AWS_ACCESS_KEY_ID", "the-key")
        .env("AWS_SECRET_ACCESS_KEY", "the-secret")
}

#[test]
fn a_child_has_no_environment_no_files_and_no_way_back() {
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 40);
    let mut parent = stuck(&project, &folder.path().join("out")).spawn();
    let worker = worker(&mut parent);
    let read = |name: &str| std::fs::read_to_string(format!("/proc/{worker}/{name}")).unwrap();
    assert_eq!(read("environ"), "");
    assert_eq!(["NoNewPrivs:", "Seccomp:", "Threads:"].map(|name| status(worker, name)), ["1", "2", "1"]);
    let mut open: Vec<String> = list(Path::new(&format!("/proc/{worker}/fd")))
        .iter()
        .map(|file| std::fs::read_link(format!("/proc/{worker}/fd/{file}")).map_or_else(|_| String::new(), |target| target.display().to_string()))
        .map(|target| target.split([':', ' ']).next().unwrap_or_default().to_owned())
        .collect();
    open.sort();
    open.dedup();
    assert!(open.iter().all(|target| target == "pipe" || target == "/memfd"), "{open:?}");
    // The most memory is twice the plugin's limit of 512 MiB and 512 MiB.
    for (limit, most) in [("Max core file size", 0), ("Max open files", 64), ("Max data size", 3 << 29)] {
        let line = read("limits").lines().find(|line| line.starts_with(limit)).unwrap().to_owned();
        let value: u64 = line[limit.len()..].split_whitespace().next().unwrap().parse().unwrap();
        assert!(value <= most, "{line}");
    }
    // It does not outlive the program, whatever ends that.
    kill(parent.id(), "-KILL");
    parent.wait().unwrap();
    let started = Instant::now();
    while is_alive(worker) {
        assert!(started.elapsed() < Duration::from_secs(10), "the child lives on");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_killed_child_is_one_failed_plugin_and_the_original_is_saved() {
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 40);
    let storage = folder.path().join("out");
    let mut parent = stuck(&project, &storage).spawn();
    kill(worker(&mut parent), "-KILL");
    assert_eq!(parent.wait().unwrap().code(), Some(4));
    assert!(payload(&original(&storage)).1 == records(40).trim_end());
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(only(&storage, ".hostile.report.json")).unwrap()).unwrap();
    assert_eq!(report["error"]["class"], "isolation");
    insta::assert_snapshot!(stable(report["error"]["message"].as_str().unwrap(), folder.path()), @"the process in which the plugin ran ended with signal 9");
    assert!(list(&storage).iter().all(|name| !name.ends_with(".hostile.zip")), "{:?}", list(&storage));
    // The next run is as if nothing had been.
    let next = folder.path().join("next");
    Cli::export(&project, &next).args("--all-stages --plugin coco --isolate process").expect(3);
    assert!(only(&next, ".coco.zip").is_file());
}

#[test]
fn a_child_that_does_not_answer_is_given_up_when_the_time_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 40);
    let storage = folder.path().join("out");
    let mut parent = stuck(&project, &storage).args("--limit wall-time=2").spawn();
    let worker = worker(&mut parent);
    // It is not asleep but stopped, and would not even see that it was closed.
    kill(worker, "-STOP");
    assert_eq!(parent.wait().unwrap().code(), Some(4));
    assert!(!is_alive(worker));
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(only(&storage, ".hostile.report.json")).unwrap()).unwrap();
    assert_eq!(report["error"]["message"], "limit 'wall-time' reached: the run took longer than 2 s");
}

#[test]
fn an_interrupt_ends_the_child_and_takes_back_what_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 40);
    let storage = folder.path().join("out");
    let mut parent = stuck(&project, &storage).spawn();
    let worker = worker(&mut parent);
    kill(parent.id(), "-INT");
    assert_eq!(parent.wait().unwrap().code(), Some(130));
    assert!(!is_alive(worker));
    assert_eq!(list(&storage), Vec::<String>::new());
}

#[test]
fn the_configuration_can_say_it_and_the_command_line_counts_more() {
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 40);
    let config = folder.path().join("c.toml");
    std::fs::write(&config, "[run]\nisolate = \"process\"\n").unwrap();
    let check = Cli::new(["config", "check", "--config"]).arg(&config).expect(0);
    let row = check.stdout.lines().find(|line| line.starts_with("run.isolate")).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    insta::assert_snapshot!(stable(&row, folder.path()), @"run.isolate process DIR/c.toml:2");
    let mut parent = stuck(&project, &folder.path().join("out")).arg("--config").arg(&config).spawn();
    kill(worker(&mut parent), "-KILL");
    assert_eq!(parent.wait().unwrap().code(), Some(4));
}

/// Knows one picture, and every way in which nothing comes.
struct Shelf;

impl Shelf {
    fn find(url: &str) -> Result<Vec<u8>, AssetError> {
        match url {
            "asset://picture" => Ok(b"\x89PNG".to_vec()),
            "asset://secret" => Err(AssetError::Denied),
            "asset://film" => Err(AssetError::TooLarge),
            "asset://text" => Err(AssetError::Unsupported),
            "asset://broken" => Err(AssetError::Failed("no route \u{1b}[31m to the shelf".into())),
            _ => Err(AssetError::NotFound),
        }
    }
}

impl Assets for Shelf {
    fn size<'a>(&'a self, url: &'a str) -> AssetFuture<'a, (u32, u32)> {
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            Self::find(url).map(|_| (640, 480))
        })
    }

    fn read<'a>(&'a self, url: &'a str) -> AssetFuture<'a, Vec<u8>> {
        Box::pin(async move { Self::find(url) })
    }
}

/// The one file of a run.
#[derive(Default)]
struct OneFile(Vec<u8>);

impl Output for OneFile {
    fn create(&mut self, _: Target<'_>) -> Result<u32, OutputError> {
        Ok(1)
    }

    fn write(&mut self, _: u32, data: &[u8]) -> Result<(), OutputError> {
        self.0.extend_from_slice(data);
        Ok(())
    }

    fn finish(&mut self, _: u32) -> Result<(), OutputError> {
        Ok(())
    }
}

#[test]
fn assets_are_fetched_by_the_parent() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let here = Engine::new().unwrap().with_compiler(ChildProgram::at(program()), CompileLimits::default());
    let apart = here.clone().isolated(ChildProgram::at(program())).unwrap();
    let wasm = std::fs::read(HOSTILE).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let cache = ango_runtime::Cache::open(&folder.path().join("cache")).unwrap();
    let asked = |engine: &Engine, granted: bool| {
        let plugin = Arc::new(runtime.block_on(Plugin::load(engine, Some(&cache), "hostile", &wasm)).unwrap());
        let options = "{\"evil\":\"ask-assets\"}".to_owned();
        let job = Job::new(plugin, ProjectForPlugin::default(), options, Limits::default(), Cancel::default());
        let job = if granted { job.with_assets(Arc::new(Shelf)) } else { job };
        let output = Arc::new(Mutex::new(OneFile::default()));
        let result = runtime.block_on(job.run(0, Feed::Shard(Arc::default()), output.clone())).unwrap();
        let text = String::from_utf8(std::mem::take(&mut output.lock().unwrap().0)).unwrap();
        (text, result.fuel)
    };
    let granted = asked(&here, true);
    assert_eq!(asked(&apart, true), granted);
    insta::assert_snapshot!(granted.0);
    let denied = asked(&here, false);
    assert_eq!(asked(&apart, false), denied);
    assert_eq!(denied.0.matches("Err(FetchError::Denied), Err(FetchError::Denied)").count(), 8, "{}", denied.0);
}
