//! Comparing bytes, many at a time.

/// How many bytes are equal before the first that differs, of two texts of the same length.
#[inline]
pub(crate) fn common_prefix(a: &[u8], b: &[u8]) -> usize {
    let word = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes);
    let (blocks_of_a, blocks_of_b) = (a.as_chunks::<64>().0, b.as_chunks::<64>().0);
    let differing = |(a, b): (&[u8; 64], &[u8; 64])| {
        a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0).fold(0, |differing, (a, b)| differing | (word(a) ^ word(b))) != 0
    };
    let blocks = 64 * blocks_of_a.iter().zip(blocks_of_b).position(differing).unwrap_or(blocks_of_a.len());
    let (words_of_a, words_of_b) = (a[blocks..].as_chunks::<8>().0, b[blocks..].as_chunks::<8>().0);
    let words = 8 * words_of_a.iter().zip(words_of_b).position(|(a, b)| a != b).unwrap_or(words_of_a.len());
    let start = blocks + words;
    start + a[start..].iter().zip(&b[start..]).take_while(|(a, b)| a == b).count()
}
