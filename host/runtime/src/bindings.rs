//! The contract, version 0.1, as Rust types.

#![allow(missing_docs, clippy::all, clippy::pedantic)]

wasmtime::component::bindgen!({
    path: "../../wit/0.1",
    world: "converter",
    imports: {
        default: trappable,
        "ango:converter/source.next-batch": async | trappable,
        "ango:converter/source.next-json": async | trappable,
        "ango:converter/source.next-packed": async | trappable,
        "ango:converter/source.next-tables": async | trappable,
        "ango:converter/source.next-packed-rounded": async | trappable,
        "ango:converter/assets.size": async | trappable,
        "ango:converter/assets.read": async | trappable,
    },
    exports: { default: async },
    with: { "ango:converter/archive.file": crate::host::archive::FileHandle },
});

mod packed {
    use super::ango::converter::types::*;

    ango_packed::unpack_contract!();
    // A project crosses into a guest typed, and packed into a process that runs guests.
    ango_packed::unpack_records! {
        Project { name, exported_at, tools, classifications, relations, stages, batches, task_count }
        Class { index, schema_id, title, kind, color, options, parent }
    }
}
