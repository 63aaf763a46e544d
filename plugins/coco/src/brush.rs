//! What a brush painted, as instances: run lengths for each class, or for each part that hangs together.

use ango_plugin_sdk::Run;
use ango_plugin_sdk::coco::{Rows, write_mask};
use ango_plugin_sdk::images::{Brush, BrushRun, Image, brush_parts};
use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::order::sort;
use ango_plugin_sdk::rle::Rle;

use crate::options::{BrushAs, Options};
use crate::rows;

/// The most parts of one image; their ids have no room for more.
const MAX_PARTS: usize = 1 << 20;

/// Pixels of one class that are one thing.
pub(crate) struct Painted {
    pub(crate) class: u32,
    pub(crate) runs: Vec<BrushRun>,
}

impl Painted {
    /// Left, top, width and height in pixels.
    pub(crate) fn bounds(&self) -> [u32; 4] {
        let (mut x0, mut y0, mut x1, mut y1) = (u32::MAX, u32::MAX, 0, 0);
        for run in &self.runs {
            (x0, y0, x1, y1) = (x0.min(run.x0), y0.min(run.y), x1.max(run.x1), y1.max(run.y + 1));
        }
        [x0, y0, x1.saturating_sub(x0), y1.saturating_sub(y0)]
    }

    pub(crate) fn pixels(&self) -> u64 {
        self.runs.iter().map(|run| u64::from(run.x1 - run.x0)).sum()
    }
}

/// What a brush painted on an image, by class or by part, without what is smaller than `min_area`.
#[inline(never)]
pub(crate) fn painted(run: &Run, options: &Options, image: &Image<'_>, brush: &mut Brush) -> Vec<Painted> {
    let runs = brush.read(run, image, options.format());
    let parts = if options.brush == BrushAs::Parts { brush_parts(runs) } else { runs.iter().map(|run| run.class).collect() };
    let mut order: Vec<(u64, u32)> = parts.into_iter().map(u64::from).zip(0..).collect();
    sort(&mut order);
    let mut painted = Vec::new();
    for group in order.chunk_by(|a, b| a.0 == b.0) {
        let runs: Vec<BrushRun> = group.iter().filter_map(|&(_, at)| runs.get(at as usize).copied()).collect();
        let Some(first) = runs.first() else { continue };
        let part = Painted { class: first.class, runs };
        if (part.pixels() as f64) < options.min_area {
            let detail = format_args!("{} pixels that a brush painted are below `min_area`", part.pixels());
            run.lost(image.task.index, None, "below-min-area", detail);
        } else if painted.len() == MAX_PARTS {
            run.lost(image.task.index, None, "mask-too-large", "a brush painted more parts than there are numbers for");
            break;
        } else {
            painted.push(part);
        }
    }
    painted
}

/// Writes rows of what a brush painted, and says how many.
pub(crate) fn write(run: &Run, options: &Options, image: &Image<'_>, brush: &mut Brush, rows: &mut Rows) -> u64 {
    let Some((width, height)) = image.size else { return 0 };
    let mut written = 0;
    for (number, part) in (0..).zip(painted(run, options, image, brush)) {
        let mask = match Rle::from_rows(part.runs.iter().map(|run| (run.y, run.x0, run.x1)), width, height) {
            Ok(mask) => mask,
            Err(error) => {
                run.lost(image.task.index, None, "mask-too-large", format_args!("what a brush painted of a class has no run lengths: {error}"));
                continue;
            }
        };
        let out = rows.next_row();
        rows::annotation(out, image.extra_id(number), image);
        rows::category(out, part.class);
        out.extend_from_slice(b",\"bbox\":");
        write_bounds(out, part.bounds());
        out.extend_from_slice(b",\"area\":");
        write_u64(out, part.pixels());
        out.extend_from_slice(b",\"iscrowd\":0,\"segmentation\":");
        write_mask(out, &mask, options.rle);
        if options.attributes {
            out.extend_from_slice(b",\"attributes\":{\"brush\":true}");
        }
        out.push(b'}');
        written += 1;
    }
    written
}

/// Appends left, top, width and height.
pub(crate) fn write_bounds(out: &mut Vec<u8>, bounds: [u32; 4]) {
    for (at, number) in bounds.into_iter().enumerate() {
        out.push(if at == 0 { b'[' } else { b',' });
        write_u64(out, number.into());
    }
    out.push(b']');
}
