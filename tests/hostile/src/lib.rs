//! A plugin that attacks its host, one evil at a time.
//!
//! The option `evil` names what a run tries, the table below how it must end: `ok`, or the class of the error that the host gives. What an evil tries exactly
//! stands in its room in `evils`. Whatever happens, the host must survive, publish nothing of a run that failed, and do the next run (`none`) as if nothing had
//! been.
//!
//! `ok` means that the output is published; `log-escapes`, `lost-many-codes`, `lost-flood` and `lost-more-flood` report losses beside. An evil that the host should stop in a call, but
//! does not stop, ends `ok`, so that a hole cannot hide behind another error.
//!
//! Three kinds of class depend on the test: `contract` of `no-read` and `stop-early` needs a shard of at least two tasks; `wall-time` takes as long as the limit
//! says; and limits of memory, output and fuel should be set low, or the run is as long as an honest large one.
//!
//! | evil | ends with |
//! |---|---|
//! | `none` | `ok` |
//! | `sequential-json` | `ok` |
//! | `infinite-loop` | `fuel` |
//! | `deep-recursion` | `trap` |
//! | `memory-growth` | `memory` |
//! | `memory-denied` | `ok` |
//! | `memory-fill-loop` | `fuel` |
//! | `loop-in-realloc` | `fuel` |
//! | `realloc-out-of-bounds` | `trap` |
//! | `realloc-misaligned` | `trap` |
//! | `loop-in-post-return` | `fuel` |
//! | `panic` | `trap` |
//! | `panic-huge-message` | `trap` |
//! | `abort` | `trap` |
//! | `exit-zero` | `trap` |
//! | `exit-one` | `trap` |
//! | `fail-failed` | `failed` |
//! | `fail-input` | `input` |
//! | `fail-options` | `options` |
//! | `fail-huge-message` | `failed` |
//! | `no-read` | `contract` |
//! | `stop-early` | `contract` |
//! | `next-batch-max` | `ok` |
//! | `next-batch-zero` | `ok` |
//! | `next-json-max` | `ok` |
//! | `next-json-zero` | `ok` |
//! | `next-packed-max` | `ok` |
//! | `next-packed-zero` | `ok` |
//! | `next-packed-rounded` | `ok` |
//! | `show-typed` | `ok` |
//! | `ask-assets` | `ok` |
//! | `task-assets` | `ok` |
//! | `trap-after-partial-output` | `trap` |
//! | `partial-output` | `contract` |
//! | `unfinished-dropped` | `contract` |
//! | `section-twice` | `path` |
//! | `section-and-file` | `path` |
//! | `separator-long` | `contract` |
//! | `section-flood` | `output-files` |
//! | `joined-files-flood` | `output-files` |
//! | `output-flood` | `output-bytes` |
//! | `output-files-flood` | `output-files` |
//! | `one-byte-writes` | `ok` or `fuel` |
//! | `write-huge` | `memory` |
//! | `write-after-finish` | `contract` |
//! | `finish-twice` | `contract` |
//! | `handle-flood` | `handles` |
//! | `handle-leak` | `handles` |
//! | `log-flood` | `log-bytes` |
//! | `log-huge-line` | `log-bytes` |
//! | `log-escapes` | `ok` |
//! | `lost-bad-code` | `contract` |
//! | `lost-many-codes` | `ok` |
//! | `lost-flood` | `ok` |
//! | `lost-more-flood` | `ok` |
//! | `progress-nonsense` | `ok` |
//! | `stderr-flood` | `ok` |
//! | `sleep-hour` | `wall-time` |
//! | `poll-forever` | `wall-time` |
//! | `spawn-thread` | `failed` |
//! | `random-huge` | `trap` |
//! | `static-state` | `ok` |
//! | `read-world` | `failed` |
//! | `path-parent` | `path` |
//! | `path-parent-inside` | `path` |
//! | `path-absolute` | `path` |
//! | `path-windows` | `path` |
//! | `path-nul` | `path` |
//! | `path-reserved` | `path` |
//! | `path-trailing-dot` | `path` |
//! | `path-trailing-space` | `path` |
//! | `path-empty` | `path` |
//! | `path-bidi` | `path` |
//! | `path-long` | `path` |
//! | `path-twice` | `path` |
//! | `path-case-twice` | `path` |
//! | `path-nfc-twice` | `path` |
//! | `path-file-and-folder` | `path` |
//! | `path-section-parent` | `path` |
//! | `use-after-drop` | `trap` |
//! | `double-drop` | `trap` |
//! | `forged-handle` | `trap` |
//! | `zero-handle` | `trap` |
//! | `handle-of-another-kind` | `trap` |
//! | `host-in-realloc` | `trap` |
//! | `host-in-post-return` | `trap` |
//! | `data-of-everything` | `trap` |
//! | `data-beyond-memory` | `trap` |
//! | `path-beyond-memory` | `trap` |
//! | `path-not-utf8` | `trap` |
//! | `path-surrogate` | `trap` |
//! | `fail-message-beyond-limit` | `memory` |
//! | `output-nested-bomb` | `ok` |
//!
//! It is built for `wasm32-wasip2` and is no part of any other build: natively it compiles, but the host's functions are missing.

mod allocator;
mod behave;
mod bindings;
mod evils;
mod options;
mod raw;

use bindings::ango::converter::description::{Grant, Info, Parallelism};
use bindings::{Failure, Guest, OptionError};

/// How an evil ends, if it returns.
type Ended = Result<(), Failure>;

struct Hostile;

impl Guest for Hostile {
    fn describe() -> Info {
        Info {
            name: "hostile".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            title: "Attacks its host, for tests".into(),
            format: "none".into(),
            options_schema: options::SCHEMA.into(),
            grants: vec![Grant::Assets],
            parallelism: Parallelism::IndependentTasks,
            history: true,
        }
    }

    fn convert(options: String) -> Ended {
        let name = options::evil(&options);
        match evils::named(name) {
            Some(evil) => evil(),
            None => Err(Failure::Options(OptionError { pointer: "/evil".into(), reason: format!("there is no evil '{name}'") })),
        }
    }
}

bindings::export!(Hostile with_types_in bindings);
