//! The engine, locked down to what plugins need.
//!
//! Each setting has a reason. The proposals that are switched off have had security fixes of their own, and no guest toolchain needs them: components built
//! with Rust, componentize-py and componentize-js all run on this profile.

use crate::child::ChildProgram;
use crate::compile::{CompileLimits, Compiler};
use std::hash::{DefaultHasher, Hash, Hasher};
use wasmtime::{Config, WasmBacktraceDetails, WasmFeatures};

/// Fuel between two points at which a guest lets the host look whether it should go on: a few milliseconds.
pub(crate) const FUEL_YIELD_INTERVAL: u64 = 1_000_000;

/// Compiles and runs components.
///
/// What runs them cannot compile, so nothing that a run does can reach the compiler. Where strangers' components are compiled, that is done in a child ([`Engine::with_compiler`]).
#[derive(Clone)]
pub struct Engine {
    compiler: Compiler,
    runner: wasmtime::Engine,
    isolation: Option<ChildProgram>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("compatibility", &self.compatibility()).field("compiler", &self.compiler).finish()
    }
}

pub(crate) fn config() -> Config {
    let mut config = Config::new();
    // CPU time is counted in fuel: deterministic, and yielding while it burns gives cancellation.
    config.consume_fuel(true);
    // The guest's own stack, and what is left of the fiber's for host functions.
    config.max_wasm_stack(1 << 20);
    config.async_stack_size(2 << 20);
    config.async_stack_zeroing(true);
    // The same bits of NaN on every machine.
    config.cranelift_nan_canonicalization(true);
    // Names in backtraces, but no parsing of DWARF that a stranger wrote.
    config.wasm_backtrace_details(WasmBacktraceDetails::Disable);
    // Only native debuggers and exceptions need it; without it code is smaller and loads faster.
    config.native_unwind_info(false);
    config.concurrency_support(false);
    config.shared_memory(false);
    config.wasm_gc(false);
    config.wasm_tail_call(false);
    config.wasm_memory64(false);
    config.wasm_multi_memory(false);
    config.wasm_relaxed_simd(false);
    config.wasm_custom_page_sizes(false);
    config.wasm_wide_arithmetic(false);
    config.wasm_stack_switching(false);
    // On by default, and without a switch of its own in an engine that has no garbage collector.
    config.wasm_features(WasmFeatures::FUNCTION_REFERENCES, false);
    config
}

impl Engine {
    /// The engine. It compiles in this process: for components that are trusted.
    ///
    /// # Errors
    /// When the machine is one that the compiler has no backend for.
    pub fn new() -> Result<Self, wasmtime::Error> {
        Ok(Self { compiler: Compiler::Here, runner: wasmtime::Engine::new(config().enable_compiler(false))?, isolation: None })
    }

    /// The same engine, which compiles in children, each within these limits. Where there are no such limits (not on a Unix), it goes on to compile in this process.
    #[must_use]
    pub fn with_compiler(self, program: ChildProgram, limits: CompileLimits) -> Self {
        Self { compiler: Compiler::Child(program, limits), ..self }
    }

    /// The same engine, which runs plugins in children that have no credentials, no network and no files. A plugin that is loaded with it never runs in this process.
    ///
    /// # Errors
    /// Where processes cannot be confined: everywhere but on Linux.
    pub fn isolated(self, program: ChildProgram) -> std::io::Result<Self> {
        if cfg!(target_os = "linux") {
            return Ok(Self { isolation: Some(program), ..self });
        }
        let problem = "plugins run in processes of their own on Linux only: here, no process can be kept from files and the network";
        Err(std::io::Error::new(std::io::ErrorKind::Unsupported, problem))
    }

    pub(crate) fn isolation(&self) -> Option<&ChildProgram> {
        self.isolation.as_ref()
    }

    pub(crate) fn runner(&self) -> &wasmtime::Engine {
        &self.runner
    }

    pub(crate) fn compiler(&self) -> &Compiler {
        &self.compiler
    }

    /// A number that differs between engines that cannot load each other's machine code, or that accept other components.
    pub fn compatibility(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.runner.precompile_compatibility_hash().hash(&mut hasher);
        crate::scan::VERSION.hash(&mut hasher);
        hasher.finish()
    }
}
