//! A look at a component before it is compiled.
//!
//! Compiling is the one step that no fuel and no memory limit covers: a small file can hold the compiler for minutes, and a component of many instances
//! takes host memory that its own limit does not see. So sizes are counted first, which takes milliseconds. The bounds leave room above what Rust, Python and
//! JavaScript components need (265, 13,000 and 13,000 functions; up to 110 core instances).

use wasmparser::{Parser, Payload};

/// Counted up when a bound becomes lower: what was compiled before is scanned and compiled again then.
pub(crate) const VERSION: u32 = 1;

/// Functions in all modules.
const MAX_FUNCTIONS: u64 = 100_000;
/// Bytes of one function: the compiler's time grows faster than its input.
const MAX_BODY: usize = 1 << 20;
/// Locals of one function, parameters not counted.
const MAX_LOCALS: u64 = 2_000;
/// Core modules.
const MAX_MODULES: u64 = 128;
/// Instances of core modules.
const MAX_INSTANCES: u64 = 512;
/// Components in components.
const MAX_DEPTH: usize = 8;
/// Host memory that instances may take besides their linear memories, by estimate.
const MAX_STATE: u64 = 256 << 20;
/// What a global and a function take in each instance.
const GLOBAL: u64 = 16;
const FUNCTION: u64 = 32;

#[derive(Debug, Default)]
struct Count {
    functions: u64,
    modules: u64,
    instances: u64,
    depth: usize,
    /// Host memory of an instance of the current module, and of the largest.
    state: u64,
    largest: u64,
}

/// Counts what is in a component.
///
/// # Errors
/// Which bound it exceeds, or that it is not valid at all.
pub fn scan(wasm: &[u8]) -> Result<(), String> {
    let mut count = Count::default();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.map_err(|error| format!("is not a valid component: {error}"))?;
        count.add(&payload).map_err(|error| format!("is not a valid component: {error}"))?;
        count.check()?;
        if let Payload::CodeSectionEntry(body) = &payload {
            let bytes = body.range().len();
            if bytes > MAX_BODY {
                return Err(format!("holds a function of {bytes} bytes, allowed are {MAX_BODY}"));
            }
            let locals = body.get_locals_reader().map_err(|error| format!("is not a valid component: {error}"))?;
            let locals: u64 = locals.into_iter().map(|entry| entry.map_or(0, |(count, _)| u64::from(count))).sum();
            if locals > MAX_LOCALS {
                return Err(format!("holds a function of {locals} locals, allowed are {MAX_LOCALS}"));
            }
        }
    }
    Ok(())
}

impl Count {
    fn add(&mut self, payload: &Payload<'_>) -> Result<(), wasmparser::BinaryReaderError> {
        match payload {
            Payload::ModuleSection { .. } => {
                self.modules += 1;
                self.depth += 1;
                self.state = 0;
            }
            Payload::ComponentSection { .. } => self.depth += 1,
            Payload::End(_) => self.depth = self.depth.saturating_sub(1),
            Payload::InstanceSection(instances) => self.instances += u64::from(instances.count()),
            Payload::FunctionSection(functions) => {
                self.functions += u64::from(functions.count());
                self.state += FUNCTION * u64::from(functions.count());
            }
            Payload::ImportSection(imports) => self.state += FUNCTION * u64::from(imports.count()),
            Payload::GlobalSection(globals) => self.state += GLOBAL * u64::from(globals.count()),
            _ => {}
        }
        self.largest = self.largest.max(self.state);
        Ok(())
    }

    fn check(&self) -> Result<(), String> {
        for (what, count, allowed) in [
            ("functions", self.functions, MAX_FUNCTIONS),
            ("core modules", self.modules, MAX_MODULES),
            ("core instances", self.instances, MAX_INSTANCES),
        ] {
            if count > allowed {
                return Err(format!("holds {count} {what}, allowed are {allowed}"));
            }
        }
        if self.depth > MAX_DEPTH {
            return Err(format!("nests components deeper than {MAX_DEPTH} levels"));
        }
        let state = self.largest.saturating_mul(self.instances);
        if state > MAX_STATE {
            return Err(format!("would take {} MB of the host for its instances, allowed are {} MB", state >> 20, MAX_STATE >> 20));
        }
        Ok(())
    }
}
