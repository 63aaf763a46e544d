//! What a chunk has to know of those before it: how many tasks and objects they hold, and which file names they took.
//!
//! Workers pass one by one, in the order of the input. A worker reaches the turnstile when it has parsed its chunk, so those before it are parsing or past it, and
//! nobody waits for long.

use ango_runtime::{FileNames, NameCandidate};
use std::sync::{Condvar, Mutex, PoisonError};

/// Where a chunk stands in the export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Position {
    /// Number of its first shard.
    pub(super) shard: u32,
    /// Tasks exported before.
    pub(super) tasks: u64,
    /// Objects of these tasks.
    pub(super) objects: u64,
    /// The name for each task of the chunk.
    pub(super) names: Vec<String>,
}

#[derive(Debug, Default)]
struct State {
    turn: u32,
    shards: u32,
    tasks: u64,
    objects: u64,
    names: FileNames,
    /// The first chunk that failed: nobody after it will ever know its position. Those before it still do, and one of them may have an error that comes first.
    broken: Option<u32>,
}

#[derive(Debug, Default)]
pub(super) struct Turnstile {
    state: Mutex<State>,
    moved: Condvar,
}

/// A chunk's right to pass. Dropped without passing, it closes the turnstile for all that come later.
#[derive(Debug)]
pub(super) struct Ticket<'a> {
    turnstile: &'a Turnstile,
    number: u32,
    used: bool,
}

impl Turnstile {
    pub(super) fn ticket(&self, number: u32) -> Ticket<'_> {
        Ticket { turnstile: self, number, used: false }
    }
}

impl Ticket<'_> {
    /// Waits for the chunk's turn and takes its position; `None` when an earlier chunk failed. `candidates` holds a name and the task id of each task; it is empty when
    /// nobody needs names.
    pub(super) fn pass(mut self, tasks: u64, objects: u64, shards: u32, candidates: Vec<(NameCandidate, &str)>) -> Option<Position> {
        self.used = true;
        let lock = self.turnstile.state.lock().unwrap_or_else(PoisonError::into_inner);
        let is_lost = |state: &State| state.broken.is_some_and(|broken| broken < self.number);
        let mut state =
            self.turnstile.moved.wait_while(lock, |state| state.turn != self.number && !is_lost(state)).unwrap_or_else(PoisonError::into_inner);
        if is_lost(&state) {
            return None;
        }
        let names = candidates.into_iter().map(|(candidate, task)| state.names.assign(candidate, task)).collect();
        let position = Position { shard: state.shards, tasks: state.tasks, objects: state.objects, names };
        state.shards += shards;
        state.tasks += tasks;
        state.objects += objects;
        state.turn += 1;
        self.turnstile.moved.notify_all();
        Some(position)
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        if !self.used {
            let mut state = self.turnstile.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.broken = Some(state.broken.map_or(self.number, |broken| broken.min(self.number)));
            drop(state);
            self.turnstile.moved.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_pass_in_order_and_add_up() {
        let turnstile = Turnstile::default();
        std::thread::scope(|scope| {
            let later = scope.spawn(|| turnstile.ticket(1).pass(10, 20, 1, vec![(NameCandidate::new("a.jpg", "", "t"), "t")]));
            let first = turnstile.ticket(0).pass(1, 2, 2, vec![(NameCandidate::new("a.png", "", "s"), "s")]);
            assert_eq!(first, Some(Position { shard: 0, tasks: 0, objects: 0, names: vec!["a.png".into()] }));
            assert_eq!(later.join().ok().flatten(), Some(Position { shard: 2, tasks: 1, objects: 2, names: vec!["a-t.jpg".into()] }));
        });
        drop(turnstile.ticket(2));
        assert_eq!(turnstile.ticket(3).pass(0, 0, 0, vec![]), None);
    }

    #[test]
    fn a_chunk_that_fails_early_does_not_stop_those_before_it() {
        let turnstile = Turnstile::default();
        drop(turnstile.ticket(2));
        drop(turnstile.ticket(3));
        assert!(turnstile.ticket(0).pass(1, 0, 1, vec![]).is_some());
        assert_eq!(turnstile.ticket(4).pass(1, 0, 1, vec![]), None);
        assert_eq!(turnstile.ticket(1).pass(1, 0, 1, vec![]).map(|position| position.tasks), Some(1));
    }
}
