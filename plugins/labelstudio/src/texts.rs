//! Tasks about texts: entities as labelled spans. Offsets are those of the browser in both products, in UTF-16 code units.

use ango_plugin_sdk::images::{Format, PreparedTasks};
use ango_plugin_sdk::json::{write_string, write_strings};
use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::options::Empty;
use ango_plugin_sdk::order::Texts;
use ango_plugin_sdk::text::names;
use ango_plugin_sdk::{ClassTable, Failure, Geometry, Object, Run, Task};

use crate::config::{Config, Control};
use crate::options::Options;
use crate::results::Results;
use crate::tasks::{Entry, List};

/// What results refer to.
const TO: &str = "text";
/// Suffixes of assets that are texts also without an entity.
const SUFFIXES: [&str; 5] = ["txt", "text", "md", "markdown", "csv"];
/// Suffixes of recordings, whose spans are seconds.
const RECORDINGS: [&str; 10] = ["aac", "aif", "aiff", "flac", "m4a", "mp3", "oga", "ogg", "opus", "wav"];
/// Offsets beyond this are none.
const FARTHEST: f64 = 1e15;

pub(crate) fn convert(options: &Options, run: &Run) -> Result<(), Failure> {
    let format = Format::new("Label Studio").with_answers().with_relations();
    let table = ClassTable::new(&run.project().tools, &options.classes)?;
    let config = Config::new(run.project(), &table, options);
    if run.is_first_shard() {
        run.add("config.xml", &config.xml(run.project(), options));
    }
    let mut writer = Writer { run, format, table, config, results: Results::default(), written: Vec::new(), ids: Texts::default() };
    let mut list = List::new(run);
    for task in PreparedTasks::new(run, format, &options.stage) {
        if !is_text(&task) {
            run.lost(task.index, None, "not-a-text", "asset is no text, and option `tasks` is `texts`");
            continue;
        }
        writer.write(&task);
        if writer.results.count() == 0 && options.empty == Empty::Drop {
            run.lost(task.index, None, "image-empty", "text has no annotations and option `empty` is `drop`");
            continue;
        }
        let asset = &task.asset;
        list.add(
            options,
            Entry { id: task.index + 1, task: &task, name: &asset.file_name, url: &asset.url, size: None, page: None },
            &writer.results.out,
        );
    }
    list.finish();
    Ok(())
}

/// Whether an asset is a text: it has entities, none of which is told in parts of a second, or the suffix of one.
fn is_text(task: &Task) -> bool {
    let suffix = names::suffix(&task.asset.file_name).unwrap_or("");
    let is_one_of = |suffixes: &[&str]| suffixes.iter().any(|known| known.eq_ignore_ascii_case(suffix));
    let mut entities =
        task.annotations.objects.iter().filter_map(|object| if let Geometry::Entity(span) = &object.geometry { Some(span) } else { None }).peekable();
    if is_one_of(&RECORDINGS) || (entities.peek().is_none() && !is_one_of(&SUFFIXES)) {
        return false;
    }
    entities.all(|span| span.start.fract() == 0.0 && span.end.fract() == 0.0)
}

struct Writer<'a> {
    run: &'a Run,
    format: Format,
    table: ClassTable,
    config: Config,
    results: Results,
    /// By position: whether the object has a region.
    written: Vec<bool>,
    ids: Texts,
}

impl Writer<'_> {
    fn write(&mut self, task: &Task) {
        let objects = &task.annotations.objects;
        self.results.open((0..).zip(objects));
        self.written.clear();
        for (position, object) in (0..).zip(objects) {
            let written = self.entity(task, position, object);
            self.written.push(written);
            if written {
                self.results.object_answers(self.run, task.index, &self.config, object, position, TO);
            }
        }
        self.results.answers(self.run, task.index, &self.config, task.annotations.classifications.iter().enumerate(), TO);
        self.ids.set(objects.iter().map(|object| object.object_id.as_str()));
        let (ids, written) = (&self.ids, &self.written);
        let find = |wanted: &str| {
            let position = ids.find(wanted, |at| objects.get(at as usize).map_or("", |object| &object.object_id))?;
            written
                .get(position as usize)
                .copied()
                .unwrap_or(false)
                .then(|| objects.get(position as usize))
                .flatten()
                .map(|object| (position.into(), object))
        };
        self.results.relations(self.run, task.index, task.annotations.relations.iter(), find);
    }

    fn entity(&mut self, task: &Task, position: u64, object: &Object) -> bool {
        let lost = |code: &str, detail: &str| self.run.lost(task.index, Some(&object.object_id), code, detail);
        let Some(class) = self.table.class_of(self.run, task.index, object) else { return false };
        let Geometry::Entity(span) = &object.geometry else {
            lost("geometry-unsupported", "object is no entity, and option `tasks` is `texts`");
            return false;
        };
        let (start, end) = (span.start, span.end);
        if !(0.0..FARTHEST).contains(&start) || !(start..FARTHEST).contains(&end) {
            lost("coordinates-unusable", "entity begins before the text, ends before it begins, or has an offset that is none");
            return false;
        }
        if start == end {
            lost("entity-empty", "entity has no character");
            return false;
        }
        let Some(label) = self.config.label(class) else { return false };
        self.results.begin(object, position, 0);
        self.results.control(Control::Labels.name(), TO, Control::Labels.kind());
        let out = &mut self.results.out;
        out.extend_from_slice(b",\"value\":{\"start\":");
        write_u64(out, start as u64);
        out.extend_from_slice(b",\"end\":");
        write_u64(out, end as u64);
        if let Some(selection) = &span.selection {
            out.extend_from_slice(b",\"text\":");
            write_string(out, selection);
        }
        out.extend_from_slice(b",\"labels\":");
        write_strings(out, &[&label.name]);
        out.extend_from_slice(b"}}");
        self.format.report_object(self.run, task, object);
        self.config.report_name(self.run, task.index, object, self.table.name(class), label);
        if !self.config.has(class, Control::Labels) {
            lost("label-undeclared", "entity is there, but its class is not of texts, and the configuration does not have its label");
        }
        true
    }
}
