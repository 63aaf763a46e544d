//! Runs that Hub has asked for, so that one that is asked for twice runs once.

use serde_json::Value;
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// Runs that have ended and are remembered.
const REMEMBERED: usize = 4096;

/// How a run ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Ended {
    /// What Hub was told.
    pub response: Value,
    /// Whether it has a result, and Hub knows.
    pub succeeded: bool,
}

/// A plugin's id and the run's.
type Key = (String, String);

/// The runs.
#[derive(Debug, Default)]
pub struct Sessions(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    known: HashMap<Key, watch::Receiver<Option<Ended>>>,
    ended: VecDeque<Key>,
}

/// Whose run it is.
#[derive(Debug)]
pub enum Claim {
    /// It is new: whoever has this runs it, and says here how it ended.
    New(watch::Sender<Option<Ended>>),
    /// Somebody runs it, or did.
    Known(watch::Receiver<Option<Ended>>),
}

impl Sessions {
    /// Claims a run. One without an id is always new.
    pub fn claim(&self, plugin: &str, session: &str) -> Claim {
        let (sender, receiver) = watch::channel(None);
        if session.is_empty() {
            return Claim::New(sender);
        }
        let key = (plugin.to_owned(), session.to_owned());
        let mut inner = self.lock();
        if let Some(known) = inner.known.get(&key) {
            return Claim::Known(known.clone());
        }
        inner.known.insert(key, receiver);
        Claim::New(sender)
    }

    /// A run has ended. It is remembered, until many others have ended as well.
    pub fn ended(&self, plugin: &str, session: &str) {
        if session.is_empty() {
            return;
        }
        let mut inner = self.lock();
        inner.ended.push_back((plugin.to_owned(), session.to_owned()));
        if inner.ended.len() > REMEMBERED
            && let Some(oldest) = inner.ended.pop_front()
        {
            inner.known.remove(&oldest);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_run_is_new_once() {
        let sessions = Sessions::default();
        let Claim::New(mine) = sessions.claim("p", "s") else { unreachable!("it is new") };
        let Claim::Known(known) = sessions.claim("p", "s") else { unreachable!("it is known") };
        assert!(matches!(sessions.claim("q", "s"), Claim::New(_)));
        assert!(matches!((sessions.claim("p", ""), sessions.claim("p", "")), (Claim::New(_), Claim::New(_))));
        let ended = Ended { response: json!({}), succeeded: true };
        mine.send_replace(Some(ended.clone()));
        sessions.ended("p", "s");
        assert_eq!(*known.borrow(), Some(ended));
        for other in 0..REMEMBERED {
            assert!(matches!(sessions.claim("p", &format!("{other}")), Claim::New(_)));
            sessions.ended("p", &format!("{other}"));
        }
        assert!(matches!(sessions.claim("p", "s"), Claim::New(_)));
    }
}
