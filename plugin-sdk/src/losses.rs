//! Losses of a run: the first of each kind are told one by one, the others counted.

use crate::bytes::is_equal;
use std::cell::RefCell;

/// Examples told of each code. The host keeps no more of them, and telling is a call with three texts.
const EXAMPLES: u64 = 100;
/// Codes that are counted here; of a converter that makes them up without end, the others are all told.
const CODES: usize = 256;

/// How often each code came up.
#[derive(Debug, Default)]
pub(crate) struct Losses(RefCell<Vec<(String, u64)>>);

impl Losses {
    /// Counts a loss. Whether it has to be told.
    pub(crate) fn count(&self, code: &str) -> bool {
        let mut codes = self.0.borrow_mut();
        if let Some((_, count)) = codes.iter_mut().find(|(known, _)| is_equal(known.as_bytes(), code.as_bytes())) {
            *count += 1;
            return *count <= EXAMPLES;
        }
        if codes.len() < CODES {
            codes.push((code.to_owned(), 1));
        }
        true
    }

    /// Takes the codes of which more came up than was told, and how many more.
    pub(crate) fn take_untold(&self) -> Vec<(String, u64)> {
        let codes = std::mem::take(&mut *self.0.borrow_mut());
        codes.into_iter().filter_map(|(code, count)| count.checked_sub(EXAMPLES).filter(|more| *more > 0).map(|more| (code, more))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_told_or_counted() {
        let losses = Losses::default();
        let told = (0..250).filter(|_| losses.count("a")).count();
        assert!(losses.count("b"));
        assert_eq!((told, losses.take_untold()), (100, vec![("a".to_owned(), 150)]));
        let flood = (0..1000).map(|number| format!("c{number}"));
        assert!(flood.into_iter().all(|code| losses.count(&code) && losses.count(&code)));
        assert_eq!(losses.take_untold(), Vec::new());
    }
}
