//! The options; `options.schema.json` and the shared parts say the same to the host and to people.

use ango_plugin_sdk::geometry::Bounds;
use ango_plugin_sdk::options::{ClassOptions, MissingSize, SplitOptions};
use serde::Deserialize;

/// Options of the converter.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    pub(crate) format: Format,
    pub(crate) class_ids: ClassIds,
    pub(crate) ignored: Vec<String>,
    pub(crate) png: bool,
    pub(crate) pages: Pages,
    pub(crate) origin: u8,
    pub(crate) precision: u8,
    pub(crate) images_csv: bool,
    pub(crate) classes: ClassOptions,
    pub(crate) on_missing_size: MissingSize,
    pub(crate) outside: Bounds,
    pub(crate) min_area: f64,
    pub(crate) stage: String,
    pub(crate) split: SplitOptions,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            format: Format::Mot16,
            class_ids: ClassIds::Auto,
            ignored: Vec::new(),
            png: false,
            pages: Pages::Sequence,
            origin: 1,
            precision: 3,
            images_csv: true,
            classes: ClassOptions::default(),
            on_missing_size: MissingSize::default(),
            outside: Bounds::default(),
            min_area: 0.0,
            stage: String::new(),
            split: SplitOptions::default(),
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    Mot16,
    Mots,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ClassIds {
    Auto,
    Official,
    Own,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Pages {
    Sequence,
    Skip,
}
