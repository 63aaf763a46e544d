//! The options; `options.schema.json` says the same to the host and to people.

use ango_plugin_sdk::geometry::Bounds;
use serde::Deserialize;

/// Options of the converter.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    pub(crate) boxes_as_polygons: bool,
    pub(crate) holes: Holes,
    pub(crate) rle: RleForm,
    pub(crate) precision: u8,
    pub(crate) out_of_bounds: OutOfBounds,
    pub(crate) missing_size: MissingSize,
    pub(crate) empty: Empty,
    pub(crate) min_area: f64,
    pub(crate) attributes: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            boxes_as_polygons: false,
            holes: Holes::Rle,
            rle: RleForm::Compressed,
            precision: 6,
            out_of_bounds: OutOfBounds::Clip,
            missing_size: MissingSize::Skip,
            empty: Empty::Keep,
            min_area: 0.0,
            attributes: true,
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Holes {
    Rle,
    Fill,
    Drop,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RleForm {
    Compressed,
    Uncompressed,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OutOfBounds {
    Clip,
    Keep,
    Drop,
}

impl From<OutOfBounds> for Bounds {
    fn from(option: OutOfBounds) -> Self {
        match option {
            OutOfBounds::Clip => Self::Clip,
            OutOfBounds::Keep => Self::Keep,
            OutOfBounds::Drop => Self::Drop,
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MissingSize {
    Skip,
    Keep,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Empty {
    Keep,
    Drop,
}
