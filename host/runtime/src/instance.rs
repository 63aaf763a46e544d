//! One instance of a plugin: from its first memory to the word for how it ended.

use crate::bindings::ango::converter::description::Info as WitInfo;
use crate::bindings::{ConverterPre, Failure};
use crate::engine::{Engine, FUEL_YIELD_INTERVAL};
use crate::error::{Context, RunError};
use crate::host::archive::{Files, HostFailure};
use crate::host::feed::{Block, Cursor, Feed};
use crate::host::output::{Output, OutputError, Target};
use crate::host::{State, Violation};
use crate::job::{ShardFailure, ShardResult};
use crate::limits::{LimitExceeded, LimitName, Limits};
use crate::project::ProjectForPlugin;
use crate::shared::{Cancel, Shared};
use crate::stderr::{cut, printable, printable_line};
use std::future::Future;
use std::sync::{Arc, Mutex};
use wasmtime::{Store, Trap, WasmBacktrace};

/// Bytes kept of what a plugin says about its failure.
pub(crate) const MAX_WORDS: usize = 8 << 10;
/// Bytes kept of the name of one of its functions.
const MAX_NAME: usize = 200;

/// Converts one shard in a fresh instance.
pub(crate) async fn convert(engine: &Engine, component: &ConverterPre<State>, options: &str, state: State) -> Result<ShardResult, ShardFailure> {
    let mut store = new_store(engine, state).map_err(|error| ShardFailure { error, fuel: 0, peak_memory: 0 })?;
    let result = call_convert(&mut store, component, options).await;
    let left = store.get_fuel().unwrap_or(0);
    let state = store.into_data();
    let (fuel, peak_memory) = (state.fuel.saturating_sub(left), state.memory.peak());
    match result {
        Ok(()) => Ok(ShardResult { tasks: state.input.tasks(), losses: state.losses, log: state.log, fuel, peak_memory }),
        Err(error) => Err(ShardFailure { error, fuel, peak_memory }),
    }
}

async fn call_convert(store: &mut Store<State>, component: &ConverterPre<State>, options: &str) -> Result<(), RunError> {
    let shared = Arc::clone(&store.data().shared);
    let call = async {
        let instance = component.instantiate_async(&mut *store).await?;
        let answer = instance.call_convert(&mut *store, options).await?;
        // A plugin may return while its export is still being read; whether it was the end shows when the next tasks come, or none.
        let is_complete = answer.is_err() || store.data_mut().input.is_exhausted().await;
        Ok((answer, is_complete))
    };
    let (answer, is_complete) = match guarded(&shared, call).await {
        Ok(answer) => answer,
        Err(ended) => return Err(classify(ended, store)),
    };
    let state = store.data_mut();
    let words = |text: &str| printable(cut(text, MAX_WORDS));
    let context = || Context { backtrace: Vec::new(), stderr: state.stderr.text() };
    match answer {
        Err(Failure::Options(error)) => {
            return Err(RunError::Options { pointer: printable_line(&error.pointer, 200), reason: words(&error.reason) });
        }
        Err(Failure::Input(reason)) => return Err(RunError::Input(words(&reason))),
        Err(Failure::Failed(message)) => return Err(RunError::Failed { message: words(&message), context: context() }),
        Ok(()) => {}
    }
    if let Some(file) = state.files.unfinished() {
        return Err(RunError::Contract { problem: format!("{file} was never finished"), context: context() });
    }
    if !is_complete {
        let problem = format!("it returned after {} tasks without reading to the end", state.input.tasks());
        return Err(RunError::Contract { problem, context: context() });
    }
    Ok(())
}

fn new_store(engine: &Engine, mut state: State) -> Result<Store<State>, RunError> {
    let base = state.shared.limits.fuel_base;
    state.fuel = base;
    let handles = state.shared.limits.handles as usize;
    let mut store = Store::new(engine.runner(), state);
    let host = |error: wasmtime::Error| RunError::Host(format!("{error:#}"));
    // Before instantiation: first memories and start functions count as well.
    store.limiter(|state| &mut state.memory);
    store.set_fuel(base).map_err(host)?;
    store.fuel_async_yield_interval(Some(FUEL_YIELD_INTERVAL)).map_err(host)?;
    // What one call may carry from the guest. Its memory limits it too, but not what a list of empty strings becomes here.
    store.set_hostcall_fuel(64 << 20);
    store.set_max_component_handles(handles + 64);
    Ok(store)
}

/// Why a guarded call was given up.
enum Ended {
    Guest(wasmtime::Error),
    TimeOut,
    Cancelled,
}

async fn guarded<T>(shared: &Shared, call: impl Future<Output = wasmtime::Result<T>>) -> Result<T, Ended> {
    tokio::select! {
        biased;
        () = shared.cancel.cancelled() => Err(Ended::Cancelled),
        () = tokio::time::sleep_until(shared.deadline) => Err(Ended::TimeOut),
        answer = call => answer.map_err(Ended::Guest),
    }
}

/// Says how a guest ended. The store is not used again.
fn classify(ended: Ended, store: &mut Store<State>) -> RunError {
    let state = store.data_mut();
    let mut context = Context { backtrace: Vec::new(), stderr: state.stderr.text() };
    let error = match ended {
        Ended::Cancelled => return RunError::Cancelled,
        Ended::TimeOut => {
            let problem = format!("the run took longer than {} s", state.shared.limits.wall_time.as_secs_f64());
            return RunError::Limit { limit: LimitExceeded::new(LimitName::WallTime, problem), context };
        }
        Ended::Guest(error) => error,
    };
    if let Some(trace) = error.downcast_ref::<WasmBacktrace>() {
        context.backtrace = trace
            .frames()
            .iter()
            .map(|frame| {
                // A stranger's name must not pass for a line of ours, and may be as large as its component.
                frame.func_name().map_or_else(|| format!("function {}", frame.func_index()), |name| printable_line(without_hash(name), MAX_NAME))
            })
            .collect();
    }
    if state.shared.cancel.is_cancelled() {
        return RunError::Cancelled;
    }
    if let Some(limit) = error.downcast_ref::<LimitExceeded>() {
        return RunError::Limit { limit: limit.clone(), context };
    }
    if let Some(Violation(problem)) = error.downcast_ref::<Violation>() {
        return RunError::Contract { problem: problem.clone(), context };
    }
    if let Some(HostFailure(problem)) = error.downcast_ref::<HostFailure>() {
        return RunError::Host(problem.clone());
    }
    if let Some(Trap::OutOfFuel) = error.downcast_ref::<Trap>() {
        let problem = format!("all {} units are burnt after {} tasks", state.fuel, state.input.tasks());
        return RunError::Limit { limit: LimitExceeded::new(LimitName::Fuel, problem), context };
    }
    // Most guests crash when memory is denied; what they say then is not the reason.
    if let Some(limit) = state.memory.take_denied() {
        return RunError::Limit { limit, context };
    }
    if let Some(exit) = error.downcast_ref::<wasmtime_wasi::I32Exit>() {
        return RunError::Trap { reason: format!("it ended itself with status {}", exit.0), context };
    }
    if let Some(trap) = error.downcast_ref::<Trap>() {
        return RunError::Trap { reason: trap.to_string(), context };
    }
    let cause = printable_line(&error.root_cause().to_string(), 500);
    // Limits that the engine keeps for us have no types of their own.
    let name = match cause.as_str() {
        text if text.contains("handle limit") => LimitName::Handles,
        text if text.contains("resource limit exceeded") || text.contains("hostcall") => LimitName::Memory,
        _ => return RunError::Trap { reason: cause, context },
    };
    RunError::Limit { limit: LimitExceeded::new(name, cause), context }
}

/// A Rust name without its hash.
fn without_hash(name: &str) -> &str {
    let (rest, hash) = name.split_at(name.floor_char_boundary(name.len().saturating_sub(19)));
    if hash.len() == 19 && hash.starts_with("::h") { rest } else { name }
}

/// Refuses everything: `describe` has nothing to write.
struct NoOutput;

impl Output for NoOutput {
    fn create(&mut self, _: Target<'_>) -> Result<u32, OutputError> {
        Err(OutputError::Path("there is nothing to write before a run".into()))
    }

    fn write(&mut self, _: u32, _: &[u8]) -> Result<(), OutputError> {
        Ok(())
    }

    fn finish(&mut self, _: u32) -> Result<(), OutputError> {
        Ok(())
    }
}

/// Asks a component what it is, under tight limits and with nothing to read.
pub(crate) async fn describe(engine: &Engine, component: &ConverterPre<State>) -> Result<WitInfo, RunError> {
    let limits = Limits::describe();
    let shared = Arc::new(Shared::new(ProjectForPlugin::default(), limits, Cancel::default()));
    let feed = Feed::Shard(Arc::new(Block::default()));
    let state = State::new(Arc::clone(&shared), 0, Cursor::new(feed), Files::new(Arc::new(Mutex::new(NoOutput))));
    let mut store = new_store(engine, state)?;
    let call = async {
        let instance = component.instantiate_async(&mut store).await?;
        instance.call_describe(&mut store).await
    };
    let ended = guarded(&shared, call).await;
    ended.map_err(|ended| classify(ended, &mut store))
}
