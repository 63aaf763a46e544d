//! Kinds of pixels, and how they become red, green, blue and alpha.

/// What a sample is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Color {
    Grey,
    Rgb,
    Palette,
    GreyAlpha,
    Rgba,
}

/// The kind of the pixels of a file.
pub(super) struct Kind {
    color: Color,
    depth: usize,
    /// Colours of a palette, with their alpha.
    palette: Vec<[u8; 4]>,
    /// The one colour that is transparent, by its samples.
    transparent: Option<[u16; 3]>,
}

impl Kind {
    /// By the header's numbers; `None` for what the format does not allow.
    pub(super) fn new(color: u8, depth: u8) -> Option<Self> {
        let (color, depths) = match color {
            0 => (Color::Grey, &[1, 2, 4, 8, 16][..]),
            2 => (Color::Rgb, &[8, 16][..]),
            3 => (Color::Palette, &[1, 2, 4, 8][..]),
            4 => (Color::GreyAlpha, &[8, 16][..]),
            6 => (Color::Rgba, &[8, 16][..]),
            _ => return None,
        };
        depths.contains(&depth).then(|| Self { color, depth: depth.into(), palette: Vec::new(), transparent: None })
    }

    pub(super) fn set_palette(&mut self, colors: &[u8]) {
        self.palette = colors.as_chunks().0.iter().map(|&[red, green, blue]| [red, green, blue, 255]).collect();
    }

    pub(super) fn set_transparent(&mut self, data: &[u8]) {
        let sample = |at: usize| data.get(2 * at..2 * at + 2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
        match self.color {
            Color::Palette => self.palette.iter_mut().zip(data).for_each(|(color, alpha)| color[3] = *alpha),
            Color::Grey => self.transparent = sample(0).map(|grey| [grey; 3]),
            Color::Rgb => self.transparent = sample(0).zip(sample(1)).zip(sample(2)).map(|((red, green), blue)| [red, green, blue]),
            Color::GreyAlpha | Color::Rgba => {}
        }
    }

    fn samples(&self) -> usize {
        match self.color {
            Color::Grey | Color::Palette => 1,
            Color::GreyAlpha => 2,
            Color::Rgb => 3,
            Color::Rgba => 4,
        }
    }

    /// How many bytes a line has; `None` if more than there can be.
    pub(super) fn line_bytes(&self, width: usize) -> Option<usize> {
        Some(width.checked_mul(self.samples() * self.depth)?.div_ceil(8))
    }

    /// How many bytes a pixel has, at least one.
    pub(super) fn pixel_bytes(&self) -> usize {
        (self.samples() * self.depth).div_ceil(8)
    }

    /// The pixels of a line, which has as many bytes as [`line_bytes`](Self::line_bytes) says.
    pub(super) fn expand(&self, line: &[u8], width: usize, pixels: &mut Vec<[u8; 4]>) {
        pixels.clear();
        if self.depth == 8 && self.color == Color::Rgba {
            return pixels.extend_from_slice(line.as_chunks().0);
        }
        pixels.extend((0..width).map(|x| self.pixel(line, x)));
    }

    fn pixel(&self, line: &[u8], x: usize) -> [u8; 4] {
        let first = x * self.samples();
        let sample = |at: usize| self.sample(line, first + at);
        let byte = |at: usize| self.byte(sample(at));
        let opaque = |samples: [u16; 3]| if self.transparent == Some(samples) { 0 } else { 255 };
        match self.color {
            // A colour that the palette does not have is black.
            Color::Palette => self.palette.get(usize::from(sample(0))).copied().unwrap_or([0, 0, 0, 255]),
            Color::Grey => [byte(0), byte(0), byte(0), opaque([sample(0); 3])],
            Color::GreyAlpha => [byte(0), byte(0), byte(0), byte(1)],
            Color::Rgb => [byte(0), byte(1), byte(2), opaque([sample(0), sample(1), sample(2)])],
            Color::Rgba => [byte(0), byte(1), byte(2), byte(3)],
        }
    }

    #[inline]
    fn sample(&self, line: &[u8], at: usize) -> u16 {
        let byte = |at: usize| u16::from(line.get(at).copied().unwrap_or(0));
        match self.depth {
            16 => byte(2 * at) << 8 | byte(2 * at + 1),
            8 => byte(at),
            depth => {
                let bit = at * depth;
                byte(bit / 8) >> (8 - depth - bit % 8) & ((1 << depth) - 1)
            }
        }
    }

    /// A sample in eight bits: the higher ones of sixteen, or fewer spread over the whole range.
    #[inline]
    fn byte(&self, sample: u16) -> u8 {
        match self.depth {
            16 => (sample >> 8) as u8,
            8 => sample as u8,
            depth => (sample * 255 / ((1 << depth) - 1)) as u8,
        }
    }
}
