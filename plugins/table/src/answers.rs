//! `answers`: a row for each answer. `classifications` and `object_classifications`: a column for each question.

use ango_plugin_sdk::order::sorted_positions;
use ango_plugin_sdk::{Answer, Classification, Object, Run};

use crate::objects::{self, provenance};
use crate::questions::{About, Questions, parent, path_of_answer};
use crate::record::Record;
use crate::sheet::Sheet;

/// The columns of `answers` behind those of the task.
pub(crate) const COLUMNS: &str = "object_id,class,answer_id,schema_id,question,kind,answer,page,interpolation_stopped,\
created_at,created_by,created_in,updated_at,updated_by,updated_in";

/// Writes the rows of answers about an object (with its class), or about the task.
pub(crate) fn add(sheet: &mut Sheet, run: &Run, record: &Record<'_>, about: Option<(&Object, &str)>, answers: &[Classification]) {
    for (at, answer) in answers.iter().enumerate() {
        record.begin_short(sheet);
        sheet.optional(about.map(|(object, _)| object.object_id.as_str()));
        sheet.optional(about.map(|(_, class)| class));
        sheet.text(&answer.object_id);
        sheet.text(&answer.schema_id);
        sheet.text(&path_of_answer(answers, at));
        sheet.text(&answer.kind);
        sheet.answer(&answer.answer);
        sheet.optional_count(page(answers, at).or_else(|| about.and_then(|(object, _)| objects::page(object))));
        sheet.flag(answer.interpolation_stopped);
        provenance(sheet, answer.provenance.as_ref());
        sheet.end(run, record.task.index, Some(&answer.object_id));
    }
}

/// The page of an answer, which is that of the one that it is nested in when it does not say one.
fn page(answers: &[Classification], at: usize) -> Option<u32> {
    let mut next = Some(at);
    while let Some(at) = next {
        if let Some(page) = answers.get(at)?.page {
            return Some(page);
        }
        next = parent(answers, next);
    }
    None
}

/// Writes the rows of a table with a column for each question.
pub(crate) struct Wide {
    questions: Questions,
    /// Page, column and position of each answer of a task or an object.
    found: Vec<(Option<u32>, usize, usize)>,
    pages: Vec<Option<u32>>,
    /// Whether table `answers` says where answers end.
    has_stops: bool,
}

impl Wide {
    /// `columns` are those before the questions.
    pub(crate) fn new(run: &Run, about: About, columns: &[String], has_answers: bool) -> Self {
        Self { questions: Questions::new(run.project(), about, columns), found: Vec::new(), pages: Vec::new(), has_stops: has_answers }
    }

    /// The columns of questions.
    pub(crate) fn columns(&self) -> &[String] {
        self.questions.names()
    }

    /// Writes a row for a task, or for each of its pages that has answers of its own.
    pub(crate) fn add_task(&mut self, sheet: &mut Sheet, run: &Run, record: &Record<'_>) {
        let answers = &record.annotations.classifications;
        self.find(run, record, answers, None);
        if self.pages.is_empty() {
            self.pages.push(None);
        }
        for page in std::mem::take(&mut self.pages) {
            record.begin(sheet);
            sheet.optional_count(page);
            self.cells(sheet, answers, page);
            sheet.end(run, record.task.index, None);
        }
    }

    /// Writes a row for an object, if it has answers.
    pub(crate) fn add_object(&mut self, sheet: &mut Sheet, run: &Run, record: &Record<'_>, object: &Object, class: &str) {
        let answers = &object.classifications;
        if answers.is_empty() {
            return;
        }
        self.find(run, record, answers, Some(&object.schema_id));
        self.found.iter_mut().for_each(|(page, ..)| *page = None);
        sort(&mut self.found);
        record.begin_short(sheet);
        sheet.text(&object.object_id);
        sheet.text(class);
        sheet.optional_count(objects::page(object));
        self.cells(sheet, answers, None);
        sheet.end(run, record.task.index, Some(&object.object_id));
    }

    /// Finds the columns of answers and the pages that they are on.
    fn find(&mut self, run: &Run, record: &Record<'_>, answers: &[Classification], root: Option<&str>) {
        self.found.clear();
        self.pages.clear();
        for (at, answer) in answers.iter().enumerate() {
            let lost = |code, detail: std::fmt::Arguments<'_>| run.lost(record.task.index, Some(&answer.object_id), code, detail);
            let above = parent(answers, Some(at)).and_then(|at| answers.get(at));
            let Some(column) = self.questions.find(&answer.schema_id, above.map(|above| above.schema_id.as_str()).or(root)) else {
                let (title, id) = (&answer.title, &answer.schema_id);
                lost("class-unmapped", format_args!("question {title:?} ({id}) is not in the ontology and has no column"));
                continue;
            };
            let page = page(answers, at);
            self.pages.push(page);
            if answer.interpolation_stopped {
                if !self.has_stops {
                    lost("interpolation-stopped", format_args!("the answer ends on this page, which no cell says; table `answers` does"));
                }
            } else if answer.answer != Answer::Empty {
                self.found.push((page, column, at));
            }
        }
        sort(&mut self.found);
        sort(&mut self.pages);
        self.pages.dedup();
    }

    /// The cells of all questions, on one page.
    fn cells(&self, sheet: &mut Sheet, answers: &[Classification], page: Option<u32>) {
        let start = self.found.partition_point(|&(other, ..)| other < page);
        let mut rest = &self.found[start..];
        for column in 0..self.questions.names().len() {
            let count = rest.iter().take_while(|&&(other, of, _)| other == page && of == column).count();
            let (here, others) = rest.split_at(count);
            rest = others;
            match here {
                [] => sheet.nothing(),
                [(.., at)] => sheet.answers(&[&answers[*at].answer]),
                several => {
                    let several: Vec<_> = several.iter().map(|&(.., at)| &answers[at].answer).collect();
                    sheet.answers(&several);
                }
            }
        }
    }
}

fn sort<T: Copy + PartialOrd>(list: &mut Vec<T>) {
    let order = sorted_positions(list.len(), &mut |a, b| list[a as usize] < list[b as usize]);
    *list = order.into_iter().map(|at| list[at as usize]).collect();
}
