//! The options; the schema says the same to the host and to people.

use ango_plugin_sdk::geometry::Bounds;
use ango_plugin_sdk::options::{ClassOptions, Empty, Frames, MissingSize, Names, Shared, schema};
use serde::Deserialize;

/// Options of the converter.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    pub(crate) videos: Videos,
    pub(crate) instance_ids: bool,
    pub(crate) precision: u8,
    pub(crate) metadata: bool,
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
            videos: Videos::Tracks,
            instance_ids: false,
            precision: 6,
            metadata: true,
            classes: ClassOptions::default(),
            on_missing_size: MissingSize::Fetch,
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
        let shared = [
            Shared::Classes,
            Shared::OnMissingSize,
            Shared::Outside,
            Shared::MinArea,
            Shared::Names,
            Shared::Empty,
            Shared::Frames,
            Shared::Stage,
            Shared::ImagesCsv,
        ];
        schema(include_str!("options.schema.json"), &shared)
    }
}

/// What a video is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Videos {
    Tracks,
    Frames,
}
