//! The options; the schema says the same to the host and to people.

use ango_plugin_sdk::geometry::Bounds;
use ango_plugin_sdk::options::{ClassOptions, Empty, Frames, Names, Shared, schema};
use serde::Deserialize;

/// Options of the converter.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    pub(crate) layout: Layout,
    pub(crate) object_type: ObjectType,
    pub(crate) precision: u8,
    pub(crate) invalid: Invalid,
    pub(crate) classes: ClassOptions,
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
            layout: Layout::Images,
            object_type: ObjectType::Annotation,
            precision: 6,
            invalid: Invalid::Repair,
            classes: ClassOptions::default(),
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

impl Options {
    /// The JSON schema.
    pub(crate) fn schema() -> String {
        let shared =
            [Shared::Classes, Shared::Outside, Shared::MinArea, Shared::Names, Shared::Empty, Shared::Frames, Shared::Stage, Shared::ImagesCsv];
        schema(include_str!("options.schema.json"), &shared)
    }
}

/// How features are spread over files.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Layout {
    Images,
    Single,
}

/// What QuPath makes of features.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ObjectType {
    Annotation,
    Detection,
}

/// What happens to areas that are no valid polygons.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Invalid {
    Repair,
    Keep,
    Drop,
}
