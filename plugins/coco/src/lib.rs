//! COCO: detection, instances, keypoints, captions and panoptic segmentation, one JSON file for each part of the data set.
//!
//! What the format's readers need, and where they fail, decides the details, most of which the SDK's [`coco`](ango_plugin_sdk::coco) knows. What COCO has no
//! place for but readers tolerate is in `attributes`. Provenance (who drew what and when) is not written.

mod areas;
mod brush;
mod captions;
mod keypoints;
mod options;
mod panoptic;
mod rows;

use ango_plugin_sdk::options::{Shared, schema};
use ango_plugin_sdk::{Converter, Failure, Info, Run};

pub use options::Options;
use options::{Layout, TaskKind};

/// The converter.
pub struct Coco;

ango_plugin_sdk::export!(Coco);

impl Converter for Coco {
    type Options = Options;

    fn describe() -> Info {
        let shared = [
            Shared::Keypoints,
            Shared::Classes,
            Shared::OnMissingSize,
            Shared::Outside,
            Shared::MinArea,
            Shared::Names,
            Shared::Empty,
            Shared::Frames,
            Shared::Stage,
            Shared::Split,
        ];
        Info::new("coco", env!("CARGO_PKG_VERSION"), "COCO data set: detection, instances, keypoints, captions or panoptic segmentation", "COCO")
            .with_options_schema(&schema(include_str!("options.schema.json"), &shared))
            .with_assets()
            .with_history()
    }

    fn convert(options: Options, run: &Run) -> Result<(), Failure> {
        if options.layout == Layout::Roboflow && matches!(options.task, TaskKind::Captions | TaskKind::Panoptic) {
            return Err(Failure::option("/layout", "the layout `roboflow` has neither captions nor panoptic segmentation: use `coco`"));
        }
        match options.task {
            TaskKind::Detection | TaskKind::Instances => areas::convert(&options, run),
            TaskKind::Keypoints => keypoints::convert(&options, run),
            TaskKind::Captions => captions::convert(&options, run),
            TaskKind::Panoptic => panoptic::convert(&options, run),
        }
    }
}

#[cfg(test)]
mod tests;
