//! The contract, and the functions of WASI that the standard library does not reach, as Rust types.
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

/// `wasi:clocks`, by itself: for a handle that is not one of a file.
pub mod poll {
    wit_bindgen::generate!({
        inline: "
            package ango:hostile;
            world poll { import wasi:clocks/monotonic-clock@0.2.0; }
            package wasi:io@0.2.0 {
                interface poll {
                    resource pollable { ready: func() -> bool; block: func(); }
                    poll: func(in: list<borrow<pollable>>) -> list<u32>;
                }
            }
            package wasi:clocks@0.2.0 {
                interface monotonic-clock {
                    use wasi:io/poll@0.2.0.{pollable};
                    type instant = u64;
                    type duration = u64;
                    now: func() -> instant;
                    resolution: func() -> duration;
                    subscribe-instant: func(when: instant) -> pollable;
                    subscribe-duration: func(when: duration) -> pollable;
                }
            }
        ",
        world: "ango:hostile/poll",
        generate_all,
    });
}
