//! Colors of classes, for formats that show them.

use crate::class_table::ClassTable;

/// The parts of `#rrggbb`: red, green and blue.
pub fn rgb(color: &str) -> Option<[u8; 3]> {
    let digits = color.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}

/// A color for something that has none, by a number: bright, and far from that of the numbers before and after.
pub fn distinct(number: u32) -> [u8; 3] {
    // On the circle of hues the golden angle leads away from all earlier places.
    let hue = (f64::from(number) * 0.618_033_988_75).fract() * 6.0;
    [0.0, 4.0, 2.0].map(|shift| {
        let place: f64 = (hue + shift) % 6.0;
        (((place - 3.0).abs() - 1.0).clamp(0.0, 1.0) * 155.0 + 100.0) as u8
    })
}

/// The color of each class of a table: the project's, or a distinct one.
pub fn of_classes(classes: &ClassTable) -> Vec<[u8; 3]> {
    let color = |(number, color): (u32, Option<&str>)| color.and_then(rgb).unwrap_or_else(|| distinct(number));
    (0..).zip(classes.classes().iter().map(|class| class.color.as_deref())).map(color).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_are_read_or_made_up() {
        assert_eq!(rgb("#dd8265"), Some([0xdd, 0x82, 0x65]));
        for text in ["", "dd8265", "#dd826", "#dd82655", "#dd826g", "#dd82é"] {
            assert_eq!(rgb(text), None, "{text}");
        }
        for number in 0..200 {
            let far = |other: u32| distinct(number).into_iter().zip(distinct(other)).map(|(a, b)| a.abs_diff(b)).max();
            assert!((1..4).all(|step| far(number + step) > Some(50)), "{number}");
        }
    }
}
