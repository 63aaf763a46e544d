//! Label Studio tasks, and the labeling configuration for them.
//!
//! Coordinates are percentages of the image. A box is turned about its top-left corner, and `x` and `y` are where that corner is then. A project has one kind of
//! data, so a run makes tasks about images, about videos or about texts. The configuration declares the labels and questions of the ontology; what was answered
//! about a region has the region's id.

mod brush;
mod config;
mod images;
mod options;
mod results;
mod tasks;
mod texts;
mod videos;

use ango_plugin_sdk::options::{Shared, schema};
use ango_plugin_sdk::{Converter, Failure, Info, Run};

pub use options::Options;
use options::Tasks;

/// The converter.
pub struct LabelStudio;

ango_plugin_sdk::export!(LabelStudio);

impl Converter for LabelStudio {
    type Options = Options;

    fn describe() -> Info {
        let shared = [Shared::Classes, Shared::OnMissingSize, Shared::Outside, Shared::MinArea, Shared::Empty, Shared::Stage];
        Info::new("labelstudio", env!("CARGO_PKG_VERSION"), "Label Studio tasks with their labeling configuration", "Label Studio")
            .with_options_schema(&schema(include_str!("options.schema.json"), &shared))
            .with_assets()
            .with_history()
    }

    fn convert(options: Options, run: &Run) -> Result<(), Failure> {
        match options.tasks {
            Tasks::Images => images::convert(&options, run),
            Tasks::Videos => videos::convert(&options, run),
            Tasks::Texts => texts::convert(&options, run),
        }
    }
}

#[cfg(test)]
mod tests;
