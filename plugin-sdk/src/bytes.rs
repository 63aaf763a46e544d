//! Comparing short texts, eight bytes at a time: the comparison that WebAssembly guests are linked with goes byte by byte.

/// Whether two texts are the same.
#[inline]
pub fn is_equal(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let ((a, rest_of_a), (b, rest_of_b)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    a.iter().zip(b).all(|(a, b)| u64::from_le_bytes(*a) == u64::from_le_bytes(*b)) && rest_of_a.iter().eq(rest_of_b)
}

/// A number that is the same for the same text, and rarely for others: for sorting before comparing. Whoever chooses the texts can make it collide, so nothing may
/// depend on it but speed.
#[inline]
pub fn fingerprint(text: &[u8]) -> u64 {
    let (words, rest) = text.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let mix = |hash: u64, word: &[u8; 8]| (hash.rotate_left(23) ^ u64::from_le_bytes(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mix(words.iter().fold(text.len() as u64, mix), &last)
}

/// FNV-1a of 64 bits, with a last mixing, as its high bits alone are poor: the same in every version, for what must not change from export to export.
pub fn hash(text: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for &byte in text {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    hash ^ (hash >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_equal_when_every_byte_is() {
        let text: Vec<u8> = (0..40).collect();
        for length in 0..=40 {
            assert!(is_equal(&text[..length], &text.clone()[..length]));
            assert!(length == 40 || !is_equal(&text[..length], &text[..=length]));
            for changed in 0..length {
                let mut other = text[..length].to_vec();
                other[changed] ^= 0x80;
                assert!(!is_equal(&text[..length], &other), "{length} {changed}");
                assert_ne!(fingerprint(&text[..length]), fingerprint(&other), "{length} {changed}");
            }
        }
    }
}
