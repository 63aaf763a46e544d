//! Reading images, whoever made them.

use std::borrow::Cow;

use super::inflate::Inflate;
use super::pixels::Kind;
use super::sum::crc32;

/// What every PNG file begins with.
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Where the pixels of the seven images of an interlaced one are: first column and row, and the steps to the next ones.
const PASSES: [[usize; 4]; 7] = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]];

/// Why an image was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// It has more pixels than were allowed, or needs more memory.
    TooLarge,
    /// It is not a PNG file, or a broken one; the text says where.
    Malformed(&'static str),
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooLarge => f.write_str("image has more pixels than allowed"),
            Self::Malformed(reason) => {
                f.write_str("image is no valid PNG file: ")?;
                f.write_str(reason)
            }
        }
    }
}

impl std::error::Error for ReadError {}

impl From<&'static str> for ReadError {
    fn from(reason: &'static str) -> Self {
        Self::Malformed(reason)
    }
}

/// A PNG file whose header has been read. Every kind of PNG is read as red, green, blue and alpha of 8 bits.
pub struct Reader<'a> {
    width: u32,
    height: u32,
    interlaced: bool,
    kind: Kind,
    data: Cow<'a, [u8]>,
}

impl<'a> Reader<'a> {
    /// Reads the header.
    ///
    /// # Errors
    ///
    /// When it is no PNG file, or has more than `max_pixels` pixels; nothing has been allocated for them then.
    pub fn new(file: &'a [u8], max_pixels: u64) -> Result<Self, ReadError> {
        let mut left = file.strip_prefix(SIGNATURE).ok_or("it does not begin as one")?;
        let (name, header) = chunk(&mut left)?;
        let (b"IHDR", &[w0, w1, w2, w3, h0, h1, h2, h3, depth, color, method, filter, interlace]) = (name, header) else {
            return Err(ReadError::Malformed("it has no header"));
        };
        let (width, height) = (u32::from_be_bytes([w0, w1, w2, w3]), u32::from_be_bytes([h0, h1, h2, h3]));
        if width == 0 || height == 0 || method != 0 || filter != 0 || interlace > 1 {
            return Err(ReadError::Malformed("its header says what it cannot be"));
        }
        if u64::from(width) * u64::from(height) > max_pixels {
            return Err(ReadError::TooLarge);
        }
        let mut kind = Kind::new(color, depth).ok_or("its pixels are of an unknown kind")?;
        let mut data = Cow::Borrowed(&[][..]);
        loop {
            match chunk(&mut left) {
                Ok((b"PLTE", palette)) => kind.set_palette(palette),
                Ok((b"tRNS", transparent)) => kind.set_transparent(transparent),
                Ok((b"IDAT", more)) if data.is_empty() => data = Cow::Borrowed(more),
                Ok((b"IDAT", more)) => data.to_mut().extend_from_slice(more),
                Ok((b"IEND", _)) => break,
                Ok(_) => {}
                // Who has every pixel does not miss what should follow.
                Err(_) if left.is_empty() && !data.is_empty() => break,
                Err(error) => return Err(error),
            }
        }
        Ok(Self { width, height, interlaced: interlace == 1, kind, data })
    }

    /// Width and height in pixels.
    pub fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// Reads the pixels and gives each row to `row`, from top to bottom.
    ///
    /// # Errors
    ///
    /// When the file is broken; rows before that place have been given.
    pub fn rows(self, mut row: impl FnMut(u32, &[[u8; 4]])) -> Result<(), ReadError> {
        let mut lines = Lines { kind: &self.kind, data: Inflate::new(&self.data)?, line: Vec::new(), above: Vec::new(), pixels: Vec::new() };
        let width = self.width as usize;
        if !self.interlaced {
            for y in 0..self.height {
                row(y, lines.next(width)?);
            }
            return Ok(());
        }
        // Rows are complete only at the end.
        let count = width * self.height as usize;
        let mut pixels: Vec<[u8; 4]> = Vec::new();
        pixels.try_reserve_exact(count).map_err(|_| ReadError::TooLarge)?;
        pixels.resize(count, [0; 4]);
        for [x, y, across, down] in PASSES {
            let columns = width.saturating_sub(x).div_ceil(across);
            lines.above.clear();
            for line in pixels.chunks_exact_mut(width).skip(y).step_by(down).filter(|_| columns > 0) {
                let found = lines.next(columns)?;
                line.iter_mut().skip(x).step_by(across).zip(found).for_each(|(pixel, found)| *pixel = *found);
            }
        }
        for (y, line) in (0..).zip(pixels.chunks_exact(width)) {
            row(y, line);
        }
        Ok(())
    }
}

/// Takes a chunk off the file: its name and its data.
fn chunk<'a>(left: &mut &'a [u8]) -> Result<(&'a [u8; 4], &'a [u8]), ReadError> {
    const ENDS: ReadError = ReadError::Malformed("it ends early");
    let Some((length, named)) = std::mem::take(left).split_first_chunk::<4>() else { return Err(ENDS) };
    let (named, rest) = named.split_at_checked(u32::from_be_bytes(*length) as usize + 4).ok_or(ENDS)?;
    let (sum, rest) = rest.split_first_chunk::<4>().ok_or(ENDS)?;
    if crc32(named).to_be_bytes() != *sum {
        return Err(ReadError::Malformed("a checksum is wrong"));
    }
    *left = rest;
    named.split_first_chunk().ok_or(ENDS)
}

/// The lines of an image, one after the other.
struct Lines<'a> {
    kind: &'a Kind,
    data: Inflate<'a>,
    line: Vec<u8>,
    above: Vec<u8>,
    pixels: Vec<[u8; 4]>,
}

impl Lines<'_> {
    /// The pixels of the next line.
    fn next(&mut self, width: usize) -> Result<&[[u8; 4]], ReadError> {
        let bytes = self.kind.line_bytes(width).ok_or(ReadError::TooLarge)?;
        std::mem::swap(&mut self.line, &mut self.above);
        self.above.resize(bytes, 0);
        let [filter, line @ ..] = self.data.take(bytes + 1)? else { return Err(ReadError::Malformed("it has a line of nothing")) };
        self.line.clear();
        self.line.extend_from_slice(line);
        unfilter(*filter, self.kind.pixel_bytes(), &mut self.line, &self.above)?;
        self.kind.expand(&self.line, width, &mut self.pixels);
        Ok(&self.pixels)
    }
}

/// Undoes what was done to a line to make it compress better. `step` is how many bytes before a byte the same of the pixel before is.
fn unfilter(filter: u8, step: usize, line: &mut [u8], above: &[u8]) -> Result<(), ReadError> {
    match filter {
        0 => {}
        1 => {
            for at in step..line.len() {
                line[at] = line[at].wrapping_add(line[at - step]);
            }
        }
        2 => line.iter_mut().zip(above).for_each(|(byte, above)| *byte = byte.wrapping_add(*above)),
        3 => {
            for at in 0..line.len() {
                let left = if at < step { 0 } else { line[at - step] };
                line[at] = line[at].wrapping_add(left.midpoint(above[at]));
            }
        }
        4 => {
            for at in 0..line.len() {
                let (left, corner) = if at < step { (0, 0) } else { (line[at - step], above[at - step]) };
                line[at] = line[at].wrapping_add(nearest(left, above[at], corner));
            }
        }
        _ => return Err(ReadError::Malformed("it has a line that was filtered in an unknown way")),
    }
    Ok(())
}

/// Whichever of the three is nearest to left + above - corner; the first of equals (Paeth's predictor).
#[inline]
fn nearest(left: u8, above: u8, corner: u8) -> u8 {
    let (a, b, c) = (i32::from(left), i32::from(above), i32::from(corner));
    let (to_a, to_b, to_c) = ((b - c).abs(), (a - c).abs(), (a + b - 2 * c).abs());
    if to_a <= to_b && to_a <= to_c {
        left
    } else if to_b <= to_c {
        above
    } else {
        corner
    }
}
