//! The options; `options.schema.json` says the same to the host and to people.

use ango_plugin_sdk::coco::{Holes, Outlines, RleForm};
use ango_plugin_sdk::geometry::Bounds;
use ango_plugin_sdk::images::Format;
use ango_plugin_sdk::options::{ClassOptions, Empty, MissingSize, Names, SplitOptions};
use serde::Deserialize;

/// Options of the converter.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    pub(crate) length: Length,
    pub(crate) images: Single,
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
    pub(crate) stage: String,
    pub(crate) split: SplitOptions,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            length: Length::default(),
            images: Single::default(),
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
            stage: String::new(),
            split: SplitOptions::default(),
        }
    }
}

impl Options {
    /// What the format has a place for: everything that `attributes` can hold, if there are any.
    pub(crate) const fn format(&self) -> Format {
        if self.attributes { Format::new("YouTube-VIS").with_answers() } else { Format::new("YouTube-VIS without `attributes`") }
    }

    /// How outlines are written. A box has its corners: without an outline readers take a track for absent.
    pub(crate) const fn outlines(&self) -> Outlines {
        Outlines { holes: self.holes, rle: self.rle, precision: self.precision, boxes_as_polygons: true }
    }
}

/// Which frames a video has.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Length {
    /// All that it has.
    #[default]
    All,
    /// Those with annotations.
    Annotated,
}

/// What single images are.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Single {
    /// Videos of one frame.
    #[default]
    Videos,
    Skip,
}
