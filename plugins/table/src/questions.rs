//! Questions as columns. They come from the ontology in project order, so that every shard has the same.

use std::collections::BTreeSet;

use ango_plugin_sdk::{Class, ClassIndex, Classification, Project};

/// What stands between the names of a path.
const JOINT: &str = " / ";

/// Whom questions are asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    Task,
    Object,
}

/// The columns of questions about tasks, or about objects.
#[derive(Debug)]
pub(crate) struct Questions {
    names: Vec<String>,
    columns: Vec<Column>,
    /// By schema id the first column; the others follow by [`Column::next`].
    index: ClassIndex,
}

#[derive(Debug)]
struct Column {
    /// Schema id of the question or tool that it is nested in.
    parent: Option<String>,
    /// The next column of the same question, nested somewhere else.
    next: Option<usize>,
}

impl Questions {
    /// `taken` are names of other columns of the table.
    pub(crate) fn new(project: &Project, about: About, taken: &[String]) -> Self {
        let classes = &project.classifications;
        let mut used = BTreeSet::new();
        for name in taken {
            used.insert(name.clone());
        }
        let mut this = Self { names: Vec::new(), columns: Vec::new(), index: ClassIndex::new(&[]) };
        let mut indexed: Vec<Class> = Vec::new();
        for (at, class) in classes.iter().enumerate() {
            let (path, root) = path(project, at);
            if root != about {
                continue;
            }
            let column = this.columns.len();
            this.names.push(unused(path, &class.schema_id, &mut used));
            this.columns.push(Column { parent: class.parent.clone(), next: None });
            if let Some(first) = indexed.iter().find(|known| known.schema_id == class.schema_id) {
                let mut last = first.index as usize;
                while let Some(next) = this.columns.get(last).and_then(|column| column.next) {
                    last = next;
                }
                if let Some(last) = this.columns.get_mut(last) {
                    last.next = Some(column);
                }
            } else {
                indexed.push(Class { index: u32::try_from(column).unwrap_or(u32::MAX), ..class.clone() });
            }
        }
        this.index = ClassIndex::new(&indexed);
        this
    }

    /// The names of the columns: the path to each question, each name once.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// The column of an answer's question; `None` if the ontology has no such question. `parent` is the schema id of what it is nested in.
    pub(crate) fn find(&self, schema_id: &str, parent: Option<&str>) -> Option<usize> {
        let first = self.index.find(schema_id)? as usize;
        let mut at = Some(first);
        while let Some(column) = at {
            if self.columns[column].parent.as_deref() == parent {
                return Some(column);
            }
            at = self.columns[column].next;
        }
        Some(first)
    }
}

/// The titles on the way to a question, joined, and what it is asked about in the end.
fn path(project: &Project, at: usize) -> (String, About) {
    let classes = &project.classifications;
    let name = |class: &Class| if class.title.is_empty() { class.schema_id.clone() } else { class.title.clone() };
    let mut names = vec![name(&classes[at])];
    let mut about = About::Task;
    let (mut child, mut parent) = (at, classes[at].parent.as_deref());
    while let Some(id) = parent {
        // What is nested follows what it is nested in, so the nearest one before is meant, and the way there ends.
        let before = classes[..child].iter().rposition(|class| class.schema_id == id);
        if let Some(before) = before {
            names.push(name(&classes[before]));
            (child, parent) = (before, classes[before].parent.as_deref());
        } else {
            if let Some(tool) = project.tools.iter().find(|tool| tool.schema_id == id) {
                names.push(name(tool));
                about = About::Object;
            }
            parent = None;
        }
    }
    names.reverse();
    (names.join(JOINT), about)
}

/// A name that no other column has.
fn unused(path: String, schema_id: &str, used: &mut BTreeSet<String>) -> String {
    let mut name = path;
    if used.contains(&name) {
        name = format!("{name} [{schema_id}]");
    }
    let base = name.clone();
    let mut number = 2;
    while !used.insert(name.clone()) {
        name = format!("{base} {number}");
        number += 1;
    }
    name
}

/// The titles on the way to an answer, joined, as the answers themselves say.
pub(crate) fn path_of_answer(answers: &[Classification], at: usize) -> String {
    let mut names = Vec::new();
    let mut next = Some(at);
    while let Some(answer) = next.and_then(|at| answers.get(at)) {
        names.push(if answer.title.is_empty() { answer.schema_id.as_str() } else { answer.title.as_str() });
        next = parent(answers, next);
    }
    names.reverse();
    names.join(JOINT)
}

/// The position of the answer that another one is nested in. It is before it: a list that says otherwise would never end.
pub(crate) fn parent(answers: &[Classification], at: Option<usize>) -> Option<usize> {
    let at = at?;
    answers.get(at)?.parent.map(|parent| parent as usize).filter(|&parent| parent < at)
}
