//! Tries to speak to the terminal and to forge lines, in messages and in losses. All of it must come out as harmless text.

use crate::Ended;
use crate::behave;
use crate::bindings::ango::converter::diagnostics::{self, Level};

/// Clears the screen, sets the title, rings, starts a sequence with a C1 code, forges a line with and without a carriage return, and turns the
/// writing direction.
const HARM: &str = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\r\n{\"level\":\"error\",\"message\":\"forged\"}\rforged\u{2028}\u{202e}txt.exe\u{2066}";

pub(crate) fn run() -> Ended {
    diagnostics::log(Level::Warning, HARM);
    diagnostics::lost(0, Some(HARM), "escapes", HARM);
    eprintln!("{HARM}");
    behave::convert(64)
}
