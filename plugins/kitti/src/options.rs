//! The options; `options.schema.json` and the shared schema say the same to the host and to people.

use ango_plugin_sdk::geometry::Bounds;
use ango_plugin_sdk::options::{ClassOptions, Empty, Frames, MissingSize, Names, Pairs, SplitOptions};
use serde::Deserialize;

/// Options of the converter.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    pub(crate) flavour: Flavour,
    pub(crate) placeholders: Placeholders,
    pub(crate) occlusion: Occlusion,
    pub(crate) dont_care: Vec<String>,
    pub(crate) questions: Pairs<String>,
    pub(crate) names: Names,
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
            flavour: Flavour::Object,
            placeholders: Placeholders::DontCare,
            occlusion: Occlusion::Visible,
            dont_care: Vec::new(),
            questions: Pairs::default(),
            names: Names::Flat,
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
pub(crate) enum Flavour {
    Object,
    Tracking,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Placeholders {
    DontCare,
    Zero,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Occlusion {
    Visible,
    Unknown,
}
