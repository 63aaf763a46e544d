//! The first pass over a bare export: which classes, stages and batches occur in it.

use super::JobSpec;
use super::portion::Refused;
use super::pump::{Input, Numbered, Stopped, pump};
use crate::error::JobError;
use crate::source::Source;
use ango_model::issue::Issue;
use ango_model::json::Document;
use ango_model::ontology::{Derivation, Project};
use ango_model::options::query::ExportKind;
use ango_model::v3::Asset;
use ango_model::video;
use ango_model::{InputError, Place};
use std::convert::Infallible;
use std::ops::Range;

/// Reads the whole source and derives its project.
pub(super) fn derive_project(spec: &JobSpec) -> Result<Project, JobError> {
    let input = Input {
        source: &spec.source,
        max_record: spec.max_record,
        chunk_bytes: spec.chunk_bytes,
        workers: spec.workers,
        cancel: &spec.cancel,
        progress: &spec.progress,
    };
    let mut all = Derivation::default();
    let work = |(): &mut (), numbered: Numbered| -> Result<Derivation, InputError> {
        let mut found = Derivation::default();
        let mut tasks = 0;
        for range in numbered.chunk.records() {
            let document = parse(&spec.source, &numbered, range.clone())?;
            let asset = read(&spec.source, &numbered, &range, &document)?;
            match video::may_be_grouped(&asset).then(|| video::flatten(&document.root())).flatten() {
                None => found.see(&asset),
                Some(flat) => found.see(&read(&spec.source, &numbered, &range, &parse_flat(&spec.source, &numbered, &range, &flat)?)?),
            }
            tasks += 1;
        }
        spec.progress.add_tasks(tasks);
        Ok(found)
    };
    let mut wrong = None;
    let pumped = pump(
        input,
        || (),
        work,
        |found| -> Result<(), Infallible> {
            match found {
                Ok(found) if wrong.is_none() => all.merge(found),
                Ok(_) => {}
                Err(error) => {
                    wrong.get_or_insert(error);
                }
            }
            Ok(())
        },
    );
    match (wrong, pumped) {
        (Some(error), _) | (None, Err(Stopped::Input(error))) => Err(error.into()),
        (None, Err(Stopped::Cancelled)) => Err(JobError::Cancelled),
        (None, Err(Stopped::Consumer(never))) => match never {},
        (None, Ok(())) => Ok(all.into_project(&spec.source.stem())),
    }
}

/// A parsed record and its place in the chunk.
pub(super) type Parsed<'a> = (Range<usize>, Document<'a>);

/// The flat text of each record that has the grouped form of video tools, in which an object holds its frames, with the record's position. It is an exception, and it ends here.
pub(super) fn flatten(documents: &[Parsed<'_>], assets: &[Asset<'_>]) -> Vec<(usize, String)> {
    let may_be = documents.iter().zip(assets).enumerate().filter(|(_, (_, asset))| video::may_be_grouped(asset));
    may_be.filter_map(|(index, ((_, document), _))| Some((index, video::flatten(&document.root())?))).collect()
}

/// Parses a flat text. Places in it are none in the input: errors name the record.
pub(super) fn parse_flat<'a>(source: &Source, numbered: &Numbered, range: &Range<usize>, flat: &'a str) -> Result<Document<'a>, InputError> {
    Document::parse(flat).map_err(|error| {
        malformed(source, numbered, range.start, Place { task: find_id(flat, "\"taskId\""), field: error.field, ..Place::default() }, error.problem)
    })
}

/// A record of which the export would never end.
pub(super) fn too_many_frames(source: &Source, numbered: &Numbered, range: &Range<usize>, asset: &Asset<'_>, refused: Refused) -> InputError {
    let (field, problem) = match refused {
        Refused::List(list, error) => (format!("task.{list}"), error.to_string()),
        Refused::Bytes(bytes) => {
            let gib = bytes >> 30;
            (
                "task".to_owned(),
                format!("the task would be {gib} GiB with all its frames: export the key frames only, or correct metadata.frameTotal if it is wrong"),
            )
        }
    };
    let about = Place { task: Some(asset.task.task_id.to_string()), field, ..Place::default() };
    malformed(source, numbered, range.start, about, problem)
}

/// Parses one record, of tasks or of issues.
pub(super) fn parse<'a>(source: &Source, numbered: &'a Numbered, range: Range<usize>) -> Result<Document<'a>, InputError> {
    let start = range.start;
    let text = std::str::from_utf8(&numbered.chunk.text()[range])
        .map_err(|error| malformed(source, numbered, start + error.valid_up_to(), Place::default(), "the text is not UTF-8".into()))?;
    Document::parse(text).map_err(|error| {
        let (issue, task) = match source.kind() {
            ExportKind::Task => (None, find_id(text, "\"taskId\"")),
            ExportKind::Issue => (find_id(text, "\"_id\""), find_id(text, "\"labelTask\"")),
        };
        malformed(source, numbered, start + error.offset, Place { issue, task, field: error.field, ..Place::default() }, error.problem)
    })
}

/// The typed view of a parsed record.
pub(super) fn read<'a>(source: &Source, numbered: &Numbered, range: &Range<usize>, document: &Document<'a>) -> Result<Asset<'a>, InputError> {
    Asset::read(&document.root()).map_err(|error| {
        let task = document.root().get("task").and_then(|task| task.get("taskId")?.as_str()).map(|id| id.into_owned());
        // A flat text may be longer than the record.
        let offset = error.offset.min(range.len().saturating_sub(1));
        malformed(source, numbered, range.start + offset, Place { task, field: error.field, ..Place::default() }, error.problem)
    })
}

/// The typed view of a parsed issue.
pub(super) fn read_issue<'a>(source: &Source, numbered: &Numbered, range: &Range<usize>, document: &Document<'a>) -> Result<Issue<'a>, InputError> {
    Issue::read(&document.root()).map_err(|error| {
        let (issue, task) = Issue::ids(&document.root());
        malformed(source, numbered, range.start + error.offset, Place { issue, task, field: error.field, ..Place::default() }, error.problem)
    })
}

/// Looks for an id in a record that is not JSON, so that somebody can find the task or the issue in Hub. `key` comes with its quotes.
fn find_id(text: &str, key: &str) -> Option<String> {
    let after = &text[text.find(key)? + key.len()..];
    let id = after.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    let id = &id[..id.find('"')?];
    (id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')).then(|| id.to_owned())
}

/// An error at an offset of a chunk. `about` says what it is about: ids and field.
fn malformed(source: &Source, numbered: &Numbered, offset: usize, about: Place, problem: String) -> InputError {
    let name = source.parts().get(numbered.part).map_or(source.name(), |part| part.name());
    let Place { issue, task, field, .. } = about;
    let place = Place { issue, task, field, ..numbered.chunk.place(name, offset) };
    InputError::Malformed { place: Box::new(place), problem }
}
