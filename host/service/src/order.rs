//! What an export is asked for with: by the page and our own API in JSON, by Hub's clients in a query. It is kept with the job, so that whoever runs it, and whoever looks at it later, has the same.

use crate::api::words::TaskTypeName;
use ango_model::canonical;
use ango_model::options::query::{ExportKind, ExportQuery, QueryFormat};
use ango_model::options::{ExportOptions, StageFilter, TaskType, TimeRange};
use ango_model::time::{Timestamp, format_iso, parse_iso};
use ango_pipeline::{Original, Split};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The most names in a list of an order.
const MAX_NAMES: usize = 10_000;
/// The most bytes of one name.
const MAX_NAME: usize = 1_000;
/// The most plugins of an export.
const MAX_PLUGINS: usize = 16;
/// What an export of nothing costs, in bytes of text that could be exported in that time.
const FIXED_COST: u64 = 256 << 10;

/// What is exported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Assets with their tasks.
    #[default]
    Task,
    /// What reviewers remarked.
    Issue,
}

/// Format of the original export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// One array.
    #[default]
    Json,
    /// One object per line.
    Ndjson,
    /// One object per line, in several files.
    Split,
    /// The format from before workflows.
    Legacy,
}

/// A plugin to convert with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PluginOrder {
    /// Name of a bundled or an installed plugin.
    pub name: String,
    /// Its options, which its schema describes.
    #[serde(default = "no_options")]
    #[schema(value_type = Object)]
    pub options: serde_json::Value,
}

fn no_options() -> serde_json::Value {
    serde_json::Value::Object(serde_json::Map::new())
}

/// Who is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Notify {
    /// No notification.
    pub silent: bool,
    /// An e-mail with the link, to the address that the key is named by.
    pub email: bool,
}

/// A request for an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Order {
    /// Id of the project.
    pub project: String,
    /// Tasks or issues.
    #[serde(rename = "type", default)]
    pub kind: Kind,
    /// Format of the original export.
    #[serde(default)]
    pub format: Format,
    /// Stages, by id or name. Absent: Complete. `null` or an empty list: all.
    #[serde(default = "complete")]
    pub stages: Option<Vec<String>>,
    /// Batches, by id or name. Absent: all, also tasks in none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batches: Option<Vec<String>>,
    /// `default`, `consensus`, `benchmark`. Absent: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<TaskTypeName>>)]
    pub task_types: Option<Vec<String>>,
    /// Only these tasks, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tasks: Option<Vec<String>>,
    /// Changed after this moment, ISO-8601; the moment itself does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub updated_after: Option<String>,
    /// Changed before this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub updated_before: Option<String>,
    /// Created after this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub created_after: Option<String>,
    /// Created before this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub created_before: Option<String>,
    /// Annotation Metadata.
    #[serde(default)]
    pub metadata: bool,
    /// Stage History.
    #[serde(default)]
    pub history: bool,
    /// Only Key Frames.
    #[serde(default)]
    pub only_key_frames: bool,
    /// Idle and blur durations.
    #[serde(default)]
    pub idle: bool,
    /// With the split format: tasks or issues in a file. Absent: files of 256 MiB of text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    pub split_tasks: Option<u64>,
    /// Conversions.
    #[serde(default)]
    pub plugins: Vec<PluginOrder>,
    /// Who is told.
    #[serde(default)]
    pub notify: Notify,
}

#[allow(clippy::unnecessary_wraps)]
fn complete() -> Option<Vec<String>> {
    Some(vec!["Complete".to_owned()])
}

impl Order {
    /// The kind of the source.
    pub fn export_kind(&self) -> ExportKind {
        match self.kind {
            Kind::Task => ExportKind::Task,
            Kind::Issue => ExportKind::Issue,
        }
    }

    /// Filters and toggles. Whether what they name exists is found out when the project is read.
    ///
    /// # Errors
    /// The field that cannot be, and why.
    pub fn options(&self) -> Result<ExportOptions, String> {
        self.check()?;
        let time = |name: &str, text: &Option<String>| -> Result<Option<Timestamp>, String> {
            let read = |text: &String| parse_iso(text).ok_or_else(|| format!("{name}: expected a time like 2024-05-01T00:00:00Z"));
            text.as_ref().map(read).transpose()
        };
        let kinds = |names: &Vec<String>| -> Result<Vec<TaskType>, String> {
            let read = |name: &String| TaskType::from_name(name).ok_or_else(|| "taskTypes: there are default, consensus, benchmark".to_owned());
            names.iter().map(read).collect()
        };
        let is_issue = self.kind == Kind::Issue;
        Ok(ExportOptions {
            stages: match &self.stages {
                Some(stages) if !stages.is_empty() && !is_issue => StageFilter::Only(stages.clone()),
                _ => StageFilter::All,
            },
            batches: self.batches.clone(),
            task_types: if is_issue { None } else { self.task_types.as_ref().map(kinds).transpose()? },
            updated: TimeRange { after: time("updatedAfter", &self.updated_after)?, before: time("updatedBefore", &self.updated_before)? },
            created: TimeRange { after: time("createdAfter", &self.created_after)?, before: time("createdBefore", &self.created_before)? },
            tasks: self.tasks.as_ref().map(|tasks| tasks.iter().cloned().collect()),
            annotation_metadata: self.metadata,
            stage_history: self.history,
            idle_blur_durations: self.idle,
            only_key_frames: self.only_key_frames,
            store_keys: false,
        })
    }

    /// The payload in its format; `name` is what its entry is called.
    pub fn original(&self, name: String) -> Original {
        let (format, split) = match self.format {
            Format::Json => (canonical::Format::Json, None),
            Format::Ndjson => (canonical::Format::Ndjson, None),
            Format::Legacy => (canonical::Format::Legacy, None),
            Format::Split => (canonical::Format::Ndjson, Some(self.split_tasks.map_or(Split::Bytes(256 << 20), Split::Tasks))),
        };
        Original { format, name, split }
    }

    /// About how much work it is to export so many bytes of text: whose turn it is follows from that. A conversion is as much again, as a rule. It need not be exact: it orders, and promises nothing.
    pub fn cost(&self, text_bytes: u64) -> u64 {
        let passes = 1 + self.plugins.len() as u64;
        text_bytes.saturating_mul(passes).saturating_add(FIXED_COST)
    }

    fn check(&self) -> Result<(), String> {
        let lists = [("stages", &self.stages), ("batches", &self.batches), ("taskTypes", &self.task_types), ("tasks", &self.tasks)];
        for (field, names) in lists {
            let names = names.as_deref().unwrap_or_default();
            if names.len() > MAX_NAMES {
                return Err(format!("{field}: holds {} names, at most {MAX_NAMES} are allowed", names.len()));
            }
            if names.iter().any(|name| name.len() > MAX_NAME) {
                return Err(format!("{field}: a name is longer than {MAX_NAME} bytes"));
            }
        }
        if self.plugins.len() > MAX_PLUGINS {
            return Err(format!("plugins: {} are asked for, at most {MAX_PLUGINS} are allowed", self.plugins.len()));
        }
        if self.kind == Kind::Issue && !self.plugins.is_empty() {
            return Err("plugins: convert tasks, not issues".to_owned());
        }
        if self.kind == Kind::Issue && self.format == Format::Legacy {
            return Err("format: there is no legacy format of issues".to_owned());
        }
        match self.split_tasks {
            Some(0) => Err("splitTasks: expected more than 0".to_owned()),
            Some(_) if self.format != Format::Split => Err("splitTasks: goes with the format split".to_owned()),
            _ => Ok(()),
        }
    }

    /// The same as a client of Hub asks it; without a stage that means all stages.
    pub fn of_query(project: String, query: &ExportQuery) -> Self {
        let options = &query.options;
        let iso = |time: Option<Timestamp>| time.map(format_iso);
        Self {
            project,
            kind: match query.kind {
                ExportKind::Task => Kind::Task,
                ExportKind::Issue => Kind::Issue,
            },
            format: match query.format {
                QueryFormat::Json => Format::Json,
                QueryFormat::Ndjson => Format::Ndjson,
                QueryFormat::Split => Format::Split,
            },
            stages: match &options.stages {
                StageFilter::Only(stages) => Some(stages.clone()),
                StageFilter::All => None,
            },
            batches: options.batches.clone(),
            task_types: options.task_types.as_ref().map(|kinds| kinds.iter().map(|kind| kind.name().to_owned()).collect()),
            tasks: None,
            updated_after: iso(options.updated.after),
            updated_before: iso(options.updated.before),
            created_after: iso(options.created.after),
            created_before: iso(options.created.before),
            metadata: options.annotation_metadata,
            history: options.stage_history,
            only_key_frames: options.only_key_frames,
            idle: options.idle_blur_durations,
            split_tasks: None,
            plugins: Vec::new(),
            notify: Notify { silent: !query.notify, email: query.send_email },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(json: &str) -> Result<ExportOptions, String> {
        serde_json::from_str::<Order>(json).map_err(|error| error.to_string())?.options()
    }

    #[test]
    fn what_is_left_out_is_as_on_the_export_tab() {
        assert_eq!(order(r#"{"project":"p"}"#), Ok(ExportOptions::default()));
        assert_eq!(order(r#"{"project":"p","stages":null}"#).map(|options| options.stages), Ok(StageFilter::All));
        assert_eq!(order(r#"{"project":"p","stages":[]}"#).map(|options| options.stages), Ok(StageFilter::All));
    }

    #[test]
    fn what_cannot_be_is_named() {
        for (json, problem) in [
            (r#"{"project":"p","stage":["Complete"]}"#, "unknown field `stage`"),
            (r#"{"project":"p","updatedAfter":"yesterday"}"#, "updatedAfter: expected a time"),
            (r#"{"project":"p","taskTypes":["gold"]}"#, "taskTypes: there are default"),
            (r#"{"project":"p","type":"issue","plugins":[{"name":"coco"}]}"#, "plugins: convert tasks"),
            (r#"{"project":"p","splitTasks":5}"#, "splitTasks: goes with"),
        ] {
            let message = order(json).err().unwrap_or_default();
            assert!(message.contains(problem), "{message}");
        }
    }

    #[test]
    fn a_query_and_what_it_becomes_select_the_same() {
        let query = "project=p&stage=%5B%22Complete%22%2C%22Review%22%5D&batches=%5B%22b%22%5D&taskTypes=%5B%22default%22%5D&includeMetadata=true&format=ndjson&updatedAt=%7B%22%24gt%22%3A%222024-01-01T00%3A00%3A00.000000Z%22%7D";
        let query = ExportQuery::parse(query).unwrap_or_default();
        assert_eq!(Order::of_query("p".into(), &query).options(), Ok(query.options));
    }
}
