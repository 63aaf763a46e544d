//! What time it is.

use ango_model::time::Timestamp;
use std::time::{SystemTime, UNIX_EPOCH};

/// The time, in milliseconds since 1970.
pub fn now() -> Timestamp {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_millis() as Timestamp)
}
