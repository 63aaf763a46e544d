//! Chunks out to workers, results back in order.
//!
//! A window bounds how many chunks are on their way, so memory does not depend on the input, and a slow bucket slows the reader down.

use crate::job::progress::Progress;
use crate::source::Source;
use ango_model::InputError;
use ango_model::stream::{Buffers, CHUNK_BYTES, Chunk};
use ango_runtime::Cancel;
use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

/// A chunk with its number in the whole input.
#[derive(Debug)]
pub(super) struct Numbered {
    pub(super) number: u32,
    pub(super) part: usize,
    pub(super) chunk: Chunk,
}

/// What the pump works on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Input<'a> {
    pub(super) source: &'a Source,
    pub(super) max_record: usize,
    pub(super) chunk_bytes: Option<usize>,
    pub(super) workers: usize,
    pub(super) cancel: &'a Cancel,
    pub(super) progress: &'a Progress,
}

/// Why the pump stopped early.
#[derive(Debug)]
pub(super) enum Stopped<E> {
    Input(InputError),
    Cancelled,
    Consumer(E),
}

impl<E> From<InputError> for Stopped<E> {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}

/// Reads the source, lets `work` loose on every chunk, and hands the results to `consume` in the order of the input. There is always at least one
/// chunk. Each worker has a state of its own.
pub(super) fn pump<S, R: Send, E>(
    input: Input<'_>,
    state: impl Fn() -> S + Send + Sync,
    work: impl Fn(&mut S, Numbered) -> R + Send + Sync,
    mut consume: impl FnMut(R) -> Result<(), E>,
) -> Result<(), Stopped<E>> {
    let workers = input.workers.max(1);
    let (state, work) = (Arc::new(state), Arc::new(work));
    let (chunk_sender, chunks) = sync_channel::<Numbered>(1);
    let (result_sender, results) = sync_channel::<(u32, Result<R, InputError>)>(workers);
    let (permit_sender, permits) = sync_channel::<()>(workers + 2);
    for _ in 0..workers + 2 {
        // The channel has just that capacity.
        let _ = permit_sender.send(());
    }
    // Held by the workers alone: when they are gone, the reader notices.
    let chunks = Arc::new(Mutex::new(chunks));
    std::thread::scope(move |scope| {
        let errors = result_sender.clone();
        scope.spawn(move || read(input, &permits, &chunk_sender, &errors));
        for _ in 0..workers {
            let results = result_sender.clone();
            let (chunks, state, work) = (Arc::clone(&chunks), Arc::clone(&state), Arc::clone(&work));
            scope.spawn(move || {
                let mut state = state();
                loop {
                    let next = chunks.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok(chunk) = next else { return };
                    let number = chunk.number;
                    if results.send((number, Ok(work(&mut state, chunk)))).is_err() {
                        return;
                    }
                }
            });
        }
        drop((result_sender, chunks));
        // Whatever way this returns, it drops its ends of the channels, and that ends the threads.
        in_order(results, permit_sender, input.cancel, &mut consume)
    })
}

fn read<R>(input: Input<'_>, permits: &Receiver<()>, chunks: &SyncSender<Numbered>, errors: &SyncSender<(u32, Result<R, InputError>)>) {
    let buffers = Buffers::default();
    let mut number = 0;
    let next = |part: usize, chunk: Chunk, number: &mut u32| {
        let sent = permits.recv().is_ok() && chunks.send(Numbered { number: *number, part, chunk }).is_ok();
        *number += 1;
        sent
    };
    for (part, opened) in input.source.parts().iter().enumerate() {
        let mut reader = match opened.open(input.progress.bytes(), input.max_record) {
            Ok(reader) => reader.with_buffers(buffers.clone()).with_chunk_bytes(input.chunk_bytes.unwrap_or(CHUNK_BYTES)),
            Err(error) => {
                let _ = errors.send((number, Err(error)));
                return;
            }
        };
        loop {
            match reader.next_chunk() {
                Ok(Some(chunk)) => {
                    if !next(part, chunk, &mut number) {
                        return;
                    }
                }
                Ok(None) => break,
                Err(error) => {
                    let _ = errors.send((number, Err(error)));
                    return;
                }
            }
        }
    }
    if number == 0 {
        next(0, Chunk::empty(), &mut number);
    }
}

fn in_order<R, E>(
    results: Receiver<(u32, Result<R, InputError>)>,
    permits: SyncSender<()>,
    cancel: &Cancel,
    consume: &mut impl FnMut(R) -> Result<(), E>,
) -> Result<(), Stopped<E>> {
    let mut waiting = BTreeMap::new();
    let mut turn = 0;
    while let Ok((number, result)) = results.recv() {
        waiting.insert(number, result);
        while let Some(result) = waiting.remove(&turn) {
            if cancel.is_cancelled() {
                return Err(Stopped::Cancelled);
            }
            consume(result?).map_err(Stopped::Consumer)?;
            turn += 1;
            // The reader may be done and gone.
            let _ = permits.try_send(());
        }
    }
    if cancel.is_cancelled() { Err(Stopped::Cancelled) } else { Ok(()) }
}
