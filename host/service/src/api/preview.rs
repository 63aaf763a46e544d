//! Some tasks of a finished export, for drawing: the first ones of its payload.
//!
//! Only the beginning of the archive is read, whatever its size; the payload is its first entry.

use super::exports::find;
use super::view::ExportView;
use crate::app::{App, blocking};
use crate::asked::{Path, Query};
use crate::auth::Caller;
use crate::error::ApiError;
use crate::order::Format;
use crate::storage;
use ango_jobs::Role;
use ango_model::stream::RecordReader;
use axum::Json;
use axum::extract::State;
use flate2::{Decompress, FlushDecompress, Status};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

/// Bytes of the archive that are read.
const HEAD: u64 = 4 << 20;
/// Bytes of the payload that are looked at.
const MAX_TEXT: usize = 32 << 20;
/// Tasks of one answer, and their bytes.
const MAX_TASKS: usize = 100;
const MAX_ANSWER: usize = 8 << 20;

/// Which tasks are shown.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct PreviewQuery {
    /// From this one, counted from 0.
    from: Option<usize>,
    /// So many, 12 if nothing is said, and never more than 100.
    tasks: Option<usize>,
}

/// Tasks of an export.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Preview {
    /// Asset objects with their tasks, as they stand in the export.
    #[schema(value_type = Vec<Object>)]
    tasks: Vec<Box<RawValue>>,
    /// Tasks of the whole export.
    total: u64,
}

/// Some tasks of a finished export, as they stand in it. Of a very large one, only tasks near its beginning can be shown.
#[utoipa::path(get, path = "/v1/exports/{id}/preview", tag = "exports", params(("id" = String, Path, description = "id of the export"), PreviewQuery),
    responses((status = 200, body = Preview), (status = 409, description = "the export did not succeed, or is of a format that is not shown"),
        (status = 502, description = "the storage fails")))]
pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<PreviewQuery>,
) -> Result<Json<Preview>, ApiError> {
    let export = find(&app, &caller, &id, Role::Viewer).await?;
    let view = ExportView::of(&export);
    let Some(result) = view.result else { return Err(ApiError::conflict(format!("there is nothing to show: the export is {}", view.state))) };
    let Some(original) = result.original else { return Err(ApiError::not_found("the export has no original")) };
    if view.request.format == Format::Legacy {
        return Err(ApiError::conflict("there is no preview of the legacy format: export in another one to look at it"));
    }
    let (live, runtime) = (app.live(), app.runtime.clone());
    let (from, count) = (query.from.unwrap_or(0), query.tasks.unwrap_or(12).min(MAX_TASKS));
    let tasks = blocking(move || {
        let head = storage::open(&live, &result.place, &runtime)?.read_range(&original.name, 0..HEAD.min(original.bytes))?;
        let text = payload(&head).ok_or_else(|| ApiError::internal(&format!("{}: is no archive of ours", original.name)))?;
        Ok(records(&text, from, count))
    })
    .await?;
    Ok(Json(Preview { tasks, total: result.tasks }))
}

/// The beginning of the first entry of an archive, as far as `head` has it.
fn payload(head: &[u8]) -> Option<Vec<u8>> {
    let field = |at: usize| Some(u16::from_le_bytes([*head.get(at)?, *head.get(at + 1)?]));
    if head.get(..4)? != b"PK\x03\x04" {
        return None;
    }
    let start = 30 + usize::from(field(26)?) + usize::from(field(28)?);
    let data = head.get(start..)?;
    match field(8)? {
        0 => Some(data.to_vec()),
        8 => {
            let mut inflate = Decompress::new(false);
            let mut text = Vec::with_capacity(1 << 20);
            while text.len() < MAX_TEXT {
                let read = usize::try_from(inflate.total_in()).ok()?;
                let before = text.len();
                text.reserve(1 << 20);
                match inflate.decompress_vec(data.get(read..)?, &mut text, FlushDecompress::None) {
                    Ok(Status::Ok) if text.len() > before || inflate.total_in() as usize > read => {}
                    // The end, or no more input, or whatever is behind it: what came so far is good.
                    _ => break,
                }
            }
            Some(text)
        }
        _ => None,
    }
}

/// Whole records of a text that may end in the middle of one.
fn records(text: &[u8], from: usize, count: usize) -> Vec<Box<RawValue>> {
    let mut reader = RecordReader::new(text, "the export").allow_empty();
    let mut records = Vec::new();
    let (mut index, mut bytes) = (0, 0);
    // Where the text ends in the middle of a record, the reader says so, and that is where it ends for us.
    while let Ok(Some(chunk)) = reader.next_chunk() {
        for range in chunk.records() {
            let record = chunk
                .text()
                .get(range)
                .and_then(|record| std::str::from_utf8(record).ok())
                .and_then(|record| RawValue::from_string(record.trim().to_owned()).ok());
            if index >= from
                && let Some(record) = record
            {
                bytes += record.get().len();
                if records.len() == count || bytes > MAX_ANSWER {
                    return records;
                }
                records.push(record);
            }
            index += 1;
        }
    }
    records
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_up_to_where_the_text_was_cut() {
        let texts = |text: &str, from, count| records(text.as_bytes(), from, count).iter().map(|record| record.get().to_owned()).collect::<Vec<_>>();
        assert_eq!(texts("[{\"a\":1},{\"a\":2},{\"a\":3}]", 1, 1), ["{\"a\":2}"]);
        assert_eq!(texts("{\"a\":1}\n{\"a\":2}\n{\"a\":", 0, 5).len(), 2);
        assert!(payload(b"PK\x03\x04").is_none() && payload(b"").is_none() && payload(&[0; 100]).is_none());
    }
}
