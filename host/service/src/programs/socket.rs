//! The Socket.IO server that programs connect to: namespace `/plugin`, WebSockets only, as Hub has it.
//!
//! Who connects is nobody until a `heartbeat` shows the id and the secret of a program; the SDK repeats it every minute. Then a connection may get runs (`plugin`), and what it says of its runs counts
//! (`log`, `response`). Events are understood one after the other, in the order in which they came: an answer must not overtake the last line of the log.

use super::said::{self, Heard};
use super::{saw, secret_of};
use crate::app::App;
use crate::auth::From as CameFrom;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use serde_json::Value;
use socketioxide::extract::{Data, SocketRef};
use socketioxide::layer::SocketIoLayer;
use socketioxide::{SocketIo, TransportType};
use std::future::ready;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// The namespace.
const NAMESPACE: &str = "/plugin";
/// How long a connection may be nobody's.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a program counts as there after a heartbeat, in milliseconds; it sends one every minute.
const ALIVE: i64 = 120_000;
/// The largest packet.
const MAX_PACKET: usize = 1 << 20;
/// Bytes of events of a connection that wait to be understood. What comes beyond that is left out, which the log says.
const MAX_PENDING: usize = 16 << 20;
/// Events that are understood together.
const AT_ONCE: usize = 256;

/// What a connection says.
#[derive(Debug)]
enum Event {
    Heartbeat(Value),
    Heard(Heard),
    /// It is gone.
    Left,
}

/// The layer that answers below `/socket.io`.
pub(crate) fn layer(app: &App) -> SocketIoLayer {
    let (layer, io) = SocketIo::builder()
        .req_path("/socket.io")
        .transports([TransportType::Websocket])
        .connect_timeout(PATIENCE)
        .max_payload(MAX_PACKET as u64)
        .ws_max_message_size(MAX_PACKET)
        .ws_max_frame_size(MAX_PACKET)
        .build_layer();
    let app = app.clone();
    io.ns(NAMESPACE, move |socket: SocketRef| {
        joined(&app, socket);
        ready(())
    });
    layer
}

/// Somebody joined the namespace.
fn joined(app: &App, socket: SocketRef) {
    let (say, hear) = mpsc::unbounded_channel();
    let pending = Arc::new(AtomicUsize::new(0));
    for name in ["heartbeat", "log", "response"] {
        let (say, pending) = (say.clone(), Arc::clone(&pending));
        // All of it is done before there is a future: futures of several events run beside each other.
        socket.on(name, move |Data(value): Data<Value>| {
            let event = match name {
                "heartbeat" => Event::Heartbeat(value),
                "log" => Event::Heard(Heard::Log(said::cut(value))),
                _ => Event::Heard(Heard::Response(value)),
            };
            if pending.fetch_add(size(&event), Ordering::Relaxed) > MAX_PENDING {
                pending.fetch_sub(size(&event), Ordering::Relaxed);
                tracing::warn!("a plugin says more than can be kept: some of it is left out");
            } else {
                // Nobody hears it when the connection was closed.
                let _ = say.send((size(&event), event));
            }
            ready(())
        });
    }
    socket.on_disconnect(move |_: SocketRef| {
        let _ = say.send((0, Event::Left));
        ready(())
    });
    let from = socket.req_parts().extensions.get::<CameFrom>().map(|from| from.0);
    let connection = Connection { app: app.clone(), socket, from, plugin: None, pending };
    tokio::spawn(connection.listen(hear));
}

/// About as many bytes as an event takes.
fn size(event: &Event) -> usize {
    fn of(value: &Value) -> usize {
        32 + match value {
            Value::String(text) => text.len(),
            Value::Array(items) => items.iter().map(of).sum(),
            Value::Object(map) => map.iter().map(|(key, value)| 32 + key.len() + of(value)).sum(),
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        }
    }
    match event {
        Event::Heartbeat(value) | Event::Heard(Heard::Log(value) | Heard::Response(value)) => of(value),
        Event::Left => 0,
    }
}

/// A connection.
struct Connection {
    app: App,
    socket: SocketRef,
    from: Option<IpAddr>,
    /// Whose it is, once it showed a secret.
    plugin: Option<String>,
    pending: Arc<AtomicUsize>,
}

impl Connection {
    async fn listen(mut self, mut hear: mpsc::UnboundedReceiver<(usize, Event)>) {
        let deadline = Instant::now() + PATIENCE;
        let mut events = Vec::new();
        loop {
            tokio::select! {
                count = hear.recv_many(&mut events, AT_ONCE) => if count == 0 { break },
                () = tokio::time::sleep_until(deadline), if self.plugin.is_none() => {
                    tracing::info!(from = ?self.from, "a connection did not say which plugin it is");
                    break;
                }
            }
            if !self.understand(events.drain(..)).await {
                break;
            }
        }
        if let Some(id) = self.plugin.take()
            && self.app.programs.leave(&id, &self.socket)
        {
            saw(&self.app, &id, 0).await;
            tracing::info!(plugin = id, "a plugin left");
        }
        // It may be gone already.
        let _ = self.socket.disconnect();
    }

    /// False when the connection is to end.
    async fn understand(&mut self, events: impl Iterator<Item = (usize, Event)>) -> bool {
        let mut heard = Vec::new();
        let mut goes_on = true;
        for (size, event) in events {
            self.pending.fetch_sub(size, Ordering::Relaxed);
            match event {
                Event::Heartbeat(value) => goes_on &= self.heartbeat(&value).await,
                // Nobody's words count for nothing.
                Event::Heard(said) => heard.extend(self.plugin.is_some().then_some(said)),
                Event::Left => goes_on = false,
            }
        }
        if let Some(plugin) = &self.plugin {
            said::by_socket(&self.app, plugin, heard).await;
        }
        goes_on
    }

    /// False when it is not the heartbeat of a program that may connect.
    async fn heartbeat(&mut self, value: &Value) -> bool {
        if self.app.rates.check_failures(self.from).is_err() {
            return false;
        }
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
        let (id, shown) = (text("id"), text("secret"));
        let live = self.app.live();
        // Of a program that does not exist, something is compared as well.
        let kept = live.service.plugins.get(id).and_then(|plugin| secret_of(id, plugin));
        let is_same = verify_slices_are_equal(shown.as_bytes(), kept.as_deref().unwrap_or("no such plugin").as_bytes()).is_ok();
        let is_other = self.plugin.as_deref().is_some_and(|before| before != id);
        if kept.is_none() || !is_same || is_other {
            self.app.rates.failed(self.from);
            self.app.metrics.refused_keys.inc();
            tracing::warn!(plugin = ango_runtime::printable_line(id, 64), from = ?self.from, "a plugin was refused: its id or its secret is wrong");
            return false;
        }
        if self.plugin.is_none() {
            self.plugin = Some(id.to_owned());
            tracing::info!(plugin = id, from = ?self.from, "a plugin connected");
        }
        // Written down first: whoever is told that it is there finds it there.
        saw(&self.app, id, ALIVE).await;
        self.app.programs.join(id, self.socket.clone());
        true
    }
}
