//! Image and annotation rows.

use std::fmt::Display;

use ango_plugin_sdk::geometry::{Bounds, Shape};
use ango_plugin_sdk::json::write_string;
use ango_plugin_sdk::number::{write_rounded, write_u64};
use ango_plugin_sdk::rle::Rle;
use ango_plugin_sdk::{ClassIndex, File, Geometry, Object, Run, Task, time};

use crate::attributes;
use crate::options::{Empty, Holes, MissingSize, Options, RleForm};

/// Everything up to the first image.
pub(crate) fn header(out: &mut Vec<u8>, run: &Run) {
    let project = run.project();
    out.extend_from_slice(b"{\"info\":{\"description\":");
    write_string(out, &project.name);
    if let Some(at) = project.exported_at {
        out.extend_from_slice(format!(",\"year\":{},\"date_created\":\"{}\"", time::year(at), time::format_iso(at)).as_bytes());
    }
    out.extend_from_slice(b"},\n\"licenses\":[],\n\"categories\":[");
    for (at, class) in project.tools.iter().enumerate() {
        out.extend_from_slice(if at == 0 { b"\n{\"id\":" } else { b",\n{\"id\":" });
        write_u64(out, u64::from(class.index) + 1);
        out.extend_from_slice(b",\"name\":");
        write_string(out, &class.title);
        out.extend_from_slice(b",\"supercategory\":");
        let parent = class.parent.as_ref().and_then(|parent| project.tools.iter().find(|other| other.schema_id == *parent));
        write_string(out, parent.map_or("", |parent| &parent.title));
        out.push(b'}');
    }
    out.extend_from_slice(b"],\n\"images\":[\n");
}

/// What stands between images and annotations.
pub(crate) fn between(out: &mut Vec<u8>, _: &Run) {
    out.extend_from_slice(b"\n],\n\"annotations\":[\n");
}

/// What follows the last annotation.
pub(crate) fn footer(out: &mut Vec<u8>, _: &Run) {
    out.extend_from_slice(b"\n]}\n");
}

/// A reason why something is left out: the code, and words for people.
type Reason = (&'static str, String);

/// The rows of one shard.
pub(crate) struct Rows<'a> {
    options: Options,
    bounds: Bounds,
    run: &'a Run,
    classes: ClassIndex,
    images: File,
    annotations: File,
    first_image: bool,
    first_annotation: bool,
    shape: Shape,
}

impl<'a> Rows<'a> {
    pub(crate) fn new(options: Options, run: &'a Run, images: File, annotations: File) -> Self {
        Self {
            bounds: options.out_of_bounds.into(),
            classes: ClassIndex::new(&run.project().tools),
            options,
            run,
            images,
            annotations,
            first_image: true,
            first_annotation: true,
            shape: Shape::new(),
        }
    }

    pub(crate) fn finish(self) {
        self.images.finish();
        self.annotations.finish();
    }

    /// Writes a task's rows.
    pub(crate) fn task(&mut self, task: &Task) {
        let size = match self.image_size(task) {
            Ok(size) => size,
            Err((code, detail)) => return self.run.lost(task.index, None, code, &detail),
        };
        let mut written = 0_u64;
        for (at, object) in task.annotations.objects.iter().enumerate() {
            match self.object(task, at as u64, object, size) {
                Ok(()) => written += 1,
                Err((code, detail)) => self.run.lost(task.index, Some(&object.object_id), code, &detail),
            }
        }
        self.report_rest(task);
        if written > 0 || self.options.empty == Empty::Keep {
            self.image(task, size);
        } else {
            self.run.lost(task.index, None, "image-empty", "image has no annotations and option `empty` is `drop`");
        }
    }

    /// Width and height; `None` if the image is to be kept without.
    fn image_size(&self, task: &Task) -> Result<Option<(u32, u32)>, Reason> {
        let asset = &task.asset;
        if asset.frame_rate.is_some() || asset.frame_count.is_some_and(|frames| frames > 1) {
            return Err(("video-unsupported", "asset is a video or has several frames, COCO holds images".to_owned()));
        }
        if asset.pages.len() > 1 || task.annotations.objects.iter().any(|object| object.page.is_some_and(|page| page > 0)) {
            return Err(("multi-page-unsupported", "asset has several pages, COCO holds images".to_owned()));
        }
        if let (Some(width), Some(height)) = (asset.width, asset.height)
            && width > 0
            && height > 0
        {
            return Ok(Some((width, height)));
        }
        let fetched = match self.run.asset_size(&asset.url) {
            Ok((width, height)) if width > 0 && height > 0 => return Ok(Some((width, height))),
            Ok(_) => "the host measured no pixels".to_owned(),
            Err(error) => format!("asking the host for it gave {error:?}"),
        };
        let detail = format!("the export does not say the size of the image and {fetched}");
        if self.options.missing_size == MissingSize::Skip {
            return Err(("size-missing", detail));
        }
        self.run.lost(task.index, None, "size-missing", format_args!("{detail}; the image is written without it"));
        Ok(None)
    }

    /// Reports what is neither an object nor an answer.
    fn report_rest(&self, task: &Task) {
        let (run, annotations) = (self.run, &task.annotations);
        for relation in &annotations.relations {
            run.lost(task.index, Some(&relation.object_id), "relation-unsupported", "COCO has no relations between objects");
        }
        if annotations.brush.is_some() {
            run.lost(task.index, None, "brush-unsupported", "brush mask is not converted");
        }
        if annotations.voxel_brush.is_some() {
            run.lost(task.index, None, "brush-unsupported", "voxel brush volume is not converted");
        }
        if task.asset.file_name != task.asset.external_id {
            let (from, to) = (&task.asset.external_id, &task.asset.file_name);
            run.lost(task.index, None, "file-name-changed", format_args!("{from:?} is called {to:?}, to be unique and safe on every system"));
        }
    }

    fn image(&mut self, task: &Task, size: Option<(u32, u32)>) {
        let out = self.images.buffer();
        if !std::mem::take(&mut self.first_image) {
            out.extend_from_slice(b",\n");
        }
        out.extend_from_slice(b"{\"id\":");
        write_u64(out, task.index + 1);
        if let Some((width, height)) = size {
            out.extend_from_slice(b",\"width\":");
            write_u64(out, width.into());
            out.extend_from_slice(b",\"height\":");
            write_u64(out, height.into());
        }
        out.extend_from_slice(b",\"file_name\":");
        write_string(out, &task.asset.file_name);
        out.extend_from_slice(b",\"coco_url\":");
        write_string(out, &task.asset.url);
        if self.options.attributes {
            attributes::task(out, task);
        }
        out.push(b'}');
    }

    fn object(&mut self, task: &Task, position: u64, object: &Object, size: Option<(u32, u32)>) -> Result<(), Reason> {
        let class = self
            .classes
            .find(&object.schema_id)
            .ok_or_else(|| ("class-unmapped", format!("class {:?} ({}) is not in the ontology", object.title, object.schema_id)))?;
        self.shape
            .set(&object.geometry, size.map(|(width, height)| (width.into(), height.into())), self.bounds)
            .map_err(|fault| (fault.code(), format!("{} {}", object.geometry.kind(), fault.reason())))?;
        if self.shape.area() < self.options.min_area {
            return Err(("below-min-area", format!("area {} is below `min_area`", self.shape.area())));
        }
        let mask = self.mask(size)?;
        let lost = |code, detail: &dyn Display| self.run.lost(task.index, Some(&object.object_id), code, detail);
        if self.shape.is_clipped() {
            lost("clipped", &"object leaves the image and is cut at its edges");
        }
        if self.shape.dropped_parts() > 0 {
            lost("part-dropped", &"object has a region without area");
        }
        let fill = mask.is_none() && self.shape.has_holes();
        if fill {
            lost("hole-filled", &"object has holes and option `holes` is `fill`");
        }

        let out = self.annotations.buffer();
        if !std::mem::take(&mut self.first_annotation) {
            out.extend_from_slice(b",\n");
        }
        let number = |out: &mut Vec<u8>, number: f64| write_rounded(out, number, self.options.precision);
        out.extend_from_slice(b"{\"id\":");
        write_u64(out, task.object_offset + position + 1);
        out.extend_from_slice(b",\"image_id\":");
        write_u64(out, task.index + 1);
        out.extend_from_slice(b",\"category_id\":");
        write_u64(out, u64::from(class) + 1);
        out.extend_from_slice(b",\"bbox\":");
        write_numbers(out, &self.shape.bounding_box(), number);
        out.extend_from_slice(b",\"area\":");
        let area = if fill { self.shape.zones().map(|(region, _)| ango_plugin_sdk::geometry::area(region)).sum() } else { self.shape.area() };
        number(out, area);
        out.extend_from_slice(b",\"iscrowd\":0,\"segmentation\":");
        match mask {
            Some(mask) => write_mask(out, &mask, self.options.rle),
            None if matches!(object.geometry, Geometry::BoundingBox(_)) && !self.options.boxes_as_polygons => out.extend_from_slice(b"[]"),
            None => {
                for (at, (region, _)) in self.shape.zones().enumerate() {
                    out.push(if at == 0 { b'[' } else { b',' });
                    write_numbers(out, region, number);
                }
                out.push(b']');
            }
        }
        if self.options.attributes {
            attributes::object(out, object);
        }
        out.push(b'}');
        Ok(())
    }

    /// Run lengths, if the shape needs them.
    fn mask(&self, size: Option<(u32, u32)>) -> Result<Option<Rle>, Reason> {
        if !self.shape.has_holes() || self.options.holes == Holes::Fill {
            return Ok(None);
        }
        if self.options.holes == Holes::Drop {
            return Err(("hole-unsupported", "object has holes and option `holes` is `drop`".to_owned()));
        }
        let (width, height) = size.ok_or_else(|| ("size-missing", "run lengths need the size of the image".to_owned()))?;
        let mask = Rle::from_zones(self.shape.zones(), width, height);
        mask.map(Some).map_err(|error| ("mask-too-large", format!("object with holes has no run lengths: {error}")))
    }
}

#[inline]
fn write_numbers(out: &mut Vec<u8>, numbers: &[f64], write: impl Fn(&mut Vec<u8>, f64)) {
    out.push(b'[');
    for (at, &number) in numbers.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write(out, number);
    }
    out.push(b']');
}

/// `size` is height first, as everywhere in COCO's masks.
fn write_mask(out: &mut Vec<u8>, mask: &Rle, form: RleForm) {
    let (width, height) = mask.size();
    out.extend_from_slice(b"{\"size\":[");
    write_u64(out, height.into());
    out.push(b',');
    write_u64(out, width.into());
    out.extend_from_slice(b"],\"counts\":");
    match form {
        RleForm::Compressed => write_string(out, &mask.to_compressed()),
        RleForm::Uncompressed => {
            for (at, &count) in mask.counts().iter().enumerate() {
                out.push(if at == 0 { b'[' } else { b',' });
                write_u64(out, count.into());
            }
            out.push(b']');
        }
    }
    out.push(b'}');
}
