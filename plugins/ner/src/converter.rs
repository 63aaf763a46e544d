//! Going through the tasks.

use ango_plugin_sdk::images::annotations_of;
use ango_plugin_sdk::options::{Empty, Names, Part, Split};
use ango_plugin_sdk::text::names;
use ango_plugin_sdk::text::tokens::Tokens;
use ango_plugin_sdk::{Annotations, ClassTable, Failure, File, Geometry, Run, Span, Task};

use crate::document::{Candidate, Document, Entry};
use crate::jsonl::{self, Places};
use crate::options::{Format, Options};
use crate::{conll, spacy, text};

/// What a run needs for every task.
struct Converter<'a> {
    run: &'a Run,
    options: &'a Options,
    classes: ClassTable,
    /// Names of classes in CoNLL.
    labels: Tokens,
}

pub(crate) fn convert(options: &Options, run: &Run) -> Result<(), Failure> {
    let split = Split::new(&options.split)?;
    let classes = ClassTable::new(&run.project().tools, &options.classes)?;
    let converter = Converter { run, options, labels: Tokens::words(&classes), classes };
    let suffix = if options.format == Format::Conll { "conll" } else { "jsonl" };
    let file = |part: Part| run.section(&format!("{}.{suffix}", if split.is_split() { part.name() } else { "entities" }), 0, "");
    let mut files: Vec<(Part, File)> = split.parts().map(|part| (part, file(part))).collect();
    for task in run.tasks() {
        let Some(annotations) = annotations_of(run, &task, &options.stage) else { continue };
        let part = split.part(&task);
        if let Some((_, file)) = files.iter_mut().find(|(of, _)| *of == part) {
            converter.task(file, &task, annotations);
        }
    }
    files.into_iter().for_each(|(_, file)| file.finish());
    Ok(())
}

/// Whether a span begins or ends between whole numbers, as no span of a text does.
fn is_broken(span: &Span) -> bool {
    [span.start, span.end].into_iter().any(|number| number.is_finite() && number.fract() != 0.0)
}

impl Converter<'_> {
    fn task(&self, file: &mut File, task: &Task, annotations: &Annotations) {
        let (run, options) = (self.run, self.options);
        let candidates = self.candidates(task, annotations);
        let is_empty = candidates.is_empty() && (options.format != Format::Jsonl || annotations.classifications.is_empty());
        if is_empty && options.empty == Empty::Drop {
            return run.lost(task.index, None, "image-empty", "the text has no entities and option `empty` is `drop`");
        }
        self.report_rest(task, annotations);
        let in_seconds = text::is_audio(task) || candidates.iter().any(|candidate| is_broken(candidate.span));
        let name = match options.names {
            Names::Path => task.asset.file_name.clone(),
            Names::Flat => names::flat(&task.asset.file_name),
        };
        let line = |file: &mut File, places| jsonl::write(file.buffer(), task, &name, annotations, &candidates, places, &self.classes);
        if in_seconds {
            if options.format == Format::Jsonl {
                return line(file, Places::Seconds);
            }
            for candidate in &candidates {
                let detail = "the entity is a span of a recording, in seconds, and not of a text";
                run.lost(task.index, Some(&candidate.object.object_id), "geometry-unsupported", detail);
            }
            if candidates.is_empty() {
                run.lost(task.index, None, "text-missing", "the asset is a recording: the task is left out");
            }
            return;
        }
        let key = Some(options.context_key.as_str()).filter(|key| !key.is_empty());
        let text = match text::of(run, task, key) {
            Ok(text) => text,
            Err(reason) if options.format == Format::Jsonl => {
                if !candidates.is_empty() {
                    let detail = format_args!("{reason}: entities are there with offsets as exported, which nobody checked");
                    run.lost(task.index, None, "text-missing", detail);
                }
                return line(file, Places::Unknown);
            }
            Err(reason) => return run.lost(task.index, None, "text-missing", format_args!("{reason}: the task is left out")),
        };
        let mut document = Document::new(run, task, &text, &candidates, options.trim);
        if options.format == Format::Jsonl {
            return line(file, Places::Text(&document));
        }
        document.drop_duplicates(run, task, &candidates);
        if document.entities.is_empty() && options.empty == Empty::Drop {
            return run.lost(task.index, None, "image-empty", "no entity of the text can be written and option `empty` is `drop`");
        }
        let entry = Entry { run, task, file: &name, document: &document, candidates: &candidates };
        if options.format == Format::Spacy {
            spacy::write(file.buffer(), &entry, &self.classes, options.spans);
        } else {
            conll::write(file.buffer(), &entry, &self.classes, &self.labels, options.scheme, options.sentences);
        }
    }

    /// The entities of a task that have a class; other objects are reported.
    fn candidates<'t>(&self, task: &Task, annotations: &'t Annotations) -> Vec<Candidate<'t>> {
        let mut candidates = Vec::new();
        for object in &annotations.objects {
            let Some(class) = self.classes.class_of(self.run, task.index, object) else { continue };
            let Geometry::Entity(span) = &object.geometry else {
                let detail = format_args!("{} is no span of a text", object.geometry.kind());
                self.run.lost(task.index, Some(&object.object_id), "geometry-unsupported", detail);
                continue;
            };
            if !object.classifications.is_empty() && self.options.format != Format::Jsonl {
                let detail = "the entity is there, but the format has no place for answers about it";
                self.run.lost(task.index, Some(&object.object_id), "classification-unsupported", detail);
            }
            candidates.push(Candidate { object, span, class });
        }
        candidates
    }

    /// Reports what is no object and has no place.
    fn report_rest(&self, task: &Task, annotations: &Annotations) {
        let lost = |object: Option<&str>, code, detail| self.run.lost(task.index, object, code, detail);
        if self.options.format != Format::Jsonl {
            for relation in &annotations.relations {
                lost(Some(&relation.object_id), "relation-unsupported", "the format has no relations");
            }
            for answer in &annotations.classifications {
                lost(Some(&answer.object_id), "classification-unsupported", "the format has no place for answers about a text");
            }
        }
        if annotations.brush.is_some() {
            lost(None, "brush-unsupported", "a brush mask is no part of a text");
        }
        if annotations.voxel_brush.is_some() {
            lost(None, "voxel-brush-unsupported", "a voxel brush is no part of a text");
        }
    }
}
