//! Packets of Engine.IO 4 and Socket.IO 5, as they lie in frames of a WebSocket.
//!
//! A frame holds one Engine.IO packet: a digit, and what belongs to it. Its messages are Socket.IO packets: a digit, for binary ones the number of attachments and `-`, the namespace and a comma
//! where it is not `/`, the number of an acknowledgement, and JSON. Only what a client of one namespace meets is told apart; the rest has a name, so that it can be refused.

use serde_json::Value;

/// The namespace of plugins.
pub const NAMESPACE: &str = "/plugin";

/// The most digits of numbers in packets: more would not be one that a server counts up to.
const MAX_DIGITS: usize = 15;

/// What a server says when a connection begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    /// Milliseconds between its pings.
    pub ping_interval: u64,
    /// Milliseconds that it waits for the answer to one.
    pub ping_timeout: u64,
}

/// What arrives.
#[derive(Debug, Clone, PartialEq)]
pub enum Packet {
    /// The connection begins.
    Open(Open),
    /// The server closes the connection.
    Close,
    /// The server wants to know whether somebody is there, and says this.
    Ping(String),
    /// The namespace is joined.
    Connected,
    /// The namespace cannot be joined, and why.
    Refused(String),
    /// The server puts us out of the namespace.
    Disconnected,
    /// An event of the namespace, with its arguments, and the number to acknowledge it with.
    Event {
        /// Its name.
        name: String,
        /// Its arguments.
        args: Vec<Value>,
        /// What the server wants to be told when it has arrived.
        ack: Option<u64>,
    },
    /// An event with binary attachments, which no event of Hub has. So many frames follow.
    Binary(u64),
    /// What has no meaning here: acknowledgements, other namespaces, upgrades.
    Other,
}

/// What is wrong with a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(&'static str);

impl Packet {
    /// Reads a frame of text.
    ///
    /// # Errors
    /// When it is no packet.
    pub fn parse(frame: &str) -> Result<Self, Malformed> {
        let mut rest = frame.chars();
        let kind = rest.next().ok_or(Malformed("the frame is empty"))?;
        let rest = rest.as_str();
        match kind {
            '0' => open(rest).map(Self::Open),
            '1' => Ok(Self::Close),
            '2' => Ok(Self::Ping(rest.to_owned())),
            '3' | '5' | '6' => Ok(Self::Other),
            '4' => message(rest),
            _ => Err(Malformed("the frame is of no kind that there is")),
        }
    }
}

fn open(json: &str) -> Result<Open, Malformed> {
    let value: Value = serde_json::from_str(json).map_err(|_| Malformed("the first packet is not JSON"))?;
    let number = |name: &str| value.get(name).and_then(Value::as_u64).ok_or(Malformed("the first packet does not say how often there are pings"));
    Ok(Open { ping_interval: number("pingInterval")?, ping_timeout: number("pingTimeout")? })
}

fn message(text: &str) -> Result<Packet, Malformed> {
    let mut rest = text.chars();
    let kind = rest.next().ok_or(Malformed("the message is empty"))?;
    let mut rest = rest.as_str();
    let mut attachments = None;
    if matches!(kind, '5' | '6') {
        let (number, after) = digits(rest)?;
        rest = after.strip_prefix('-').ok_or(Malformed("a binary message does not say how many attachments it has"))?;
        attachments = Some(number.ok_or(Malformed("a binary message does not say how many attachments it has"))?);
    }
    let namespace = if rest.starts_with('/') {
        let (namespace, after) = rest.split_once(',').unwrap_or((rest, ""));
        rest = after;
        // A query after the name is part of it for older servers.
        namespace.split('?').next().unwrap_or(namespace)
    } else {
        "/"
    };
    if let Some(attachments) = attachments {
        return Ok(Packet::Binary(attachments));
    }
    if namespace != NAMESPACE {
        return Ok(Packet::Other);
    }
    match kind {
        '0' => Ok(Packet::Connected),
        '1' => Ok(Packet::Disconnected),
        '2' => event(rest),
        '3' => Ok(Packet::Other),
        '4' => Ok(Packet::Refused(refusal(rest))),
        _ => Err(Malformed("the message is of no kind that there is")),
    }
}

fn event(text: &str) -> Result<Packet, Malformed> {
    let (ack, json) = digits(text)?;
    let value: Value = serde_json::from_str(json).map_err(|_| Malformed("an event is not JSON"))?;
    let Value::Array(mut args) = value else { return Err(Malformed("an event is not an array")) };
    if args.is_empty() {
        return Err(Malformed("an event has no name"));
    }
    let Value::String(name) = args.remove(0) else { return Err(Malformed("an event's name is not a text")) };
    Ok(Packet::Event { name, args, ack })
}

/// Why a namespace cannot be joined: an object with a `message`, or a text.
fn refusal(json: &str) -> String {
    match serde_json::from_str::<Value>(json) {
        Ok(Value::String(text)) => text,
        Ok(value) => value.get("message").and_then(Value::as_str).unwrap_or("no reason given").to_owned(),
        Err(_) => "no reason given".to_owned(),
    }
}

/// A number at the beginning, and what follows.
fn digits(text: &str) -> Result<(Option<u64>, &str), Malformed> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    if end > MAX_DIGITS {
        return Err(Malformed("a number is too long"));
    }
    let (number, rest) = text.split_at(end);
    Ok((number.parse().ok(), rest))
}

/// Asks to join the namespace.
pub fn join() -> String {
    format!("40{NAMESPACE},")
}

/// Leaves the namespace.
pub fn leave() -> String {
    format!("41{NAMESPACE},")
}

/// An event with one argument.
pub fn event_text(name: &str, arg: &Value) -> String {
    format!("42{NAMESPACE},{}", Value::Array(vec![Value::String(name.to_owned()), arg.clone()]))
}

/// Says that an event has arrived.
pub fn ack_text(ack: u64) -> String {
    format!("43{NAMESPACE},{ack}[]")
}

/// The answer to a ping.
pub fn pong(said: &str) -> String {
    format!("3{said}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn packets_as_servers_write_them() {
        let open = r#"0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}"#;
        let event = |args, ack| Packet::Event { name: "plugin".into(), args, ack };
        for (frame, packet) in [
            (open, Packet::Open(Open { ping_interval: 25_000, ping_timeout: 20_000 })),
            ("1", Packet::Close),
            ("2", Packet::Ping(String::new())),
            ("2probe", Packet::Ping("probe".into())),
            (r#"40/plugin,{"sid":"b"}"#, Packet::Connected),
            (r#"40{"sid":"b"}"#, Packet::Other),
            (r#"44/plugin,{"message":"not you"}"#, Packet::Refused("not you".into())),
            ("44/plugin,7", Packet::Refused("no reason given".into())),
            ("41/plugin,", Packet::Disconnected),
            (r#"42/plugin,["plugin",{"session":"s"}]"#, event(vec![json!({ "session": "s" })], None)),
            (r#"42/plugin,12["plugin"]"#, event(vec![], Some(12))),
            (r#"42["plugin"]"#, Packet::Other),
            (r#"451-/plugin,["plugin",{"_placeholder":true,"num":0}]"#, Packet::Binary(1)),
            ("43/plugin,1[]", Packet::Other),
            ("6", Packet::Other),
        ] {
            assert_eq!(Packet::parse(frame), Ok(packet), "{frame}");
        }
    }

    #[test]
    fn what_is_no_packet_is_refused() {
        for frame in [
            "",
            "9",
            "4",
            "0",
            "0[]",
            "42/plugin,",
            "42/plugin,{}",
            "42/plugin,[]",
            "42/plugin,[1]",
            "45/plugin,[]",
            "49/plugin,",
            "42/plugin,99999999999999999999[\"a\"]",
            "é",
        ] {
            assert!(Packet::parse(frame).is_err(), "{frame}");
        }
    }

    /// Any JSON of a few levels.
    fn json_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from)
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..6).prop_map(|map| map.into_iter().collect::<serde_json::Map<_, _>>().into()),
            ]
        })
    }

    proptest! {
        #[test]
        fn events_arrive_as_they_were_sent(name in any::<String>(), arg in json_value()) {
            prop_assert_eq!(Packet::parse(&event_text(&name, &arg)), Ok(Packet::Event { name, args: vec![arg], ack: None }));
        }

        #[test]
        fn no_frame_is_a_panic(frame in any::<String>(), kind in "[0-9]{0,3}(/plugin,)?[0-9]{0,20}") {
            let _ = Packet::parse(&frame);
            let _ = Packet::parse(&format!("{kind}{frame}"));
        }
    }
}
