//! The frame of a file.

use super::sum::crc32;

/// Appends the signature and the header. Rows are not interlaced.
pub(super) fn begin(out: &mut Vec<u8>, width: u32, height: u32, depth: u8, color: u8) {
    out.extend_from_slice(b"\x89PNG\r\n\x1a\n");
    let mut header = [0; 13];
    header[..4].copy_from_slice(&width.to_be_bytes());
    header[4..8].copy_from_slice(&height.to_be_bytes());
    header[8..10].copy_from_slice(&[depth, color]);
    whole(out, b"IHDR", &header);
}

/// Appends a chunk.
pub(super) fn whole(out: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    let start = open(out, name);
    out.extend_from_slice(data);
    close(out, start);
}

/// Begins a chunk whose length is not known yet, and says where it begins.
pub(super) fn open(out: &mut Vec<u8>, name: &[u8; 4]) -> usize {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(name);
    start
}

/// Ends the chunk that begins there.
pub(super) fn close(out: &mut Vec<u8>, start: usize) {
    let length = (out.len() - start - 8) as u32;
    out[start..start + 4].copy_from_slice(&length.to_be_bytes());
    let sum = crc32(&out[start + 4..]);
    out.extend_from_slice(&sum.to_be_bytes());
}

/// Appends the end.
pub(super) fn end(out: &mut Vec<u8>) {
    whole(out, b"IEND", &[]);
}
