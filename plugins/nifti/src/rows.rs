//! `volumes.jsonl`: a row for each task, with what a volume itself has no place for.

use ango_plugin_sdk::json::{write_string, write_strings};
use ango_plugin_sdk::number::{write_rounded, write_u64};
use ango_plugin_sdk::{Geometry, Task, answers};

use crate::census::Seen;
use crate::labels::{Labels, Meaning};
use crate::nifti::DataType;
use crate::nrrd::Header;
use crate::volumes::label_of;

/// A volume that was written.
pub(crate) struct Written<'a> {
    pub(crate) path: &'a str,
    pub(crate) header: &'a Header,
    pub(crate) data_type: DataType,
    pub(crate) seen: &'a [Seen],
}

/// Appends the row of a task. A task without a volume has one too, because of its answers.
pub(crate) fn write(out: &mut Vec<u8>, labels: &Labels, task: &Task, written: Option<&Written<'_>>) {
    let asset = &task.asset;
    out.extend_from_slice(b"{\"file\":");
    match written {
        Some(written) => write_string(out, written.path),
        None => out.extend_from_slice(b"null"),
    }
    for (key, text) in [("task_id", &task.task_id), ("source", &asset.external_id), ("stage", &task.stage)] {
        write_key(out, key);
        write_string(out, text);
    }
    write_key(out, "batches");
    write_strings(out, &asset.batches);
    if let Some(Written { header, data_type, seen, .. }) = written {
        write_key(out, "data_type");
        write_string(out, data_type.name());
        write_key(out, "size");
        write_list(out, header.sizes, write_u64);
        write_key(out, "voxel_size");
        write_list(out, header.geometry.spacings(), |out, spacing| write_rounded(out, spacing, 6));
        write_key(out, "labels");
        write_list(out, seen.iter().filter(|seen| seen.meaning.output() > 0), |out, seen| write_label(out, labels, seen));
    }
    write_key(out, "objects");
    let brushes = task.annotations.objects.iter().filter(|object| matches!(object.geometry, Geometry::VoxelBrush));
    write_list(out, brushes, |out, object| {
        out.extend_from_slice(b"{\"object_id\":");
        write_string(out, &object.object_id);
        write_key(out, "class");
        write_string(out, &object.title);
        if let Some(meaning @ (Meaning::Class(..) | Meaning::Unnamed(_))) = label_of(object).map(|label| labels.meaning(label)) {
            write_key(out, "value");
            write_u64(out, meaning.output().unsigned_abs().into());
        }
        write_key(out, "answers");
        answers::write_json(out, &object.classifications);
        out.push(b'}');
    });
    write_key(out, "answers");
    answers::write_json(out, &task.annotations.classifications);
    out.extend_from_slice(b"}\n");
}

fn write_label(out: &mut Vec<u8>, labels: &Labels, seen: &Seen) {
    out.extend_from_slice(b"{\"value\":");
    write_u64(out, seen.meaning.output().unsigned_abs().into());
    if let Meaning::Class(class, _) = seen.meaning {
        write_key(out, "name");
        write_string(out, labels.name(class));
    }
    write_key(out, "voxels");
    write_u64(out, seen.voxels);
    out.push(b'}');
}

fn write_key(out: &mut Vec<u8>, key: &str) {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(key.as_bytes());
    out.extend_from_slice(b"\":");
}

fn write_list<T>(out: &mut Vec<u8>, items: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Vec<u8>, T)) {
    out.push(b'[');
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(b']');
}
