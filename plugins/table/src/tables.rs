//! `layout = ango`: the tables that were asked for, filled task by task.

use ango_plugin_sdk::images::annotations_of;
use ango_plugin_sdk::options::{Empty, Split};
use ango_plugin_sdk::{Annotations, ClassTable, Failure, Found, Object, Run, Task};

use crate::answers::Wide;
use crate::history::Asked;
use crate::options::{Days, Options, What};
use crate::questions::About;
use crate::record::{self, Record};
use crate::sheet::{Sheet, Style};
use crate::{answers, fields, history, issues, objects, relations, tasks};

/// The tables of a shard that were asked for.
struct Tables<'a> {
    run: &'a Run,
    sheets: Vec<(What, Sheet)>,
    of_tasks: Wide,
    of_objects: Wide,
    asked: Asked,
    classes: ClassTable,
    has_fields: bool,
}

pub(crate) fn convert(options: &Options, run: &Run) -> Result<(), Failure> {
    let split = Split::new(&options.split)?;
    let mut tables = Tables::new(options, run, split.is_split())?;
    for task in run.tasks() {
        let Some(annotations) = annotations_of(run, &task, &options.stage) else { continue };
        if options.empty == Empty::Drop && is_empty(annotations) {
            run.lost(task.index, None, "image-empty", "the task has no annotations and option `empty` is `drop`");
            continue;
        }
        let file_name = record::file_name(&task, options.names);
        let record = Record { task: &task, annotations, file_name: &file_name, part: split.is_split().then(|| split.part(&task)) };
        tables.add(&record);
    }
    tables.sheets.into_iter().for_each(|(_, sheet)| sheet.finish());
    Ok(())
}

impl<'a> Tables<'a> {
    fn new(options: &Options, run: &'a Run, is_split: bool) -> Result<Self, Failure> {
        let asked = Asked { unit: options.duration_unit, days: Days::new(options)?, nested: options.count_nested_classifications };
        let has_answers = options.what.contains(&What::Answers);
        let of_task = record::columns(is_split, "page");
        let of_object = record::short_columns("object_id,class,page");
        let mut tables = Self {
            run,
            sheets: Vec::new(),
            of_tasks: Wide::new(run, About::Task, &of_task, has_answers),
            of_objects: Wide::new(run, About::Object, &of_object, has_answers),
            asked,
            classes: ClassTable::new(&run.project().tools, &options.classes)?,
            has_fields: options.what.contains(&What::Fields),
        };
        let style = Style::new(options);
        let in_unit = |columns: &str| columns.replace("UNIT", asked.unit.name());
        for &what in &options.what {
            let columns = match what {
                What::Tasks => record::columns(is_split, &in_unit(tasks::COLUMNS)),
                What::Objects => record::columns(is_split, objects::COLUMNS),
                What::Answers => record::short_columns(answers::COLUMNS),
                What::Classifications => [&of_task, tables.of_tasks.columns()].concat(),
                What::ObjectClassifications => [&of_object, tables.of_objects.columns()].concat(),
                What::Relations => record::short_columns(relations::COLUMNS),
                What::History => record::short_columns(&in_unit(history::COLUMNS)),
                What::Time => record::list(&in_unit(history::TIME)),
                What::Issues => record::short_columns(&issues::columns()),
                // Each a file of its own.
                What::Fields => continue,
            };
            if tables.sheet(what).is_none() {
                tables.sheets.push((what, Sheet::new(run, what.name(), &columns, &style)));
            }
        }
        Ok(tables)
    }

    /// The table, if it was asked for.
    fn sheet(&mut self, wanted: What) -> Option<&mut Sheet> {
        find(&mut self.sheets, wanted)
    }

    fn add(&mut self, record: &Record<'_>) {
        let (run, asked, annotations) = (self.run, self.asked, record.annotations);
        if let Some(sheet) = self.sheet(What::Tasks) {
            tasks::add(sheet, run, record, asked.unit);
        }
        self.add_objects(record);
        if let Some(sheet) = self.sheet(What::Answers) {
            answers::add(sheet, run, record, None, &annotations.classifications);
        }
        if let Some(sheet) = find(&mut self.sheets, What::Classifications) {
            self.of_tasks.add_task(sheet, run, record);
        }
        if let Some(sheet) = self.sheet(What::Relations) {
            annotations.relations.iter().for_each(|relation| relations::add(sheet, run, record, relation));
        }
        let wants_work = self.sheet(What::History).is_some() || self.sheet(What::Time).is_some();
        if wants_work && record.task.history.is_empty() {
            history::report_missing(run, record.task);
        }
        if let Some(sheet) = self.sheet(What::History) {
            history::add(sheet, run, record, asked);
        }
        if let Some(sheet) = self.sheet(What::Time) {
            history::add_time(sheet, run, record, asked);
        }
        if let Some(sheet) = self.sheet(What::Issues) {
            issues::add(sheet, run, record);
        }
    }

    fn add_objects(&mut self, record: &Record<'_>) {
        let of_objects = [What::Objects, What::Answers, What::ObjectClassifications];
        if !self.has_fields && !of_objects.into_iter().any(|what| self.sheet(what).is_some()) {
            return;
        }
        let Self { run, sheets, of_objects, classes, has_fields, .. } = self;
        let mut in_fields = Vec::new();
        for object in &record.annotations.objects {
            let Some(class) = class_name(run, record.task, object, classes) else { continue };
            if let Some(sheet) = find(sheets, What::Objects) {
                objects::add(sheet, run, record, object, class);
            }
            if *has_fields {
                in_fields.push((object, class));
            }
            if object.classifications.is_empty() {
                continue;
            }
            if let Some(sheet) = find(sheets, What::Answers) {
                answers::add(sheet, run, record, Some((object, class)), &object.classifications);
            }
            if let Some(sheet) = find(sheets, What::ObjectClassifications) {
                of_objects.add_object(sheet, run, record, object, class);
            }
        }
        if *has_fields {
            fields::add(run, record, &in_fields);
        }
    }
}

fn is_empty(annotations: &Annotations) -> bool {
    let Annotations { objects, classifications, relations, brush, voxel_brush } = annotations;
    objects.is_empty() && classifications.is_empty() && relations.is_empty() && brush.is_none() && voxel_brush.is_none()
}

#[inline]
fn find(sheets: &mut [(What, Sheet)], wanted: What) -> Option<&mut Sheet> {
    sheets.iter_mut().find(|(what, _)| *what == wanted).map(|(_, sheet)| sheet)
}

/// What the class of an object is called; `None` if it is left out. A table can hold a class that the ontology does not have.
fn class_name<'a>(run: &Run, task: &Task, object: &'a Object, classes: &'a ClassTable) -> Option<&'a str> {
    match classes.find(&object.schema_id) {
        Found::Class(class) => Some(classes.name(class)),
        Found::Unmapped => Some(&object.title),
        Found::Excluded => {
            classes.class_of(run, task.index, object);
            None
        }
    }
}
