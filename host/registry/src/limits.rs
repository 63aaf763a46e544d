//! What a fetch may take.

use std::time::Duration;

/// Limits of one fetch: the plugin and the signatures beside it together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the plugin.
    pub max_bytes: u64,
    /// Time for everything, retries included.
    pub timeout: Duration,
    /// Time until a server takes a connection.
    pub connect_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        // The largest plugins known are Python ones, of 18 MiB; over a slow line (4 Mbit/s) the cap takes a little more than two minutes.
        Self { max_bytes: 64 << 20, timeout: Duration::from_secs(180), connect_timeout: Duration::from_secs(10) }
    }
}

/// Bytes in words: whole MiB and KiB as such.
pub(crate) fn bytes(count: u64) -> String {
    match count {
        0 => "0 bytes".into(),
        1 => "1 byte".into(),
        count if count.is_multiple_of(1 << 20) => format!("{} MiB", count >> 20),
        count if count.is_multiple_of(1 << 10) => format!("{} KiB", count >> 10),
        count => format!("{count} bytes"),
    }
}

/// A time in words.
pub(crate) fn seconds(time: Duration) -> String {
    format!("{} s", time.as_secs_f64())
}
