//! The options; `options.json` and the SDK's shared ones say the same to the host and to people.

use ango_plugin_sdk::options::{ClassOptions, Empty, Names, Shared, SplitOptions, schema};
use serde::Deserialize;

/// Options of the converter.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    pub(crate) format: Format,
    pub(crate) scheme: Scheme,
    pub(crate) sentences: Sentences,
    pub(crate) trim: bool,
    pub(crate) spans: bool,
    pub(crate) context_key: String,
    pub(crate) classes: ClassOptions,
    pub(crate) stage: String,
    pub(crate) split: SplitOptions,
    pub(crate) names: Names,
    pub(crate) empty: Empty,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            format: Format::Jsonl,
            scheme: Scheme::Iob2,
            sentences: Sentences::Lines,
            trim: true,
            spans: false,
            context_key: String::new(),
            classes: ClassOptions::default(),
            stage: String::new(),
            split: SplitOptions::default(),
            names: Names::default(),
            empty: Empty::default(),
        }
    }
}

/// What is written.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    Jsonl,
    Spacy,
    Conll,
}

/// How tags mark where entities begin and end.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Scheme {
    Iob2,
    Iob1,
    Bioes,
    Bilou,
}

/// What ends a sentence.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Sentences {
    Lines,
    Unicode,
    None,
}

/// The JSON schema of the options.
pub(crate) fn options_schema() -> String {
    schema(include_str!("options.json"), &[Shared::Classes, Shared::Stage, Shared::Split, Shared::Names, Shared::Empty])
}
