//! Code lengths from frequencies.

use crate::order;

/// Literals and lengths of deflate.
pub(super) const SYMBOLS: usize = 286;
/// The longest code that deflate allows.
const LONGEST: u8 = 15;

/// Lengths of an optimal prefix code, at most 15 bits each; symbols that do not occur have none. At least two symbols must occur.
pub(super) fn lengths(counts: &[u32; SYMBOLS]) -> [u8; SYMBOLS] {
    let mut counts = *counts;
    loop {
        let lengths = unlimited(&counts);
        if lengths.iter().all(|&length| length <= LONGEST) {
            return lengths;
        }
        // Flatter frequencies have shorter codes. Rare, and never far from optimal.
        for count in counts.iter_mut().filter(|count| **count > 0) {
            *count = *count / 2 + 1;
        }
    }
}

/// Huffman's way with two queues: leaves by frequency, and the nodes made of them, which come in ascending order by themselves.
fn unlimited(counts: &[u32; SYMBOLS]) -> [u8; SYMBOLS] {
    let mut leaves: Vec<(u64, u32)> =
        counts.iter().zip(0..).filter(|(count, _)| **count > 0).map(|(&count, symbol)| (count.into(), symbol)).collect();
    order::sort(&mut leaves);
    // Nodes are numbered: leaves first, then inner ones in the order in which they are made; a parent has a higher number.
    let total = (2 * leaves.len()).saturating_sub(1);
    let mut weights: Vec<u64> = leaves.iter().map(|leaf| leaf.0).collect();
    let mut parents = vec![0; total];
    let (mut leaf, mut inner) = (0, leaves.len());
    for node in leaves.len()..total {
        let mut weight = 0;
        for _ in 0..2 {
            let take_leaf = leaf < leaves.len() && (inner >= node || weights[leaf] <= weights[inner]);
            let child = if take_leaf { &mut leaf } else { &mut inner };
            weight += weights[*child];
            parents[*child] = node;
            *child += 1;
        }
        weights.push(weight);
    }
    let mut depths = vec![0_u8; total];
    for node in (0..total.saturating_sub(1)).rev() {
        depths[node] = depths[parents[node]] + 1;
    }
    let mut lengths = [0; SYMBOLS];
    for (&(_, symbol), &depth) in leaves.iter().zip(&depths) {
        lengths[symbol as usize] = depth;
    }
    lengths
}

/// The codes that go with lengths, bits reversed, as deflate sends the highest bit first.
pub(super) fn codes(lengths: &[u8]) -> Vec<u16> {
    // First how many codes of each length there are, then where those of each length begin.
    let mut next = [0_u16; 17];
    lengths.iter().filter(|length| **length > 0).for_each(|&length| next[usize::from(length) + 1] += 1);
    for length in 1..=usize::from(LONGEST) {
        next[length + 1] = (next[length] + next[length + 1]) << 1;
    }
    lengths
        .iter()
        .map(|&length| {
            let code = next[usize::from(length)];
            next[usize::from(length)] += 1;
            if length == 0 { 0 } else { code.reverse_bits() >> (16 - length) }
        })
        .collect()
}
