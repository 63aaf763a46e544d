//! Sizes of images that are made here, byte by byte, as the specifications of their formats say.

#![allow(clippy::expect_used)]

use super::{Answer, FIRST, MAX_PIECES, measure};
use crate::assets::places::Piece;
use proptest::prelude::*;

/// A real PNG.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().expect("a header can be written");
    writer.write_image_data(&vec![7; (width * height) as usize]).expect("pixels can be written");
    drop(writer);
    bytes
}

/// A JPEG up to its pixels: `blocks` of metadata first.
fn jpeg(width: u16, height: u16, blocks: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8];
    let mut segment = |marker: u8, content: &[u8]| {
        bytes.extend([0xff, marker]);
        bytes.extend((content.len() as u16 + 2).to_be_bytes());
        bytes.extend(content);
    };
    segment(0xe0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0");
    for (marker, content) in blocks {
        segment(*marker, content);
    }
    let [h, w] = [height.to_be_bytes(), width.to_be_bytes()];
    segment(0xc0, &[8, h[0], h[1], w[0], w[1], 1, 1, 0x11, 0]);
    segment(0xda, &[1, 1, 0, 0, 63, 0]);
    bytes.extend([0x12, 0x34, 0xff, 0xd9]);
    bytes
}

/// Exif that says how a photograph is turned.
fn exif(orientation: u16) -> (u8, Vec<u8>) {
    let mut content = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01".to_vec();
    content.extend(orientation.to_be_bytes());
    content.extend([0, 0, 0, 0, 0, 0]);
    (0xe1, content)
}

/// A TIFF whose directory is at its end, as most programs write it.
fn tiff(width: u32, height: u32, pixels: usize) -> Vec<u8> {
    let mut bytes = b"II\x2a\0".to_vec();
    bytes.extend((8 + pixels as u32).to_le_bytes());
    bytes.extend(vec![9; pixels]);
    bytes.extend(2_u16.to_le_bytes());
    for (tag, value) in [(256_u16, width), (257, height)] {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(4_u16.to_le_bytes());
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend([0; 4]);
    bytes
}

fn gif(width: u16, height: u16) -> Vec<u8> {
    [b"GIF89a".as_slice(), &width.to_le_bytes(), &height.to_le_bytes(), &[0, 0, 0, 0x3b]].concat()
}

fn bmp(width: i32, height: i32) -> Vec<u8> {
    let mut bytes = b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    bytes.extend(width.to_le_bytes());
    bytes.extend(height.to_le_bytes());
    bytes.extend([1, 0, 24, 0]);
    bytes.extend([0; 28]);
    bytes
}

/// A lossless WebP.
fn webp(width: u32, height: u32) -> Vec<u8> {
    let bits = (width - 1) | ((height - 1) << 14);
    let data = [&[0x2f][..], &bits.to_le_bytes(), &[0; 7]].concat();
    [b"RIFF".as_slice(), &(12 + data.len() as u32).to_le_bytes(), b"WEBPVP8L", &(data.len() as u32).to_le_bytes(), &data].concat()
}

/// Asks as the fetcher does, for pieces that grow, and counts them.
fn fetched(bytes: &[u8], first: u64) -> (Answer, usize, u64) {
    let mut pieces = Vec::new();
    let (mut start, mut length, mut sum) = (0, first, 0);
    while pieces.len() < MAX_PIECES {
        let from = (start as usize).min(bytes.len());
        let to = (start + length).min(bytes.len() as u64) as usize;
        sum += (to - from) as u64;
        pieces.push(Piece { start, bytes: bytes[from..to].to_vec(), total: Some(bytes.len() as u64) });
        match measure(&pieces, Some(bytes.len() as u64)) {
            Answer::Missing(at) => (start, length) = (at, length * 2),
            other => return (other, pieces.len(), sum),
        }
    }
    (Answer::Missing(start), pieces.len(), sum)
}

#[test]
fn every_format() {
    for (what, bytes, size) in [
        ("png", png(31, 17), (31, 17)),
        ("jpeg", jpeg(1920, 1080, &[]), (1920, 1080)),
        ("tiff", tiff(7000, 5000, 100), (7000, 5000)),
        ("gif", gif(320, 200), (320, 200)),
        ("bmp", bmp(640, 480), (640, 480)),
        ("bmp from the top", bmp(640, -480), (640, 480)),
        ("webp", webp(800, 600), (800, 600)),
    ] {
        assert_eq!(fetched(&bytes, FIRST).0, Answer::Size(size.0, size.1), "{what}");
        // Whatever way it comes in.
        for first in [16, 17, 31, 64] {
            assert_eq!(fetched(&bytes, first).0, Answer::Size(size.0, size.1), "{what} in pieces from {first}");
        }
    }
}

#[test]
fn photographs_are_measured_as_they_are_displayed() {
    for (orientation, size) in [
        (1, (400, 300)),
        (2, (400, 300)),
        (3, (400, 300)),
        (4, (400, 300)),
        (5, (300, 400)),
        (6, (300, 400)),
        (7, (300, 400)),
        (8, (300, 400)),
        (0, (400, 300)),
        (9, (400, 300)),
    ] {
        assert_eq!(fetched(&jpeg(400, 300, &[exif(orientation)]), FIRST).0, Answer::Size(size.0, size.1), "{orientation}");
    }
    // Exif that is none does not matter.
    assert_eq!(fetched(&jpeg(400, 300, &[(0xe1, b"Exif\0\0hush".to_vec())]), FIRST).0, Answer::Size(400, 300));
    // A thumbnail inside is not the picture.
    let thumbnail = [b"JFXX\0\x10".as_slice(), &jpeg(16, 12, &[])].concat();
    assert_eq!(fetched(&jpeg(400, 300, &[(0xe0, thumbnail), exif(6)]), FIRST).0, Answer::Size(300, 400));
}

#[test]
fn what_lies_far_behind_is_fetched_by_itself() {
    let far = tiff(20_000, 10_000, 30 << 20);
    assert_eq!(fetched(&far, FIRST), (Answer::Size(20_000, 10_000), 2, FIRST + 30));
    // A profile of a megabyte, in blocks of 64 KiB.
    let profile: Vec<(u8, Vec<u8>)> = (0..16).map(|_| (0xe2, vec![5; 65_000])).collect();
    let (answer, pieces, bytes) = fetched(&jpeg(4000, 3000, &profile), FIRST);
    assert_eq!(answer, Answer::Size(4000, 3000));
    assert!(pieces <= 5 && bytes < 2 << 20, "{pieces} pieces, {bytes} bytes");
}

#[test]
fn what_is_no_image() {
    let zero = {
        let mut bytes = png(3, 4);
        bytes[16..24].fill(0);
        bytes
    };
    let huge = {
        let mut bytes = gif(1, 1);
        bytes.truncate(9);
        bytes
    };
    for (what, bytes) in [
        ("nothing", Vec::new()),
        ("a byte", vec![1]),
        ("a text", b"<html><body>This is not the picture you are looking for</body></html>".to_vec()),
        ("a drawing", b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"10\"/>".to_vec()),
        ("a video", b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41\0\0\0\x08free".to_vec()),
        ("a document", b"%PDF-1.7 and so on and so forth".to_vec()),
        ("an image of nothing", zero),
        ("half a header", huge),
        ("a JPEG without pixels", jpeg(1, 1, &[])[..25].to_vec()),
        ("a TIFF that points behind its end", b"II\x2a\0\xff\xff\xff\xff and so on".to_vec()),
    ] {
        assert_eq!(fetched(&bytes, FIRST).0, Answer::Unsupported, "{what}");
    }
}

proptest! {
    #[test]
    fn any_bytes_have_an_answer(kind in 0_usize..8, tail in proptest::collection::vec(any::<u8>(), 0..300), total in proptest::option::of(0_u64..400)) {
        let starts: [&[u8]; 8] = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\xff\xd8\xff", b"II\x2a\0", b"MM\0\x2b", b"RIFF\0\0\0\0WEBP", b"\0\0\0\x18ftypavif", b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n"];
        let bytes = [starts[kind], &tail].concat();
        let pieces = [Piece { start: 0, bytes: bytes.clone(), total }];
        match measure(&pieces, total) {
            Answer::Size(width, height) => prop_assert!(width > 0 && height > 0),
            Answer::Missing(at) => prop_assert!(at >= bytes.len() as u64 && total.is_none_or(|total| at < total)),
            Answer::Unsupported => {}
        }
    }

    #[test]
    fn a_changed_byte_has_an_answer(which in 0_usize..5, at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = [png(9, 8), jpeg(90, 80, &[exif(6)]), tiff(9, 8, 50), webp(9, 8), gif(9, 8)][which].clone();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = fetched(&bytes, 64);
        prop_assert!(true);
    }
}
