//! Measures ango-export and prints tables.
//!
//! Absolute times depend on the machine and on what else it does; what counts are the ratios, each of which is taken within one run.

mod converters;
mod export;
mod generate;
mod isolate;
mod languages;
mod process;
mod sandbox;
mod service;

use anyhow::{Context, Result, bail};
use clap::Parser;
use generate::Mix;
use process::{Measured, measure};
use std::path::{Path, PathBuf};

/// Measures ango-export.
#[derive(Debug, Parser)]
struct Args {
    /// Tasks of the project that is measured.
    #[arg(long, default_value_t = 100_000)]
    tasks: u64,
    /// Measure each step alone, and no whole runs.
    #[arg(long)]
    steps: bool,
    /// Measure the original export alone: toggles, videos, and selections of a store.
    #[arg(long)]
    export: bool,
    /// Measure the same converter in Rust, Python and JavaScript: what its author waits for, its speed, its start. Needs the tools of these languages.
    #[arg(long)]
    languages: bool,
    /// Measure every bundled converter on one thread: its size, its speed on polygons, and the memory that it needs for many tasks.
    #[arg(long)]
    converters: bool,
    /// Measure what it costs to run plugins in processes of their own, and nothing else.
    #[arg(long)]
    isolate: bool,
    /// Measure the service: its answers, small exports, and many at once.
    #[arg(long)]
    service: bool,
    /// Measure memory again with ten times as many tasks. Needs 10 GB of disk.
    #[arg(long)]
    large: bool,
    /// Compare converting boxes to YOLO with panlabel, which must be on the PATH (`pip install panlabel`).
    #[arg(long)]
    peer: bool,
    /// Folder for generated projects and results; kept between runs.
    #[arg(long, default_value = "target/bench")]
    folder: PathBuf,
    /// The program.
    #[arg(long, default_value = "target/release/ango-export")]
    program: PathBuf,
    /// Rounds of each command; the fastest counts.
    #[arg(long, default_value_t = 3)]
    rounds: u32,
}

fn main() -> Result<()> {
    let args = Args::parse();
    let program = args.program.canonicalize().with_context(|| format!("{}: build it with `cargo build --release`", args.program.display()))?;
    std::fs::create_dir_all(&args.folder)?;
    let bench = Bench { program, out: args.folder.join("out"), rounds: args.rounds };
    if args.export {
        return export::run(&bench, &args);
    }
    if args.converters {
        return converters::run(&args.folder, args.tasks, args.rounds);
    }
    if args.languages {
        return languages::run(&bench, &args.folder);
    }
    if args.service {
        return service::run();
    }
    if args.isolate {
        return isolate::run(&bench, &args.folder);
    }
    let project = generate::project(&args.folder, args.tasks, Mix::Realistic)?;
    println!("{} tasks, {} objects, {:.1} MB of NDJSON\n", project.tasks, project.objects, project.bytes as f64 / 1e6);

    println!("each step alone, on one thread (CPU seconds)");
    sandbox::steps(&project)?;
    if args.steps {
        return Ok(());
    }

    println!("\nwhole runs, {} threads", std::thread::available_parallelism()?);
    header();
    let records = project.folder.join("records.ndjson");
    let pigz =
        bench.best("pigz -p 2 (compresses the NDJSON, does nothing else)", project.bytes, &["pigz", "-p", "2", "-k", "-c", path(&records)?], false);
    let original = bench.export("export: original", &project, &[])?;
    let coco = bench.export("export: original + coco", &project, &["--plugin", "coco"])?;
    bench.export("export: original + yolo", &project, &["--plugin", "yolo"])?;
    bench.export("export: original + coco + yolo", &project, &["--plugin", "coco", "--plugin", "yolo"])?;
    println!();
    match pigz {
        Ok(pigz) => println!("original + coco / pigz -p 2: wall {:.2}, CPU {:.2}", coco.wall / pigz.wall, coco.cpu / pigz.cpu),
        Err(error) => println!("pigz was not measured: {error}"),
    }
    println!("original + coco / original: wall {:.2}", coco.wall / original.wall);
    bench.start(&args.folder)?;
    isolate::run(&bench, &args.folder)?;
    if args.large {
        let large = generate::project(&args.folder, args.tasks * 10, Mix::Realistic)?;
        println!("\n{} tasks, {:.1} MB", large.tasks, large.bytes as f64 / 1e6);
        header();
        let once = Bench { rounds: 1, ..bench.clone() };
        let more = once.export("export: original + coco", &large, &["--plugin", "coco"])?;
        println!("\npeak memory of {} tasks / of {}: {:.3}", large.tasks, project.tasks, more.peak / coco.peak);
    }
    if args.peer {
        bench.peer(args.tasks)?;
    }
    Ok(())
}

fn header() {
    println!("{:54} {:>9} {:>8} {:>8} {:>8} {:>9}", "", "input MB", "wall s", "CPU s", "MB/s", "peak MB");
}

fn path(path: &Path) -> Result<&str> {
    path.to_str().context("a path that is not UTF-8")
}

#[derive(Debug, Clone)]
struct Bench {
    program: PathBuf,
    out: PathBuf,
    rounds: u32,
}

impl Bench {
    /// Runs a command a few times, prints the fastest run and returns it.
    fn best(&self, name: &str, bytes: u64, command: &[&str], losses_are_fine: bool) -> Result<Measured> {
        let mut best: Option<Measured> = None;
        for _ in 0..self.rounds {
            let _ = std::fs::remove_dir_all(&self.out);
            let run = measure(command)?;
            let code = run.code.unwrap_or(-1);
            if code != 0 && !(losses_are_fine && code == 3) {
                bail!("{} ended with code {code}: {}", command.join(" "), run.stderr.trim());
            }
            if best.as_ref().is_none_or(|best| run.wall < best.wall) {
                best = Some(run);
            }
        }
        let best = best.context("no rounds")?;
        let megabytes = bytes as f64 / 1e6;
        println!("{name:54} {megabytes:>9.1} {:>8.2} {:>8.2} {:>8.1} {:>9.1}", best.wall, best.cpu, megabytes / best.wall, best.peak);
        Ok(best)
    }

    fn export(&self, name: &str, project: &generate::Generated, plugins: &[&str]) -> Result<Measured> {
        let mut command = vec![path(&self.program)?, "export", "--project", path(&project.folder)?, "--storage", path(&self.out)?, "--quiet"];
        command.extend_from_slice(plugins);
        self.best(name, project.bytes, &command, true)
    }

    /// How long one task takes when everything is warm.
    fn start(&self, folder: &Path) -> Result<()> {
        let one = generate::project(folder, 1, Mix::Realistic)?;
        let records = one.folder.join("records.ndjson");
        let out = folder.join("one");
        let mut walls = Vec::new();
        for _ in 0..21 {
            let _ = std::fs::remove_dir_all(&out);
            let run = measure(&[path(&self.program)?, "convert", path(&records)?, "--plugin", "coco", "--to", path(&out)?, "--quiet"])?;
            walls.push(run.wall * 1e3);
        }
        // The first one may compile the plugin.
        walls.remove(0);
        walls.sort_by(f64::total_cmp);
        println!(
            "convert one task, warm cache: median {:.1} ms, slowest of {} {:.1} ms",
            walls[walls.len() / 2],
            walls.len(),
            walls[walls.len() - 1]
        );
        Ok(())
    }

    /// The same boxes, ours as a V3 export and panlabel's as COCO, to YOLO; both in memory where there is a file system in memory.
    fn peer(&self, tasks: u64) -> Result<()> {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { memory.join("ango-bench") } else { std::env::temp_dir().join("ango-bench") };
        std::fs::create_dir_all(&folder)?;
        let boxes = generate::project(&folder, tasks, Mix::Boxes)?;
        let coco = generate::coco(&boxes)?;
        let (zip, plain) = (folder.join("out"), folder.join("panlabel"));
        println!("\n{} images, {} boxes to YOLO, on {}", boxes.tasks, boxes.objects, folder.display());
        header();
        let bench = Self { out: zip.clone(), ..self.clone() };
        let records = boxes.folder.join("records.ndjson");
        let array = generate::array(&boxes)?;
        let convert = |name: &str, input: &Path| -> Result<Measured> {
            let command = [path(&self.program)?, "convert", path(input)?, "--plugin", "yolo", "--to", path(&zip)?, "--quiet"];
            bench.best(name, std::fs::metadata(input)?.len(), &command, true)
        };
        let json = convert("ango-export convert (V3 JSON) --plugin yolo", &array)?;
        let ndjson = convert("ango-export convert (V3 NDJSON) --plugin yolo", &records)?;
        let theirs = Self { out: plain.clone(), ..self.clone() };
        let command = ["panlabel", "convert", "-f", "coco", "-t", "yolo", "-i", path(&coco)?, "-o", path(&plain)?, "--allow-lossy", "--no-validate"];
        let peer = theirs.best("panlabel convert (COCO JSON) to YOLO", std::fs::metadata(&coco)?.len(), &command, false)?;
        println!(
            "\nours / panlabel: wall {:.2} from JSON, {:.2} from NDJSON; peak memory {:.2}",
            json.wall / peer.wall,
            ndjson.wall / peer.wall,
            json.peak / peer.peak
        );
        std::fs::remove_dir_all(&folder)?;
        Ok(())
    }
}
