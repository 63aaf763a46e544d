//! `tasks`: a row for each task.

use ango_plugin_sdk::Run;

use crate::options::Unit;
use crate::record::Record;
use crate::sheet::Sheet;

/// The columns behind those of the task's name; `UNIT` is that of durations.
pub(crate) const COLUMNS: &str = "stage_id,url,asset_id,width,height,pages,frame_count,frame_rate,updated_at,updated_by,duration_UNIT,\
objects,classifications,relations,brush,voxel_brush,page_urls,context_data,asset_extra,task_extra";

/// Writes the row of a task.
pub(crate) fn add(sheet: &mut Sheet, run: &Run, record: &Record<'_>, unit: Unit) {
    let (task, asset) = (record.task, &record.task.asset);
    record.begin(sheet);
    sheet.optional(task.stage_id.as_deref());
    sheet.text(&asset.url);
    sheet.optional(asset.asset_id.as_deref());
    sheet.optional_count(asset.width);
    sheet.optional_count(asset.height);
    sheet.count(asset.pages.len() as u64);
    sheet.optional_count(asset.frame_count);
    match asset.frame_rate {
        Some(rate) => sheet.number(rate),
        None => sheet.nothing(),
    }
    sheet.time(task.updated_at);
    sheet.optional(task.updated_by.as_deref());
    sheet.rounded(task.total_duration_ms as f64 / unit.length(), 6);
    let annotations = record.annotations;
    for count in [annotations.objects.len(), annotations.classifications.len(), annotations.relations.len()] {
        sheet.count(count as u64);
    }
    sheet.optional(annotations.brush.as_deref());
    sheet.optional(annotations.voxel_brush.as_deref());
    if asset.pages.is_empty() {
        sheet.nothing();
    } else {
        sheet.list(&asset.pages);
    }
    sheet.optional_json(asset.context_data.as_deref());
    sheet.optional_json(asset.extra.as_deref());
    sheet.optional_json(task.extra.as_deref());
    sheet.end(run, task.index, None);
}
