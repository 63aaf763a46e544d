//! The query of `GET /v2/export`, as the Python SDK sends it (`ango-v3.md` sections 3.1 and 7.1).
//!
//! What a parameter leaves open when it is absent differs from Hub's Export tab in one point: without `stage`, tasks in all stages are exported,
//! because the SDK leaves the parameter out for an empty list.

mod error;
mod pairs;
mod value;

pub use error::QueryError;

use super::{ExportOptions, StageFilter};
use value::Parameter;

/// The parameters that there are.
const PARAMETERS: [&str; 14] = [
    "project",
    "format",
    "type",
    "stage",
    "batches",
    "taskTypes",
    "createdAt",
    "updatedAt",
    "includeMetadata",
    "includeHistory",
    "includeOnlyKeyFrames",
    "includeIdleBlurDurations",
    "sendEmail",
    "doNotNotify",
];

/// Parameters of older clients and of the published API that have no effect any more, or never had one that is documented.
const IGNORED: [&str; 9] = [
    "includeSegmentationPoints",
    "includeMask",
    "assignee",
    "completedAt[gt]",
    "completedAt[lt]",
    "updatedAt[gt]",
    "updatedAt[lt]",
    "status",
    "includeAssets",
];

/// How the payload is laid out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum QueryFormat {
    /// `json`: one array.
    #[default]
    Json,
    /// `ndjson`: one record per line.
    Ndjson,
    /// `split`: NDJSON in several files.
    Split,
}

/// What is exported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ExportKind {
    /// `task`: assets with their tasks.
    #[default]
    Task,
    /// `issue`: what reviewers remarked.
    Issue,
}

/// A request for an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportQuery {
    /// Id of the project (`project`).
    pub project: Option<String>,
    /// Filters and toggles. Batches are as given, mostly ids: see [`ExportOptions::resolve_batches`].
    pub options: ExportOptions,
    /// The format (`format`).
    pub format: QueryFormat,
    /// Tasks or issues (`type`).
    pub kind: ExportKind,
    /// Whether an email with the link is sent (`sendEmail`).
    pub send_email: bool,
    /// Whether there is a notification: not `doNotNotify`.
    pub notify: bool,
    /// Parameters of older clients that were given and have no effect, for a warning. Some of them were filters.
    pub ignored: Vec<&'static str>,
}

impl Default for ExportQuery {
    /// The request without a single parameter.
    fn default() -> Self {
        Self {
            project: None,
            options: ExportOptions { stages: StageFilter::All, ..ExportOptions::default() },
            format: QueryFormat::default(),
            kind: ExportKind::default(),
            send_email: false,
            notify: true,
            ignored: Vec::new(),
        }
    }
}

impl ExportQuery {
    /// Reads a query string, percent-encoded and without the question mark.
    ///
    /// # Errors
    /// When a parameter is unknown, given twice, not decodable, or has a value that is not allowed. An unknown parameter is not passed over: it may be a filter
    /// with a typing error, and the export would hold more than was asked for.
    pub fn parse(query: impl AsRef<[u8]>) -> Result<Self, QueryError> {
        let mut this = Self::default();
        let mut seen = Vec::new();
        for pair in pairs::pairs(query.as_ref()) {
            let (name, value) = pair?;
            if let Some(ignored) = IGNORED.into_iter().find(|ignored| *ignored == name) {
                if !this.ignored.contains(&ignored) {
                    this.ignored.push(ignored);
                }
                continue;
            }
            let parameter = Parameter { name: &name, value: &value };
            let Some(known) = PARAMETERS.into_iter().find(|known| *known == name) else {
                return Err(parameter.error(format!("there is no such parameter; there are {}", PARAMETERS.join(", "))));
            };
            if seen.contains(&known) {
                return Err(parameter.error("given a second time; give it once, and a list as a JSON array or with commas"));
            }
            seen.push(known);
            this.set(&parameter)?;
        }
        Ok(this)
    }

    fn set(&mut self, parameter: &Parameter<'_>) -> Result<(), QueryError> {
        match parameter.name {
            "project" if parameter.value.is_empty() => return Err(parameter.error("expected the id of a project")),
            "project" => self.project = Some(parameter.value.to_owned()),
            "format" => {
                self.format = parameter.choice(&[("json", QueryFormat::Json), ("ndjson", QueryFormat::Ndjson), ("split", QueryFormat::Split)])?;
            }
            "type" => self.kind = parameter.choice(&[("task", ExportKind::Task), ("issue", ExportKind::Issue)])?,
            "stage" => self.options.stages = parameter.list()?.map_or(StageFilter::All, StageFilter::Only),
            "batches" => self.options.batches = parameter.list()?,
            "taskTypes" => self.options.task_types = parameter.task_types()?,
            "createdAt" => self.options.created = parameter.range()?,
            "updatedAt" => self.options.updated = parameter.range()?,
            "includeMetadata" => self.options.annotation_metadata = parameter.flag()?,
            "includeHistory" => self.options.stage_history = parameter.flag()?,
            "includeOnlyKeyFrames" => self.options.only_key_frames = parameter.flag()?,
            "includeIdleBlurDurations" => self.options.idle_blur_durations = parameter.flag()?,
            "sendEmail" => self.send_email = parameter.flag()?,
            "doNotNotify" => self.notify = !parameter.flag()?,
            // `PARAMETERS` lists these names.
            _ => {}
        }
        Ok(())
    }
}
