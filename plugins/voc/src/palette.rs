//! The colours of masks.

/// The colour of an index: bits 0, 1 and 2 of every three bits of the index are the highest bits left of red, green and blue (`VOClabelcolormap` of the
/// development kit). Only the lowest eight bits of an index count.
pub(crate) fn color(index: usize) -> [u8; 3] {
    let mut color = [0_u8; 3];
    for place in 0..8 {
        let bits = index >> (3 * place);
        for (channel, value) in color.iter_mut().enumerate() {
            *value |= u8::from(index < 256 && (bits >> channel) & 1 == 1) << (7 - place);
        }
    }
    color
}

/// The colours of all indexes that a pixel can have.
pub(crate) fn colors() -> Vec<[u8; 3]> {
    (0..256).map(color).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_those_of_the_development_kit() {
        // Background, aeroplane, bicycle, bird, boat, ..., person, ..., tv monitor, void.
        for (index, want) in [
            (0, [0, 0, 0]),
            (1, [128, 0, 0]),
            (2, [0, 128, 0]),
            (3, [128, 128, 0]),
            (4, [0, 0, 128]),
            (15, [192, 128, 128]),
            (20, [0, 64, 128]),
            (255, [224, 224, 192]),
        ] {
            assert_eq!(color(index), want, "{index}");
        }
        assert_eq!(colors().len(), 256);
    }
}
