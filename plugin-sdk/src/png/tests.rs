#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use std::io::Cursor;

use proptest::prelude::*;

use super::bits::Bits;
use super::*;
use crate::raster::Run;

/// The values of pixels, as an independent reader sees them, and the file.
fn written(width: u32, rows: &[Vec<Run>], pixel: Pixel<'_>) -> (Vec<u32>, Vec<u8>) {
    let mut png = MaskPng::new();
    // What another file left behind must not matter.
    png.start(3, 1, Pixel::Grey16);
    png.row([Run { x0: 1, x1: 3, label: 9 }]);
    png.finish();
    png.start(width, rows.len() as u32, pixel);
    rows.iter().for_each(|row| png.row(row.iter().copied()));
    let file = png.finish().to_vec();
    let mut reader = png::Decoder::new(Cursor::new(&file)).read_info().unwrap();
    assert_eq!(reader.info().size(), (width, rows.len() as u32));
    let mut data = vec![0; reader.output_buffer_size().unwrap()];
    let line = reader.next_frame(&mut data).unwrap().line_size;
    let bytes = match pixel {
        Pixel::Grey16 => 2,
        Pixel::Rgb => 3,
        _ => 1,
    };
    let mut values = Vec::new();
    for row in data.chunks(line) {
        match pixel {
            Pixel::Bit => values.extend((0..width as usize).map(|x| u32::from(row[x / 8] >> (7 - x % 8) & 1))),
            _ => values.extend(row.chunks(bytes).map(|pixel| pixel.iter().fold(0, |value, &byte| value << 8 | u32::from(byte)))),
        }
    }
    (values, file)
}

fn painted(width: u32, rows: &[Vec<Run>]) -> Vec<u32> {
    let mut values = vec![0; width as usize * rows.len()];
    for (row, line) in rows.iter().zip(values.chunks_mut(width as usize)) {
        row.iter().for_each(|run| line[run.x0 as usize..run.x1 as usize].fill(run.label));
    }
    values
}

fn run(x0: u32, x1: u32, label: u32) -> Run {
    Run { x0, x1, label }
}

#[test]
fn an_empty_mask_is_small() {
    let rows = vec![Vec::new(); 3000];
    let (values, file) = written(4000, &rows, Pixel::Grey8);
    assert!(values.iter().all(|&value| value == 0));
    assert!(file.len() < 12_000, "{}", file.len());
}

#[test]
fn long_stretches_of_every_length_come_back() {
    for width in (1..300).chain([515, 516, 517, 518, 519, 777, 1033, 70_000]) {
        for (pixel, label) in [(Pixel::Bit, 1), (Pixel::Grey8, 255), (Pixel::Grey16, 0x1234), (Pixel::Rgb, 0xfe_dc_ba)] {
            let rows = [vec![run(0, width, label)], vec![], vec![run(width / 3, width / 2 + 1, label)]];
            assert_eq!(written(width, &rows, pixel).0, painted(width, &rows), "{width} {pixel:?}");
        }
    }
}

#[test]
fn empty_rows_at_once_are_empty_rows() {
    for pixel in [Pixel::Bit, Pixel::Grey8, Pixel::Grey16, Pixel::Rgb] {
        let (mut one_by_one, mut at_once) = (MaskPng::new(), MaskPng::new());
        for png in [&mut one_by_one, &mut at_once] {
            png.start(13, 9, pixel);
            png.row([run(3, 7, 1)]);
        }
        (0..6).for_each(|_| one_by_one.row([]));
        at_once.empty_rows(4);
        at_once.empty_rows(0);
        at_once.empty_rows(2);
        for png in [&mut one_by_one, &mut at_once] {
            png.row([run(3, 7, 1)]);
            png.row([run(3, 7, 1)]);
        }
        assert_eq!(one_by_one.finish(), at_once.finish());
    }
}

#[test]
fn runs_that_break_the_rules_are_not_drawn() {
    let rows = [vec![run(2, 4, 5), run(3, 5, 6), run(4, 4, 7), run(7, 11, 8), run(4, 6, 0), run(6, 8, 0x1ff)]];
    assert_eq!(written(10, &rows, Pixel::Grey8).0, [0, 0, 5, 5, 0, 0, 255, 255, 0, 0]);
}

#[test]
fn files_begin_as_the_standard_says() {
    let (values, file) = written(2, &[vec![run(1, 2, 1)]], Pixel::Palette(&[[0, 0, 0], [255, 128, 0]]));
    assert_eq!(values, [0, 1]);
    assert_eq!(file[..41], *b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x02\0\0\0\x01\x08\x03\0\0\0\xc3\xfc\x8f\xb8\0\0\0\x06PLTE");
    let mut seen = Vec::new();
    Reader::new(&file, 2).unwrap().rows(|y, row| seen.push((y, row.to_vec()))).unwrap();
    assert_eq!(seen, [(0, vec![[0, 0, 0, 255], [255, 128, 0, 255]])]);
}

/// A file made by the encoder of the crate.
fn encoded(color: png::ColorType, depth: png::BitDepth, width: u32, data: &[u8], transparent: Option<&[u8]>) -> Vec<u8> {
    let mut file = Vec::new();
    let height = 2;
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    if color == png::ColorType::Indexed {
        encoder.set_palette(vec![1, 2, 3, 4, 5, 6]);
    }
    if let Some(transparent) = transparent {
        encoder.set_trns(transparent.to_vec());
    }
    encoder.write_header().unwrap().write_image_data(data).unwrap();
    file
}

fn pixels(file: &[u8]) -> Vec<[u8; 4]> {
    let mut pixels = Vec::new();
    Reader::new(file, 1 << 20).unwrap().rows(|_, row| pixels.extend_from_slice(row)).unwrap();
    pixels
}

#[test]
fn every_kind_of_pixel_is_read() {
    use png::{BitDepth, ColorType};
    let grey = |value| [value, value, value, 255];
    assert_eq!(pixels(&encoded(ColorType::Grayscale, BitDepth::Eight, 2, &[1, 2, 3, 4], None)), [grey(1), grey(2), grey(3), grey(4)]);
    assert_eq!(pixels(&encoded(ColorType::Grayscale, BitDepth::One, 2, &[0b0100_0000, 0b1000_0000], None)), [grey(0), grey(255), grey(255), grey(0)]);
    assert_eq!(pixels(&encoded(ColorType::Grayscale, BitDepth::Sixteen, 1, &[7, 9, 8, 200], None)), [grey(7), grey(8)]);
    assert_eq!(pixels(&encoded(ColorType::Rgb, BitDepth::Eight, 1, &[1, 2, 3, 4, 5, 6], None)), [[1, 2, 3, 255], [4, 5, 6, 255]]);
    assert_eq!(pixels(&encoded(ColorType::Rgba, BitDepth::Eight, 1, &[1, 2, 3, 0, 4, 5, 6, 9], None)), [[1, 2, 3, 0], [4, 5, 6, 9]]);
    assert_eq!(pixels(&encoded(ColorType::GrayscaleAlpha, BitDepth::Eight, 1, &[1, 2, 3, 4], None)), [[1, 1, 1, 2], [3, 3, 3, 4]]);
    assert_eq!(pixels(&encoded(ColorType::Indexed, BitDepth::Eight, 1, &[1, 0], Some(&[7]))), [[4, 5, 6, 255], [1, 2, 3, 7]]);
}

/// Files that pypng 0.20220715 interlaced.
const INTERLACED: &str = "89504e470d0a1a0a0000000d494844520000000b0000000908060000019363e6bb000001754944415478da158f4f44a4611cc7bf22a30e6d873245e63262ac8aca929a43492bed52e992d11fab8cea32127945f25e2aa3b56532f630d996de447ae7327a236924ab91c42b4b468732221992dda80edfbe5d1ecff37bbe7f3e3f00c41e1ca249c7436b84184096585d8f0155ba193d0e2fde1f75c8338a0c6e61115d810c360d8b05272611eeb178f460d2b73c089448162ccb72428a9f41877ff4f96f54fe8ff2f66b302f5b2a15c38d1ca535eaf3e2891dc8610a2e7f23cd73d84075710e7d3e9766439ac9cf36ae4209a2b1cce5b7609a3f466d1c2c25789f8a126dbe3423211b6bf1044fdd289f4b0ca03b6063d64870fb24cacb0a039eb130e15191af30cf4fcafefa21cb11c5cd5466b0a2842dbfc34399fed65acc37a8ab5c443512b50b22549bc1a47a17bf38fca5aadd718b674acf2dc4f01a17835fe8cd4aea15ed984473028ccf5adc11d3713286ac301eaf4d16bd88ad5e3b76aa6e586b4d2be9bb36d990685ff0ee7f9377e2454b84dea130df0067e4d302156eba0c0000000049454e44ae426082";
const TINY: &str = "89504e470d0a1a0a0000000d4948445200000003000000020100000001c2086b210000001049444154789c6368606860606048000006680161e5d7c32a0000000049454e44ae426082";

#[test]
fn interlaced_files_are_read() {
    let file = |hex: &str| -> Vec<u8> { (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap()).collect() };
    let want: Vec<[u8; 4]> = (0..9_u32)
        .flat_map(|y| (0..11_u32).map(move |x| (x, y)))
        .map(|(x, y)| [x * 23 + y * 7, x * y * 5, 255 - (x + y) * 9, if (x + y) % 3 == 0 { 0 } else { 255 }].map(|value| value as u8))
        .collect();
    assert_eq!(pixels(&file(INTERLACED)), want);
    let grey = |value| [value, value, value, 255];
    assert_eq!(pixels(&file(TINY)), [grey(255), grey(0), grey(255), grey(0), grey(255), grey(255)]);
}

#[test]
fn one_colour_can_be_transparent() {
    use png::{BitDepth, ColorType};
    assert_eq!(pixels(&encoded(ColorType::Grayscale, BitDepth::Four, 2, &[0x3a, 0xa3], Some(&[0, 10]))).map_alpha(), [255, 0, 0, 255]);
    assert_eq!(pixels(&encoded(ColorType::Rgb, BitDepth::Eight, 1, &[1, 2, 3, 1, 2, 4], Some(&[0, 1, 0, 2, 0, 3]))), [[1, 2, 3, 0], [1, 2, 4, 255]]);
    assert_eq!(pixels(&encoded(ColorType::Indexed, BitDepth::Two, 4, &[0b0001_1000, 0], Some(&[7, 8]))).map_alpha()[..4], [7, 8, 255, 7]);
}

trait Alpha {
    fn map_alpha(&self) -> Vec<u8>;
}

impl Alpha for Vec<[u8; 4]> {
    fn map_alpha(&self) -> Vec<u8> {
        self.iter().map(|pixel| pixel[3]).collect()
    }
}

/// A file of pixels of four bytes, compressed and filtered as the crate is told to.
fn rgba(width: u32, data: &[u8], compression: png::Compression, filter: png::Filter) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, (data.len() / 4) as u32 / width);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_compression(compression);
    encoder.set_filter(filter);
    encoder.write_header().unwrap().write_image_data(data).unwrap();
    file
}

#[test]
fn large_images_come_back_however_they_were_compressed() {
    // Photos, long runs, copies from far back, and noise; more than the window.
    let (width, height) = (300_u32, 400_u32);
    let mut noise = 1_u32;
    let data: Vec<u8> = (0..height)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .flat_map(|(x, y)| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            match y / 100 {
                0 => [x as u8, y as u8, (x * y) as u8, 255],
                1 => [0, 200, 0, if x % 100 < 50 { 0 } else { 255 }],
                2 => (noise >> 8).to_be_bytes(),
                _ => [(x / 3) as u8, (y % 7) as u8, 9, 255],
            }
        })
        .collect();
    for compression in
        [png::Compression::NoCompression, png::Compression::Fastest, png::Compression::Fast, png::Compression::Balanced, png::Compression::High]
    {
        for filter in [png::Filter::NoFilter, png::Filter::Sub, png::Filter::Up, png::Filter::Avg, png::Filter::Paeth, png::Filter::Adaptive] {
            let file = rgba(width, &data, compression, filter);
            assert!(pixels(&file).as_flattened() == data, "{compression:?} {filter:?}");
        }
    }
}

#[test]
fn too_many_pixels_are_refused_before_they_are_read() {
    let file = encoded(png::ColorType::Grayscale, png::BitDepth::Eight, 2, &[1, 2, 3, 4], None);
    assert!(matches!(Reader::new(&file, 3), Err(ReadError::TooLarge)));
    // A header that promises what is not there.
    let mut huge = file.clone();
    huge[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]);
    assert!(Reader::new(&huge, 1 << 26).is_err());
}

#[test]
fn broken_files_are_errors() {
    let file = encoded(png::ColorType::Rgb, png::BitDepth::Eight, 1, &[1, 2, 3, 4, 5, 6], None);
    for end in 0..file.len() {
        let mut rows = 0;
        let read = Reader::new(&file[..end], 1 << 20).and_then(|reader| reader.rows(|_, _| rows += 1));
        // Whoever has every pixel does not miss the checksums that follow.
        assert!(matches!(read, Err(ReadError::Malformed(_))) || rows == 2, "{end}");
    }
}

fn rows() -> impl Strategy<Value = (u32, Vec<Vec<Run>>)> {
    (1..600_u32).prop_flat_map(|width| {
        let row = prop::collection::vec((0..width, 0..width, any::<u32>()), 0..6).prop_map(move |list| {
            let mut cuts: Vec<u32> = list.iter().flat_map(|&(a, b, _)| [a, b]).collect();
            cuts.sort_unstable();
            cuts.chunks(2).zip(list).filter(|(cut, _)| cut[0] < cut[1]).map(|(cut, (_, _, label))| run(cut[0], cut[1], label)).collect()
        });
        (Just(width), prop::collection::vec(row, 1..8))
    })
}

proptest! {
    #[test]
    fn bits_are_repeated_as_if_put_one_by_one(before in 0..32_u32, code in 0..4_u64, times in 0..200_u32, after in 0..32_u32) {
        let (mut one_by_one, mut at_once) = ((Bits::default(), Vec::new()), (Bits::default(), Vec::new()));
        for (bits, out) in [&mut one_by_one, &mut at_once] {
            bits.put(out, (1 << before) - 1, before);
        }
        (0..times).for_each(|_| one_by_one.0.put(&mut one_by_one.1, code, 3));
        at_once.0.repeat(&mut at_once.1, code, 3, times);
        for (bits, out) in [&mut one_by_one, &mut at_once] {
            bits.put(out, (1 << after) - 1, after);
            bits.finish(out);
        }
        prop_assert_eq!(one_by_one.1, at_once.1);
    }

    #[test]
    fn every_mask_comes_back((width, rows) in rows()) {
        for (pixel, most) in [(Pixel::Bit, 1), (Pixel::Grey8, 0xff), (Pixel::Grey16, 0xffff), (Pixel::Rgb, 0xff_ffff)] {
            let rows: Vec<Vec<Run>> =
                rows.iter().map(|row| row.iter().map(|run| Run { label: run.label & most, ..*run }).collect()).collect();
            prop_assert_eq!(written(width, &rows, pixel).0, painted(width, &rows));
        }
    }

    #[test]
    fn any_image_comes_back(width in 1..40_u32, bytes in prop::collection::vec(any::<u8>(), 4..1000), spread in 1..9_u8, high in any::<bool>()) {
        let pixels_of = bytes.len() / 4 / width as usize * width as usize;
        prop_assume!(pixels_of > 0);
        // Few different bytes, so that there is something to compress.
        let data: Vec<u8> = bytes[..pixels_of * 4].iter().map(|byte| byte % spread).collect();
        let file = rgba(width, &data, if high { png::Compression::High } else { png::Compression::Fast }, png::Filter::Adaptive);
        prop_assert_eq!(pixels(&file).concat(), data);
    }

    #[test]
    fn hostile_pixels_never_panic(at in 0..200_usize, byte in any::<u8>()) {
        let data: Vec<u8> = (0..900).map(|at: u32| (at * at / 7) as u8).collect();
        let mut file = rgba(15, &data, png::Compression::High, png::Filter::Paeth);
        // Within the pixels, and the checksum put right again.
        let start = file.windows(4).position(|name| name == b"IDAT").unwrap();
        let length = u32::from_be_bytes(file[start - 4..start].try_into().unwrap()) as usize;
        file[start + 4 + at % length] = byte;
        let sum = crc32fast::hash(&file[start..start + 4 + length]);
        file[start + 4 + length..start + 8 + length].copy_from_slice(&sum.to_be_bytes());
        let mut rows = 0;
        let read = Reader::new(&file, 1 << 16).and_then(|reader| reader.rows(|_, _| rows += 1));
        prop_assert!(read.is_err() || rows == 15);
    }

    #[test]
    fn hostile_bytes_never_panic(at in 8..80_usize, byte in any::<u8>(), bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let mut file = encoded(png::ColorType::Rgba, png::BitDepth::Eight, 3, &[9; 24], None);
        let at = at.min(file.len() - 1);
        file[at] = byte;
        let _ = Reader::new(&file, 1 << 16).and_then(|reader| reader.rows(|_, _| {}));
        let _ = Reader::new(&[b"\x89PNG\r\n\x1a\n".to_vec(), bytes].concat(), 1 << 16).map(|reader| reader.size());
    }
}
