//! Whether an asset is a video, and how long.
//!
//! Exports do not say what an asset is. Hub writes `metadata.frameRate` for videos only, but it fills `metadata` late, so that a video can be without. What is
//! left then is `interpolationStopped`, which nothing but a video has.

use crate::json::{Kind, Value};
use crate::v3::{Annotations, Answer, Asset, Geometry};
use memchr::memmem;

/// The key that only key frames have.
const STOPPED: &str = "interpolationStopped";

/// What is known of the video that an asset is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Video {
    /// Number of frames, where Hub has measured it.
    pub frame_total: Option<u32>,
}

impl Video {
    /// Looks at a record; `None` when it is not one of a video.
    pub fn of(record: &Value<'_, '_>) -> Option<Self> {
        is_video(record).then(|| Self { frame_total: frame_total(record) })
    }

    /// The same for a record that has been read, without a search through its text.
    pub fn of_asset(asset: &Asset<'_>) -> Option<Self> {
        let stops = |annotations: &Annotations<'_>| {
            annotations.objects.iter().any(|object| object.interpolation_stopped)
                || annotations.classifications.iter().any(|answer| answer.interpolation_stopped)
        };
        let has_stop = || stops(&asset.task.annotations) || asset.task.history.iter().any(|visit| stops(&visit.annotations));
        (asset.dataset.is_empty() && (asset.frame_rate.is_some() || has_stop())).then_some(Self { frame_total: asset.frame_total })
    }
}

/// Whether a record may have annotations in the grouped form: those which have neither a geometry nor an answer that is known, and belong to no frame. [`super::flatten`] looks closer.
pub fn may_be_grouped(asset: &Asset<'_>) -> bool {
    let is_candidate = |annotations: &Annotations<'_>| {
        annotations.objects.iter().any(|object| object.page.is_none() && matches!(object.geometry, Geometry::Other(..)))
            || annotations.classifications.iter().any(|answer| answer.page.is_none() && answer.answer == Answer::Empty)
    };
    is_candidate(&asset.task.annotations) || asset.task.history.iter().any(|visit| is_candidate(&visit.annotations))
}

/// Whether the lists of this asset hold frames of a video: it has a frame rate, or one of its annotations stops at a frame, be it in a stage that the task has
/// left. An asset with a `dataset` of pages is never one.
///
/// The grouped form is not looked into: [`super::flatten`] first. Without a frame rate this is one search for the key in the record's text, which is far faster
/// than parsing it was; the lists are walked only when it is there.
pub(super) fn is_video(record: &Value<'_, '_>) -> bool {
    if has_pages(record) {
        return false;
    }
    has_frame_rate(record) || (names_stop(record) && has_stop(record))
}

/// Whether this may be a video whose objects are grouped, so that a stop may be anywhere inside.
pub(super) fn may_be_video(record: &Value<'_, '_>) -> bool {
    !has_pages(record) && (has_frame_rate(record) || names_stop(record))
}

/// The number of frames of an asset, where Hub has measured it.
pub(super) fn frame_total(record: &Value<'_, '_>) -> Option<u32> {
    record.get("metadata")?.get("frameTotal")?.as_u64().and_then(|total| u32::try_from(total).ok())
}

fn has_pages(record: &Value<'_, '_>) -> bool {
    record.get("dataset").is_some_and(|pages| pages.elements().next().is_some())
}

fn has_frame_rate(record: &Value<'_, '_>) -> bool {
    record.get("metadata").and_then(|metadata| metadata.get("frameRate")).is_some_and(|rate| rate.kind() == Kind::Number)
}

fn names_stop(record: &Value<'_, '_>) -> bool {
    memmem::find(record.raw().as_bytes(), STOPPED.as_bytes()).is_some()
}

fn has_stop(record: &Value<'_, '_>) -> bool {
    let Some(task) = record.get("task") else { return false };
    stops_in(&task) || task.get("stageHistory").is_some_and(|history| history.elements().any(|visit| stops_in(&visit)))
}

/// Whether a list of the task or stage visit has a stop.
fn stops_in(holder: &Value<'_, '_>) -> bool {
    let lists = holder.members().filter(|member| matches!(member.key, "tools" | "classifications"));
    lists.flat_map(|list| list.value.elements()).any(|entry| entry.get(STOPPED).and_then(|stopped| stopped.as_bool()) == Some(true))
}
