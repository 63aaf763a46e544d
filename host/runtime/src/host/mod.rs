//! The host's side of the contract: one room for each interface that a plugin imports.

pub(crate) mod archive;
pub(crate) mod assets;
mod diagnostics;
pub(crate) mod feed;
pub(crate) mod output;
mod source;

use crate::bindings::ConverterPre;
use crate::bindings::ango::converter as wit;
use crate::engine::Engine;
use crate::limits::MemoryLimiter;
use crate::losses::{LogLine, Losses};
use crate::shared::Shared;
use crate::stderr::Tail;
use archive::Files;
use feed::Cursor;
use std::sync::Arc;
use wasmtime::component::{Component, HasSelf, Linker, ResourceTable};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

/// Everything that belongs to one instance of a plugin.
pub(crate) struct State {
    pub(crate) shared: Arc<Shared>,
    pub(crate) shard: u32,
    pub(crate) memory: MemoryLimiter,
    pub(crate) input: Cursor,
    pub(crate) files: Files,
    pub(crate) losses: Losses,
    pub(crate) log: Vec<LogLine>,
    pub(crate) stderr: Tail,
    /// Fuel given so far.
    pub(crate) fuel: u64,
    wasi: WasiCtx,
    table: ResourceTable,
}

impl State {
    pub(crate) fn new(shared: Arc<Shared>, shard: u32, input: Cursor, files: Files) -> Self {
        let stderr = Tail::default();
        Self {
            shard,
            memory: MemoryLimiter::new(shared.limits.memory),
            input,
            files,
            losses: Losses::default(),
            log: Vec::new(),
            wasi: crate::wasi::context(&stderr),
            stderr,
            fuel: 0,
            table: ResourceTable::new(),
            shared,
        }
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

/// A rule of the contract that a plugin broke; ends the run.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Violation(pub(crate) String);

/// Offers everything that a plugin may import.
fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    wasmtime_wasi::p2::add_to_linker_async(linker)?;
    wit::types::add_to_linker::<State, HasSelf<State>>(linker, |state| state)?;
    source::link(linker)?;
    wit::archive::add_to_linker::<State, HasSelf<State>>(linker, |state| state)?;
    wit::assets::add_to_linker::<State, HasSelf<State>>(linker, |state| state)?;
    wit::diagnostics::add_to_linker::<State, HasSelf<State>>(linker, |state| state)?;
    Ok(())
}

/// The component with everything that it imports, ready for instances.
pub(crate) fn prepare(engine: &Engine, component: &Component) -> wasmtime::Result<ConverterPre<State>> {
    let mut linker = Linker::new(engine.runner());
    link(&mut linker)?;
    linker.instantiate_pre(component).and_then(ConverterPre::new)
}

impl wit::types::Host for State {}
