//! Labels: what classes, and answers about images, are called in the tables.

use ango_plugin_sdk::bytes::hash;
use ango_plugin_sdk::order::{sort_positions, sorted_positions};
use ango_plugin_sdk::text::csv::write_cell_between;
use ango_plugin_sdk::{ClassTable, Project, Run};

use crate::options::LabelKind;

/// The labels that are known before the first image: names of classes, then those of answers about images.
pub(crate) struct Labels {
    names: Vec<String>,
    /// How many of them are classes.
    classes: usize,
    /// What tables call them, as cells.
    cells: Vec<Vec<u8>>,
    /// Positions in the order of names.
    order: Vec<u32>,
}

impl Labels {
    pub(crate) fn new(run: &Run, classes: &ClassTable, kind: LabelKind) -> Self {
        let mut names: Vec<String> = classes.classes().iter().map(|class| class.name.clone()).collect();
        let classes = names.len();
        names.extend(image_labels(run.project()));
        let mut order = sorted_positions(names.len(), &mut |a, b| names[a as usize] < names[b as usize]);
        // A question can be called as a class, or be there twice: the first of a name is the label.
        order.dedup_by(|later, first| names[*later as usize] == names[*first as usize]);
        let mut kept = order.clone();
        sort_positions(&mut kept, &mut |a, b| a < b);
        let names: Vec<String> = kept.iter().map(|&at| names[at as usize].clone()).collect();
        let order = sorted_positions(names.len(), &mut |a, b| names[a as usize] < names[b as usize]);
        let ids = match kind {
            LabelKind::Name => names.clone(),
            LabelKind::Mid => mids(&names),
        };
        Self { cells: ids.iter().map(|id| cell(id)).collect(), names, classes, order }
    }

    /// What tables call a name, as a cell; `None` if no description has it.
    pub(crate) fn find(&self, name: &str) -> Option<&[u8]> {
        let at = self.order.partition_point(|&at| self.names[at as usize].as_str() < name);
        let place = *self.order.get(at)? as usize;
        (self.names[place] == name).then(|| self.cells[place].as_slice())
    }

    /// The cell of a class.
    #[inline]
    pub(crate) fn class(&self, place: u32) -> &[u8] {
        self.cells.get(place as usize).map_or(b"", Vec::as_slice)
    }

    /// `class-descriptions-boxable.csv`, which has no header, and `oidv6-class-descriptions.csv`, which has one and all labels: as the original data set.
    pub(crate) fn describe(&self, run: &Run) {
        let rows: Vec<Vec<u8>> = self.cells.iter().zip(&self.names).map(|(id, name)| [id, &b","[..], &cell(name), b"\r\n"].concat()).collect();
        run.add("class-descriptions-boxable.csv", &rows[..self.classes].concat());
        run.add("oidv6-class-descriptions.csv", &[&b"LabelName,DisplayName\r\n"[..], &rows.concat()].concat());
    }
}

/// A cell as programs read it back: these tables are not for spreadsheets, and an apostrophe before a `=` would be part of the name.
pub(crate) fn write_cell(out: &mut Vec<u8>, text: &str) {
    write_cell_between(out, text, b',', false);
}

fn cell(text: &str) -> Vec<u8> {
    let mut cell = Vec::new();
    write_cell(&mut cell, text);
    cell
}

/// Identifiers in the form of the original data set's, made from names. Their beginning keeps them apart from its own.
fn mids(names: &[String]) -> Vec<String> {
    const BITS: u64 = 0xffff_ffff_ffff;
    let mut numbers: Vec<u64> = names.iter().map(|name| hash(name.as_bytes()) & BITS).collect();
    // Names whose hashes are the same get the numbers after it.
    let order = sorted_positions(numbers.len(), &mut |a, b| numbers[a as usize] < numbers[b as usize]);
    for pair in order.windows(2) {
        let (before, at) = (numbers[pair[0] as usize], pair[1] as usize);
        numbers[at] = numbers[at].max(before + 1);
    }
    numbers.into_iter().map(|number| format!("/m/ango{number:012x}")).collect()
}

/// What an answer to a question about an image is called: `Weather: sunny`.
pub(crate) fn of_choice(title: &str, choice: &str) -> String {
    [title, ": ", choice].concat()
}

/// What answers about images can be, in project order: the choices of each question, and its title where it is one of yes or no. Questions about objects are
/// not among them.
fn image_labels(project: &Project) -> Vec<String> {
    let is_of_tool = |parent: &str| project.tools.iter().any(|tool| tool.schema_id == parent);
    let mut labels = Vec::new();
    for question in project.classifications.iter().filter(|question| !question.parent.as_deref().is_some_and(is_of_tool)) {
        if question.kind == "boolean" {
            labels.push(question.title.clone());
        }
        labels.extend(question.options.iter().map(|choice| of_choice(&question.title, choice)));
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_made_from_names() {
        let names = ["cat", "dog", ""].map(str::to_owned);
        let ids = mids(&names);
        assert_eq!(ids[0], "/m/angoeeafc5077b35", "they are the same in every version");
        assert_eq!(ids[1], mids(&names[1..])[0]);
    }
}
