//! The options; `options.schema.json` says the same to the host and to people.

use ango_plugin_sdk::coco::{Holes, Outlines, RleForm};
use ango_plugin_sdk::geometry::Bounds;
use ango_plugin_sdk::images::Choice;
use ango_plugin_sdk::options::{ClassOptions, Empty, Frames, MissingSize, Names, SplitOptions};
use serde::Deserialize;

/// Options of the converter.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    pub(crate) format: DocumentFormat,
    pub(crate) text: Vec<String>,
    pub(crate) page_size: Vec<u32>,
    pub(crate) images_csv: bool,
    pub(crate) doc_category: String,
    pub(crate) holes: Holes,
    pub(crate) rle: RleForm,
    pub(crate) precision: u8,
    pub(crate) attributes: bool,
    pub(crate) classes: ClassOptions,
    pub(crate) on_missing_size: MissingSize,
    pub(crate) outside: Bounds,
    pub(crate) min_area: f64,
    pub(crate) names: Names,
    pub(crate) empty: Empty,
    pub(crate) frames: Frames,
    pub(crate) stage: String,
    pub(crate) split: SplitOptions,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            format: DocumentFormat::default(),
            text: Vec::new(),
            page_size: Vec::new(),
            images_csv: true,
            doc_category: "doc_category".to_owned(),
            holes: Holes::default(),
            rle: RleForm::default(),
            precision: 6,
            attributes: true,
            classes: ClassOptions::default(),
            on_missing_size: MissingSize::default(),
            outside: Bounds::default(),
            min_area: 0.0,
            names: Names::default(),
            empty: Empty::default(),
            frames: Frames::default(),
            stage: String::new(),
            split: SplitOptions::default(),
        }
    }
}

impl Options {
    /// The size that all pages are scaled to, if one is chosen.
    pub(crate) fn target(&self) -> Option<(u32, u32)> {
        if let [width, height] = self.page_size[..] { Some((width, height)) } else { None }
    }

    /// How outlines are written; a box has its corners, as in DocLayNet.
    pub(crate) const fn outlines(&self) -> Outlines {
        Outlines { holes: self.holes, rle: self.rle, precision: self.precision, boxes_as_polygons: true }
    }

    /// What people chose for pages.
    pub(crate) fn pages(&self, on_missing_size: Option<MissingSize>) -> Choice {
        Choice { on_missing_size, names: self.names, frames: self.frames, stage: self.stage.clone() }
    }
}

/// The target format.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum DocumentFormat {
    #[default]
    Funsd,
    Coco,
}
