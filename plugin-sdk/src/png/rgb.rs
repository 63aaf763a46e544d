//! Writing pictures that are no masks.

use std::io;

use fdeflate::Compressor;

use super::chunk;

/// A PNG file of rows that look like those of a photo, compressed fast.
pub struct RgbPng {
    width: u32,
    height: u32,
    data: Compressor<Vec<u8>>,
    above: Vec<u8>,
    /// The filter's name, and what it makes of a row.
    filtered: Vec<u8>,
}

/// Filter `up` of PNG: of all filters that cost next to nothing the one that saves most in photos.
const UP: u8 = 2;

impl RgbPng {
    /// Starts a file of this size. Exactly `height` rows must follow.
    ///
    /// # Errors
    ///
    /// None that are known of: nothing is written but memory.
    pub fn new(width: u32, height: u32) -> io::Result<Self> {
        let bytes = width as usize * 3;
        Ok(Self { width, height, data: Compressor::new(Vec::new())?, above: vec![0; bytes], filtered: Vec::with_capacity(bytes + 1) })
    }

    /// The next row, three bytes a pixel.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn row(&mut self, pixels: &[u8]) -> io::Result<()> {
        self.filtered.clear();
        self.filtered.push(UP);
        self.filtered.extend(pixels.iter().zip(&self.above).map(|(byte, above)| byte.wrapping_sub(*above)));
        self.above.clear();
        self.above.extend_from_slice(pixels);
        self.data.write_data(&self.filtered)
    }

    /// Ends the file and gives its bytes.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn finish(self) -> io::Result<Vec<u8>> {
        let data = self.data.finish()?;
        let mut file = Vec::with_capacity(data.len() + 64);
        chunk::begin(&mut file, self.width, self.height, 8, 2);
        chunk::whole(&mut file, b"IDAT", &data);
        chunk::end(&mut file);
        Ok(file)
    }
}
