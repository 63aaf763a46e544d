//! How a run ended.

use super::{line, several, words};
use crate::error::{Context, RunError};
use crate::job::{ShardFailure, ShardResult};
use crate::limits::{LimitExceeded, LimitName, Limits};
use crate::losses::{EXAMPLES, LogLine, Loss, Losses, MAX_CODES, MAX_DETAIL, is_code};
use crate::stderr::{cut, printable, printable_line};
use ango_packed::write::{case, list, option, text, u64};
use ango_packed::{Malformed, Reader, Unpack};

pub(super) fn run_error(out: &mut Vec<u8>, error: &RunError) {
    match error {
        RunError::Limit { limit, context } => {
            case(out, 0);
            limit_exceeded(out, limit);
            put_context(out, context);
        }
        RunError::Trap { reason, context } => {
            case(out, 1);
            text(out, reason);
            put_context(out, context);
        }
        RunError::Contract { problem, context } => {
            case(out, 2);
            text(out, problem);
            put_context(out, context);
        }
        RunError::Options { pointer, reason } => {
            case(out, 3);
            text(out, pointer);
            text(out, reason);
        }
        RunError::Input(reason) => {
            case(out, 4);
            text(out, reason);
        }
        RunError::Failed { message, context } => {
            case(out, 5);
            text(out, message);
            put_context(out, context);
        }
        RunError::Host(problem) | RunError::Isolation(problem) => {
            case(out, 6);
            text(out, problem);
        }
        RunError::Cancelled => case(out, 7),
    }
}

impl Unpack for RunError {
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(match u8::unpack(from)? {
            0 => Self::Limit { limit: Unpack::unpack(from)?, context: Unpack::unpack(from)? },
            1 => Self::Trap { reason: words(from)?, context: Unpack::unpack(from)? },
            2 => Self::Contract { problem: words(from)?, context: Unpack::unpack(from)? },
            3 => Self::Options { pointer: line(from, 200)?, reason: words(from)? },
            4 => Self::Input(words(from)?),
            5 => Self::Failed { message: words(from)?, context: Unpack::unpack(from)? },
            6 => Self::Host(words(from)?),
            7 => Self::Cancelled,
            _ => return Err(Malformed),
        })
    }
}

/// Guest frames that are shown, at most. The engine gives fewer.
const MAX_FRAMES: usize = 100;
/// Bytes of a frame's name.
const MAX_FRAME: usize = 800;
/// Bytes of a guest's stderr.
const MAX_STDERR: usize = 16 << 10;

fn put_context(out: &mut Vec<u8>, context: &Context) {
    list(out, &context.backtrace, |out, frame| text(out, frame));
    text(out, &context.stderr);
}

impl Unpack for Context {
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let backtrace = several::<String>(from, MAX_FRAMES)?.iter().map(|frame| printable(cut(frame, MAX_FRAME))).collect();
        Ok(Self { backtrace, stderr: printable(cut(&String::unpack(from)?, 3 * MAX_STDERR)) })
    }
}

/// Every name, by its number on the wire.
const LIMITS: [LimitName; 9] = [
    LimitName::Memory,
    LimitName::Fuel,
    LimitName::WallTime,
    LimitName::OutputBytes,
    LimitName::OutputFiles,
    LimitName::LogBytes,
    LimitName::Path,
    LimitName::Handles,
    LimitName::Compile,
];

pub(super) fn limit_exceeded(out: &mut Vec<u8>, limit: &LimitExceeded) {
    case(out, LIMITS.iter().position(|name| *name == limit.name).unwrap_or(LIMITS.len()) as u8);
    text(out, &limit.problem);
}

impl Unpack for LimitExceeded {
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let name = *LIMITS.get(usize::from(u8::unpack(from)?)).ok_or(Malformed)?;
        Ok(Self::new(name, words(from)?))
    }
}

const LEVELS: [&str; 4] = ["debug", "info", "warning", "error"];

pub(in crate::isolate) fn done(result: &ShardResult) -> Vec<u8> {
    let mut out = Vec::new();
    for number in [result.tasks, result.fuel, result.peak_memory] {
        u64(&mut out, number);
    }
    let codes: Vec<_> = result.losses.iter().collect();
    list(&mut out, &codes, |out, (code, count, examples)| {
        text(out, code);
        u64(out, *count);
        list(out, examples, |out, loss: &Loss| {
            u64(out, loss.task);
            option(out, loss.object.as_deref(), text);
            text(out, &loss.detail);
        });
    });
    list(&mut out, &result.log, |out, line: &LogLine| {
        case(out, LEVELS.iter().position(|level| *level == line.level).unwrap_or_default() as u8);
        text(out, &line.message);
    });
    out
}

/// Bytes that [`done`] can make of an honest run: every code with all of its examples, and every byte of the log as a character of three.
pub(in crate::isolate) fn longest_done(limits: &Limits) -> u64 {
    (64 << 20) + limits.log_bytes.saturating_mul(4)
}

impl Unpack for ShardResult {
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let (tasks, fuel, peak_memory) = (u64::unpack(from)?, u64::unpack(from)?, u64::unpack(from)?);
        let mut losses = Losses::default();
        let codes = u32::unpack(from)? as usize;
        if codes > MAX_CODES {
            return Err(Malformed);
        }
        for _ in 0..codes {
            let code = String::unpack(from)?;
            if !is_code(&code) {
                return Err(Malformed);
            }
            let count = u64::unpack(from)?;
            let examples = several::<Loss>(from, EXAMPLES)?;
            // Each example is one of those that are counted.
            let more = count.checked_sub(examples.len() as u64).ok_or(Malformed)?;
            examples.into_iter().for_each(|loss| losses.add(code.clone(), || loss));
            losses.count(code, more);
        }
        Ok(Self { tasks, losses, log: several(from, usize::MAX)?, fuel, peak_memory })
    }
}

impl Unpack for Loss {
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let task = u64::unpack(from)?;
        let object = Option::<String>::unpack(from)?.map(|id| printable_line(&id, 300));
        Ok(Self { task, object, detail: line(from, MAX_DETAIL)? })
    }
}

impl Unpack for LogLine {
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let level = LEVELS.get(usize::from(u8::unpack(from)?)).ok_or(Malformed)?;
        Ok(Self { level, message: words(from)? })
    }
}

pub(in crate::isolate) fn failed(failure: &ShardFailure) -> Vec<u8> {
    let mut out = Vec::new();
    u64(&mut out, failure.fuel);
    u64(&mut out, failure.peak_memory);
    run_error(&mut out, &failure.error);
    out
}

impl Unpack for ShardFailure {
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let (fuel, peak_memory) = (u64::unpack(from)?, u64::unpack(from)?);
        Ok(Self { error: Unpack::unpack(from)?, fuel, peak_memory })
    }
}
