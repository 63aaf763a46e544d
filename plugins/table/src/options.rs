//! The options; `options.json` and the SDK's shared ones say the same to the host and to people.

use ango_plugin_sdk::Failure;
use ango_plugin_sdk::geometry::Bounds;
use ango_plugin_sdk::options::{ClassOptions, Empty, Frames, MissingSize, Names, Shared, SplitOptions, schema};
use ango_plugin_sdk::time::parse_date;
use serde::Deserialize;

/// Options of the converter.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    pub(crate) layout: Layout,
    pub(crate) what: Vec<What>,
    pub(crate) format: Format,
    pub(crate) precision: u8,
    pub(crate) join: String,
    pub(crate) formulas: Formulas,
    pub(crate) bom: bool,
    pub(crate) duration_unit: Unit,
    pub(crate) start_date: Option<String>,
    pub(crate) end_date: Option<String>,
    pub(crate) count_nested_classifications: bool,
    pub(crate) classes: ClassOptions,
    pub(crate) on_missing_size: MissingSize,
    pub(crate) outside: Bounds,
    pub(crate) min_area: f64,
    pub(crate) names: Names,
    pub(crate) empty: Empty,
    pub(crate) frames: Frames,
    pub(crate) images_csv: bool,
    pub(crate) stage: String,
    pub(crate) split: SplitOptions,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            layout: Layout::Ango,
            what: vec![What::Tasks, What::Objects, What::Answers, What::Classifications, What::ObjectClassifications, What::Relations],
            format: Format::Csv,
            precision: 6,
            join: " | ".to_owned(),
            formulas: Formulas::Escape,
            bom: false,
            duration_unit: Unit::Sec,
            start_date: None,
            end_date: None,
            count_nested_classifications: true,
            classes: ClassOptions::default(),
            on_missing_size: MissingSize::default(),
            outside: Bounds::default(),
            min_area: 0.0,
            names: Names::default(),
            empty: Empty::default(),
            frames: Frames::default(),
            images_csv: true,
            stage: String::new(),
            split: SplitOptions::default(),
        }
    }
}

/// Which columns there are.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Layout {
    Ango,
    Tfod,
}

/// A table.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum What {
    Tasks,
    Objects,
    Answers,
    Classifications,
    ObjectClassifications,
    Relations,
    History,
    Time,
    Issues,
    Fields,
}

impl What {
    /// What its file is called.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Tasks => "tasks",
            Self::Objects => "objects",
            Self::Answers => "answers",
            Self::Classifications => "classifications",
            Self::ObjectClassifications => "object_classifications",
            Self::Relations => "relations",
            Self::History => "history",
            Self::Time => "time",
            Self::Issues => "issues",
            Self::Fields => "fields",
        }
    }
}

/// How tables are written.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    Csv,
    Tsv,
    Jsonl,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Formulas {
    Escape,
    Keep,
}

/// A unit of time, by the names of Hub's report.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Unit {
    Msec,
    Sec,
    Min,
    Hour,
}

impl Unit {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Msec => "msec",
            Self::Sec => "sec",
            Self::Min => "min",
            Self::Hour => "hour",
        }
    }

    /// Milliseconds.
    pub(crate) fn length(self) -> f64 {
        match self {
            Self::Msec => 1.0,
            Self::Sec => 1e3,
            Self::Min => 6e4,
            Self::Hour => 3.6e6,
        }
    }
}

/// Days, first and last, as times from and before which something was done.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Days {
    from: Option<i64>,
    before: Option<i64>,
}

impl Days {
    const DAY: i64 = 86_400_000;

    pub(crate) fn new(options: &Options) -> Result<Self, Failure> {
        let read = |name, text: &Option<String>| match text.as_deref() {
            None | Some("") => Ok(None),
            Some(text) => {
                parse_date(text).map(Some).ok_or_else(|| Failure::option(format!("/{name}"), format!("`{text}` is no day, 2024-05-31 is one")))
            }
        };
        let (from, last) = (read("start_date", &options.start_date)?, read("end_date", &options.end_date)?);
        if from.zip(last).is_some_and(|(from, last)| last < from) {
            return Err(Failure::option("/end_date", "is before `start_date`"));
        }
        Ok(Self { from, before: last.map(|last| last + Self::DAY) })
    }

    /// Whether only some days count.
    pub(crate) fn are_chosen(self) -> bool {
        self.from.is_some() || self.before.is_some()
    }

    pub(crate) fn hold(self, time: Option<i64>) -> bool {
        !self.are_chosen() || time.is_some_and(|time| self.from.is_none_or(|from| time >= from) && self.before.is_none_or(|before| time < before))
    }
}

/// The JSON schema of the options.
pub(crate) fn options_schema() -> String {
    let shared = [
        Shared::Classes,
        Shared::Stage,
        Shared::Split,
        Shared::Names,
        Shared::Empty,
        Shared::OnMissingSize,
        Shared::OutsideClipOrDrop,
        Shared::MinArea,
        Shared::Frames,
        Shared::ImagesCsv,
    ];
    schema(include_str!("options.json"), &shared)
}
