//! One plugin's connection to Hub over a WebSocket, made again whenever it is lost.
//!
//! Each plugin has a connection of its own, as with the SDK, which opens one for each `ExportPlugin`. It could not be otherwise: what tells Hub which plugin is behind a connection is the
//! heartbeat alone, and a run that arrives does not say which plugin it is for.

use crate::backoff::Backoff;
use crate::event::{Event, Observer};
use crate::outbox::Outbox;
use crate::packet::{Packet, ack_text, event_text, join, leave, pong};
use crate::runner::Runner;
use crate::settings::Served;
use crate::voice::Channel;
use ango_runtime::printable_line;
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant as TokioInstant, MissedTickBehavior, interval_at, sleep, sleep_until, timeout};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error as WsError, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};
use url::Url;

/// How often Hub is told that a plugin is there.
const HEARTBEAT: Duration = Duration::from_secs(60);
/// How long joining may take, with everything that belongs to it.
const JOIN: Duration = Duration::from_secs(20);
/// How long a packet may take to leave.
const SEND: Duration = Duration::from_secs(20);
/// The largest packet that is read. A run's description is some hundred bytes; one that is far too long can be answered as long as it can be read.
const MAX_PACKET: usize = 8 << 20;
/// A connection that lasted so long was a good one: the next try comes soon.
const GOOD: Duration = Duration::from_secs(20);
/// What servers may ask for, in milliseconds.
const PINGS: std::ops::RangeInclusive<u64> = 100..=300_000;

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// What a connection needs.
#[derive(Debug)]
pub struct Socket {
    /// Hub.
    pub hub: Url,
    /// The plugin.
    pub plugin: Arc<Served>,
    /// What Hub is to be told.
    pub outbox: Arc<Outbox>,
    /// Who runs.
    pub runner: Runner,
    /// Who is told.
    pub observer: Observer,
    /// Turns true when everything has been said: the connection is closed then.
    pub leave: watch::Receiver<bool>,
}

/// A connection that has joined.
struct Joined {
    stream: Stream,
    /// After so long without a packet there is nobody.
    silence: Duration,
}

impl Socket {
    /// Keeps the plugin connected, until it is to leave and everything has been said.
    pub async fn keep(mut self) {
        let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(60));
        loop {
            let since = Instant::now();
            let Err(problem) = self.once().await else { return };
            self.outbox.lost();
            if *self.leave.borrow() && self.outbox.is_empty() {
                return;
            }
            if since.elapsed() > GOOD {
                backoff.reset();
            }
            let wait = backoff.next();
            let problem = printable_line(&self.plugin.secret.scrub(&problem), 300);
            self.observer.tell(&Event::Disconnected { plugin: self.plugin.id.clone(), problem, retry_seconds: wait.as_secs_f64() });
            if *self.leave.borrow() {
                // What is to be said is tried once more, soon.
                sleep(wait.min(Duration::from_millis(500))).await;
            } else {
                tokio::select! {
                    () = sleep(wait) => {}
                    _ = self.leave.changed() => {}
                }
            }
        }
    }

    /// One connection, to its end: what ended it, or nothing when we left.
    async fn once(&mut self) -> Result<(), String> {
        let Joined { mut stream, silence } = timeout(JOIN, self.join()).await.map_err(|_| "Hub does not answer".to_owned())??;
        self.heartbeat(&mut stream).await?;
        self.observer.tell(&Event::Connected { plugin: self.plugin.id.clone() });
        let mut heartbeat = interval_at(TokioInstant::now() + HEARTBEAT, HEARTBEAT);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut deadline = TokioInstant::now() + silence;
        // Already true when the connection was lost while leaving.
        let mut leaving = *self.leave.borrow();
        loop {
            if leaving {
                while let Some(packet) = self.outbox.take() {
                    send(&mut stream, packet).await?;
                }
                send(&mut stream, leave()).await?;
                // Hub has heard everything when it closes the connection as well.
                let _ = timeout(Duration::from_secs(2), close(&mut stream)).await;
                return Ok(());
            }
            tokio::select! {
                frame = stream.next() => {
                    deadline = TokioInstant::now() + silence;
                    self.receive(&mut stream, frame).await?;
                }
                packet = self.outbox.next() => send(&mut stream, packet).await?,
                _ = heartbeat.tick() => self.heartbeat(&mut stream).await?,
                () = sleep_until(deadline) => return Err("Hub has said nothing for too long".into()),
                changed = self.leave.changed() => leaving = changed.is_err() || *self.leave.borrow(),
            }
        }
    }

    async fn join(&self) -> Result<Joined, String> {
        let mut config = WebSocketConfig::default();
        config.max_message_size = Some(MAX_PACKET);
        config.max_frame_size = Some(MAX_PACKET);
        let (mut stream, _) = connect_async_with_config(address(&self.hub), Some(config), true).await.map_err(|error| said(&error))?;
        let Packet::Open(open) = next(&mut stream).await? else { return Err("Hub did not begin as Socket.IO does".into()) };
        let silence = Duration::from_millis(
            open.ping_interval.clamp(*PINGS.start(), *PINGS.end()).saturating_add(open.ping_timeout.clamp(*PINGS.start(), *PINGS.end())),
        );
        send(&mut stream, join()).await?;
        loop {
            match next(&mut stream).await? {
                Packet::Connected => return Ok(Joined { stream, silence }),
                Packet::Refused(reason) => return Err(format!("Hub refused the connection: {reason}")),
                Packet::Close | Packet::Disconnected => return Err("Hub closed the connection".into()),
                Packet::Ping(text) => send(&mut stream, pong(&text)).await?,
                _ => {}
            }
        }
    }

    async fn heartbeat(&self, stream: &mut Stream) -> Result<(), String> {
        send(stream, event_text("heartbeat", &json!({ "id": self.plugin.id, "secret": self.plugin.secret.reveal() }))).await
    }

    async fn receive(&self, stream: &mut Stream, frame: Option<Result<Message, WsError>>) -> Result<(), String> {
        let text = match frame {
            None | Some(Ok(Message::Close(_))) => return Err("Hub closed the connection".into()),
            Some(Err(error)) => return Err(said(&error)),
            Some(Ok(Message::Text(text))) => text,
            // An attachment of an event that was refused, or nothing that we know.
            Some(Ok(_)) => return Ok(()),
        };
        let warn = |message: String| self.observer.tell(&Event::Warning { plugin: self.plugin.id.clone(), message });
        match Packet::parse(&text) {
            Ok(Packet::Ping(text)) => {
                self.outbox.pinged();
                send(stream, pong(&text)).await?;
            }
            Ok(Packet::Event { name, args, ack }) => {
                if let Some(ack) = ack {
                    send(stream, ack_text(ack)).await?;
                }
                if name == "plugin" {
                    let payload = args.into_iter().next().unwrap_or(Value::Null);
                    // Nobody waits: how it ends goes through the outbox.
                    drop(self.runner.begin(Arc::clone(&self.plugin), payload, Channel::Socket(Arc::clone(&self.outbox))));
                }
            }
            Ok(Packet::Close) => return Err("Hub closed the connection".into()),
            Ok(Packet::Disconnected) => return Err("Hub put the plugin out: are its id and its secret right?".into()),
            Ok(Packet::Refused(reason)) => return Err(format!("Hub refused the plugin: {reason}")),
            Ok(Packet::Binary(_)) => warn("Hub sent binary data, which no run has: it is left out".into()),
            Ok(Packet::Open(_) | Packet::Connected | Packet::Other) => {}
            Err(problem) => warn(format!("Hub sent what is no packet: {problem}")),
        }
        Ok(())
    }
}

/// Where Socket.IO is, of a Hub.
fn address(hub: &Url) -> String {
    let scheme = if hub.scheme() == "https" { "wss" } else { "ws" };
    let port = hub.port().map_or_else(String::new, |port| format!(":{port}"));
    format!("{scheme}://{}{port}/socket.io/?EIO=4&transport=websocket", hub.host_str().unwrap_or_default())
}

async fn send(stream: &mut Stream, packet: String) -> Result<(), String> {
    match timeout(SEND, stream.send(Message::text(packet))).await {
        Ok(sent) => sent.map_err(|error| said(&error)),
        Err(_) => Err("Hub takes nothing".into()),
    }
}

/// The next packet while joining.
async fn next(stream: &mut Stream) -> Result<Packet, String> {
    loop {
        match stream.next().await {
            Some(Ok(Message::Text(text))) => return Packet::parse(&text).map_err(|problem| format!("Hub sent what is no packet: {problem}")),
            Some(Ok(Message::Close(_))) | None => return Err("Hub closed the connection".into()),
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(said(&error)),
        }
    }
}

async fn close(stream: &mut Stream) {
    let _ = stream.close(None).await;
    while let Some(Ok(_)) = stream.next().await {}
}

/// What went wrong, in words for people.
fn said(error: &WsError) -> String {
    match error {
        WsError::Io(error) => format!("the connection failed: {error}"),
        WsError::Http(response) => format!("Hub answers the connection with HTTP {}", response.status()),
        WsError::ConnectionClosed | WsError::AlreadyClosed => "Hub closed the connection".into(),
        WsError::Capacity(_) => format!("Hub sent a packet of more than {MAX_PACKET} bytes"),
        error => format!("the connection failed: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn socket_io_is_where_servers_have_it() {
        for (hub, expected) in [
            ("https://imeritapi.ango.ai", "wss://imeritapi.ango.ai/socket.io/?EIO=4&transport=websocket"),
            ("http://127.0.0.1:8080/", "ws://127.0.0.1:8080/socket.io/?EIO=4&transport=websocket"),
            ("http://[::1]:80/x", "ws://[::1]/socket.io/?EIO=4&transport=websocket"),
        ] {
            assert_eq!(Url::parse(hub).map(|hub| address(&hub)), Ok(expected.to_owned()));
        }
    }
}
