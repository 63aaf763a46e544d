//! The parent of a child that compiles.

use super::child::{CODE, ERROR, NOT_CONFINED};
use super::{CompileError, CompileLimits};
use crate::child::ChildProgram;
use crate::child::process::{Broken, End, Patience, Process};
use crate::child::program::COMPILE;
use crate::limits::{Bytes, LimitExceeded, LimitName};
use crate::shared::Cancel;
use crate::stderr::{cut, printable};
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::time::Instant;

/// Bytes kept of what a compiler says against a component.
const MAX_WORDS: usize = 4 << 10;
/// Bytes that are read at once.
const PIECE: usize = 1 << 20;

/// What a child answered.
enum Answer {
    Code(Vec<u8>),
    Error(String),
    TooLarge,
    /// Nothing, or not all.
    None,
}

/// Compiles in a child.
pub(super) fn compile(program: &ChildProgram, limits: &CompileLimits, wasm: &[u8]) -> Result<Vec<u8>, CompileError> {
    let broken = |error: io::Error| failed(format!("the process that compiles, {}: {error}", program.path().display()));
    let args = [limits.cpu.as_secs().max(1).to_string(), limits.memory.to_string()];
    let mut process = Process::start(program, COMPILE, args, Vec::new()).map_err(broken)?;
    let answer = match talk(&mut process, limits, wasm) {
        Ok(answer) => answer,
        Err(Broken::Closed | Broken::Cancelled) => Answer::None,
        Err(Broken::TimeOut) => return Err(too_much(format!("it takes longer than the {} s that are allowed", limits.wall_time.as_secs_f64()))),
        Err(Broken::Io(error)) => return Err(broken(error)),
    };
    match answer {
        Answer::TooLarge => Err(too_much(format!("it becomes more than the {} of machine code that are allowed", Bytes(limits.code)))),
        Answer::Error(problem) => Err(failed(problem)),
        Answer::Code(code) => match process.end().map_err(broken)? {
            End { status, .. } if status.success() => Ok(code),
            end => Err(why(&end, limits)),
        },
        Answer::None => Err(why(&process.end().map_err(broken)?, limits)),
    }
}

fn talk(process: &mut Process, limits: &CompileLimits, wasm: &[u8]) -> Result<Answer, Broken> {
    let patience = Patience { until: Instant::now() + limits.wall_time, cancel: Cancel::default() };
    process.write_all(wasm, &patience)?;
    process.close_input();
    let mut kind = [0];
    if process.read(&mut kind, &patience)? == 0 {
        return Ok(Answer::None);
    }
    let longest = match kind {
        [CODE] => limits.code,
        [ERROR] => MAX_WORDS as u64,
        _ => return Ok(Answer::None),
    };
    let (mut answer, mut length) = (Vec::new(), 0);
    loop {
        answer.resize(length + PIECE, 0);
        let count = process.read(&mut answer[length..], &patience)?;
        length += count;
        if count == 0 || length as u64 > longest {
            break;
        }
    }
    answer.truncate(length);
    Ok(match kind {
        [ERROR] => Answer::Error(printable(cut(&String::from_utf8_lossy(&answer), MAX_WORDS))),
        _ if length as u64 > longest => Answer::TooLarge,
        _ => Answer::Code(answer),
    })
}

/// Why a child gave no answer: mostly, because it was at the end of a limit.
fn why(end: &End, limits: &CompileLimits) -> CompileError {
    let (signal, code) = (end.status.signal(), end.status.code());
    if code == Some(i32::from(NOT_CONFINED)) {
        return failed(format!("the process that compiles cannot be confined on this system: {}", end.stderr));
    }
    if signal == Some(libc::SIGXCPU) {
        return too_much(format!("it takes more than the {} s of CPU time that are allowed", limits.cpu.as_secs().max(1)));
    }
    // How Rust says that there is no more memory, before it gives up.
    if end.stderr.contains("memory allocation of") || end.stderr.contains("Cannot allocate memory") {
        return too_much(format!("it takes more than the {} of memory that are allowed", Bytes(limits.memory)));
    }
    failed(format!("the process that compiles ended with {end}"))
}

fn too_much(problem: String) -> CompileError {
    CompileError::Limit(LimitExceeded::new(LimitName::Compile, problem))
}

fn failed(problem: String) -> CompileError {
    CompileError::Failed(wasmtime::Error::msg(problem))
}
