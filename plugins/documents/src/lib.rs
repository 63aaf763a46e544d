//! Documents: forms as FUNSD, or layout as COCO with the image fields of DocLayNet. A record is a page.
//!
//! Areas of PDF pages carry the size of the page that they were drawn on, so no page has to be fetched; they are scaled to the size that the page's image has.

mod funsd;
mod layout;
mod links;
mod options;
mod place;
mod text;

use ango_plugin_sdk::options::{Shared, schema};
use ango_plugin_sdk::{Converter, Failure, Info, Run};

use options::DocumentFormat;
pub use options::Options;

/// The converter.
pub struct Documents;

ango_plugin_sdk::export!(Documents);

impl Converter for Documents {
    type Options = Options;

    fn describe() -> Info {
        let shared = [
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
        Info::new("documents", env!("CARGO_PKG_VERSION"), "Forms as FUNSD, or document layout as COCO (DocLayNet)", "FUNSD, COCO for layout")
            .with_options_schema(&schema(include_str!("options.schema.json"), &shared))
            .with_assets()
            .with_history()
    }

    fn convert(options: Options, run: &Run) -> Result<(), Failure> {
        if !options.page_size.is_empty() && (options.page_size.len() != 2 || options.page_size.contains(&0)) {
            return Err(Failure::option("/page_size", "must be a width and a height in pixels"));
        }
        match options.format {
            DocumentFormat::Funsd => funsd::convert(&options, run),
            DocumentFormat::Coco => layout::convert(&options, run),
        }
    }
}

#[cfg(test)]
mod tests;
