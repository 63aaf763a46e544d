//! Values and colours that are far apart.

/// A colour: red, green and blue.
pub(crate) type Color = [u8; 3];

/// The values of `single_channel_diverging`, in the order of Ango's own converter, so that masks of both agree: halves first, then quarters, and so on, each
/// level in an order that was shuffled once.
#[rustfmt::skip]
pub(crate) const DIVERGING: [u8; 255] = [
    255, 128, 192, 64, 96, 32, 160, 224, 48, 16, 240, 176, 208, 144, 112, 80, 104, 24, 56, 216, 40, 88, 248, 184, 120, 152, 8, 200, 232, 136, 168, 72, 44,
    132, 108, 116, 92, 236, 12, 204, 100, 180, 252, 68, 124, 228, 196, 36, 188, 140, 28, 84, 52, 60, 4, 76, 244, 220, 172, 20, 212, 164, 156, 148, 98, 150,
    138, 218, 206, 214, 242, 58, 18, 182, 46, 26, 202, 70, 90, 234, 254, 38, 210, 142, 14, 158, 154, 186, 130, 178, 226, 34, 222, 10, 106, 134, 54, 170, 146,
    82, 194, 50, 62, 122, 114, 86, 78, 110, 66, 162, 238, 246, 174, 250, 74, 30, 102, 42, 94, 166, 190, 126, 198, 6, 118, 230, 22, 2, 239, 203, 227, 77, 51,
    101, 235, 105, 243, 193, 253, 209, 135, 63, 161, 13, 171, 87, 91, 207, 157, 79, 41, 119, 11, 133, 111, 43, 249, 199, 213, 197, 247, 97, 205, 245, 83, 145,
    149, 55, 125, 221, 57, 61, 201, 153, 7, 99, 143, 103, 9, 189, 39, 155, 181, 233, 225, 167, 49, 215, 71, 183, 131, 229, 195, 185, 173, 53, 75, 27, 5, 231,
    241, 123, 23, 69, 21, 15, 33, 211, 65, 217, 59, 187, 73, 251, 223, 25, 95, 165, 107, 17, 129, 29, 175, 93, 19, 159, 151, 67, 141, 3, 85, 147, 31, 115,
    177, 117, 169, 121, 113, 137, 191, 81, 127, 237, 1, 37, 89, 163, 35, 45, 139, 109, 179, 219, 47,
];

/// Matplotlib's `tab10`, which Ango's own converter takes for up to ten classes.
const TEN: [u32; 10] = [0x1f77b4, 0xff7f0e, 0x2ca02c, 0xd62728, 0x9467bd, 0x8c564b, 0xe377c2, 0x7f7f7f, 0xbcbd22, 0x17becf];

/// Matplotlib's `tab20`, `tab20b` and `tab20c`, which it takes for up to sixty.
#[rustfmt::skip]
const SIXTY: [u32; 60] = [
    0x1f77b4, 0xaec7e8, 0xff7f0e, 0xffbb78, 0x2ca02c, 0x98df8a, 0xd62728, 0xff9896, 0x9467bd, 0xc5b0d5, 0x8c564b, 0xc49c94, 0xe377c2, 0xf7b6d2, 0x7f7f7f,
    0xc7c7c7, 0xbcbd22, 0xdbdb8d, 0x17becf, 0x9edae5, 0x393b79, 0x5254a3, 0x6b6ecf, 0x9c9ede, 0x637939, 0x8ca252, 0xb5cf6b, 0xcedb9c, 0x8c6d31, 0xbd9e39,
    0xe7ba52, 0xe7cb94, 0x843c39, 0xad494a, 0xd6616b, 0xe7969c, 0x7b4173, 0xa55194, 0xce6dbd, 0xde9ed6, 0x3182bd, 0x6baed6, 0x9ecae1, 0xc6dbef, 0xe6550d,
    0xfd8d3c, 0xfdae6b, 0xfdd0a2, 0x31a354, 0x74c476, 0xa1d99b, 0xc7e9c0, 0x756bb1, 0x9e9ac8, 0xbcbddc, 0xdadaeb, 0x636363, 0x969696, 0xbdbdbd, 0xd9d9d9,
];

/// Colours for so many classes, no two the same and none of them black.
pub(crate) fn qualitative(count: usize) -> impl Iterator<Item = Color> {
    let known: &[u32] = if count <= TEN.len() { &TEN } else { &SIXTY };
    let made = (1..).map(scattered).filter(|color| !known.contains(&rgb(*color)));
    known.iter().map(|&value| color(value)).chain(made).take(count)
}

/// A colour for a number from 1 to 2^24 - 1: another one for each, and far from that of the next.
pub(crate) fn scattered(number: u32) -> Color {
    // An odd factor makes a permutation of all colours, in which only 0 stays 0. This one is 2^24 divided by the golden ratio.
    color(number.wrapping_mul(0x009e_3779) & 0x00ff_ffff)
}

/// `0xRRGGBB` as a colour.
pub(crate) fn color(value: u32) -> Color {
    [(value >> 16) as u8, (value >> 8) as u8, value as u8]
}

/// A colour as `0xRRGGBB`.
pub(crate) fn rgb([red, green, blue]: Color) -> u32 {
    u32::from(red) << 16 | u32::from(green) << 8 | u32::from(blue)
}

/// A colour from `#rrggbb`.
pub(crate) fn parse(text: &str) -> Option<Color> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u32::from_str_radix(digits, 16).ok().map(color)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_classes_look_the_same() {
        for count in [0, 1, 10, 11, 60, 61, 3000] {
            let mut colors: Vec<u32> = qualitative(count).map(rgb).collect();
            colors.sort_unstable();
            colors.dedup();
            assert_eq!(colors.len(), count);
            assert!(!colors.contains(&0));
        }
        let mut values = DIVERGING;
        values.sort_unstable();
        assert!((1..=255).eq(values));
    }

    #[test]
    fn colors_are_read() {
        assert_eq!(parse("#01aAff"), Some([1, 170, 255]));
        for text in ["", "#", "01aaff", "#01aaf", "#01aaff0", "#+1aaff", "#é1aaf"] {
            assert_eq!(parse(text), None);
        }
        assert_eq!(rgb(color(0x123456)), 0x123456);
    }
}
