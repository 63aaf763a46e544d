//! The options; `options.schema.json` and the shared parts of the SDK say the same to the host and to people.

use ango_plugin_sdk::geometry::Bounds;
use ango_plugin_sdk::images::Choice;
use ango_plugin_sdk::options::{ClassOptions, Empty, Frames, MissingSize, Names, Shared, schema};
use serde::Deserialize;

/// Options of the converter.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    pub(crate) task: Task,
    pub(crate) class_mapping_type: Mapping,
    pub(crate) overlap: Overlap,
    pub(crate) priority: Vec<String>,
    pub(crate) outlines: f64,
    pub(crate) outline_value: Option<u16>,
    pub(crate) outline_color: String,
    pub(crate) line_width: f64,
    pub(crate) point_size: f64,
    pub(crate) brush: BrushPlace,
    pub(crate) overlay: bool,
    pub(crate) opacity: f64,
    pub(crate) one_bit: bool,
    pub(crate) max_pixels: u64,
    pub(crate) batch_names: Vec<String>,
    pub(crate) verbose_frequency: u64,
    pub(crate) classes: ClassOptions,
    pub(crate) on_missing_size: MissingSize,
    pub(crate) outside: Bounds,
    pub(crate) min_area: f64,
    pub(crate) names: Names,
    pub(crate) empty: Empty,
    pub(crate) frames: Frames,
    pub(crate) stage: String,
    pub(crate) images_csv: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            task: Task::Semantic,
            class_mapping_type: Mapping::Sequential,
            overlap: Overlap::Order,
            priority: Vec::new(),
            outlines: 0.0,
            outline_value: None,
            outline_color: "#ffffff".to_owned(),
            line_width: 3.0,
            point_size: 5.0,
            brush: BrushPlace::Below,
            overlay: false,
            opacity: 0.5,
            one_bit: false,
            max_pixels: 178_956_970,
            batch_names: Vec::new(),
            verbose_frequency: 0,
            classes: ClassOptions::default(),
            on_missing_size: MissingSize::default(),
            outside: Bounds::default(),
            min_area: 0.0,
            names: Names::default(),
            empty: Empty::default(),
            frames: Frames::default(),
            stage: String::new(),
            images_csv: true,
        }
    }
}

impl Options {
    pub(crate) fn schema() -> String {
        use Shared::{Classes, Frames, ImagesCsv, MinArea, OnMissingSize, OutsideClipOrDrop, Stage};
        let shared = [Classes, OnMissingSize, OutsideClipOrDrop, MinArea, Shared::Names, Shared::Empty, Frames, Stage, ImagesCsv];
        schema(include_str!("options.schema.json"), &shared)
    }

    pub(crate) fn choice(&self) -> Choice {
        Choice { on_missing_size: Some(self.on_missing_size), names: self.names, frames: self.frames, stage: self.stage.clone() }
    }
}

/// What a mask shows.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Task {
    /// The class of every pixel.
    Semantic,
    /// The object of every pixel.
    Instance,
    /// One object, in a file of its own.
    Object,
    /// One class, in a file of its own.
    Binary,
}

impl Task {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Semantic => "semantic",
            Self::Instance => "instance",
            Self::Object => "object",
            Self::Binary => "binary",
        }
    }

    /// Whether a file is about one thing and holds black and white.
    pub(crate) fn is_black_and_white(self) -> bool {
        matches!(self, Self::Object | Self::Binary)
    }
}

/// What stands for a class (or an object). The names are those of Ango's own converter, except the last.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub(crate) enum Mapping {
    #[serde(rename = "single_channel_sequential")]
    Sequential,
    #[serde(rename = "single_channel_diverging")]
    Diverging,
    #[serde(rename = "multi_channel_qualitative")]
    Qualitative,
    #[serde(rename = "project_colors")]
    ProjectColors,
    #[serde(rename = "palette")]
    Palette,
}

impl Mapping {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sequential => "single_channel_sequential",
            Self::Diverging => "single_channel_diverging",
            Self::Qualitative => "multi_channel_qualitative",
            Self::ProjectColors => "project_colors",
            Self::Palette => "palette",
        }
    }
}

/// What lies on top.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Overlap {
    /// What was drawn later.
    Order,
    /// What is smaller.
    Area,
}

/// Where the brush mask goes.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum BrushPlace {
    Below,
    Above,
    Skip,
}
