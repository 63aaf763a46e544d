//! Numbers as decimal text, appended to a byte buffer.
//!
//! Most of a converted export is numbers, and a sandbox has no 64 × 64 → 128 bit multiplication, which every shortest-decimal algorithm is
//! made of. So whole numbers and numbers of few decimals, the most of what people draw, are written without it.

/// Two digits at a time.
const PAIRS: &[u8; 200] = b"0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

const POWERS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
const WHOLE_POWERS: [u64; 16] = {
    let mut powers = [1; 16];
    let mut at = 1;
    while at < 16 {
        powers[at] = powers[at - 1] * 10;
        at += 1;
    }
    powers
};

/// Up to here every decimal of that many digits is a double of its own, so that a decimal that reads back as the number is the shortest one.
const SAFE: f64 = 1e15;

/// Appends a whole number.
#[inline(never)]
pub fn write_u64(out: &mut Vec<u8>, number: u64) {
    write_whole(out, number);
}

#[inline]
fn write_whole(out: &mut Vec<u8>, number: u64) {
    let mut text = [0; 20];
    let at = digits_before(&mut text, 20, number);
    out.extend_from_slice(&text[at..]);
}

/// Writes the digits of a number so that they end before `end`, and says where they begin.
#[inline]
fn digits_before(text: &mut [u8; 20], end: usize, number: u64) -> usize {
    let mut at = end;
    let mut wide = number;
    // Eight digits at a time in 32 bits: cheaper divisions, in a sandbox above all.
    while wide >= 100_000_000 {
        let mut low = (wide % 100_000_000) as u32;
        wide /= 100_000_000;
        for _ in 0..4 {
            at = pair_before(text, at, low % 100);
            low /= 100;
        }
    }
    let mut rest = wide as u32;
    while rest >= 100 {
        at = pair_before(text, at, rest % 100);
        rest /= 100;
    }
    if rest >= 10 {
        at = pair_before(text, at, rest);
    } else {
        at -= 1;
        text[at] = b'0' + rest as u8;
    }
    at
}

#[inline]
fn pair_before(text: &mut [u8; 20], at: usize, pair: u32) -> usize {
    let pair = pair as usize * 2;
    text[at - 2] = PAIRS[pair];
    text[at - 1] = PAIRS[pair + 1];
    at - 2
}

/// Appends the shortest decimal that reads back as the same double, whole numbers without a point. Valid JSON.
///
/// A number that is not finite, which the contract rules out, is written as `null`.
#[inline]
pub fn write_f64(out: &mut Vec<u8>, number: f64) {
    let size = number.abs();
    if size < SAFE {
        let whole = size as u64;
        if whole as f64 == size {
            sign(out, number < 0.0);
            return write_whole(out, whole);
        }
        let thousandths = (size * 1e3 + 0.5) as u64;
        if size < SAFE / 1e3 && thousandths as f64 / 1e3 == size {
            sign(out, number < 0.0);
            return write_scaled(out, thousandths, 3);
        }
    }
    write_any(out, number);
}

#[inline]
fn sign(out: &mut Vec<u8>, negative: bool) {
    if negative {
        out.push(b'-');
    }
}

/// The general case, out of line.
fn write_any(out: &mut Vec<u8>, number: f64) {
    if number.is_finite() {
        out.extend_from_slice(zmij::Buffer::new().format_finite(number).as_bytes());
    } else {
        out.extend_from_slice(b"null");
    }
}

/// Appends `scaled` / 10^`decimals` without trailing zeros.
#[inline]
fn write_scaled(out: &mut Vec<u8>, scaled: u64, decimals: usize) {
    let power = WHOLE_POWERS[decimals.min(15)];
    write_whole(out, scaled / power);
    let mut fraction = scaled % power;
    if fraction == 0 {
        return;
    }
    out.push(b'.');
    let mut places = decimals;
    while fraction.is_multiple_of(10) {
        fraction /= 10;
        places -= 1;
    }
    write_padded(out, fraction, places);
}

/// Appends a number with leading zeros up to `places` (at most 20) digits.
#[inline]
fn write_padded(out: &mut Vec<u8>, number: u64, places: usize) {
    let mut text = [b'0'; 20];
    let at = digits_before(&mut text, 20, number);
    out.extend_from_slice(&text[at.min(20 - places.min(20))..]);
}

/// The smallest number that is not rounded to nothing with so many decimals (0 to 15).
pub fn least(decimals: u8) -> f64 {
    0.5 / POWERS[usize::from(decimals.min(15))]
}

/// Appends a number rounded to at most `decimals` (0 to 15) decimals, without trailing zeros. From 15 digits on a double has no more decimals
/// to lose and is written in full.
#[inline]
pub fn write_rounded(out: &mut Vec<u8>, number: f64, decimals: u8) {
    let decimals = usize::from(decimals.min(15));
    let scaled = number.abs() * POWERS[decimals];
    if scaled < SAFE {
        let scaled = round_half_up(scaled);
        sign(out, number < 0.0 && scaled > 0);
        if decimals == 6 {
            write_micro(out, number.abs() as u32, scaled);
        } else {
            write_scaled(out, scaled, decimals);
        }
    } else {
        write_f64(out, number);
    }
}

/// Appends `scaled` / 10^6 without trailing zeros: the way of every coordinate of a converter that writes millionths of a pixel. `whole` is the number cut
/// to whole ones.
#[inline]
fn write_micro(out: &mut Vec<u8>, whole: u32, scaled: u64) {
    const ZEROS: u64 = 0x3030_3030_3030_3030;
    // Multiplying is monotonic, so `scaled` is at least `whole` millions, and less than two millions more.
    let mut fraction = (scaled - u64::from(whole) * 1_000_000) as u32;
    let mut whole = whole;
    if fraction >= 1_000_000 {
        fraction -= 1_000_000;
        whole += 1;
    }
    if whole >= 10_000 {
        return write_scaled(out, scaled, 6);
    }
    // Digits as numbers, the first one in the lowest byte: zeros that are not written are bytes at one end or the other.
    let whole_digits = eight_digits(whole) >> 32;
    let leading = (whole_digits.trailing_zeros() / 8).min(3);
    let decimals = eight_digits(fraction * 100);
    let kept = 8 - decimals.leading_zeros() / 8;
    let length = 4 - leading as usize;
    let mut text = [0; 16];
    text[..8].copy_from_slice(&((whole_digits + ZEROS) >> (8 * leading)).to_le_bytes());
    text[length] = b'.';
    text[length + 1..length + 9].copy_from_slice(&(decimals + ZEROS).to_le_bytes());
    let end = if kept == 0 { length } else { length + 1 + kept as usize };
    // A copy of fixed size is two stores.
    out.extend_from_slice(&text);
    out.truncate(out.len() - (16 - end));
}

/// The eight digits of a number below 10^8, one in each byte, the first in the lowest. Divides in parallel: by 10^4 once, by 100 in two halves, by 10 in four
/// quarters; each product is exact for the range of its quotient.
#[inline]
fn eight_digits(number: u32) -> u64 {
    let fours = u64::from(number / 10_000) | (u64::from(number % 10_000) << 32);
    let hundreds = ((fours * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let pairs = hundreds | ((fours - hundreds * 100) << 16);
    let tens = ((pairs * 103) >> 10) & 0x000f_000f_000f_000f;
    tens | ((pairs - tens * 10) << 8)
}

/// Rounds `number` as [`write_rounded`] does, so that what is computed from it agrees with what is written.
#[inline]
pub fn rounded(number: f64, decimals: u8) -> f64 {
    let power = POWERS[usize::from(decimals.min(15))];
    let scaled = number.abs() * power;
    if scaled < SAFE { (round_half_up(scaled) as f64 / power).copysign(number) } else { number }
}

/// Halves go up. (`f64::round` is a call of many steps in a sandbox.)
#[inline]
fn round_half_up(number: f64) -> u64 {
    let floor = number as u64;
    floor + u64::from(number - floor as f64 >= 0.5)
}

/// Appends a number from 0 to 1 with exactly six decimals, what is outside clamped: `0.500000`, `1.000000`.
#[inline]
pub fn write_unit(out: &mut Vec<u8>, number: f64) {
    out.extend_from_slice(&millionths_text(millionths(number)));
}

/// A number from 0 to 1 in whole millionths, what is outside clamped.
#[inline]
pub fn millionths(number: f64) -> u32 {
    // A cast from a double saturates, and not-a-number becomes 0.
    ((number * 1e6 + 0.5) as u32).min(1_000_000)
}

/// Millionths (at most one million) as a number with six decimals, for those who put a row together.
#[inline]
pub fn millionths_text(millionths: u32) -> [u8; 8] {
    let one = millionths / 1_000_000;
    let rest = millionths % 1_000_000;
    let (high, middle, low) = ((rest / 10_000) as usize * 2, (rest / 100 % 100) as usize * 2, (rest % 100) as usize * 2);
    [b'0' + one.min(9) as u8, b'.', PAIRS[high], PAIRS[high + 1], PAIRS[middle], PAIRS[middle + 1], PAIRS[low], PAIRS[low + 1]]
}

/// A number in a text for people, as [`write_f64`] writes it. The standard library's own way to show a number is twenty kilobytes of a component.
#[derive(Clone, Copy, Debug)]
pub struct Shown(
    /// The number.
    pub f64,
);

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = Vec::with_capacity(24);
        write_f64(&mut text, self.0);
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    fn shortest(number: f64) -> String {
        text(|out| write_f64(out, number))
    }

    #[test]
    fn numbers_are_written_short() {
        for (number, want) in [
            (0.0, "0"),
            (-0.0, "0"),
            (561.0, "561"),
            (-3.0, "-3"),
            (0.1, "0.1"),
            (-0.125, "-0.125"),
            (1234.05, "1234.05"),
            (559.1259640102828, "559.1259640102828"),
            (0.3 - 0.1, "0.19999999999999998"),
            (100_000_000.0, "100000000"),
            (1e14 + 0.5, "100000000000000.5"),
            (f64::NAN, "null"),
            (f64::NEG_INFINITY, "null"),
        ] {
            assert_eq!(shortest(number), want);
        }
    }

    #[test]
    fn rounding_keeps_to_the_decimals() {
        let rounded = |number, decimals| text(|out| write_rounded(out, number, decimals));
        assert_eq!(rounded(1.005, 2), "1");
        assert_eq!(rounded(1.25, 1), "1.3");
        assert_eq!(rounded(-1.256, 2), "-1.26");
        assert_eq!(rounded(-0.001, 2), "0");
        assert_eq!(rounded(12.0, 3), "12");
        assert_eq!(rounded(0.999, 0), "1");
        assert_eq!(rounded(1.5, 15), "1.5");
        assert_eq!(rounded(123_456.123, 15), "123456.123");
        assert_eq!(rounded(1e300, 2), shortest(1e300));
    }

    #[test]
    fn units_have_six_decimals_and_stay_inside() {
        let unit = |number| text(|out| write_unit(out, number));
        assert_eq!(unit(0.5), "0.500000");
        assert_eq!(unit(0.000_000_5), "0.000001");
        assert_eq!(unit(0.999_999_9), "1.000000");
        assert_eq!(unit(7.0), "1.000000");
        assert_eq!(unit(-0.1), "0.000000");
        assert_eq!(unit(f64::NAN), "0.000000");
        assert_eq!(unit(0.012_345), "0.012345");
    }

    #[test]
    fn eight_digits_are_those_of_the_number() {
        for number in (0..100_000_000).step_by(9_973).chain(0..20_000).chain([99_999_999, 10_000_000]) {
            let digits = eight_digits(number).to_le_bytes().map(|digit| char::from(b'0' + digit));
            assert_eq!(digits.iter().collect::<String>(), format!("{number:08}"));
        }
    }

    #[test]
    fn millionths_are_written_like_any_other_decimals() {
        for number in
            [0.0, 0.1, 0.0000004, 0.0000005, 0.9999996, 9.9999999, 10.0, 99.99, 100.5, 1_234.567_891, 98_765.4, 123_456.789, 987_654_321.123_456_7]
        {
            let expected = text(|out| write_scaled(out, round_half_up(number * 1e6), 6));
            assert_eq!(text(|out| write_rounded(out, number, 6)), expected, "{number}");
        }
        assert_eq!(text(|out| write_rounded(out, -0.0000001, 6)), "0");
        assert_eq!(text(|out| write_rounded(out, -1.5, 6)), "-1.5");
    }

    proptest! {
        #[test]
        fn every_number_reads_back(bits in any::<u64>()) {
            let number = f64::from_bits(bits);
            prop_assume!(number.is_finite());
            prop_assert_eq!(shortest(number).parse::<f64>().unwrap(), number);
        }

        #[test]
        fn decimals_come_back_as_they_went_in(scaled in -1_000_000_000_i64..1_000_000_000, decimals in 0_usize..8) {
            let number: f64 = format!("{scaled}e-{decimals}").parse().unwrap();
            prop_assert_eq!(shortest(number), if number == 0.0 { "0".to_owned() } else { format!("{number}") });
        }

        #[test]
        fn whole_numbers_are_their_digits(number in any::<u64>()) {
            prop_assert_eq!(text(|out| write_u64(out, number)), number.to_string());
        }

        #[test]
        fn units_are_what_the_standard_library_writes(millionth in 0_u32..=1_000_000) {
            let number = f64::from(millionth) / 1e6;
            prop_assert_eq!(text(|out| write_unit(out, number)), format!("{number:.6}"));
        }
    }
}
