//! The canonical writer: a record with the export's options applied, and the frame of the file around the records.
//!
//! Keys keep their order, numbers their text; unknown keys stay. A record that nothing can be dropped from is one copy; dropping a part means not copying it,
//! so an export with less in it is never slower.

use crate::json::{Part, Value};
use crate::options::ExportOptions;
use crate::v3::OptionalKey;

/// The format of the payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// One JSON array.
    #[default]
    Json,
    /// One asset object per line, without a newline at the end: old clients count newlines to know the number of tasks.
    Ndjson,
}

impl Format {
    /// File name extension.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Ndjson => "ndjson",
        }
    }

    /// What comes before the first record.
    pub fn opening(self) -> &'static [u8] {
        match self {
            Self::Json => b"[",
            Self::Ndjson => b"",
        }
    }

    /// What comes between two records.
    pub fn separator(self) -> &'static [u8] {
        match self {
            Self::Json => b",\n",
            Self::Ndjson => b"\n",
        }
    }

    /// What comes after the last record.
    pub fn closing(self) -> &'static [u8] {
        match self {
            Self::Json => b"]",
            Self::Ndjson => b"",
        }
    }
}

/// Appends one asset object as compact JSON with the options applied.
pub fn write_asset(out: &mut Vec<u8>, record: &Value<'_, '_>, options: &ExportOptions) {
    if options.annotation_metadata && options.stage_history && options.idle_blur_durations && options.store_keys {
        record.write(out);
        return;
    }
    record.write_pruned(out, Scope::Record, &|scope, key| part(scope, key, options));
}

/// The objects of a record that have parts which options drop.
#[derive(Debug, Clone, Copy)]
enum Scope {
    /// The asset object.
    Record,
    /// Its task.
    Task,
    /// A stage visit of the task's history.
    Visit,
    /// A tool or a classification, wherever it is.
    Annotation,
}

/// What becomes of a member (`ango-v3.md` section 3.1). Objects that nothing is dropped from are not entered.
#[inline]
fn part(scope: Scope, key: &str, options: &ExportOptions) -> Part<Scope> {
    let annotations = || if options.annotation_metadata { Part::Keep } else { Part::Enter(Scope::Annotation) };
    let keep_if = |keep: bool| if keep { Part::Keep } else { Part::Drop };
    match scope {
        Scope::Record => match key {
            "task" => Part::Enter(Scope::Task),
            _ => Part::Keep,
        },
        Scope::Task => match key {
            "tools" | "classifications" => annotations(),
            "stageHistory" if !options.stage_history => Part::Drop,
            "stageHistory" if options.annotation_metadata && options.idle_blur_durations => Part::Keep,
            "stageHistory" => Part::Enter(Scope::Visit),
            _ => keep_if(match OptionalKey::of(key) {
                Some(OptionalKey::IdleBlurDuration) => options.idle_blur_durations,
                Some(OptionalKey::Store) => options.store_keys,
                None => true,
            }),
        },
        Scope::Visit => match key {
            "tools" | "classifications" => annotations(),
            "idleDuration" | "blurDuration" => keep_if(options.idle_blur_durations),
            _ => Part::Keep,
        },
        // Only entered with the toggle off.
        Scope::Annotation => match key {
            "classifications" => Part::Enter(Scope::Annotation),
            "metadata" => Part::Drop,
            _ => Part::Keep,
        },
    }
}
