//! The original export alone: what toggles, videos and filters cost.

use crate::generate::{self, CHANGED_LAST, Generated, Mix};
use crate::process::measure;
use crate::{Args, Bench, header, path};
use anyhow::{Result, bail};

/// Frames of the video that is measured.
const FRAMES: u32 = 100_000;

/// Prints everything.
pub fn run(bench: &Bench, args: &Args) -> Result<()> {
    toggles(bench, args)?;
    videos(bench, args)?;
    store(bench, args, args.tasks)?;
    if args.large {
        store(&Bench { rounds: 1, ..bench.clone() }, args, args.tasks * 10)?;
    }
    Ok(())
}

/// Whether an export with less in it takes less time, also of records that do not hold what is left out.
fn toggles(bench: &Bench, args: &Args) -> Result<()> {
    let everything = ["--metadata", "--history", "--idle", "--only-key-frames"];
    for mix in [Mix::Whole, Mix::Realistic] {
        let project = generate::project(&args.folder, args.tasks, mix)?;
        println!("\ntoggles: {} tasks that {}", project.tasks, if mix == Mix::Whole { "hold everything" } else { "hold nothing that is left out" });
        header();
        let full = bench.export("everything", &project, &everything)?;
        for left_out in everything.iter().take(3).copied().chain(["all three"]) {
            let on: Vec<&str> =
                everything.into_iter().filter(|toggle| *toggle != left_out && (left_out != "all three" || *toggle == "--only-key-frames")).collect();
            let less = bench.export(&format!("without {left_out}"), &project, &on)?;
            println!("{:54} wall {:.3}, CPU {:.3} of everything", "", less.wall / full.wall, less.cpu / full.cpu);
        }
        let frames = bench.export("with computed frames", &project, &everything[..3])?;
        println!("{:54} wall {:.3}, CPU {:.3} of everything", "", frames.wall / full.wall, frames.cpu / full.cpu);
    }
    Ok(())
}

/// Memory for one track of a hundred thousand frames, computed and stored.
fn videos(bench: &Bench, args: &Args) -> Result<()> {
    println!("\none video, one track of {FRAMES} frames");
    header();
    for every_frame in [false, true] {
        let project = generate::video(&args.folder, FRAMES, every_frame)?;
        let name = if every_frame { "stored" } else { "computed" };
        bench.export(&format!("{name}: all frames"), &project, &[])?;
        bench.export(&format!("{name}: only key frames"), &project, &["--only-key-frames"])?;
        bench.export(&format!("{name}: all frames, and coco"), &project, &["--plugin", "coco"])?;
    }
    Ok(())
}

/// What a selection of one task in a hundred costs in a store.
fn store(bench: &Bench, args: &Args, tasks: u64) -> Result<()> {
    let project = generate::project(&args.folder, tasks, Mix::Stages)?;
    let store = Generated { folder: args.folder.join(format!("stages-{tasks}.db")), ..project.clone() };
    println!("\na store of {tasks} tasks");
    header();
    if !store.folder.exists() {
        let run = measure(&[path(&bench.program)?, "project", "import", path(&project.folder)?, "--into", path(&store.folder)?, "--quiet"])?;
        if run.code != Some(0) {
            bail!("the import ended with {:?}: {}", run.code, run.stderr.trim());
        }
        let megabytes = project.bytes as f64 / 1e6;
        println!("{:54} {megabytes:>9.1} {:>8.2} {:>8.2} {:>8.1} {:>9.1}", "import", run.wall, run.cpu, megabytes / run.wall, run.peak);
    }
    let full = bench.export("export: everything", &store, &["--all-stages", "--metadata", "--history", "--idle"])?;
    let part = bench.export("export: one task in a hundred", &store, &["--stage", "Review", "--updated-after", CHANGED_LAST])?;
    println!("\none in a hundred / everything: wall {:.4}, CPU {:.4}", part.wall / full.wall, part.cpu / full.cpu);
    Ok(())
}
