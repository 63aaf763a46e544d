//! Numbers from their text.

/// Powers of ten that are exact in an `f64`.
const EXACT: [f64; 23] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

/// The value of a JSON number, correctly rounded; `None` when it does not fit into a finite `f64`.
///
/// A coordinate is mostly a short decimal: up to 15 digits are exact in an integer, and one division by an exact power of ten rounds
/// correctly (Clinger's fast path). The rest goes to the standard library.
#[inline]
pub fn parse_f64(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let (negative, digits) = match bytes.first() {
        Some(b'-') => (true, &bytes[1..]),
        _ => (false, bytes),
    };
    if digits.len() <= 16 {
        let mut mantissa = 0u64;
        let mut fraction = None;
        for (position, byte) in digits.iter().enumerate() {
            match byte {
                b'0'..=b'9' => mantissa = mantissa * 10 + u64::from(byte - b'0'),
                b'.' => fraction = Some(digits.len() - 1 - position),
                _ => return slow(text),
            }
        }
        // 16 characters with a point hold 15 digits, which always fit; without a point 16 digits may not.
        if mantissa < 1 << 53 {
            let value = mantissa as f64 / EXACT[fraction.unwrap_or(0)];
            return Some(if negative { -value } else { value });
        }
    }
    slow(text)
}

#[inline(never)]
fn slow(text: &str) -> Option<f64> {
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// The value of a JSON number that is a whole number from 0 up, also when written with a fraction of zeros (`7.0`).
pub fn parse_u64(text: &str) -> Option<u64> {
    if let Ok(value) = text.parse() {
        return Some(value);
    }
    let value = parse_f64(text)?;
    (value >= 0.0 && value.fract() == 0.0 && value < 9.0e15).then_some(value as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn too_large_is_not_a_number() {
        assert_eq!(parse_f64("1e999"), None);
        assert_eq!(parse_f64("-1e999"), None);
        assert_eq!(parse_u64("-1"), None);
        assert_eq!(parse_u64("7.0"), Some(7));
        assert_eq!(parse_u64("7.5"), None);
    }

    proptest! {
        #[test]
        fn agrees_with_the_standard_library(text in "-?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,17})?([eE][+-]?[0-9]{1,2})?") {
            let expected: f64 = text.parse().map_err(|_| TestCaseError::fail("std"))?;
            prop_assert_eq!(parse_f64(&text).map(f64::to_bits), Some(expected.to_bits()));
        }
    }
}
