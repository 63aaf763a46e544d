//! Entities in texts: CoNLL-2003, spaCy and JSON lines.
//!
//! An export has the offsets of entities and the text that was selected, but not the text: that is the asset, and read through the grant `assets`. What offsets
//! count is found out by comparing both; see [`offsets`].

mod conll;
mod converter;
mod document;
mod jsonl;
mod offsets;
mod options;
mod spacy;
mod text;
mod tokens;

use ango_plugin_sdk::{Converter, Failure, Info, Run};

pub use options::Options;

/// The converter.
pub struct Ner;

ango_plugin_sdk::export!(Ner);

impl Converter for Ner {
    type Options = Options;

    fn describe() -> Info {
        Info::new("ner", env!("CARGO_PKG_VERSION"), "Entities in texts", "CoNLL-2003, spaCy, JSON lines")
            .with_options_schema(&options::options_schema())
            .with_assets()
            .with_history()
    }

    fn convert(options: Options, run: &Run) -> Result<(), Failure> {
        converter::convert(&options, run)
    }
}

#[cfg(test)]
mod tests;
