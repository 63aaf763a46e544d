//! What is under way: the connections of the service, and the requests of a connection, from their head to the last byte of their answer.

use axum::body::{Body, Bytes};
use hyper::body::{Frame, SizeHint};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::watch;

/// How many there are.
#[derive(Debug, Clone, Default)]
pub struct Busy(watch::Sender<usize>);

/// One of them. It is over when this is dropped.
#[derive(Debug)]
pub struct UnderWay(watch::Sender<usize>);

/// The body of an answer, with the request that it is of.
struct Sending {
    body: Body,
    _of: UnderWay,
}

impl Busy {
    /// Something begins.
    pub fn begin(&self) -> UnderWay {
        self.0.send_modify(|count| *count += 1);
        UnderWay(self.0.clone())
    }

    /// Waits until nothing was under way for so long.
    pub async fn idle(&self, time: Duration) {
        let mut count = self.0.subscribe();
        loop {
            // The sender lives as long as `self`.
            let _ = count.wait_for(|count| *count == 0).await;
            // One that comes and goes meanwhile begins the time anew.
            if tokio::time::timeout(time, count.changed()).await.is_err() {
                return;
            }
        }
    }
}

impl UnderWay {
    /// The request is over when this body was sent, or will not be.
    pub fn until_sent(self, body: Body) -> Body {
        Body::new(Sending { body, _of: self })
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

impl hyper::body::Body for Sending {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_under_way_is_waited_for() {
        let busy = Busy::default();
        let (first, body) = (busy.begin(), busy.begin().until_sent(Body::from("x")));
        let goes_on = async || tokio::time::timeout(Duration::from_millis(50), busy.idle(Duration::ZERO)).await.is_err();
        assert!(goes_on().await);
        drop(first);
        assert!(goes_on().await, "the answer of the other is not sent");
        drop(body);
        busy.idle(Duration::ZERO).await;
    }
}
