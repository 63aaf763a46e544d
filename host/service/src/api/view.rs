//! What the API shows of an export.

use super::words::{ExportPhase, ExportState, FailureClass, OutcomeName};
use crate::order::Order;
use crate::storage::Place;
use ango_jobs::{Export, State};
use ango_model::time::format_iso;
use ango_pipeline::report::{JobReport, Outcome};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An export, as it stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExportView {
    /// Its id.
    pub id: String,
    /// The project.
    pub project: String,
    /// `queued`, `running`, `succeeded`, `failed` or `cancelled`.
    #[schema(value_type = ExportState)]
    pub state: &'static str,
    /// What was asked for.
    pub request: Order,
    /// Who asked.
    pub requested_by: String,
    /// When it was asked for, ISO-8601.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it was begun, the last time.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub started_at: Option<String>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub finished_at: Option<String>,
    /// How often it was begun.
    pub attempt: u32,
    /// Whether somebody asked it to stop.
    pub cancel_requested: bool,
    /// How many exports of its project wait before it, of one that waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue_position: Option<u64>,
    /// How far it is.
    pub progress: ProgressView,
    /// What came of it, when it succeeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<ResultView>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorView>,
}

/// How far an export is.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProgressView {
    /// `start`, `scan`, `convert`, `save`.
    #[schema(value_type = ExportPhase)]
    pub phase: String,
    /// Tasks or issues done.
    pub tasks: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Of so many.
    pub total_bytes: u64,
    /// Losses so far; known at the end.
    pub losses: u64,
}

/// Why an export failed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ErrorView {
    /// A stable name: `input`, `request`, `storage`, `interrupted`, `internal`.
    #[schema(value_type = FailureClass)]
    pub class: String,
    /// For people.
    pub message: String,
}

/// What came of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResultView {
    /// `ok`, `ok-with-losses`, or `failed` when a conversion failed; the original export is saved in any case.
    #[schema(value_type = OutcomeName)]
    pub outcome: String,
    /// Tasks exported; of an export of issues, issues.
    pub tasks: u64,
    /// Drawn objects of them.
    pub objects: u64,
    /// The original export.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<ObjectView>,
    /// The conversions.
    pub conversions: Vec<ConversionView>,
    /// What somebody should know.
    pub warnings: Vec<String>,
    /// Name of the report's object.
    pub report: String,
    /// Where the objects are: a storage of the configuration or a URL, the bucket in it, and the folder.
    pub place: Place,
    /// From beginning to end.
    pub milliseconds: u64,
}

/// An object that was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ObjectView {
    /// Its name.
    pub name: String,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256, in hexadecimal.
    pub sha256: String,
}

/// What came of a conversion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConversionView {
    /// The plugin.
    pub plugin: String,
    /// Its version.
    pub version: String,
    /// `ok`, `ok-with-losses` or `failed`.
    #[schema(value_type = OutcomeName)]
    pub result: String,
    /// The archive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<ObjectView>,
    /// Name of the conversion's report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
    /// Losses in all.
    pub losses: u64,
    /// Losses by code.
    pub codes: Vec<LossView>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Losses of one code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LossView {
    /// The code.
    pub code: String,
    /// How often.
    pub count: u64,
}

impl ExportView {
    /// The view of an export.
    pub fn of(export: &Export) -> Self {
        let iso = |time: Option<i64>| time.map(format_iso);
        let progress = &export.progress;
        Self {
            id: export.id.clone(),
            project: export.project.clone(),
            state: export.state.name(),
            request: serde_json::from_value(export.request.clone()).unwrap_or_else(|_| unreadable(&export.project)),
            requested_by: export.requested_by.clone(),
            created_at: format_iso(export.created_at),
            started_at: iso(export.started_at),
            finished_at: iso(export.finished_at),
            attempt: export.attempt,
            cancel_requested: export.cancel_requested && export.state == State::Running,
            queue_position: None,
            progress: ProgressView {
                // Nothing is written down until something was done.
                phase: if progress.phase.is_empty() { "start".to_owned() } else { progress.phase.clone() },
                tasks: progress.tasks,
                bytes: progress.bytes,
                total_bytes: progress.total_bytes,
                losses: progress.losses,
            },
            result: export.result.as_ref().and_then(|result| serde_json::from_value(result.clone()).ok()),
            error: export.error.as_ref().map(|problem| ErrorView { class: problem.class.clone(), message: problem.message.clone() }),
        }
    }
}

/// What stands for an order of another version of this program that cannot be read any more.
fn unreadable(project: &str) -> Order {
    Order::of_query(project.to_owned(), &ango_model::options::query::ExportQuery::default())
}

/// How a conversion ended, in one word.
fn outcome(outcome: Outcome) -> String {
    match outcome {
        Outcome::Ok => "ok",
        Outcome::OkWithLosses => "ok-with-losses",
        Outcome::Failed => "failed",
    }
    .to_owned()
}

impl ResultView {
    /// What is kept of a report.
    pub fn of(report: &JobReport, name: &str, place: Place) -> Self {
        let object =
            |saved: &ango_pipeline::report::SavedObject| ObjectView { name: saved.name.clone(), bytes: saved.bytes, sha256: saved.sha256.clone() };
        let conversion = |plugin: &ango_pipeline::report::PluginReport| ConversionView {
            plugin: plugin.plugin.name.clone(),
            version: plugin.plugin.version.clone(),
            result: outcome(plugin.result),
            output: plugin.output.as_ref().map(object),
            report: plugin.report.clone(),
            losses: plugin.losses.total,
            codes: plugin.losses.codes.iter().map(|code| LossView { code: code.code.clone(), count: code.count }).collect(),
            error: plugin.error.as_ref().map(|error| format!("{}: {}", error.class, error.message)),
        };
        Self {
            outcome: outcome(report.outcome()),
            tasks: report.input.issues.unwrap_or(report.input.tasks),
            objects: report.input.objects,
            original: report.original.as_ref().map(object),
            conversions: report.plugins.iter().map(conversion).collect(),
            warnings: report.warnings.clone(),
            report: format!("{name}.report.json"),
            place,
            milliseconds: (report.timings.wall * 1e3) as u64,
        }
    }
}
