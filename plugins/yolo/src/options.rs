//! The options; `options.schema.json` says the same to the host and to people.

use serde::Deserialize;

/// Options of the converter.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    pub(crate) task: TaskKind,
    pub(crate) val_ratio: f64,
    pub(crate) seed: u32,
    pub(crate) empty: Empty,
    pub(crate) min_area: f64,
    pub(crate) images_csv: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { task: TaskKind::Detect, val_ratio: 0.0, seed: 0, empty: Empty::Keep, min_area: 0.0, images_csv: true }
    }
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TaskKind {
    Detect,
    Segment,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Empty {
    Keep,
    Drop,
}
