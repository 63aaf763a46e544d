//! Writing masks.

use super::chunk;
use super::deflate::Deflate;
use crate::raster::Run;

/// What a pixel of a mask is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pixel<'a> {
    /// Black or white: values 0 and 1.
    Bit,
    /// Grey from 0 to 255.
    Grey8,
    /// Grey from 0 to 65535.
    Grey16,
    /// An index into these colours (red, green, blue; 1 to 256 of them).
    Palette(&'a [[u8; 3]]),
    /// A colour: value `0xRRGGBB`.
    Rgb,
}

impl Pixel<'_> {
    /// Bits of a sample, and the colour type of the file.
    fn header(self) -> (u8, u8) {
        match self {
            Self::Bit => (1, 0),
            Self::Grey8 => (8, 0),
            Self::Grey16 => (16, 0),
            Self::Palette(_) => (8, 3),
            Self::Rgb => (8, 2),
        }
    }

    fn bytes(self) -> usize {
        match self {
            Self::Bit | Self::Grey8 | Self::Palette(_) => 1,
            Self::Grey16 => 2,
            Self::Rgb => 3,
        }
    }
}

/// The filter of rows that are not empty: differences to the row above.
const UP: u8 = 2;

/// A PNG file being written row by row, and memory for the next.
#[derive(Clone, Debug, Default)]
pub struct MaskPng {
    width: u32,
    bits: bool,
    bytes: usize,
    out: Vec<u8>,
    deflate: Deflate,
    above: Vec<Run>,
    row: Vec<Run>,
    data_at: usize,
}

impl MaskPng {
    /// No file yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts a file of this size, which must have pixels. Exactly `height` rows must follow.
    pub fn start(&mut self, width: u32, height: u32, pixel: Pixel<'_>) {
        (self.width, self.bits, self.bytes) = (width, pixel == Pixel::Bit, pixel.bytes());
        self.above.clear();
        self.out.clear();
        let (depth, color) = pixel.header();
        chunk::begin(&mut self.out, width, height, depth, color);
        if let Pixel::Palette(colors) = pixel {
            chunk::whole(&mut self.out, b"PLTE", colors.as_flattened());
        }
        self.data_at = chunk::open(&mut self.out, b"IDAT");
        self.deflate.start(&mut self.out, self.bytes);
    }

    /// The next row: runs from left to right, whose labels are the values of pixels; the value between them is 0. Values are cut to what a pixel can hold, and
    /// runs that are out of order or outside the image are not drawn.
    pub fn row(&mut self, runs: impl IntoIterator<Item = Run>) {
        self.row.clear();
        let mut x = 0;
        for run in runs {
            if run.x0 < x || run.x1 <= run.x0 || run.x1 > self.width {
                continue;
            }
            x = run.x1;
            match self.row.last_mut() {
                Some(last) if last.x1 == run.x0 && last.label == run.label => last.x1 = run.x1,
                _ if run.label != 0 => self.row.push(run),
                _ => {}
            }
        }
        self.compressed_row();
    }

    /// The next rows, `count` of them, whose pixels are all 0: the same as so many rows without runs, at once.
    pub fn empty_rows(&mut self, count: u32) {
        if count > 0 {
            self.above.clear();
            // The name of the filter is a zero too, so that empty rows are one run.
            self.deflate.zeros((u64::from(self.byte_width()) * self.bytes as u64 + 1) * u64::from(count));
        }
    }

    /// How many pixels of whole bytes a row has.
    fn byte_width(&self) -> u32 {
        if self.bits { self.width.div_ceil(8) } else { self.width }
    }

    fn compressed_row(&mut self) {
        if self.bits {
            pack(&mut self.row);
        }
        if self.row.is_empty() {
            return self.empty_rows(1);
        }
        self.deflate.relieve(&mut self.out);
        self.deflate.byte(UP);
        let width = self.byte_width();
        match self.bytes {
            _ if self.row == self.above => self.deflate.zeros(u64::from(width) * self.bytes as u64),
            1 => differences::<1>(&mut self.deflate, &self.row, &self.above, width),
            2 => differences::<2>(&mut self.deflate, &self.row, &self.above, width),
            _ => differences::<3>(&mut self.deflate, &self.row, &self.above, width),
        }
        std::mem::swap(&mut self.row, &mut self.above);
    }

    /// Ends the file and gives its bytes, which are there until the next one is started.
    pub fn finish(&mut self) -> &[u8] {
        self.deflate.finish(&mut self.out);
        chunk::close(&mut self.out, self.data_at);
        chunk::end(&mut self.out);
        &self.out
    }
}

/// Appends the differences of a row to the one above, stretch by stretch. A pixel has `N` bytes.
fn differences<const N: usize>(deflate: &mut Deflate, row: &[Run], above: &[Run], width: u32) {
    let (mut row, mut above) = (Walk::new(row), Walk::new(above));
    let (mut x, mut start, mut difference) = (0, 0, [0; N]);
    while x < width {
        let (value, value_end) = row.at(x, width);
        let (value_above, above_end) = above.at(x, width);
        // The highest byte first, as PNG stores them.
        let (value, value_above) = (value.to_be_bytes(), value_above.to_be_bytes());
        let here: [u8; N] = std::array::from_fn(|at| value[4 - N + at].wrapping_sub(value_above[4 - N + at]));
        if here != difference {
            deflate.run(difference, x - start);
            (start, difference) = (x, here);
        }
        x = value_end.min(above_end);
    }
    deflate.run(difference, width - start);
}

/// Turns runs of pixels of one bit into runs of bytes of eight pixels.
fn pack(row: &mut Vec<Run>) {
    let mut bytes: Vec<Run> = Vec::with_capacity(row.len() * 3);
    let mut add = |x0: u32, x1: u32, bits: u32| match bytes.last_mut() {
        Some(last) if last.x1 > x0 => last.label |= bits,
        _ if x0 < x1 => bytes.push(Run { x0, x1, label: bits }),
        _ => {}
    };
    for run in row.iter().filter(|run| run.label & 1 != 0) {
        let (first, last) = (run.x0 / 8, run.x1 / 8);
        let (from, to) = (0xff >> (run.x0 % 8), !(0xff >> (run.x1 % 8)) & 0xff);
        if first == last {
            add(first, first + 1, from & to);
            continue;
        }
        // The first byte is whole when the run begins with it.
        add(first, first + 1, from);
        add(first + 1, last, 0xff);
        if to != 0 {
            add(last, last + 1, to);
        }
    }
    *row = bytes;
}

/// A row being walked through: runs, and zeros between them.
struct Walk<'a> {
    runs: &'a [Run],
}

impl<'a> Walk<'a> {
    fn new(runs: &'a [Run]) -> Self {
        Self { runs }
    }

    /// The value at a column, which never goes back, and where it ends.
    #[inline]
    fn at(&mut self, x: u32, width: u32) -> (u32, u32) {
        while let [first, rest @ ..] = self.runs {
            if x < first.x0 {
                return (0, first.x0);
            }
            if x < first.x1 {
                return (first.label, first.x1);
            }
            self.runs = rest;
        }
        (0, width)
    }
}
