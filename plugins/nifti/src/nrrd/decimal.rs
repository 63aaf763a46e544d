//! Decimal numbers. Single precision is what becomes of them, so that the last bits of a double need not be right, and the standard library's exact way, which is
//! sixteen kilobytes of a component, is not needed. Whole numbers are exact as long as they have no more than 15 digits.

/// A number like `-1.25e-3`; `None` for anything else, `nan` included.
pub(super) fn parse(text: &str) -> Option<f64> {
    let (text, sign) = match text.strip_prefix('-') {
        Some(rest) => (rest, -1.0),
        None => (text.strip_prefix('+').unwrap_or(text), 1.0),
    };
    let (number, exponent) = match text.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = || whole.bytes().chain(part.bytes());
    if digits().next().is_none() || !digits().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value = digits().fold(0.0, |value, digit| value * 10.0 + f64::from(digit - b'0'));
    let mut power = exponent.clamp(-1000, 1000) - i32::try_from(part.len()).ok()?;
    let mut value: f64 = value;
    while power != 0 && value != 0.0 && value.is_finite() {
        // Powers of ten up to here are exact.
        let step = power.clamp(-22, 22);
        let ten = 10f64.powi(step.abs());
        value = if step < 0 { value / ten } else { value * ten };
        power -= step;
    }
    Some(sign * value).filter(|value| value.is_finite())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", "-", ".", "e5", "1e", "1e5.0", "nan", "inf", "--1", "1 ", "0x10", "1.2.3", "1e999"] {
            assert_eq!(parse(text), None, "{text:?}");
        }
        for (text, want) in
            [("0", 0.0), ("-7", -7.0), ("+.5", 0.5), ("3.", 3.0), ("1e-999", 0.0), ("123456789012345", 123_456_789_012_345.0), ("2.5E3", 2500.0)]
        {
            assert_eq!(parse(text), Some(want), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn numbers_are_as_exact_as_single_precision_asks_for(number in -1e12..1e12f64, tiny in -1e-6..1e-6f64) {
            for number in [number, tiny, number as f32 as f64] {
                for text in [format!("{number}"), format!("{number:e}")] {
                    let parsed = parse(&text).unwrap();
                    prop_assert!((parsed - number).abs() <= number.abs() * 1e-14, "{} is read as {}", text, parsed);
                }
            }
        }
    }
}
