//! The evils by name: one room for each, and one for all that differ by a word: paths, handles, pointers.

mod abort;
mod ask_assets;
mod deep_recursion;
mod exit_one;
mod exit_zero;
mod fail_failed;
mod fail_huge_message;
mod fail_input;
mod fail_message_beyond_limit;
mod fail_options;
mod finish_twice;
mod handle_flood;
mod handle_leak;
mod handles;
mod host_in_post_return;
mod host_in_realloc;
mod infinite_loop;
mod joined_files_flood;
mod log_escapes;
mod log_flood;
mod log_huge_line;
mod loop_in_post_return;
mod loop_in_realloc;
mod lost_bad_code;
mod lost_flood;
mod lost_many_codes;
mod lost_more_flood;
mod memory_denied;
mod memory_fill_loop;
mod memory_growth;
mod next_batch_max;
mod next_batch_zero;
mod next_json_max;
mod next_json_zero;
mod no_read;
mod none;
mod one_byte_writes;
mod output_files_flood;
mod output_flood;
mod output_nested_bomb;
mod panic;
mod panic_huge_message;
mod partial_output;
mod paths;
mod pointers;
mod poll_forever;
mod progress_nonsense;
mod random_huge;
mod read_world;
mod realloc_misaligned;
mod realloc_out_of_bounds;
mod section_and_file;
mod section_flood;
mod section_twice;
mod separator_long;
mod sequential_json;
mod show_tasks;
mod sleep_hour;
mod spawn_thread;
mod static_state;
mod stderr_flood;
mod stop_early;
mod task_assets;
mod trap_after_partial_output;
mod unfinished_dropped;
mod write_after_finish;
mod write_huge;

use crate::Ended;

/// The evil with this name.
pub(crate) fn named(name: &str) -> Option<fn() -> Ended> {
    Some(match name {
        "none" => none::run,
        "sequential-json" => sequential_json::run,
        "infinite-loop" => infinite_loop::run,
        "deep-recursion" => deep_recursion::run,
        "memory-growth" => memory_growth::run,
        "memory-denied" => memory_denied::run,
        "memory-fill-loop" => memory_fill_loop::run,
        "loop-in-realloc" => loop_in_realloc::run,
        "realloc-out-of-bounds" => realloc_out_of_bounds::run,
        "realloc-misaligned" => realloc_misaligned::run,
        "loop-in-post-return" => loop_in_post_return::run,
        "panic" => panic::run,
        "panic-huge-message" => panic_huge_message::run,
        "abort" => abort::run,
        "exit-zero" => exit_zero::run,
        "exit-one" => exit_one::run,
        "fail-failed" => fail_failed::run,
        "fail-input" => fail_input::run,
        "fail-options" => fail_options::run,
        "fail-huge-message" => fail_huge_message::run,
        "no-read" => no_read::run,
        "stop-early" => stop_early::run,
        "next-batch-max" => next_batch_max::run,
        "next-batch-zero" => next_batch_zero::run,
        "next-json-max" => next_json_max::run,
        "next-json-zero" => next_json_zero::run,
        "next-packed-max" => show_tasks::packed_max,
        "next-packed-zero" => show_tasks::packed_zero,
        "next-packed-rounded" => show_tasks::packed_rounded,
        "show-typed" => show_tasks::typed,
        "ask-assets" => ask_assets::run,
        "task-assets" => task_assets::run,
        "trap-after-partial-output" => trap_after_partial_output::run,
        "partial-output" => partial_output::run,
        "unfinished-dropped" => unfinished_dropped::run,
        "section-twice" => section_twice::run,
        "section-and-file" => section_and_file::run,
        "separator-long" => separator_long::run,
        "section-flood" => section_flood::run,
        "joined-files-flood" => joined_files_flood::run,
        "output-flood" => output_flood::run,
        "output-files-flood" => output_files_flood::run,
        "one-byte-writes" => one_byte_writes::run,
        "write-huge" => write_huge::run,
        "write-after-finish" => write_after_finish::run,
        "finish-twice" => finish_twice::run,
        "handle-flood" => handle_flood::run,
        "handle-leak" => handle_leak::run,
        "log-flood" => log_flood::run,
        "log-huge-line" => log_huge_line::run,
        "log-escapes" => log_escapes::run,
        "lost-bad-code" => lost_bad_code::run,
        "lost-many-codes" => lost_many_codes::run,
        "lost-more-flood" => lost_more_flood::run,
        "lost-flood" => lost_flood::run,
        "progress-nonsense" => progress_nonsense::run,
        "stderr-flood" => stderr_flood::run,
        "sleep-hour" => sleep_hour::run,
        "poll-forever" => poll_forever::run,
        "spawn-thread" => spawn_thread::run,
        "random-huge" => random_huge::run,
        "static-state" => static_state::run,
        "read-world" => read_world::run,
        "path-parent" => paths::parent,
        "path-parent-inside" => paths::parent_inside,
        "path-absolute" => paths::absolute,
        "path-windows" => paths::windows,
        "path-nul" => paths::nul,
        "path-reserved" => paths::reserved,
        "path-trailing-dot" => paths::trailing_dot,
        "path-trailing-space" => paths::trailing_space,
        "path-empty" => paths::empty,
        "path-bidi" => paths::bidi,
        "path-long" => paths::long,
        "path-twice" => paths::twice,
        "path-case-twice" => paths::case_twice,
        "path-nfc-twice" => paths::nfc_twice,
        "path-file-and-folder" => paths::file_and_folder,
        "path-section-parent" => paths::section_parent,
        "use-after-drop" => handles::use_after_drop,
        "double-drop" => handles::double_drop,
        "forged-handle" => handles::forged,
        "zero-handle" => handles::zero,
        "handle-of-another-kind" => handles::of_another_kind,
        "host-in-realloc" => host_in_realloc::run,
        "host-in-post-return" => host_in_post_return::run,
        "data-of-everything" => pointers::data_of_everything,
        "data-beyond-memory" => pointers::data_beyond_memory,
        "path-beyond-memory" => pointers::path_beyond_memory,
        "path-not-utf8" => pointers::path_not_utf8,
        "path-surrogate" => pointers::path_surrogate,
        "fail-message-beyond-limit" => fail_message_beyond_limit::run,
        "output-nested-bomb" => output_nested_bomb::run,
        _ => return None,
    })
}
