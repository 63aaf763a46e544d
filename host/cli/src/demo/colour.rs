//! Colours of the drawings: 8-bit sRGB with an opacity, and the mixes that light and shade need.

/// An sRGB colour with an opacity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Colour {
    channels: [u8; 3],
    opacity: f64,
}

impl Colour {
    /// Paper.
    pub const WHITE: Self = Self { channels: [255; 3], opacity: 1.0 };

    /// An opaque colour from `0xRRGGBB`.
    pub const fn rgb(code: u32) -> Self {
        Self { channels: [(code >> 16) as u8, (code >> 8) as u8, code as u8], opacity: 1.0 }
    }

    /// The same colour with the given opacity, 0 to 1.
    pub fn faded(self, opacity: f64) -> Self {
        Self { opacity, ..self }
    }

    /// Opacity, 0 to 1.
    pub fn opacity(self) -> f64 {
        self.opacity
    }

    /// Red, green and blue.
    pub fn channels(self) -> [u8; 3] {
        self.channels
    }

    /// A mix of this colour and `share` (0 to 1) of the other; the opacity is mixed too.
    pub fn mixed(self, other: Self, share: f64) -> Self {
        let share = share.clamp(0.0, 1.0);
        let mut channels = self.channels;
        for (mine, theirs) in channels.iter_mut().zip(other.channels) {
            let (from, to) = (f64::from(*mine), f64::from(theirs));
            *mine = (from + (to - from) * share).round() as u8;
        }
        Self { channels, opacity: self.opacity + (other.opacity - self.opacity) * share }
    }

    /// A darker tone, `share` of the way to a bluish black.
    pub fn darker(self, share: f64) -> Self {
        self.mixed(Self::rgb(0x10_14_26).faded(self.opacity), share)
    }

    /// A lighter tone, `share` of the way to white.
    pub fn lighter(self, share: f64) -> Self {
        self.mixed(Self::WHITE.faded(self.opacity), share)
    }

    /// This colour as it looks under coloured light: channel by channel product.
    pub fn under(self, light: Self) -> Self {
        let mut channels = self.channels;
        for (mine, shine) in channels.iter_mut().zip(light.channels) {
            *mine = ((u16::from(*mine) * u16::from(shine) + 127) / 255) as u8;
        }
        Self { channels, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_light_changes_nothing_and_black_light_everything() {
        let colour = Colour::rgb(0x12_34_56);
        assert_eq!(colour.under(Colour::WHITE), colour);
        assert_eq!(colour.under(Colour::rgb(0)), Colour::rgb(0));
    }

    #[test]
    fn a_half_mix_lies_between() {
        assert_eq!(Colour::rgb(0).mixed(Colour::WHITE, 0.5).channels(), [128; 3]);
    }
}
