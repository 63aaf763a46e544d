//! The options; the schema says the same to the host and to people.

use ango_plugin_sdk::options::{ClassOptions, Empty, Names, Shared, schema};
use serde::Deserialize;

/// Options of the converter.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    pub(crate) values: Values,
    pub(crate) compress: bool,
    pub(crate) classes: ClassOptions,
    pub(crate) names: Names,
    pub(crate) empty: Empty,
    pub(crate) stage: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            values: Values::default(),
            compress: true,
            classes: ClassOptions::default(),
            names: Names::default(),
            empty: Empty::default(),
            stage: String::new(),
        }
    }
}

impl Options {
    /// The JSON schema.
    pub(crate) fn schema() -> String {
        schema(include_str!("options.schema.json"), &[Shared::Classes, Shared::Names, Shared::Empty, Shared::Stage])
    }
}

/// What the value of a voxel is.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Values {
    /// The label as stored: the schema id of the class.
    #[default]
    Schema,
    /// Classes of voxel brushes counted from 1.
    Index,
}
