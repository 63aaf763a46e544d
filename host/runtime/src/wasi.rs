//! WASI with nothing in it.
//!
//! Ordinary components import WASI, so it is there; but no directory, socket, variable or argument is, the clocks stand still, and random
//! numbers repeat. The same input gives the same output.

use crate::stderr::Tail;
use std::time::Duration;
use wasmtime_wasi::{Deterministic, HostMonotonicClock, HostWallClock, WasiCtx};

/// The most random bytes that one call gives.
const MAX_RANDOM: u64 = 64 << 10;

/// A clock that stands at 2000-01-01T00:00:00Z: a date that libraries accept and nobody takes for real.
struct Standing;

impl HostWallClock for Standing {
    fn resolution(&self) -> Duration {
        Duration::from_secs(1)
    }

    fn now(&self) -> Duration {
        Duration::from_secs(946_684_800)
    }
}

impl HostMonotonicClock for Standing {
    fn resolution(&self) -> u64 {
        1
    }

    fn now(&self) -> u64 {
        0
    }
}

pub(crate) fn context(stderr: &Tail) -> WasiCtx {
    let seed: Vec<u8> = (0u8..=255).map(|byte| byte.wrapping_mul(167).wrapping_add(13)).collect();
    WasiCtx::builder()
        .stdout(stderr.clone())
        .stderr(stderr.clone())
        .secure_random(Deterministic::new(seed.clone()))
        .insecure_random(Deterministic::new(seed))
        .insecure_random_seed(0x616e_676f)
        .max_random_size(MAX_RANDOM)
        .wall_clock(Standing)
        .monotonic_clock(Standing)
        .allow_tcp(false)
        .allow_udp(false)
        .allow_ip_name_lookup(false)
        .build()
}
