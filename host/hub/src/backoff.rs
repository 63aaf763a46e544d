//! How long to wait before trying again.

use std::time::Duration;

/// Twice as long each time, up to a limit, and each time a random half of it less: programs that lost the same server do not all come back in one moment.
#[derive(Debug, Clone, Copy)]
pub struct Backoff {
    first: Duration,
    longest: Duration,
    tries: u32,
}

impl Backoff {
    /// Waits of `first` at first, and of `longest` at most.
    pub const fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest, tries: 0 }
    }

    /// It worked: the next wait is the first one again.
    pub const fn reset(&mut self) {
        self.tries = 0;
    }

    /// How long to wait now.
    pub fn next(&mut self) -> Duration {
        let whole = self.first.saturating_mul(1 << self.tries.min(20)).min(self.longest);
        self.tries = self.tries.saturating_add(1);
        whole.mul_f64(0.5 + random() / 2.0)
    }
}

/// A number from 0 up to 1. Without random numbers, half of it: nothing is kept secret with them here.
fn random() -> f64 {
    getrandom::u32().map_or(0.5, |number| f64::from(number) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_the_longest_and_begin_again() {
        let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(30));
        for whole in [1, 2, 4, 8, 16, 30, 30, 30] {
            let wait = backoff.next().as_secs_f64();
            assert!((f64::from(whole) / 2.0..=f64::from(whole)).contains(&wait), "{wait}");
        }
        for _ in 0..100 {
            assert!(backoff.next() <= Duration::from_secs(30));
        }
        backoff.reset();
        assert!(backoff.next() <= Duration::from_secs(1));
    }
}
