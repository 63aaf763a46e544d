//! Signatures as they lie beside a plugin: JSON documents, one after the other.

use crate::error::FetchError;
use crate::limits::bytes;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

/// Longest signature, in bytes.
pub const MAX_SIGNATURE_BYTES: usize = 16 << 10;
/// Most signatures of one plugin.
pub const MAX_SIGNATURES: usize = 8;

/// Longest text of signatures: all of them, and line breaks between.
pub(crate) const MAX_TEXT: u64 = ((MAX_SIGNATURE_BYTES + 2) * MAX_SIGNATURES) as u64;

/// Cuts a file of signatures into its documents, as they stand there. Lines are how it is written; a single document over many lines is accepted as well.
///
/// # Errors
/// When it is not JSON objects, or when there are too many or too long ones.
pub(crate) fn split(origin: &str, text: &[u8]) -> Result<Vec<Vec<u8>>, FetchError> {
    let mut documents = Vec::new();
    let mut stream = serde_json::Deserializer::from_slice(text).into_iter::<IgnoredAny>();
    let mut start = 0;
    while let Some(document) = stream.next() {
        let end = stream.byte_offset();
        let one = text.get(start..end).unwrap_or_default().trim_ascii();
        if document.is_err() || serde_json::from_slice::<Map<String, Value>>(one).is_err() {
            let problem = format!("signature {} is not a JSON object: a plugin's signatures are one JSON object on each line", documents.len() + 1);
            return Err(FetchError::Signatures { origin: origin.to_owned(), problem });
        }
        documents.push(one.to_owned());
        start = end;
    }
    check(origin, &documents)?;
    Ok(documents)
}

/// Checks how many there are and how long they are.
///
/// # Errors
/// Which limit is broken.
pub(crate) fn check(origin: &str, documents: &[Vec<u8>]) -> Result<(), FetchError> {
    let limit = |limit, asked, allowed| Err(FetchError::Limit { origin: origin.to_owned(), limit, asked, allowed });
    if documents.len() > MAX_SIGNATURES {
        return limit("signatures", format!("there are {} signatures", documents.len()), MAX_SIGNATURES.to_string());
    }
    match documents.iter().map(Vec::len).max() {
        Some(longest) if longest > MAX_SIGNATURE_BYTES => {
            limit("signature-bytes", format!("a signature has {longest} bytes"), bytes(MAX_SIGNATURE_BYTES as u64))
        }
        _ => Ok(()),
    }
}

/// Puts documents together as [`split`] reads them: each on a line, whatever line breaks it holds. JSON has line breaks between tokens only.
pub(crate) fn join(documents: &[Vec<u8>]) -> Vec<u8> {
    let mut text = Vec::new();
    for document in documents {
        text.extend(document.trim_ascii().iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }));
        text.push(b'\n');
    }
    text
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(text: &[u8]) -> Result<Vec<String>, String> {
        let documents = split("p.wasm.sig", text).map_err(|error| error.to_string())?;
        Ok(documents.into_iter().map(|document| String::from_utf8_lossy(&document).into_owned()).collect())
    }

    #[test]
    fn one_or_several_documents() {
        assert_eq!(texts(b""), Ok(vec![]));
        assert_eq!(texts(b" \n\n"), Ok(vec![]));
        assert_eq!(texts(b"{\n  \"a\": 1\n}\n"), Ok(vec!["{\n  \"a\": 1\n}".into()]));
        assert_eq!(texts(b"{\"a\":1}\r\n{\"b\":\"\\n}\"}\n"), Ok(vec!["{\"a\":1}".into(), "{\"b\":\"\\n}\"}".into()]));
    }

    #[test]
    fn what_is_refused() {
        let many = b"{}\n".repeat(MAX_SIGNATURES + 1);
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(MAX_SIGNATURE_BYTES));
        let deep = "[".repeat(100_000);
        let mut all = String::new();
        for text in [&b"<html>"[..], b"{}\nnot json", b"[{}]", b"1", b"\"{}\"", b"{\"a\":", b"\xff", &many, long.as_bytes(), deep.as_bytes()] {
            all.push_str(&texts(text).expect_err("it is refused"));
            all.push('\n');
        }
        insta::assert_snapshot!(all);
    }

    proptest! {
        #[test]
        fn what_is_joined_is_split_again(values in proptest::collection::vec(".*", 0..MAX_SIGNATURES)) {
            let documents: Vec<Vec<u8>> = values.iter().map(|value| serde_json::json!({ "v": value }).to_string().into_bytes()).collect();
            let text = join(&documents);
            prop_assert_eq!(text.iter().filter(|byte| **byte == b'\n').count(), documents.len());
            prop_assert_eq!(split("x", &text).map_err(|error| error.to_string()), Ok(documents));
        }

        #[test]
        fn any_bytes_are_documents_or_an_error(text in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(documents) = split("x", &text) {
                for document in documents {
                    prop_assert!(serde_json::from_slice::<Map<String, Value>>(&document).is_ok());
                }
            }
        }
    }
}
