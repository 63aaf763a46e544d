//! A set of positions in the export order.
//!
//! Positions are dense from 1, because nothing is ever deleted, so a bit each is the smallest and quickest set there is: 122 KiB for a million tasks. It sorts by
//! itself what indexes yield in another order, and sets from several indexes are combined word by word.

/// Which tasks, by position from 1.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Positions(Vec<u64>);

impl Positions {
    /// Adds one position.
    pub(crate) fn insert(&mut self, position: u64) {
        let word = (position / 64) as usize;
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (position % 64);
    }

    /// Keeps what is in `other` as well.
    pub(crate) fn intersect(&mut self, other: &Self) {
        self.0.truncate(other.0.len());
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine &= theirs;
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// The first run of consecutive positions that begins at `from` or later: its first and its last.
    pub(crate) fn run_from(&self, from: u64) -> Option<(u64, u64)> {
        let first = self.seek(from, |word| word)?;
        // Past the end everything is absent, so a run always ends.
        let end = self.seek(first, |word| !word).unwrap_or(self.0.len() as u64 * 64);
        Some((first, end - 1))
    }

    /// The first position from `from` on whose bit is set in the word as `view` shows it.
    fn seek(&self, from: u64, view: impl Fn(u64) -> u64) -> Option<u64> {
        let start = (from / 64) as usize;
        let mut mask = u64::MAX << (from % 64);
        for (index, word) in self.0.iter().enumerate().skip(start) {
            let found = view(*word) & mask;
            if found != 0 {
                return Some(index as u64 * 64 + u64::from(found.trailing_zeros()));
            }
            mask = u64::MAX;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn runs(set: &Positions) -> Vec<u64> {
        let mut all = Vec::new();
        let mut from = 0;
        while let Some((first, last)) = set.run_from(from) {
            all.extend(first..=last);
            from = last + 1;
            assert_eq!(set.run_from(from).map(|(next, _)| next == from), set.run_from(from).map(|_| false), "runs are as long as can be");
        }
        all
    }

    proptest! {
        #[test]
        fn behaves_as_a_set(a in prop::collection::btree_set(1u64..300, 0..200), b in prop::collection::btree_set(1u64..300, 0..200)) {
            let mut mine = Positions::default();
            let mut theirs = Positions::default();
            a.iter().for_each(|position| mine.insert(*position));
            b.iter().for_each(|position| theirs.insert(*position));
            prop_assert_eq!(runs(&mine), a.iter().copied().collect::<Vec<_>>());
            mine.intersect(&theirs);
            let both: BTreeSet<u64> = a.intersection(&b).copied().collect();
            prop_assert_eq!(mine.len(), both.len() as u64);
            prop_assert_eq!(runs(&mine), both.into_iter().collect::<Vec<_>>());
        }
    }
}
