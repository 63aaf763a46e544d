//! Seeded numbers and identifiers, so that the demo project is the same, byte for byte, on every machine.

/// A SplitMix64 generator: tiny, well mixed from any seed, and fixed for good by its published constants.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// A generator whose sequence depends on `name` alone.
    pub fn named(name: &str) -> Self {
        // FNV-1a: spreads short names over 64 bits without a dependency.
        let seed = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number in `low..high`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        // 53 bits fill a double's mantissa exactly, so no rounding depends on the platform.
        let unit = (self.bits() >> 11) as f64 / (1_u64 << 53) as f64;
        low + (high - low) * unit
    }

    /// A whole number in `0..count`; 0 when `count` is 0.
    pub fn below(&mut self, count: usize) -> usize {
        (self.bits() % (count.max(1) as u64)) as usize
    }

    /// One of `options`, or `fallback` when there is none.
    pub fn pick<T: Copy>(&mut self, options: &[T], fallback: T) -> T {
        options.get(self.below(options.len())).copied().unwrap_or(fallback)
    }
}

/// A lower-case hexadecimal identifier of `digits` digits that depends on `name` alone.
///
/// Ango's object and schema ids have 23 digits in the published samples, asset and task ids 24.
pub fn hex_id(name: &str, digits: usize) -> String {
    let mut random = Random::named(name);
    let mut id = String::with_capacity(digits + 16);
    while id.len() < digits {
        id.push_str(&format!("{:016x}", random.bits()));
    }
    id.truncate(digits);
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_of_a_name_is_fixed_for_good() {
        // Reference value of SplitMix64 for seed 0, from its published test vector.
        assert_eq!(Random(0).bits(), 0xe220_a839_7b1d_cdaf);
        assert_ne!(Random::named("a").bits(), Random::named("b").bits());
    }

    #[test]
    fn identifiers_have_the_asked_length_and_differ_by_name() {
        assert_eq!(hex_id("car", 23).len(), 23);
        assert_eq!(hex_id("car", 24).len(), 24);
        assert_ne!(hex_id("car", 23), hex_id("cat", 23));
        assert!(hex_id("car", 40).bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
}
