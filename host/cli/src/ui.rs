//! What people and machines see: a bar on a terminal, plain lines elsewhere, JSON events when asked for.

use crate::exit::{Exit, Failure};
use ango_pipeline::Progress;
use ango_pipeline::job::progress::{Phase, Snapshot};
use ango_pipeline::report::{JobReport, Outcome};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::io::{IsTerminal, Write, stderr, stdout};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How often a bar moves, an event is written, and a line is printed.
const BAR: Duration = Duration::from_millis(100);
const EVENT: Duration = Duration::from_secs(1);
const LINE: Duration = Duration::from_secs(5);

/// Where messages go, and in which form.
#[derive(Debug, Clone, Copy)]
pub struct Ui {
    json: bool,
    quiet: bool,
}

/// A job that is being watched. Stops when dropped.
#[derive(Debug)]
pub struct Watch {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A watcher that panicked has nothing more to show.
            let _ = thread.join();
        }
    }
}

/// Writes a line to standard output; nobody there to read it is no failure.
pub fn print(line: &str) {
    let _ = writeln!(stdout(), "{line}");
}

fn say(line: &str) {
    let _ = writeln!(stderr(), "{line}");
}

/// A number of bytes for people, in decimal units as disks and networks are sold.
pub fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format!("{count} B"),
        1_000..1_000_000 => format!("{:.1} kB", count as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", count as f64 / 1e6),
        _ => format!("{:.2} GB", count as f64 / 1e9),
    }
}

impl Ui {
    /// A user interface.
    pub fn new(json: bool, quiet: bool) -> Self {
        Self { json, quiet }
    }

    /// Whether machines are listening.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Something that somebody should know.
    pub fn warn(&self, message: &str) {
        if self.json {
            print(&json!({ "event": "warning", "message": message }).to_string());
        } else if !self.quiet {
            say(&format!("warning: {message}"));
        }
    }

    /// A line for people.
    pub fn note(&self, message: &str) {
        if !self.json && !self.quiet {
            say(message);
        }
    }

    /// The end of a command that failed.
    pub fn failure(&self, failure: &Failure) {
        if self.json {
            print(&json!({ "event": "error", "exit": failure.exit.name(), "code": failure.exit as u8, "message": failure.message }).to_string());
        } else {
            say(&format!("error: {}", failure.message));
        }
    }

    /// Shows a job's progress until the returned value is dropped.
    pub fn watch(&self, progress: Arc<Progress>) -> Watch {
        if self.quiet && !self.json {
            return Watch { stop: None, thread: None };
        }
        let (stop, stopped) = channel::<()>();
        let json = self.json;
        let bar = (!json && stderr().is_terminal()).then(new_bar);
        let step = if bar.is_some() {
            BAR
        } else if json {
            EVENT
        } else {
            LINE
        };
        let thread = std::thread::spawn(move || {
            let mut started = Instant::now();
            let mut phase = Phase::Start;
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(step) {
                let now = progress.snapshot();
                if now.phase != phase {
                    phase = now.phase;
                    started = Instant::now() - step;
                }
                show(&now, started.elapsed(), bar.as_ref(), json);
            }
            if let Some(bar) = bar {
                bar.finish_and_clear();
            }
        });
        Watch { stop: Some(stop), thread: Some(thread) }
    }

    /// The end of a job, and the exit code it leads to.
    pub fn report(&self, report: &JobReport) -> Exit {
        let exit = match report.outcome() {
            Outcome::Ok => Exit::Ok,
            Outcome::OkWithLosses => Exit::Losses,
            Outcome::Failed => Exit::Plugin,
        };
        if self.json {
            print(&json!({ "event": "report", "exit": exit.name(), "code": exit as u8, "report": report }).to_string());
            return exit;
        }
        report.warnings.iter().for_each(|warning| self.warn(warning));
        if !self.quiet {
            self.summary(report);
        }
        for plugin in &report.plugins {
            if let Some(error) = &plugin.error {
                say(&format!("error: plugin {}: {}", plugin.plugin.name, indented(&error.message)));
            }
        }
        exit
    }

    fn summary(&self, report: &JobReport) {
        let input = &report.input;
        let rate = input.bytes as f64 / report.timings.wall.max(1e-9);
        let what = match input.issues {
            Some(issues) => format!("{issues} of {} issues", input.read),
            None => format!("{} of {} tasks, {} objects", input.tasks, input.read, input.objects),
        };
        say(&format!("{what}, {} of text in {:.2} s ({}/s)", bytes(input.bytes), report.timings.wall, bytes(rate as u64)));
        if let Some(original) = &report.original {
            print(&format!("original  {} ({})", original.url, bytes(original.bytes)));
            for left_out in &report.left_out {
                say(&format!("  without {} x {}: {}", left_out.count, left_out.code, left_out.meaning));
            }
        }
        for plugin in &report.plugins {
            for line in plugin.log.iter().filter(|line| matches!(line.level, "warning" | "error")).take(10) {
                say(&format!("{} ({}): {}", plugin.plugin.name, line.level, indented(&line.message)));
            }
            let Some(output) = &plugin.output else { continue };
            print(&format!("{:9} {} ({}, {} files)", plugin.plugin.name, output.url, bytes(output.bytes), output.entries));
            if plugin.losses.total > 0 {
                say(&format!("{:9} does not hold everything; {} notes by code:", "", plugin.losses.total));
                for code in &plugin.losses.codes {
                    say(&format!("{:11} {:>9}  {}", "", code.count, code.code));
                }
            }
        }
    }
}

/// A stranger's text, whose further lines must not pass for lines of ours.
fn indented(text: &str) -> String {
    text.replace('\n', "\n    ")
}

fn new_bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    // The template is fixed, so it is valid; the default style would do otherwise.
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta} left") {
        bar.set_style(style);
    }
    bar
}

fn show(now: &Snapshot, elapsed: Duration, bar: Option<&ProgressBar>, json: bool) {
    let seconds = elapsed.as_secs_f64().max(1e-3);
    let rate = now.read_bytes as f64 / seconds;
    let left = now.total_bytes.saturating_sub(now.read_bytes) as f64 / rate.max(1.0);
    if let Some(bar) = bar {
        bar.set_length(now.total_bytes);
        bar.set_position(now.read_bytes);
        bar.set_message(format!("{}: {} {}", now.phase.name(), now.tasks, now.unit));
    } else if json {
        let event = json!({
            "event": "progress", "phase": now.phase.name(), (now.unit): now.tasks, "bytes": now.read_bytes, "totalBytes": now.total_bytes,
            "bytesPerSecond": rate.round(), "secondsLeft": left.round(),
        });
        print(&event.to_string());
    } else {
        say(&format!(
            "{}: {} {}, {} of {}, {}/s, {:.0} s left",
            now.phase.name(),
            now.tasks,
            now.unit,
            bytes(now.read_bytes),
            bytes(now.total_bytes),
            bytes(rate as u64),
            left
        ));
    }
}
