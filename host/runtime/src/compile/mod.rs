//! Compiling, which is the one step that no fuel and no memory limit of the sandbox covers.
//!
//! A scan refuses what is out of all proportion ([`crate::scan`]), but a compiler's time is more than a sum of sizes. So a component is compiled in a child that has limits of its own, and of
//! which nothing but its answer comes back.

#[cfg(unix)]
mod child;
#[cfg(unix)]
mod parent;

#[cfg(unix)]
pub(crate) use child::serve;

use crate::child::ChildProgram;
use crate::limits::LimitExceeded;
use std::time::Duration;

/// What compiling one component may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompileLimits {
    /// CPU time of all threads, in whole seconds. The largest honest components (Python, 18 MB) take 10 to 20 s.
    pub cpu: Duration,
    /// Time on the clock: more than the CPU time, because a busy machine gives less than one core.
    pub wall_time: Duration,
    /// Bytes of memory that the compiler writes to. A Python component takes 0.4 GB on two cores, and more threads take more.
    pub memory: u64,
    /// Bytes of machine code. It is about twice the component, which is at most 64 MiB.
    pub code: u64,
}

impl Default for CompileLimits {
    fn default() -> Self {
        Self { cpu: Duration::from_secs(120), wall_time: Duration::from_secs(600), memory: 4 << 30, code: 512 << 20 }
    }
}

/// Where components are compiled.
#[derive(Debug, Clone)]
pub(crate) enum Compiler {
    /// In this process.
    Here,
    /// In a child for each.
    Child(ChildProgram, CompileLimits),
}

/// Why there is no machine code.
#[derive(Debug)]
pub(crate) enum CompileError {
    /// It would take more than is allowed.
    Limit(LimitExceeded),
    /// The component is not valid, or the compiler or its process failed.
    Failed(wasmtime::Error),
}

impl Compiler {
    /// Compiles a component that was scanned.
    pub(crate) fn compile(&self, wasm: &[u8]) -> Result<Vec<u8>, CompileError> {
        match self {
            #[cfg(unix)]
            Self::Child(program, limits) => parent::compile(program, limits, wasm),
            // There are no such limits elsewhere.
            _ => compile_here(wasm).map_err(CompileError::Failed),
        }
    }
}

fn compile_here(wasm: &[u8]) -> wasmtime::Result<Vec<u8>> {
    wasmtime::Engine::new(&crate::engine::config())?.precompile_component(wasm)
}
