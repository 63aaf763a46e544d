//! URLs, sizes and times in words that anybody may read.

use reqwest::StatusCode;
use std::time::Duration;
use url::{Host, Url};

/// A URL without what could be a secret: credentials, query, fragment.
pub fn shown(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    // A URL that cannot have them has none.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.into()
}

/// Host and port: what may be told of a URL that a server made up.
pub fn server(url: &Url) -> String {
    let host = plain(url.host_str().unwrap_or_default());
    url.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}"))
}

/// Whether a URL means this machine. A name other than `localhost` does not, whatever it resolves to: the answer of a name server is no promise.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// A status in words.
pub fn named(status: StatusCode) -> String {
    status.canonical_reason().map_or_else(|| status.as_u16().to_string(), |reason| format!("{} {reason}", status.as_u16()))
}

/// A short text without anything that a terminal could take for a command.
pub fn plain(text: &str) -> String {
    let text: String = text.chars().take(200).collect();
    text.escape_debug().to_string().replace("\\\"", "\"")
}

/// Bytes in words: whole MiB and KiB as such.
pub fn bytes(count: u64) -> String {
    match count {
        0 => "0 bytes".into(),
        1 => "1 byte".into(),
        count if count.is_multiple_of(1 << 20) => format!("{} MiB", count >> 20),
        count if count.is_multiple_of(1 << 10) => format!("{} KiB", count >> 10),
        count => format!("{count} bytes"),
    }
}

/// A time in words.
pub fn seconds(time: Duration) -> String {
    format!("{} s", time.as_secs_f64())
}
