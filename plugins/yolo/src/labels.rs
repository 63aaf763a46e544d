//! The label rows of an image.

use std::fmt::Display;

use ango_plugin_sdk::bytes::fingerprint;
use ango_plugin_sdk::geometry::{Bounds, Shape, bridge};
use ango_plugin_sdk::number::{millionths, millionths_text, write_u64};
use ango_plugin_sdk::{ClassIndex, Geometry, Object, Run, Task};

use crate::options::{Empty, Options, TaskKind};
use crate::paths;

/// The loader resamples rings to 1,000 points; a ring with bridges must stay below, or the bridges open.
const MAX_BRIDGED_POINTS: usize = 990;
/// 1 in millionths.
const ONE: u32 = 1_000_000;

/// A reason why something is left out: the code, and words for people.
type Reason = (&'static str, String);

/// Makes label rows; keeps its memory from image to image.
pub(crate) struct Labels<'a> {
    options: Options,
    run: &'a Run,
    classes: ClassIndex,
    shape: Shape,
    text: Vec<u8>,
    rows: Vec<Row>,
}

/// A row by its place in the text, and the object that it is of.
#[derive(Clone, Copy)]
struct Row {
    start: usize,
    end: usize,
    object: usize,
}

impl<'a> Labels<'a> {
    pub(crate) fn new(options: Options, run: &'a Run) -> Self {
        let classes = ClassIndex::new(&run.project().tools);
        Self { options, run, classes, shape: Shape::new(), text: Vec::new(), rows: Vec::new() }
    }

    /// The label file of the last image.
    pub(crate) fn text(&self) -> &[u8] {
        &self.text
    }

    /// Makes the label file of a task's image and gives the image's size; `None` if the image is left out, which is reported.
    pub(crate) fn convert(&mut self, task: &Task) -> Option<(u32, u32)> {
        self.text.clear();
        self.rows.clear();
        let size = match self.image_size(task) {
            Ok(size) => size,
            Err((code, detail)) => {
                self.run.lost(task.index, None, code, &detail);
                return None;
            }
        };
        for (at, object) in task.annotations.objects.iter().enumerate() {
            let start = self.text.len();
            match self.object(task, object, size) {
                Ok(()) => {
                    self.text.push(b'\n');
                    self.rows.push(Row { start, end: self.text.len(), object: at });
                }
                Err((code, detail)) => {
                    self.text.truncate(start);
                    self.run.lost(task.index, Some(&object.object_id), code, &detail);
                }
            }
        }
        self.drop_duplicates(task);
        self.report_rest(task);
        if self.text.is_empty() && self.options.empty == Empty::Drop {
            self.run.lost(task.index, None, "image-empty", "image has no annotations and option `empty` is `drop`");
            return None;
        }
        Some(size)
    }

    fn image_size(&self, task: &Task) -> Result<(u32, u32), Reason> {
        let asset = &task.asset;
        if asset.frame_rate.is_some() || asset.frame_count.is_some_and(|frames| frames > 1) {
            return Err(("video-unsupported", "asset is a video or has several frames, YOLO labels images".to_owned()));
        }
        if asset.pages.len() > 1 || task.annotations.objects.iter().any(|object| object.page.is_some_and(|page| page > 0)) {
            return Err(("multi-page-unsupported", "asset has several pages, YOLO labels images".to_owned()));
        }
        if let (Some(width), Some(height)) = (asset.width, asset.height)
            && width > 0
            && height > 0
        {
            return Ok((width, height));
        }
        let reason = match self.run.asset_size(&asset.url) {
            Ok((width, height)) if width > 0 && height > 0 => return Ok((width, height)),
            Ok(_) => "the host measured no pixels".to_owned(),
            Err(error) => format!("asking the host for it gave {error:?}"),
        };
        Err(("size-missing", format!("the export does not say the size of the image, which every coordinate is divided by, and {reason}")))
    }

    #[inline(never)]
    fn object(&mut self, task: &Task, object: &Object, (width, height): (u32, u32)) -> Result<(), Reason> {
        let class = self
            .classes
            .find(&object.schema_id)
            .ok_or_else(|| ("class-unmapped", format!("class {:?} ({}) is not in the ontology", object.title, object.schema_id)))?;
        let (width, height) = (f64::from(width), f64::from(height));
        let kind = object.geometry.kind();
        self.shape
            .set(&object.geometry, Some((width, height)), Bounds::Clip)
            .map_err(|fault| (fault.code(), format!("{kind} {}", fault.reason())))?;
        if self.shape.area() < self.options.min_area {
            return Err(("below-min-area", format!("area {} is below `min_area`", self.shape.area())));
        }
        let lost = |code, detail: &dyn Display| self.run.lost(task.index, Some(&object.object_id), code, detail);
        write_u64(&mut self.text, class.into());
        match self.options.task {
            TaskKind::Detect => {
                write_columns(&mut self.text, box_columns(&self.shape, width, height)?);
                match &object.geometry {
                    Geometry::BoundingBox(_) => {}
                    Geometry::RotatedBox(_) => lost("rotation-dropped", &"rotated box is written as the upright box around it"),
                    _ => lost("shape-reduced-to-box", &format_args!("{kind} is written as the box around it")),
                }
            }
            TaskKind::Segment => {
                let (holes, parts) = (self.shape.has_holes(), self.shape.parts());
                if holes || parts > 1 {
                    let rings: Vec<(&[f64], bool)> = self.shape.rings().collect();
                    let bridged = bridge(&rings, MAX_BRIDGED_POINTS);
                    write_ring(&mut self.text, &bridged.ring, width, height)?;
                    if holes {
                        lost("hole-bridged", &"ring and hole are one ring, joined by a bridge without width");
                    }
                    if parts > 1 {
                        lost("parts-bridged", &format_args!("{parts} parts are one ring, joined by bridges without width"));
                    }
                    if bridged.dropped > 0 {
                        lost("part-dropped", &format_args!("{} smallest of {} rings are left out", bridged.dropped, rings.len()));
                    }
                } else {
                    for (ring, _) in self.shape.rings() {
                        write_ring(&mut self.text, ring, width, height)?;
                    }
                }
            }
        }
        if self.shape.is_clipped() {
            lost("clipped", &"object leaves the image and is cut at its edges");
        }
        if self.shape.dropped_parts() > 0 {
            lost("part-dropped", &"object has a region without area");
        }
        if !object.classifications.is_empty() {
            lost("classification-unsupported", &"YOLO has no place for answers about an object");
        }
        Ok(())
    }

    /// The loader removes equal rows without a word; here one of them stays and the others are reported.
    #[inline(never)]
    fn drop_duplicates(&mut self, task: &Task) {
        if self.rows.len() < 2 {
            return;
        }
        let text = |row: &Row| &self.text[row.start..row.end];
        let mut order: Vec<(u64, Row)> = self.rows.iter().map(|row| (fingerprint(text(row)), *row)).collect();
        order.sort_unstable_by(|(a, one), (b, other)| a.cmp(b).then_with(|| text(one).cmp(text(other))).then(one.start.cmp(&other.start)));
        let is_repeated = |pair: &&[(u64, Row)]| pair[0].0 == pair[1].0 && text(&pair[0].1) == text(&pair[1].1);
        let mut repeated: Vec<Row> = order.windows(2).filter(is_repeated).map(|pair| pair[1].1).collect();
        if repeated.is_empty() {
            return;
        }
        repeated.sort_unstable_by_key(|row| row.start);
        for row in &repeated {
            let object = task.annotations.objects.get(row.object).map(|object| object.object_id.as_str());
            self.run.lost(task.index, object, "duplicate", "another object of the image has the same class and coordinates");
        }
        let mut kept = Vec::with_capacity(self.text.len());
        let mut from = 0;
        for row in repeated {
            kept.extend_from_slice(&self.text[from..row.start]);
            from = row.end;
        }
        kept.extend_from_slice(&self.text[from..]);
        self.text = kept;
    }

    /// Reports what is not an object.
    #[inline(never)]
    fn report_rest(&self, task: &Task) {
        let (run, annotations) = (self.run, &task.annotations);
        for relation in &annotations.relations {
            run.lost(task.index, Some(&relation.object_id), "relation-unsupported", "YOLO has no relations between objects");
        }
        if !annotations.classifications.is_empty() {
            run.lost(task.index, None, "classification-unsupported", "YOLO has no place for answers about an image");
        }
        if annotations.brush.is_some() || annotations.voxel_brush.is_some() {
            run.lost(task.index, None, "brush-unsupported", "brush masks are not converted");
        }
        if task.asset.file_name != task.asset.external_id {
            let (from, to) = (&task.asset.external_id, &task.asset.file_name);
            run.lost(task.index, None, "file-name-changed", format_args!("{from:?} is called {to:?}, to be unique and safe on every system"));
        }
        if !paths::is_image(&task.asset.file_name) {
            let name = &task.asset.file_name;
            run.lost(task.index, None, "image-suffix-unknown", format_args!("{name:?} has no suffix that Ultralytics takes for an image's"));
        }
    }
}

/// Centre and size in millionths, whole ones, so that also after rounding the box ends within the image.
#[inline(never)]
fn box_columns(shape: &Shape, width: f64, height: f64) -> Result<[u32; 4], Reason> {
    let extent = shape.extent();
    let center_x = millionths((extent.x0 + extent.x1) / 2.0 / width);
    let center_y = millionths((extent.y0 + extent.y1) / 2.0 / height);
    let size_x = millionths(extent.width() / width).min(2 * center_x).min(2 * (ONE - center_x));
    let size_y = millionths(extent.height() / height).min(2 * center_y).min(2 * (ONE - center_y));
    if size_x == 0 || size_y == 0 { Err(no_size()) } else { Ok([center_x, center_y, size_x, size_y]) }
}

/// ` cx cy w h`, in one piece: each append by itself would look for room again.
#[inline(never)]
fn write_columns(out: &mut Vec<u8>, columns: [u32; 4]) {
    let mut row = [b' '; 36];
    for (place, column) in row.as_chunks_mut::<9>().0.iter_mut().zip(columns) {
        place[1..].copy_from_slice(&millionths_text(column));
    }
    out.extend_from_slice(&row);
}

fn no_size() -> Reason {
    ("zero-area", "object has no width or no height with six decimals".to_owned())
}

/// ` x1 y1 x2 y2 ...`.
#[inline(never)]
fn write_ring(out: &mut Vec<u8>, ring: &[f64], width: f64, height: f64) -> Result<(), Reason> {
    let (mut low, mut high) = ([ONE; 2], [0; 2]);
    out.reserve(ring.len() * 9);
    let scale = [1.0 / width, 1.0 / height];
    for (at, &number) in ring.iter().enumerate() {
        let axis = at & 1;
        let number = millionths(number * scale[axis]);
        low[axis] = low[axis].min(number);
        high[axis] = high[axis].max(number);
        let [one, point, rest @ ..] = millionths_text(number);
        let [a, b, c, d, e, f] = rest;
        out.extend_from_slice(&[b' ', one, point, a, b, c, d, e, f]);
    }
    if high[0] <= low[0] || high[1] <= low[1] {
        return Err(no_size());
    }
    Ok(())
}
