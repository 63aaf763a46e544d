//! The options; `options.schema.json` and the shared schemas say the same to the host and to people.

use ango_plugin_sdk::geometry::Bounds;
use ango_plugin_sdk::options::{ClassOptions, Empty, MissingSize};
use serde::Deserialize;

/// Options of the converter.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    pub(crate) tasks: Tasks,
    pub(crate) results: Results,
    pub(crate) holes: Holes,
    pub(crate) precision: u8,
    pub(crate) classes: ClassOptions,
    pub(crate) on_missing_size: MissingSize,
    pub(crate) outside: Bounds,
    pub(crate) min_area: f64,
    pub(crate) empty: Empty,
    pub(crate) stage: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            tasks: Tasks::Images,
            results: Results::Annotations,
            holes: Holes::Brush,
            precision: 6,
            classes: ClassOptions::default(),
            on_missing_size: MissingSize::default(),
            outside: Bounds::default(),
            min_area: 0.0,
            empty: Empty::default(),
            stage: String::new(),
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Tasks {
    Images,
    Videos,
    Texts,
}

impl Tasks {
    /// What the object tag of the configuration is called, and the key of the data.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Images => "image",
            Self::Videos => "video",
            Self::Texts => "text",
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Results {
    Annotations,
    Predictions,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Holes {
    Brush,
    Fill,
    Drop,
}
