//! `diagnostics`: what a run tells the people who wait for it.

use super::{State, Violation};
use crate::bindings::ango::converter::diagnostics::{Host, Level};
use crate::losses::{LogLine, Loss, MAX_DETAIL, is_code};
use crate::stderr::printable;

/// Bytes kept of a message.
const MAX_MESSAGE: usize = 8 << 10;
/// What a message costs of `log-bytes` besides its text.
const MESSAGE_COST: u64 = 32;

fn cut(text: &str, longest: usize) -> String {
    let mut end = text.len().min(longest);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    printable(&text[..end])
}

impl Host for State {
    fn log(&mut self, level: Level, message: String) -> wasmtime::Result<()> {
        self.shared.meter.add_log(message.len() as u64 + MESSAGE_COST, &self.shared.limits)?;
        let level = match level {
            Level::Debug => "debug",
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
        };
        self.log.push(LogLine { level, message: cut(&message, MAX_MESSAGE) });
        Ok(())
    }

    /// The host counts the tasks it hands out, so there is nothing to learn from it yet.
    fn progress(&mut self, _done: u64) -> wasmtime::Result<()> {
        Ok(())
    }

    fn lost(&mut self, task: u64, object: Option<String>, code: String, detail: String) -> wasmtime::Result<()> {
        if !is_code(&code) {
            let shown = cut(&code, 80);
            return Err(Violation(format!("diagnostics.lost: the code '{shown}' is not kebab-case of at most 64 letters")).into());
        }
        self.losses.add(code, || Loss { task, object: object.map(|id| cut(&id, 100)), detail: cut(&detail, MAX_DETAIL) });
        Ok(())
    }
}
