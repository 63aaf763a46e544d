//! The options; `options.schema.json` says the same to the host and to people.

use ango_plugin_sdk::geometry::Bounds;
use ango_plugin_sdk::options::{ClassOptions, Empty, Frames, Names, SplitOptions};
use serde::Deserialize;

/// Options of the converter.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    pub(crate) imagesource: String,
    pub(crate) gsd: Option<f64>,
    pub(crate) difficult: String,
    pub(crate) classes: ClassOptions,
    pub(crate) split: SplitOptions,
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
            imagesource: String::new(),
            gsd: None,
            difficult: "difficult".to_owned(),
            classes: ClassOptions::default(),
            split: SplitOptions::default(),
            outside: Bounds::Clip,
            min_area: 0.0,
            names: Names::Path,
            empty: Empty::Keep,
            frames: Frames::Each,
            stage: String::new(),
            images_csv: true,
        }
    }
}
