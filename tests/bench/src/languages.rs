//! The same converter in each language: how long an author waits, how fast it runs, how soon it starts.

use crate::generate::{self, Mix};
use crate::process::measure;
use crate::{Bench, path};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

const LANGUAGES: [&str; 3] = ["rust", "python", "javascript"];
/// Tasks of boxes that make about 100 MB.
const TASKS: u64 = 48_000;
/// Tasks with everything that a record can hold that make about 100 MB.
const WHOLE: u64 = 5_500;

/// Measures all of it, and prints tables. The toolchains must be there: `ango-export plugin build` says how to get them.
pub fn run(bench: &Bench, folder: &Path) -> Result<()> {
    let folder = folder.join("languages");
    std::fs::create_dir_all(&folder)?;
    println!("what an author waits for, in seconds (warm: the tools have run before)");
    println!("{:12} {:>8} {:>10} {:>8} {:>8} {:>8} {:>8}", "", "new", "install", "build", "again", "test", "run");
    let mut plugins = Vec::new();
    for language in LANGUAGES {
        plugins.push((language, author(bench, &folder, language)?));
    }
    for (what, mix, tasks) in [("boxes", Mix::Boxes, TASKS), ("boxes and polygons, with metadata and history", Mix::Whole, WHOLE)] {
        let project = generate::project(&folder, tasks, mix)?;
        println!("\nboxes to CSV on {:.1} MB of {what}, {} objects, on one thread in the sandbox", project.bytes as f64 / 1e6, project.objects);
        println!("{:12} {:>8} {:>8} {:>11} {:>10}", "", "seconds", "MB/s", "fuel/byte", "memory MB");
        for (language, plugin) in &plugins {
            speed(bench, &project.folder.join("records.ndjson"), language, plugin)?;
        }
    }
    println!("\nconverting one task, from the start of the program to its end");
    for (language, plugin) in &plugins {
        start(bench, &folder, language, plugin)?;
    }
    Ok(())
}

/// Goes the way of an author in a new folder, and gives the component.
fn author(bench: &Bench, folder: &Path, language: &str) -> Result<PathBuf> {
    let project = folder.join(format!("boxes-{language}"));
    let _ = std::fs::remove_dir_all(&project);
    let program = path(&bench.program)?;
    let at = path(&project)?;
    let name = format!("boxes-{language}");
    let (new, _) = timed(&[program, "plugin", "new", &name, "--lang", language, "--into", at])?;
    let install = match language {
        "javascript" => timed(&["npm", "install", "--no-audit", "--no-fund", "--prefix", at])?.0,
        _ => 0.0,
    };
    let (build, built) = timed(&[program, "plugin", "build", at, "--json"])?;
    let event: Value = built
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .find(|event: &Value| event["event"] == "built")
        .context("no event says what was built")?;
    let component = PathBuf::from(event["file"].as_str().context("no file was built")?);
    let (again, _) = timed(&[program, "plugin", "build", at, "--json"])?;
    let (test, _) = timed(&[program, "plugin", "test", at])?;
    let input = project.join("tests/simple/input.ndjson");
    let (once, _) = timed(&[program, "plugin", "run", path(&input)?, "--project", at])?;
    println!("{language:12} {new:>8.2} {install:>10.2} {build:>8.2} {again:>8.2} {test:>8.2} {once:>8.2}");
    Ok(component)
}

/// Runs a command, which must succeed; gives the seconds that it took and what it wrote.
fn timed(command: &[&str]) -> Result<(f64, String)> {
    let (program, arguments) = command.split_first().context("no command")?;
    let started = Instant::now();
    let output = Command::new(program).args(arguments).output().with_context(|| format!("{program} cannot be started"))?;
    if !output.status.success() {
        bail!("{} ended with {}: {}", command.join(" "), output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok((started.elapsed().as_secs_f64(), String::from_utf8_lossy(&output.stdout).into_owned()))
}

fn speed(bench: &Bench, records: &Path, language: &str, plugin: &Path) -> Result<()> {
    let rounds = bench.rounds.to_string();
    let (_, told) = timed(&[path(&bench.program)?, "plugin", "bench", path(records)?, "--plugin", path(plugin)?, "--rounds", &rounds, "--json"])?;
    let mut events = told.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let event = events.find(|event| event["event"] == "bench").with_context(|| format!("{language}: no event says how fast it is"))?;
    let number = |key: &str| event[key].as_f64().unwrap_or(f64::NAN);
    println!(
        "{language:12} {:>8.2} {:>8.1} {:>11.1} {:>10.1}",
        number("seconds"),
        number("megabytesPerSecond"),
        number("fuelPerByte"),
        number("peakMemory") / 1e6
    );
    Ok(())
}

fn start(bench: &Bench, folder: &Path, language: &str, plugin: &Path) -> Result<()> {
    let one = generate::project(folder, 1, Mix::Boxes)?;
    let (records, out) = (one.folder.join("records.ndjson"), folder.join("one"));
    let mut walls = Vec::new();
    for _ in 0..11 {
        let _ = std::fs::remove_dir_all(&out);
        let run = measure(&[path(&bench.program)?, "convert", path(&records)?, "--plugin", path(plugin)?, "--to", path(&out)?, "--quiet"])?;
        walls.push(run.wall * 1e3);
    }
    // The first one may compile the plugin.
    walls.remove(0);
    walls.sort_by(f64::total_cmp);
    let size = std::fs::metadata(plugin)?.len() as f64 / 1e6;
    println!("{language:12} {size:>5.1} MB: median {:.1} ms, slowest of {} {:.1} ms", walls[walls.len() / 2], walls.len(), walls[walls.len() - 1]);
    Ok(())
}
