//! The options; `options.schema.json` says the same to the host and to people.

use ango_plugin_sdk::geometry::Bounds;
use ango_plugin_sdk::options::{ClassOptions, Empty, Frames, KeypointOptions, MissingSize, Names, SplitOptions};
use serde::Deserialize;

/// Options of the converter.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    pub(crate) task: TaskKind,
    pub(crate) layout: Layout,
    pub(crate) path: String,
    pub(crate) question: String,
    pub(crate) answers: Vec<String>,
    pub(crate) classes: ClassOptions,
    pub(crate) keypoints: KeypointOptions,
    pub(crate) split: SplitOptions,
    pub(crate) outside: Bounds,
    pub(crate) min_area: f64,
    pub(crate) on_missing_size: MissingSize,
    pub(crate) names: Names,
    pub(crate) empty: Empty,
    pub(crate) frames: Frames,
    pub(crate) stage: String,
    pub(crate) images_csv: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            task: TaskKind::Detect,
            layout: Layout::Folder,
            path: String::new(),
            question: String::new(),
            answers: Vec::new(),
            classes: ClassOptions::default(),
            keypoints: KeypointOptions::default(),
            split: SplitOptions::default(),
            outside: Bounds::Clip,
            min_area: 0.0,
            on_missing_size: MissingSize::Fetch,
            names: Names::Path,
            empty: Empty::Keep,
            frames: Frames::Each,
            stage: String::new(),
            images_csv: true,
        }
    }
}

/// `task`: what is trained.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TaskKind {
    Detect,
    Segment,
    Obb,
    Pose,
    Classify,
}

impl TaskKind {
    /// What Ultralytics calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Detect => "detect",
            Self::Segment => "segment",
            Self::Obb => "obb",
            Self::Pose => "pose",
            Self::Classify => "classify",
        }
    }
}

/// `layout`: a folder with a file for each image, or one file of records.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Layout {
    Folder,
    Ndjson,
}
