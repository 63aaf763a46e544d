//! The converters that come with ango-export, as the components that a host loads.
//!
//! They get no privilege from being bundled: the same sandbox, the same limits, the same contract as any other plugin.

/// A bundled converter.
#[derive(Clone, Copy, Debug)]
pub struct Bundled {
    /// Its name, the one that `describe` answers.
    pub name: &'static str,
    /// The component.
    pub wasm: &'static [u8],
}

const ALL: [Bundled; 2] = [
    Bundled { name: "coco", wasm: include_bytes!(env!("ANGO_PLUGIN_COCO")) },
    Bundled { name: "yolo", wasm: include_bytes!(env!("ANGO_PLUGIN_YOLO")) },
];

/// All bundled converters, by name.
pub const fn all() -> &'static [Bundled] {
    &ALL
}

/// The bundled converter of that name.
pub fn find(name: &str) -> Option<&'static Bundled> {
    ALL.iter().find(|bundled| bundled.name == name)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    /// Whether the text occurs in the component, where imports are named in plain text.
    fn mentions(wasm: &[u8], text: &str) -> bool {
        wasm.windows(text.len()).any(|window| window == text.as_bytes())
    }

    #[test]
    fn bundled_converters_are_components_of_the_contract() {
        for bundled in all() {
            assert!(bundled.wasm.starts_with(b"\0asm\x0d\0\x01\0"), "{}", bundled.name);
            assert!(mentions(bundled.wasm, "ango:converter/source@0.1.0"), "{}", bundled.name);
            for world in ["wasi:http/", "wasi:sockets/"] {
                assert!(!mentions(bundled.wasm, world), "{} imports {world}", bundled.name);
            }
        }
        assert_eq!(find("coco").map(|bundled| bundled.name), Some("coco"));
        assert!(find("nothing").is_none());
    }
}
