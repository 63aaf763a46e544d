//! The options; `options.schema.json` says the same to the host and to people.

use ango_plugin_sdk::coco::{Holes, Outlines, RleForm};
use ango_plugin_sdk::geometry::Bounds;
use ango_plugin_sdk::images::{Choice, Format};
use ango_plugin_sdk::options::{ClassOptions, Empty, Frames, KeypointOptions, MissingSize, Names, SplitOptions};
/// Options of the converter.
#[derive(Clone, Debug)]
pub struct Options {
    pub(crate) task: TaskKind,
    pub(crate) layout: Layout,
    pub(crate) boxes_as_polygons: bool,
    pub(crate) holes: Holes,
    pub(crate) rle: RleForm,
    pub(crate) precision: u8,
    pub(crate) attributes: bool,
    pub(crate) keypoints: KeypointOptions,
    pub(crate) caption: Vec<String>,
    pub(crate) brush: BrushAs,
    pub(crate) stuff: Vec<String>,
    pub(crate) classes: ClassOptions,
    pub(crate) on_missing_size: MissingSize,
    pub(crate) outside: Bounds,
    pub(crate) min_area: f64,
    pub(crate) names: Names,
    pub(crate) empty: Empty,
    pub(crate) frames: Frames,
    pub(crate) stage: String,
    pub(crate) split: SplitOptions,
}

ango_plugin_sdk::deserialize_options!(Options {
    task,
    layout,
    boxes_as_polygons,
    holes,
    rle,
    precision,
    attributes,
    keypoints,
    caption,
    brush,
    stuff,
    classes,
    on_missing_size,
    outside,
    min_area,
    names,
    empty,
    frames,
    stage,
    split,
});

impl Default for Options {
    fn default() -> Self {
        Self {
            task: TaskKind::default(),
            layout: Layout::default(),
            boxes_as_polygons: false,
            holes: Holes::default(),
            rle: RleForm::default(),
            precision: 6,
            attributes: true,
            keypoints: KeypointOptions::default(),
            caption: Vec::new(),
            brush: BrushAs::default(),
            stuff: Vec::new(),
            classes: ClassOptions::default(),
            on_missing_size: MissingSize::default(),
            outside: Bounds::default(),
            min_area: 0.0,
            names: Names::default(),
            empty: Empty::default(),
            frames: Frames::default(),
            stage: String::new(),
            split: SplitOptions::default(),
        }
    }
}

impl Options {
    /// What COCO has a place for: everything that `attributes` can hold, if there are any.
    pub(crate) const fn format(&self) -> Format {
        if self.attributes { Format::new("COCO").with_answers() } else { Format::new("COCO without `attributes`") }
    }

    /// That, and the brush mask, if it is wanted.
    pub(crate) const fn format_with_brush(&self) -> Format {
        if matches!(self.brush, BrushAs::Skip) { self.format() } else { self.format().with_brush() }
    }

    /// How outlines are written.
    pub(crate) const fn outlines(&self) -> Outlines {
        Outlines { holes: self.holes, rle: self.rle, precision: self.precision, boxes_as_polygons: self.boxes_as_polygons }
    }

    /// What people chose for images.
    pub(crate) fn images(&self) -> Choice {
        Choice { on_missing_size: Some(self.on_missing_size), names: self.names, frames: self.frames, stage: self.stage.clone() }
    }
}

/// What the data set is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum TaskKind {
    Detection,
    #[default]
    Instances,
    Keypoints,
    Captions,
    Panoptic,
}

ango_plugin_sdk::deserialize_choice!(TaskKind { Detection = "detection", Instances = "instances", Keypoints = "keypoints", Captions = "captions", Panoptic = "panoptic" });

/// Where the files are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Layout {
    #[default]
    Coco,
    Roboflow,
}

ango_plugin_sdk::deserialize_choice!(Layout { Coco = "coco", Roboflow = "roboflow" });

/// What the colours of a brush mask are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum BrushAs {
    #[default]
    Class,
    Parts,
    Skip,
}

ango_plugin_sdk::deserialize_choice!(BrushAs { Class = "class", Parts = "parts", Skip = "skip" });
