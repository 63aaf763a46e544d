//! Looks for anything of the machine it runs on. Fails with a list of what it found, in which only the clock may stand, and that at 2000-01-01.

use crate::Ended;
use crate::bindings::Failure;
use std::fmt::Debug;
use std::io::Read;
use std::net::{TcpStream, ToSocketAddrs, UdpSocket};
use std::time::{SystemTime, UNIX_EPOCH};

pub(crate) fn run() -> Ended {
    let mut input = Vec::new();
    let seen = [
        format!("variables: {}", std::env::vars_os().count()),
        format!("arguments: {}", std::env::args_os().count()),
        found("folder", std::env::current_dir().and_then(std::fs::read_dir).map(Iterator::count)),
        found("root", std::fs::read_dir("/").map(Iterator::count)),
        found("file", std::fs::read("/etc/passwd").map(|bytes| bytes.len())),
        found("new file", std::fs::write("evil.txt", b"evil")),
        format!("stdin: {}", std::io::stdin().read_to_end(&mut input).unwrap_or(0)),
        found("tcp", TcpStream::connect(("127.0.0.1", 80)).and_then(|stream| stream.peer_addr())),
        found("udp", UdpSocket::bind(("127.0.0.1", 0)).and_then(|socket| socket.local_addr())),
        found("dns", "localhost:80".to_socket_addrs().map(Iterator::count)),
        format!("clock: {}", SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())),
    ];
    Err(Failure::Failed(seen.join("; ")))
}

fn found<T: Debug>(what: &str, answer: std::io::Result<T>) -> String {
    match answer {
        Ok(thing) => format!("{what}: FOUND {thing:?}"),
        Err(_) => format!("{what}: nothing"),
    }
}
