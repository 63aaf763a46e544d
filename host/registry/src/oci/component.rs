//! The configuration of an artifact: what a component imports and exports, so that tools can tell without pulling it.

use crate::digest::Digest;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use wasmparser::{Parser, Payload};

/// The configuration, as the CNCF has it. Bytes that are no component get one without imports and exports: what is pushed was checked elsewhere.
pub(crate) fn config(wasm: &[u8], annotations: &BTreeMap<String, String>) -> Vec<u8> {
    let of = |name: &str| annotations.get(&format!("org.opencontainers.image.{name}"));
    let mut config = json!({
        // Required; without a time of its own an artifact would be another one each time that it is pushed.
        "created": of("created").map_or("1970-01-01T00:00:00Z", String::as_str),
        "architecture": "wasm",
        "os": if Parser::is_component(wasm) { "wasip2" } else { "wasip1" },
        "layerDigests": [Digest::of(wasm).as_str()],
    });
    if let Some(author) = of("authors") {
        config["author"] = Value::from(author.as_str());
    }
    if Parser::is_component(wasm) {
        let (imports, exports) = names(wasm);
        config["component"] = json!({ "imports": imports, "exports": exports });
    }
    config.to_string().into_bytes()
}

/// What the outermost component imports and exports. What cannot be parsed ends the lists.
fn names(wasm: &[u8]) -> (Vec<String>, Vec<String>) {
    let (mut imports, mut exports) = (Vec::new(), Vec::new());
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(wasm).map_while(Result::ok) {
        match payload {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            // The end of the outermost component is the last payload.
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(section) if depth == 0 => {
                imports.extend(section.into_iter().map_while(Result::ok).map(|import| import.name.name.to_owned()));
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                exports.extend(section.into_iter().map_while(Result::ok).map(|export| export.name.name.to_owned()));
            }
            _ => {}
        }
    }
    (imports, exports)
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    fn read(wasm: &[u8]) -> Value {
        serde_json::from_slice(&config(wasm, &BTreeMap::new())).expect("it is JSON")
    }

    #[test]
    fn whatever_the_bytes_are_there_is_a_configuration() {
        assert_eq!(read(b"")["os"], "wasip1");
        assert_eq!(read(b"\0asm\x01\0\0\0")["os"], "wasip1");
        assert_eq!(read(b"\0asm\x01\0\0\0").get("component"), None);
    }

    #[test]
    fn what_the_outermost_component_imports_and_exports() {
        let wasm = wat::parse_str(
            r#"(component
                (import "a:b/c@0.1.0" (instance $c))
                (component $inner (import "hidden" (func)) (export "also-hidden" (func 0)))
                (core module (func (export "core")))
                (import "later" (func $later))
                (export "d:e/f@1.0.0" (instance $c))
                (export "g" (func $later)))"#,
        );
        let config = read(&wasm.expect("it is a component"));
        assert_eq!(config["os"], "wasip2");
        assert_eq!(config["component"], json!({ "imports": ["a:b/c@0.1.0", "later"], "exports": ["d:e/f@1.0.0", "g"] }));
        let broken = read(b"\0asm\x0d\0\x01\0\x07\xff\xff");
        assert_eq!((&broken["os"], &broken["component"]), (&json!("wasip2"), &json!({ "imports": [], "exports": [] })));
    }
}
