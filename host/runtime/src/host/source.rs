//! `source`: the tasks.
//!
//! Linked by hand instead of through the generated trait, because each call has something to do with the store first: to wait for tasks, and to let
//! the fuel grow with them.

use super::State;
use std::sync::Arc;
use wasmtime::StoreContextMut;
use wasmtime::component::Linker;

/// Most tasks in one batch, whatever a guest asks for.
const MAX_BATCH: u32 = 1024;
/// Most text in one batch: what fits into a processor's cache beside the rest.
const MAX_BATCH_BYTES: usize = 256 << 10;
/// Most bytes of NDJSON or packed tasks in one call, whatever a guest asks for.
const MAX_BYTES: u32 = 4 << 20;

pub(super) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    let mut source = linker.instance("ango:converter/source@0.1.0")?;
    source.func_wrap("get-project", |mut store: StoreContextMut<'_, State>, ()| {
        let project = Arc::clone(&store.data().shared.project.0);
        // Carrying a large ontology into the guest is work of the host's, which only fuel keeps in bounds.
        let classes = project.tools.len() + project.classifications.len() + project.relations.len();
        let cost = 1_000 + classes as u64 * 500;
        let left = store.get_fuel()?;
        store.set_fuel(left.saturating_sub(cost))?;
        Ok((project,))
    })?;
    source.func_wrap("shard", |store: StoreContextMut<'_, State>, ()| Ok((store.data().shard,)))?;
    source.func_wrap_async("next-batch", |mut store: StoreContextMut<'_, State>, (max,): (u32,)| {
        Box::new(async move {
            advance(&mut store).await?;
            Ok((store.data_mut().input.next_tasks(max.clamp(1, MAX_BATCH) as usize, MAX_BATCH_BYTES)?,))
        })
    })?;
    source.func_wrap_async("next-json", |mut store: StoreContextMut<'_, State>, (max_bytes,): (u32,)| {
        Box::new(async move {
            advance(&mut store).await?;
            Ok((store.data_mut().input.next_lines(max_bytes.min(MAX_BYTES) as usize),))
        })
    })?;
    source.func_wrap_async("next-packed", |mut store: StoreContextMut<'_, State>, (max_bytes,): (u32,)| {
        Box::new(async move {
            advance(&mut store).await?;
            Ok((store.data_mut().input.next_packed(max_bytes.min(MAX_BYTES) as usize),))
        })
    })?;
    source.func_wrap_async("next-tables", |mut store: StoreContextMut<'_, State>, (max_bytes, decimals): (u32, Option<u8>)| {
        Box::new(async move {
            advance(&mut store).await?;
            Ok((store.data_mut().input.next_tables(max_bytes.min(MAX_BYTES) as usize, decimals)?,))
        })
    })?;
    source.func_wrap_async("next-packed-rounded", |mut store: StoreContextMut<'_, State>, (max_bytes, decimals): (u32, u8)| {
        Box::new(async move {
            advance(&mut store).await?;
            Ok((store.data_mut().input.next_packed_rounded(max_bytes.min(MAX_BYTES) as usize, decimals)?,))
        })
    })?;
    Ok(())
}

/// Makes sure that there is a task to hand out, unless all were, and lets the fuel grow with the input.
async fn advance(store: &mut StoreContextMut<'_, State>) -> wasmtime::Result<()> {
    let (bytes, tasks) = store.data_mut().input.advance().await;
    if bytes > 0 {
        let shared = Arc::clone(&store.data().shared);
        shared.meter.add_input(bytes, tasks);
        let more = bytes.saturating_mul(shared.limits.fuel_per_byte);
        let left = store.get_fuel()?;
        store.set_fuel(left.saturating_add(more))?;
        let state = store.data_mut();
        state.fuel = state.fuel.saturating_add(more);
    }
    Ok(())
}
