//! Sorting and finding where speed does not matter and size does.
//!
//! The standard library's sorts are made anew for every type and comparison, at some kilobytes each, which is much of a small component.

use crate::bytes::{fingerprint, is_equal};

/// Sorts positions, of which `is_before(a, b)` says that `a` comes before `b`; equal ones keep their order. A merge sort: it takes n log n
/// comparisons whatever the order is.
pub fn sort_positions(positions: &mut Vec<u32>, is_before: &mut dyn FnMut(u32, u32) -> bool) {
    let count = positions.len();
    if positions.windows(2).all(|pair| !is_before(pair[1], pair[0])) {
        return;
    }
    let mut other = Vec::with_capacity(count);
    let mut width = 1;
    while width < count {
        other.clear();
        let mut start = 0;
        while start < count {
            let (middle, end) = ((start + width).min(count), (start + 2 * width).min(count));
            let (mut left, mut right) = (start, middle);
            while left < middle || right < end {
                let takes_right = left == middle || (right < end && is_before(positions[right], positions[left]));
                let from = if takes_right { &mut right } else { &mut left };
                other.push(positions[*from]);
                *from += 1;
            }
            start = end;
        }
        std::mem::swap(positions, &mut other);
        width *= 2;
    }
}

/// The positions of a list of that length, sorted by [`sort_positions`].
pub fn sorted_positions(count: usize, is_before: &mut dyn FnMut(u32, u32) -> bool) -> Vec<u32> {
    let mut positions: Vec<u32> = (0..u32::try_from(count).unwrap_or(u32::MAX)).collect();
    sort_positions(&mut positions, is_before);
    positions
}

/// Sorts pairs of a key and a position, in ascending order: for long lists, where speed does matter, compiled once.
#[inline(never)]
pub fn sort(pairs: &mut [(u64, u32)]) {
    // Most lists are in order already.
    if !pairs.is_sorted() {
        pairs.sort_unstable();
    }
}

/// Puts positions `0..count` together that are the same: pairs of the first position that is the same and the position, in ascending order. `print` is a
/// [fingerprint](crate::bytes::fingerprint), and `is_same` says whether two with the same one are the same indeed.
pub fn group(count: u32, print: &dyn Fn(u32) -> u64, is_same: &dyn Fn(u32, u32) -> bool) -> Vec<(u64, u32)> {
    let mut pairs: Vec<(u64, u32)> = (0..count).map(|at| (print(at), at)).collect();
    sort(&mut pairs);
    let mut firsts: Vec<u32> = Vec::new();
    let mut before = None;
    for (print, at) in &mut pairs {
        if before.replace(*print) != Some(*print) {
            firsts.clear();
        }
        // There is but one, unless somebody looked for texts with the same fingerprint.
        let first = firsts.iter().copied().find(|&first| is_same(first, *at)).unwrap_or(*at);
        if first == *at {
            firsts.push(first);
        }
        *print = first.into();
    }
    sort(&mut pairs);
    pairs
}

/// Finds texts in a list that is kept elsewhere.
#[derive(Clone, Debug, Default)]
pub struct Texts(Vec<(u64, u32)>);

impl Texts {
    /// Takes the texts of the list, by their positions.
    pub fn set<'a>(&mut self, texts: impl Iterator<Item = &'a str>) {
        self.0.clear();
        self.0.extend(texts.map(|text| fingerprint(text.as_bytes())).zip(0..));
        sort(&mut self.0);
    }

    /// The position of the first text that is this one; `text` gives the one at a position.
    pub fn find<'a>(&self, wanted: &str, text: impl Fn(u32) -> &'a str) -> Option<u32> {
        let print = fingerprint(wanted.as_bytes());
        let start = self.0.partition_point(|(other, _)| *other < print);
        let alike = self.0.get(start..)?.iter().take_while(|(other, _)| *other == print);
        alike.map(|&(_, at)| at).find(|&at| is_equal(text(at).as_bytes(), wanted.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_the_same_is_together_in_the_order_of_the_first() {
        let texts = ["b", "a", "b", "", "a", "c", "b"];
        // With one fingerprint for all, and with their own.
        for print in [&|_| 7, &|at| fingerprint(texts[at as usize].as_bytes())] as [&dyn Fn(u32) -> u64; 2] {
            let groups = group(7, print, &|a, b| texts[a as usize] == texts[b as usize]);
            assert_eq!(groups, [(0, 0), (0, 2), (0, 6), (1, 1), (1, 4), (3, 3), (5, 5)]);
        }
    }

    #[test]
    fn the_first_text_of_a_kind_is_found() {
        let texts = ["b", "a", "b", "", "a"];
        let mut index = Texts::default();
        index.set(texts.iter().copied());
        let find = |text: &str| index.find(text, |at| texts[at as usize]);
        assert_eq!(["a", "b", "", "c"].map(find), [Some(1), Some(0), Some(3), None]);
    }

    proptest! {
        #[test]
        fn it_is_the_stable_sort(keys in prop::collection::vec(0_u8..20, 0..200)) {
            let mut want: Vec<u32> = (0..keys.len() as u32).collect();
            want.sort_by_key(|&at| keys[at as usize]);
            prop_assert_eq!(sorted_positions(keys.len(), &mut |a, b| keys[a as usize] < keys[b as usize]), want);
        }
    }
}
