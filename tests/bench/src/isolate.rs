//! What it costs to run a plugin in a process of its own.

use crate::generate::{self, Generated, Mix};
use crate::process::{Measured, measure};
use crate::{Bench, header, path};
use anyhow::{Context, Result, bail};
use std::path::Path;

/// Bytes of NDJSON that are converted.
const BYTES: u64 = 100_000_000;
/// Tasks that say how large a task is.
const SAMPLE: u64 = 2_000;

/// Prints the wall time of a conversion in the job's process, in processes of its own, and what the one is of the other.
pub fn run(bench: &Bench, folder: &Path) -> Result<()> {
    let sample = generate::project(folder, SAMPLE, Mix::Realistic)?;
    let project = generate::project(folder, SAMPLE * BYTES / sample.bytes, Mix::Realistic)?;
    println!("\n--isolate=process");
    header();
    compare(bench, "export: original + coco", &project, &["export", "--project", path(&project.folder)?, "--storage"])?;
    let records = project.folder.join("records.ndjson");
    compare(bench, "convert: coco", &project, &["convert", path(&records)?, "--to"])?;
    Ok(())
}

fn compare(bench: &Bench, name: &str, project: &Generated, command: &[&str]) -> Result<()> {
    let ways = [("none", "in the job's process"), ("process", "in processes of its own")];
    let mut best: [Option<Measured>; 2] = [None, None];
    // In turn: the slow moments of a machine last longer than a run, so that both ways have some without.
    for _ in 0..bench.rounds {
        for ((isolate, _), best) in ways.iter().zip(&mut best) {
            let _ = std::fs::remove_dir_all(&bench.out);
            let program = [path(&bench.program)?];
            let rest = [path(&bench.out)?, "--plugin", "coco", "--quiet", "--isolate", isolate];
            let run = measure(&[&program[..], command, &rest[..]].concat())?;
            if !matches!(run.code, Some(0 | 3)) {
                bail!("{name}, isolate {isolate}, ended with {:?}: {}", run.code, run.stderr.trim());
            }
            if best.as_ref().is_none_or(|best| run.wall < best.wall) {
                *best = Some(run);
            }
        }
    }
    let [Some(here), Some(apart)] = &best else { return Err(anyhow::Error::msg("no rounds")).context(name.to_owned()) };
    let megabytes = project.bytes as f64 / 1e6;
    for ((_, way), run) in ways.iter().zip([here, apart]) {
        println!(
            "{:54} {megabytes:>9.1} {:>8.2} {:>8.2} {:>8.1} {:>9.1}",
            format!("{name}, {way}"),
            run.wall,
            run.cpu,
            megabytes / run.wall,
            run.peak
        );
    }
    println!("{name}: isolated / in the job's process: wall {:.3}, CPU {:.3}", apart.wall / here.wall, apart.cpu / here.cpu);
    Ok(())
}
