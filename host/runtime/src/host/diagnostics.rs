//! `diagnostics`: what a run tells the people who wait for it.

use super::{State, Violation};
use crate::bindings::ango::converter::diagnostics::{Host, Level};
use crate::losses::{LogLine, Loss, MAX_DETAIL, is_code};
use crate::stderr::{cut, printable, printable_line};

/// Bytes kept of a message.
const MAX_MESSAGE: usize = 8 << 10;
/// Bytes of a loss's detail that may be given, so that carrying it out of the guest stays cheap. Fewer are kept.
const MAX_LOST: usize = 64 << 10;
/// What a message costs of `log-bytes` besides its text.
const MESSAGE_COST: u64 = 32;

impl Host for State {
    fn log(&mut self, level: Level, message: String) -> wasmtime::Result<()> {
        self.shared.meter.add_log(message.len() as u64 + MESSAGE_COST, &self.shared.limits)?;
        let level = match level {
            Level::Debug => "debug",
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
        };
        self.log.push(LogLine { level, message: printable(cut(&message, MAX_MESSAGE)) });
        Ok(())
    }

    /// The host counts the tasks it hands out, so there is nothing to learn from it yet.
    fn progress(&mut self, _done: u64) -> wasmtime::Result<()> {
        Ok(())
    }

    fn lost(&mut self, task: u64, object: Option<String>, code: String, detail: String) -> wasmtime::Result<()> {
        check_code("lost", &code)?;
        if detail.len() > MAX_LOST {
            return Err(Violation(format!("diagnostics.lost: a detail of {} bytes, allowed are {MAX_LOST}", detail.len())).into());
        }
        self.losses.add(code, || Loss { task, object: object.map(|id| printable_line(&id, 100)), detail: printable_line(&detail, MAX_DETAIL) });
        Ok(())
    }

    fn lost_more(&mut self, code: String, count: u64) -> wasmtime::Result<()> {
        check_code("lost-more", &code)?;
        self.losses.count(code, count);
        Ok(())
    }
}

fn check_code(call: &str, code: &str) -> wasmtime::Result<()> {
    if is_code(code) {
        return Ok(());
    }
    let shown = printable_line(code, 80);
    Err(Violation(format!("diagnostics.{call}: the code '{shown}' is not kebab-case of at most 64 letters")).into())
}
