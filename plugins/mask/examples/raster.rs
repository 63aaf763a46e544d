//! Measures drawing and encoding, without the sandbox and without reading: `cargo run --release -p ango-plugin-mask --example raster -- EXPORT.ndjson`.
//!
//! Prints a line of JSON: how many shapes, pixels inside them and pixels of images there are, and the seconds of the fastest of five rounds for telling spans, for
//! painting them into one byte a pixel, and for making PNG files. `tests/judges/pillow_raster.py` does the same with Pillow.

use std::time::Instant;

use ango_plugin_sdk::geometry::{Bounds, Shape};
use ango_plugin_sdk::png::{MaskPng, Pixel};
use ango_plugin_sdk::raster::{Labels, Rasterizer};
use ango_plugin_sdk::testkit::read_tasks;

const ROUNDS: usize = 5;

struct Picture {
    size: (u32, u32),
    shapes: Vec<Shape>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("give an export: NDJSON")?;
    let mut pictures = Vec::new();
    for task in read_tasks(&std::fs::read_to_string(path)?)? {
        let (Some(width), Some(height)) = (task.asset.width, task.asset.height) else { continue };
        let mut shapes = Vec::new();
        for object in &task.annotations.objects {
            let mut shape = Shape::new();
            if shape.set(&object.geometry, Some((width.into(), height.into())), Bounds::Keep).is_ok() {
                shapes.push(shape);
            }
        }
        pictures.push(Picture { size: (width, height), shapes });
    }
    let mut raster = Rasterizer::default();
    let (inside, spans) = fastest(|| {
        let mut inside = 0;
        for picture in &pictures {
            raster.resize(picture.size.0, picture.size.1);
            inside += picture.shapes.iter().map(|shape| raster.zones(shape.zones(), |_, _, _| {})).sum::<u64>();
        }
        inside
    });
    let (painted, fill) = fastest(|| pictures.iter().map(|picture| paint(&mut raster, picture)).sum::<u64>());
    let (mut labels, mut png) = (Labels::new(), MaskPng::new());
    let (bytes, files) = fastest(|| pictures.iter().map(|picture| encode(&mut raster, &mut labels, &mut png, picture)).sum::<u64>());
    let shapes: usize = pictures.iter().map(|picture| picture.shapes.len()).sum();
    let pixels: u64 = pictures.iter().map(|picture| u64::from(picture.size.0) * u64::from(picture.size.1)).sum();
    println!(
        "{{\"images\":{},\"shapes\":{shapes},\"pixels\":{pixels},\"inside\":{inside},\"painted\":{painted},\"spans\":{spans},\"fill\":{fill},\"png\":{files},\"png_bytes\":{bytes}}}",
        pictures.len()
    );
    Ok(())
}

fn fastest(mut work: impl FnMut() -> u64) -> (u64, f64) {
    let mut best = (0, f64::INFINITY);
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        let result = work();
        let seconds = begin.elapsed().as_secs_f64();
        if seconds < best.1 {
            best = (result, seconds);
        }
    }
    best
}

/// One byte a pixel, a new picture each time: what an image library does.
fn paint(raster: &mut Rasterizer, picture: &Picture) -> u64 {
    let width = picture.size.0 as usize;
    let mut pixels = vec![0_u8; width * picture.size.1 as usize];
    raster.resize(picture.size.0, picture.size.1);
    let mut painted = 0;
    for (shape, value) in picture.shapes.iter().zip((1..=255).cycle()) {
        painted += raster.zones(shape.zones(), |y, x0, x1| pixels[y as usize * width..][x0 as usize..x1 as usize].fill(value));
    }
    std::hint::black_box(&pixels);
    painted
}

fn encode(raster: &mut Rasterizer, labels: &mut Labels, png: &mut MaskPng, picture: &Picture) -> u64 {
    let (width, height) = picture.size;
    raster.resize(width, height);
    labels.reset(width, height);
    for (shape, value) in picture.shapes.iter().zip((1..=255).cycle()) {
        raster.zones(shape.zones(), |y, x0, x1| labels.paint(y, x0, x1, value));
    }
    png.start(width, height, Pixel::Grey8);
    for y in 0..height {
        png.row(labels.row(y).iter().copied());
    }
    png.finish().len() as u64
}
