//! What `wit-bindgen` makes of `wit/0.1`: the types of the contract, and the imports and exports of a component.
//!
//! Generated, and compiled for native targets too (where an import panics when called), so that one set of types serves a converter inside the
//! sandbox and in a plain `cargo test`. Use the names that the crate root re-exports.
#![allow(missing_docs, clippy::all, clippy::undocumented_unsafe_blocks)]

wit_bindgen::generate!({
    path: "../wit/0.1",
    world: "converter",
    pub_export_macro: true,
    export_macro_name: "export_component",
    default_bindings_module: "ango_plugin_sdk::bindings",
    additional_derives: [PartialEq],
});

mod packed {
    use super::ango::converter::types::*;

    ango_packed::unpack_contract!();
}
