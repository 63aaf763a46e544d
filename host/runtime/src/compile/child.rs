//! The child that compiles: a component in, machine code out.

use crate::child::confine::Confinement;
use std::ffi::OsString;
use std::io::{Read, Write};
use std::process::ExitCode;

/// The first byte of an answer.
pub(super) const CODE: u8 = 1;
pub(super) const ERROR: u8 = 0;

/// The status of a child that could not confine itself.
pub(super) const NOT_CONFINED: u8 = 3;

/// Compiles what comes from stdin. The arguments are seconds of CPU time and bytes of memory.
pub(crate) fn serve(args: impl Iterator<Item = OsString>) -> ExitCode {
    let limits: Vec<Option<u64>> = args.map(|arg| arg.to_str()?.parse().ok()).collect();
    let [Some(cpu), Some(memory)] = limits[..] else { return ExitCode::from(2) };
    let confinement = Confinement { cpu: Some(cpu), memory: Some(memory), threads: true, ..Confinement::default() };
    if let Err(problem) = confinement.apply() {
        eprintln!("{problem}");
        return ExitCode::from(NOT_CONFINED);
    }
    match compile() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn compile() -> std::io::Result<()> {
    let mut wasm = Vec::new();
    std::io::stdin().lock().read_to_end(&mut wasm)?;
    let answer = super::compile_here(&wasm);
    let mut stdout = std::io::stdout().lock();
    match answer {
        Ok(code) => {
            stdout.write_all(&[CODE])?;
            stdout.write_all(&code)?;
        }
        Err(error) => {
            stdout.write_all(&[ERROR])?;
            stdout.write_all(format!("{error:#}").as_bytes())?;
        }
    }
    stdout.flush()
}
