//! The contract, and the one function of WASI that the standard library does not reach, as Rust types.
#![allow(missing_docs, clippy::all, clippy::undocumented_unsafe_blocks)]

wit_bindgen::generate!({
    path: "../../wit/0.1",
    world: "converter",
    default_bindings_module: "crate::bindings",
});

mod packed {
    use super::ango::converter::types::*;

    ango_packed::unpack_contract!();
}

/// `wasi:random`, by itself: only this call lets a guest say how many bytes the host should make.
pub mod random {
    wit_bindgen::generate!({
        inline: "
            package ango:hostile;
            world random { import wasi:random/random@0.2.0; }
            package wasi:random@0.2.0 {
                interface random {
                    get-random-bytes: func(len: u64) -> list<u8>;
                    get-random-u64: func() -> u64;
                }
            }
        ",
        world: "ango:hostile/random",
        generate_all,
    });
}
