//! Bytes as the query of an export request. Errors are fine, and each is one line for people; panics are not.

#![no_main]

use ango_model::options::query::ExportQuery;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Err(error) = ExportQuery::parse(text) {
        let message = error.to_string();
        assert!(!message.is_empty() && message.len() < 3000 && !message.chars().any(char::is_control), "{message:?}");
    }
});
