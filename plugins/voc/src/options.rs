//! The options; `options.schema.json` and the shared schema say the same to the host and to people.

use ango_plugin_sdk::geometry::Bounds;
use ango_plugin_sdk::options::{ClassOptions, Empty, Frames, MissingSize, Names, Pairs, SplitOptions};
use serde::Deserialize;

/// Options of the converter.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    pub(crate) masks: MaskKind,
    pub(crate) void_border: u32,
    pub(crate) overlap: Overlap,
    pub(crate) origin: u8,
    pub(crate) questions: Pairs<String>,
    pub(crate) class_lists: bool,
    pub(crate) image_suffix: ImageSuffix,
    pub(crate) names: Names,
    pub(crate) layout: Layout,
    pub(crate) classes: ClassOptions,
    pub(crate) on_missing_size: MissingSize,
    pub(crate) outside: Bounds,
    pub(crate) min_area: f64,
    pub(crate) empty: Empty,
    pub(crate) frames: Frames,
    pub(crate) stage: String,
    pub(crate) split: SplitOptions,
    pub(crate) images_csv: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            masks: MaskKind::None,
            void_border: 0,
            overlap: Overlap::Order,
            origin: 1,
            questions: Pairs::default(),
            class_lists: false,
            image_suffix: ImageSuffix::Jpg,
            names: Names::Flat,
            layout: Layout::Plain,
            classes: ClassOptions::default(),
            on_missing_size: MissingSize::Fetch,
            outside: Bounds::Clip,
            min_area: 0.0,
            empty: Empty::Keep,
            frames: Frames::Each,
            stage: String::new(),
            split: SplitOptions::default(),
            images_csv: true,
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MaskKind {
    None,
    Class,
    Both,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Overlap {
    Order,
    Area,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ImageSuffix {
    Jpg,
    Keep,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Layout {
    Plain,
    Devkit,
}

impl Layout {
    /// What every path begins with.
    pub(crate) fn root(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Devkit => "VOCdevkit/VOC2012/",
        }
    }
}
