//! What a component says about who made it. Nothing of it is checked: it is shown beside the signatures, which are.

use serde::{Deserialize, Serialize};
use wasmparser::{KnownCustom, Parser, Payload};

/// Longest text that is kept of a claim.
const LONGEST: usize = 200;
/// Claims of a kind that are kept.
const MOST: usize = 16;

/// What a component says about who made it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Claims {
    /// Who wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authors: Option<String>,
    /// Under which licence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licenses: Option<String>,
    /// Where its source is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Its page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub homepage: Option<String>,
    /// Languages and tools that it was made with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub made_with: Vec<String>,
}

impl Claims {
    /// Reads the custom sections that tools write: those of the OCI annotations (`authors`, `licenses`, `source`, `homepage`) and `producers`, here and in the modules inside.
    pub fn of(wasm: &[u8]) -> Self {
        let mut claims = Self::default();
        // A component that does not parse has been refused elsewhere.
        for payload in Parser::new(0).parse_all(wasm).map_while(Result::ok) {
            let Payload::CustomSection(section) = payload else { continue };
            let text = || std::str::from_utf8(section.data()).ok().map(|text| ango_runtime::printable_line(text, LONGEST));
            match (section.name(), section.as_known()) {
                ("authors", _) => claims.authors = claims.authors.or_else(text),
                ("licenses", _) => claims.licenses = claims.licenses.or_else(text),
                ("source", _) => claims.source = claims.source.or_else(text),
                ("homepage", _) => claims.homepage = claims.homepage.or_else(text),
                (_, KnownCustom::Producers(fields)) => {
                    for field in fields.into_iter().map_while(Result::ok).take(MOST) {
                        for value in field.values.into_iter().map_while(Result::ok).take(MOST) {
                            let tool = format!("{} {}", value.name, value.version);
                            claims.add_tool(ango_runtime::printable_line(tool.trim(), LONGEST));
                        }
                    }
                }
                _ => {}
            }
        }
        claims
    }

    fn add_tool(&mut self, tool: String) {
        if self.made_with.len() < MOST && !self.made_with.contains(&tool) {
            self.made_with.push(tool);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(name: &str, data: &[u8]) -> Vec<u8> {
        let size = 1 + name.len() + data.len();
        [&[0, size as u8, name.len() as u8], name.as_bytes(), data].concat()
    }

    #[test]
    fn claims_are_read_and_cleaned() {
        let producers = b"\x01\x08language\x01\x04Rust\x042024";
        let wasm =
            [b"\0asm\x0d\0\x01\0".to_vec(), section("authors", b"a\x1b[31m <a@x.test>"), section("producers", producers), section("source", b"\xff")]
                .concat();
        let claims = Claims::of(&wasm);
        assert_eq!((claims.made_with, claims.source), (vec!["Rust 2024".to_owned()], None));
        assert!(claims.authors.is_some_and(|authors| authors.ends_with("<a@x.test>") && !authors.contains('\x1b')));
        assert_eq!(Claims::of(b"\0asm"), Claims::default());
    }
}
