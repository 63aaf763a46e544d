//! The sum that every chunk ends with: CRC-32 as PNG has it (annex D), the same as in gzip and Ethernet.
//!
//! A byte at a time, with a table of 1 KiB: masks are compressed a hundredfold before they are summed, and the tables of the faster ways are 16 KiB of a
//! component.

const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let (mut rest, mut bit) = (byte as u32, 0);
        while bit < 8 {
            rest = if rest & 1 == 1 { 0xedb8_8320 ^ rest >> 1 } else { rest >> 1 };
            bit += 1;
        }
        table[byte] = rest;
        byte += 1;
    }
    table
};

/// Of all these bytes.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, &byte| TABLE[usize::from(sum as u8 ^ byte)] ^ sum >> 8)
}
