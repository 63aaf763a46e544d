//! The options; `options.schema.json` and the shared schemas say the same to the host and to people.

use ango_plugin_sdk::geometry::Bounds;
use ango_plugin_sdk::options::{ClassOptions, Empty, Frames, MissingSize, Names};
use serde::Deserialize;

/// Options of the converter.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    pub(crate) format: Format,
    pub(crate) holes: Holes,
    pub(crate) parts: Parts,
    pub(crate) keyframes: KeyFrames,
    pub(crate) pages: Pages,
    pub(crate) precision: u8,
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
            format: Format::Images,
            holes: Holes::Mask,
            parts: Parts::Group,
            keyframes: KeyFrames::Reduced,
            pages: Pages::Sequence,
            precision: 2,
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

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    Images,
    Video,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Holes {
    Mask,
    Fill,
    Drop,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Parts {
    Group,
    Mask,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum KeyFrames {
    Reduced,
    All,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Pages {
    Sequence,
    Skip,
}
