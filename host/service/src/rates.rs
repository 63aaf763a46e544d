//! How often somebody may ask: each key, and each address that shows keys which are none.

use crate::error::ApiError;
use governor::clock::{Clock, DefaultClock};
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Wrong keys that an address may show in a minute.
const FAILURES_PER_MINUTE: u32 = 30;
const MINUTE: Duration = Duration::from_secs(60);
/// After so many different keys, those who have not asked for a while are forgotten.
const SWEEP_AT: usize = 10_000;

type Keyed<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock>;

/// How much more often a run's key may ask than a person's: a program sends each line of its log by itself.
const RUNS: NonZeroU32 = NonZeroU32::MIN.saturating_add(19);

/// The limits.
#[derive(Debug)]
pub struct Rates {
    keys: Keyed<String>,
    runs: Keyed<String>,
    failures: Mutex<Failures>,
    clock: DefaultClock,
}

/// Wrong keys of the minute that began at `since`.
#[derive(Debug)]
struct Failures {
    since: Instant,
    counts: HashMap<IpAddr, u32>,
}

impl Rates {
    /// So many requests a second of each key, on average; for a moment twice as many.
    pub fn new(per_second: u32) -> Self {
        let rate = NonZeroU32::new(per_second).unwrap_or(NonZeroU32::MIN);
        let burst = rate.saturating_mul(NonZeroU32::MIN.saturating_add(1));
        Self {
            keys: RateLimiter::dashmap(Quota::per_second(rate).allow_burst(burst)),
            runs: RateLimiter::dashmap(Quota::per_second(rate.saturating_mul(RUNS)).allow_burst(burst.saturating_mul(RUNS))),
            failures: Mutex::new(Failures { since: Instant::now(), counts: HashMap::new() }),
            clock: DefaultClock::default(),
        }
    }

    /// Counts a request of a key.
    ///
    /// # Errors
    /// When there were too many.
    pub fn check(&self, key: &str) -> Result<(), ApiError> {
        if self.keys.len() > SWEEP_AT {
            self.keys.retain_recent();
        }
        self.keys.check_key(&key.to_owned()).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            ApiError::too_many("this key asks too often", wait.as_secs() + 1)
        })
    }

    /// Counts a request of a run's key, and waits while there were too many. It is not refused: the SDK takes that for a failure of the run, and does not ask again.
    pub async fn wait(&self, key: &str) {
        if self.runs.len() > SWEEP_AT {
            self.runs.retain_recent();
        }
        while let Err(until) = self.runs.check_key(&key.to_owned()) {
            tokio::time::sleep(until.wait_time_from(self.clock.now())).await;
        }
    }

    /// Counts a wrong key.
    pub fn failed(&self, from: Option<IpAddr>) {
        if let Some(from) = from {
            let mut failures = self.failures();
            *failures.counts.entry(from).or_default() += 1;
        }
    }

    /// Whether an address showed too many wrong keys. Asking counts for nothing, so that a right key from the same address is let in until then.
    ///
    /// # Errors
    /// When it did.
    pub fn check_failures(&self, from: Option<IpAddr>) -> Result<(), ApiError> {
        let Some(from) = from else { return Ok(()) };
        let failures = self.failures();
        match failures.counts.get(&from) {
            Some(count) if *count >= FAILURES_PER_MINUTE => {
                let left = MINUTE.saturating_sub(failures.since.elapsed());
                Err(ApiError::too_many("too many wrong keys from this address", left.as_secs() + 1))
            }
            _ => Ok(()),
        }
    }

    /// The counts of this minute.
    fn failures(&self) -> MutexGuard<'_, Failures> {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.since.elapsed() >= MINUTE {
            *failures = Failures { since: Instant::now(), counts: HashMap::new() };
        }
        failures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_be_wrong_for_a_while_and_another_is_not_held_to_account() {
        let rates = Rates::new(5);
        let (bad, good) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        for _ in 0..FAILURES_PER_MINUTE {
            assert_eq!(rates.check_failures(Some(bad)), Ok(()));
            rates.failed(Some(bad));
        }
        assert!(rates.check_failures(Some(bad)).is_err_and(|error| error.retry_after.is_some_and(|seconds| seconds <= 61)));
        assert_eq!(rates.check_failures(Some(good)), Ok(()));
    }

    #[test]
    fn a_key_that_asks_too_often_waits_and_another_does_not() {
        let rates = Rates::new(5);
        assert!((0..10).all(|_| rates.check("a").is_ok()));
        assert!(rates.check("a").is_err_and(|error| error.retry_after == Some(1)));
        assert_eq!(rates.check("b"), Ok(()));
    }

    #[tokio::test]
    async fn a_run_that_asks_too_often_is_slowed_down() {
        let rates = Rates::new(5);
        let started = Instant::now();
        // 200 at once, and from then on 100 a second.
        for _ in 0..220 {
            rates.wait("run").await;
        }
        assert!(started.elapsed() >= Duration::from_millis(150), "{:?}", started.elapsed());
    }
}
