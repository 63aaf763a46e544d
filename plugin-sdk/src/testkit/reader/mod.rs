//! Reads V3 JSON into the contract's types, tolerant in what real exports do.
//!
//! Built on `serde_json::Value`: this is the kit's reader, made to be right and short, not fast.

mod fields;
mod geometry;

use serde_json::Value;

use self::fields::Fields;
use super::names::Names;
use crate::types::{Annotations, Answer, Asset, Classification, Direction, Object, Pair, Provenance, Relation, RelationMembers, StageVisit, Task};

/// Why an export could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// Position of the task in the export, from 0.
    pub task: usize,
    /// What is wrong, with the key at fault.
    pub message: String,
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "task {}: {}", self.task, self.message)
    }
}

impl std::error::Error for ReadError {}

/// Reads an export, a JSON array or NDJSON, and gives every task its index, its object offset and its file name.
///
/// # Errors
///
/// When the text is not JSON or not V3.
pub fn read_tasks(text: &str) -> Result<Vec<Task>, ReadError> {
    let mut values = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        let task = values.len();
        match value.map_err(|error| ReadError { task, message: error.to_string() })? {
            Value::Array(list) => values.extend(list),
            value => values.push(value),
        }
    }
    let mut names = Names::default();
    let mut offset = 0;
    let mut tasks = Vec::with_capacity(values.len());
    for (at, value) in values.into_iter().enumerate() {
        let mut task = read_task(value).map_err(|message| ReadError { task: at, message })?;
        task.index = at as u64;
        task.object_offset = offset;
        offset += task.annotations.objects.len() as u64;
        task.asset.file_name = names.name(&task.asset.external_id, &task.asset.url, &task.task_id);
        tasks.push(task);
    }
    Ok(tasks)
}

fn read_task(value: Value) -> Result<Task, String> {
    let mut asset = Fields::new(value, "asset object")?;
    let mut task = Fields::new(asset.take("task").ok_or("key `task` is missing")?, "task")?;
    let mut metadata = Fields::new_or_empty(asset.take("metadata"), "metadata")?;
    let annotations = read_annotations(&mut task)?;
    let history = task.list("stageHistory")?.into_iter().map(read_visit).collect::<Result<_, _>>()?;
    let read = Task {
        index: 0,
        object_offset: 0,
        task_id: task.text("taskId")?,
        stage: task.text("stage")?,
        stage_id: task.optional_text("stageId")?,
        updated_at: task.time("updatedAt")?,
        updated_by: task.optional_text("updatedBy")?,
        total_duration_ms: task.count("totalDuration")?.unwrap_or(0),
        asset: Asset {
            url: asset.text("asset")?,
            asset_id: asset.optional_text("assetId")?,
            external_id: asset.text("externalId")?,
            file_name: String::new(),
            pages: asset.texts("dataset")?,
            batches: asset.texts("batches")?,
            width: metadata.small("width")?.filter(|&size| size > 0),
            height: metadata.small("height")?.filter(|&size| size > 0),
            frame_count: metadata.small("frameTotal")?,
            frame_rate: metadata.number("frameRate")?,
            context_data: asset.take("contextData").map(|value| value.to_string()),
            extra: None,
        },
        annotations,
        history,
        extra: None,
    };
    if let Some(rest) = metadata.rest_value() {
        asset.put("metadata", rest);
    }
    Ok(Task { extra: task.rest(), asset: Asset { extra: asset.rest(), ..read.asset }, ..read })
}

fn read_annotations(task: &mut Fields) -> Result<Annotations, String> {
    let mut classifications = Vec::new();
    for value in task.list("classifications")? {
        read_classification(value, None, &mut classifications)?;
    }
    Ok(Annotations {
        objects: task.list("tools")?.into_iter().map(read_object).collect::<Result<_, _>>()?,
        classifications,
        relations: task.list("relations")?.into_iter().map(read_relation).collect::<Result<_, _>>()?,
        brush: task.optional_text("brushDataUrl")?.filter(|url| !url.is_empty()),
        voxel_brush: task.optional_text("medicalBrushDataUrl")?.filter(|url| !url.is_empty()),
    })
}

fn read_visit(value: Value) -> Result<StageVisit, String> {
    let mut visit = Fields::new(value, "stageHistory")?;
    Ok(StageVisit {
        stage: visit.text("stage")?,
        stage_id: visit.optional_text("stageId")?,
        duration_ms: visit.count("duration")?.unwrap_or(0),
        completed_at: visit.time("completedAt")?,
        completed_by: visit.optional_text("completedBy")?,
        review_status: visit.optional_text("reviewStatus")?,
        annotations: read_annotations(&mut visit)?,
    })
}

fn read_object(value: Value) -> Result<Object, String> {
    let mut tool = Fields::new(value, "tool")?;
    let mut classifications = Vec::new();
    for value in tool.list("classifications")? {
        read_classification(value, None, &mut classifications)?;
    }
    let ocr = match tool.take("ocr") {
        Some(Value::Object(mut map)) => map.remove("text").and_then(|text| text.as_str().map(str::to_owned)),
        Some(Value::String(text)) => Some(text),
        _ => None,
    };
    let object = Object {
        object_id: tool.text("objectId")?,
        schema_id: tool.text("schemaId")?,
        title: tool.text("title")?,
        page: tool.small("page")?,
        interpolation_stopped: tool.flag("interpolationStopped"),
        ocr,
        provenance: read_provenance(&mut tool)?,
        classifications,
        geometry: geometry::read(&mut tool)?,
        extra: None,
    };
    Ok(Object { extra: tool.rest(), ..object })
}

fn read_classification(value: Value, parent: Option<u32>, list: &mut Vec<Classification>) -> Result<(), String> {
    let mut fields = Fields::new(value, "classification")?;
    let nested = fields.list("classifications")?;
    let position = u32::try_from(list.len()).map_err(|_| "too many classifications")?;
    list.push(Classification {
        object_id: fields.text("objectId")?,
        schema_id: fields.text("schemaId")?,
        title: fields.text("title")?,
        kind: fields.text("tool")?,
        answer: read_answer(fields.take("answer")),
        parent,
        page: fields.small("page")?,
        interpolation_stopped: fields.flag("interpolationStopped"),
        provenance: read_provenance(&mut fields)?,
    });
    nested.into_iter().try_for_each(|value| read_classification(value, Some(position), list))
}

fn read_answer(value: Option<Value>) -> Answer {
    match value {
        None | Some(Value::Null) => Answer::Empty,
        Some(Value::String(text)) => Answer::Text(text),
        Some(Value::Bool(flag)) => Answer::Flag(flag),
        Some(Value::Number(number)) => number.as_f64().map_or_else(|| Answer::Other(number.to_string()), Answer::Number),
        Some(Value::Array(list)) if list.iter().all(|item| item.is_string() || item.is_null()) => {
            Answer::Choices(list.into_iter().filter_map(|item| item.as_str().map(str::to_owned)).collect())
        }
        Some(other) => Answer::Other(other.to_string()),
    }
}

fn read_provenance(fields: &mut Fields) -> Result<Option<Provenance>, String> {
    let Some(value) = fields.take("metadata") else { return Ok(None) };
    let mut metadata = Fields::new(value, "metadata")?;
    Ok(Some(Provenance {
        created_at: metadata.time("createdAt")?,
        created_by: metadata.optional_text("createdBy")?,
        created_in: metadata.optional_text("createdIn")?,
        updated_at: metadata.time("updatedAt")?,
        updated_by: metadata.optional_text("updatedBy")?,
        updated_in: metadata.optional_text("updatedIn")?,
    }))
}

fn read_relation(value: Value) -> Result<Relation, String> {
    let mut fields = Fields::new(value, "relation")?;
    let members = if fields.has("group") {
        RelationMembers::Group(fields.texts("group")?)
    } else {
        let direction = match fields.optional_text("direction")?.as_deref() {
            None | Some("straight") => Direction::Straight,
            Some("reverse") => Direction::Reverse,
            Some("bidirectional") => Direction::Bidirectional,
            Some(other) => return Err(format!("direction `{other}` of a relation is not known")),
        };
        RelationMembers::Pair(Pair { source: fields.text("from")?, target: fields.text("to")?, direction })
    };
    Ok(Relation {
        object_id: fields.text("objectId")?,
        schema_id: fields.text("schemaId")?,
        title: fields.text("title")?,
        members,
        page: fields.small("page")?,
    })
}

#[cfg(test)]
mod tests;
