//! Running a command and looking at what it uses.

use anyhow::{Context, Result};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Clock ticks a second in `/proc`: fixed by the kernel's interface.
const TICKS: f64 = 100.0;

/// What a command used.
#[derive(Debug, Clone)]
pub struct Measured {
    /// Seconds on the clock.
    pub wall: f64,
    /// Seconds of all processors.
    pub cpu: f64,
    /// Peak resident memory, in MB.
    pub peak: f64,
    /// Exit code.
    pub code: Option<i32>,
    /// What it wrote to stderr.
    pub stderr: String,
}

/// Runs a command to its end. CPU time is that of its own children as well; memory is its own, read from `/proc` while it runs, so that the last few milliseconds may be missing.
pub fn measure(command: &[&str]) -> Result<Measured> {
    let (program, arguments) = command.split_first().context("no command")?;
    let errors = tempfile_path();
    let file = std::fs::File::create(&errors)?;
    let before = waited_for()?;
    let started = Instant::now();
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(file)
        .spawn()
        .with_context(|| format!("{program} cannot be started"))?;
    let mut peak = 0.0;
    let mut pause = Duration::from_micros(200);
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        peak = peak_memory(child.id()).unwrap_or(peak);
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(10));
    };
    let wall = started.elapsed().as_secs_f64();
    let stderr = std::fs::read_to_string(&errors).unwrap_or_default();
    let _ = std::fs::remove_file(&errors);
    Ok(Measured { wall, cpu: waited_for()? - before, peak, code: status.code(), stderr })
}

fn tempfile_path() -> std::path::PathBuf {
    std::env::temp_dir().join(format!("ango-bench-{}.stderr", std::process::id()))
}

/// CPU seconds of all processes that this one, or one of them, has waited for.
fn waited_for() -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The name in brackets may hold spaces; what follows are numbers.
    let fields: Vec<&str> = stat.rsplit_once(')').context("/proc/self/stat")?.1.split_whitespace().collect();
    let ticks = |field: usize| -> Result<f64> { Ok(fields.get(field).context("/proc/self/stat")?.parse::<f64>()?) };
    Ok((ticks(13)? + ticks(14)?) / TICKS)
}

/// Peak memory in MB so far.
fn peak_memory(process: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse::<f64>().ok()?;
    Some(peak * 1024.0 / 1e6)
}
