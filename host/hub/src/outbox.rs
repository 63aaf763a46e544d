//! What Hub is to be told over a WebSocket, kept while there is none.
//!
//! Hub acknowledges nothing. So the end of a run counts as told only when Hub has pinged twice after it was sent; when the connection is lost before, it is told again. Lines of logs are told
//! once: of many, the oldest are given up.

use crate::packet::event_text;
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Lines of logs that are kept.
const MAX_LINES: usize = 2000;
/// Ends of runs that are kept. A Hub that has not been there for so many of them has given them up.
const MAX_RESPONSES: usize = 10_000;
/// Pings after which something counts as told.
const PINGS: u64 = 2;

/// What waits to be told, of one plugin.
#[derive(Debug, Default)]
pub struct Outbox {
    inner: Mutex<Inner>,
    filled: Notify,
}

#[derive(Debug, Default)]
struct Inner {
    waiting: VecDeque<Outgoing>,
    lines: usize,
    /// Ends of runs that were sent, and after which ping.
    sent: VecDeque<(u64, Value)>,
    pings: u64,
}

#[derive(Debug)]
enum Outgoing {
    Log(Value),
    Response(Value),
}

impl Outbox {
    /// Adds a line of a log.
    pub fn log(&self, line: Value) {
        let mut inner = self.lock();
        if inner.lines >= MAX_LINES {
            let oldest = inner.waiting.iter().position(|waiting| matches!(waiting, Outgoing::Log(_)));
            oldest.and_then(|index| inner.waiting.remove(index));
        } else {
            inner.lines += 1;
        }
        inner.waiting.push_back(Outgoing::Log(line));
        drop(inner);
        self.filled.notify_one();
    }

    /// Adds the end of a run.
    pub fn respond(&self, response: Value) {
        let mut inner = self.lock();
        if inner.waiting.len() < MAX_LINES + MAX_RESPONSES {
            inner.waiting.push_back(Outgoing::Response(response));
        }
        drop(inner);
        self.filled.notify_one();
    }

    /// Waits until there is something, and takes it: a packet.
    pub async fn next(&self) -> String {
        loop {
            if let Some(packet) = self.take() {
                return packet;
            }
            self.filled.notified().await;
        }
    }

    /// Takes what is next.
    pub fn take(&self) -> Option<String> {
        let mut inner = self.lock();
        match inner.waiting.pop_front()? {
            Outgoing::Log(line) => {
                inner.lines -= 1;
                Some(event_text("log", &line))
            }
            Outgoing::Response(response) => {
                let text = event_text("response", &response);
                let pings = inner.pings;
                inner.sent.push_back((pings, response));
                Some(text)
            }
        }
    }

    /// Whether there is nothing to be told.
    pub fn is_empty(&self) -> bool {
        self.lock().waiting.is_empty()
    }

    /// Hub is still there: what was sent long enough ago has arrived.
    pub fn pinged(&self) {
        let mut inner = self.lock();
        inner.pings += 1;
        let pings = inner.pings;
        inner.sent.retain(|(after, _)| after + PINGS > pings);
    }

    /// The connection is lost: what may not have arrived is told again, first of all.
    pub fn lost(&self) {
        let mut inner = self.lock();
        while let Some((_, response)) = inner.sent.pop_back() {
            inner.waiting.push_front(Outgoing::Response(response));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn all(outbox: &Outbox) -> Vec<String> {
        std::iter::from_fn(|| outbox.take()).collect()
    }

    #[test]
    fn ends_of_runs_are_told_again_until_hub_has_shown_that_it_is_there() {
        let outbox = Outbox::default();
        outbox.log(json!(1));
        outbox.respond(json!("a"));
        let (log, a, b) = (event_text("log", &json!(1)), event_text("response", &json!("a")), event_text("response", &json!("b")));
        assert_eq!(all(&outbox), [log, a.clone()]);
        outbox.pinged();
        outbox.respond(json!("b"));
        assert_eq!(all(&outbox), std::slice::from_ref(&b));
        outbox.lost();
        assert_eq!(all(&outbox), [a, b]);
        outbox.pinged();
        outbox.pinged();
        outbox.lost();
        assert!(all(&outbox).is_empty());
    }

    #[test]
    fn of_many_lines_the_oldest_are_given_up() {
        let outbox = Outbox::default();
        outbox.respond(json!("end"));
        (0..MAX_LINES + 10).for_each(|line| outbox.log(json!(line)));
        let told = all(&outbox);
        assert_eq!(
            (told.len(), told.first(), told.get(1)),
            (MAX_LINES + 1, Some(&event_text("response", &json!("end"))), Some(&event_text("log", &json!(10))))
        );
    }
}
