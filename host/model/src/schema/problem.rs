//! What the checker finds, and how it is handed on.

use crate::json::Value;
use std::fmt;

/// How many problems of one record are told one by one.
pub const MAX_PROBLEMS: usize = 100;

/// Bytes of a field's path, and of a task's id, that a problem shows.
const LONGEST_NAME: usize = 1000;

/// Bytes of a value that a message shows.
const LONGEST_VALUE: usize = 60;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The record can be read, but something in it is suspicious.
    Warning,
    /// The record cannot be read.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// Something wrong with a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// The field, as a path from the asset object (`task.tools[3].polygon`); empty when the whole record is meant. Of a missing key, the object that lacks it.
    pub field: String,
    /// Byte offset in the text of the record.
    pub offset: usize,
    /// Id of the task, where it could be read.
    pub task: Option<String>,
    /// What kind of problem it is, for filters (`wrong-type`).
    pub code: &'static str,
    /// What is wrong.
    pub text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]: byte {}", self.severity, self.code, self.offset)?;
        if let Some(task) = &self.task {
            write!(f, ", task {task}")?;
        }
        if !self.field.is_empty() {
            write!(f, ", field {}", self.field)?;
        }
        write!(f, ": {}", self.text)
    }
}

/// One step of a path.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// The problems of one record on their way out. Knows where in the record the walk is.
pub(super) struct Log<'a, 'r> {
    path: Vec<Step<'a>>,
    task: Option<String>,
    told: usize,
    untold: usize,
    untold_errors: usize,
    errors: usize,
    report: &'r mut dyn FnMut(Problem),
}

impl<'a, 'r> Log<'a, 'r> {
    pub(super) fn new(task: Option<&str>, report: &'r mut dyn FnMut(Problem)) -> Self {
        let task = task.map(|task| cut(task, LONGEST_NAME));
        Self { path: Vec::new(), task, told: 0, untold: 0, untold_errors: 0, errors: 0, report }
    }

    pub(super) fn enter(&mut self, key: &'a str) {
        self.path.push(Step::Key(key));
    }

    pub(super) fn enter_index(&mut self, index: usize) {
        self.path.push(Step::Index(index));
    }

    pub(super) fn leave(&mut self) {
        self.path.pop();
    }

    /// How many errors were found, told or not.
    pub(super) fn errors(&self) -> usize {
        self.errors
    }

    pub(super) fn warn(&mut self, value: &Value<'_, '_>, code: &'static str, text: impl FnOnce() -> String) {
        self.found(Severity::Warning, value.offset(), code, text);
    }

    pub(super) fn found(&mut self, severity: Severity, offset: usize, code: &'static str, text: impl FnOnce() -> String) {
        let is_error = usize::from(severity == Severity::Error);
        self.errors += is_error;
        if self.told == MAX_PROBLEMS {
            self.untold += 1;
            self.untold_errors += is_error;
            return;
        }
        self.told += 1;
        let problem = Problem { severity, field: self.field(), offset, task: self.task.clone(), code, text: text() };
        (self.report)(problem);
    }

    /// Tells how much was not told. As bad as the worst of it, so that a record with errors has one among its problems.
    pub(super) fn close(self) {
        if self.untold > 0 {
            (self.report)(Problem {
                severity: if self.untold_errors > 0 { Severity::Error } else { Severity::Warning },
                field: String::new(),
                offset: 0,
                task: self.task,
                code: "too-many-problems",
                text: format!("{} more problems of this record are not listed, {} of them errors", self.untold, self.untold_errors),
            });
        }
    }

    fn field(&self) -> String {
        let mut field = String::new();
        for step in &self.path {
            match step {
                Step::Key(key) => {
                    if !field.is_empty() {
                        field.push('.');
                    }
                    field.push_str(key);
                }
                Step::Index(index) => field.push_str(&format!("[{index}]")),
            }
            if field.len() > LONGEST_NAME {
                return cut(&field, LONGEST_NAME);
            }
        }
        field
    }
}

/// A value as messages show it.
pub(super) fn shown(text: &str) -> String {
    cut(text, LONGEST_VALUE)
}

/// At most `longest` bytes of a text: a hostile record must not be multiplied by its problems.
fn cut(text: &str, longest: usize) -> String {
    if text.len() <= longest {
        return text.to_owned();
    }
    let mut end = longest;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}...", &text[..end])
}
