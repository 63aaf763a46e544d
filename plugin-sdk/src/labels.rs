//! Labels of formats that find them by name, and that declare the attributes which a label can have.
//!
//! Classes of one name are one label there, as a reader could not tell them apart; so are a class and a question about images of one name. Questions
//! that are nested in a class or in a question about images, however deep, are attributes of its label; those of one title are one attribute.

use crate::class_table::{ClassTable, Found};
use crate::text::xml;
use crate::types::{Class, Project};

/// What a label is called whose class has no name: readers refuse an empty one.
const UNNAMED: &str = "unnamed";

/// The labels of a project: classes first, then questions about images.
#[derive(Clone, Debug)]
pub struct Labels {
    list: Vec<Label>,
    /// Makes a name one that the format can hold.
    clean: fn(&str) -> String,
    /// By position in the table of classes.
    of_class: Vec<u32>,
}

/// A label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// What it is called; never empty. Another name than the class's own is to be reported.
    pub name: String,
    /// `#rrggbb` of the first class that it stands for.
    pub color: Option<String>,
    /// Whether objects can have it.
    pub is_class: bool,
    /// What can be said about what has it.
    pub attributes: Vec<Attribute>,
}

/// Something that can be said about what has a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The title of the question.
    pub name: String,
    /// The kind of the question (`radio`, `text`, ...); empty if questions of several kinds have that title.
    pub kind: String,
    /// What can be chosen, over all questions of that title.
    pub options: Vec<String>,
}

impl Labels {
    /// The labels of a project, in the order of the table of classes and then of the questions. Without `image_questions` there are those of classes only.
    pub fn new(project: &Project, table: &ClassTable, image_questions: bool) -> Self {
        Self::cleaned(project, table, image_questions, str::to_owned)
    }

    /// The same with names as XML can hold them: U+FFFD is in the place of a character that it cannot.
    pub fn of_xml(project: &Project, table: &ClassTable, image_questions: bool) -> Self {
        Self::cleaned(project, table, image_questions, |name| name.chars().map(|c| if xml::is_char(c) { c } else { '\u{fffd}' }).collect())
    }

    #[inline(never)]
    fn cleaned(project: &Project, table: &ClassTable, image_questions: bool, clean: fn(&str) -> String) -> Self {
        let mut labels = Self { list: Vec::new(), clean, of_class: Vec::new() };
        for class in table.classes() {
            let label = labels.named(&class.name, class.color.as_deref());
            labels.list[label].is_class = true;
            labels.of_class.push(index(label));
        }
        for question in &project.classifications {
            let label = match root(project, question) {
                Root::Class(schema_id) => match table.find(schema_id) {
                    Found::Class(class) => labels.of_class(class) as usize,
                    Found::Excluded | Found::Unmapped => continue,
                },
                Root::Image(_) if !image_questions => continue,
                Root::Image(root) => labels.named(&root.title, None),
            };
            if let Some(label) = labels.list.get_mut(label) {
                label.add(question);
            }
        }
        labels
    }

    /// All labels; positions are label ids from 0.
    pub fn list(&self) -> &[Label] {
        &self.list
    }

    /// The label of a class by its position in the table of classes.
    #[inline]
    pub fn of_class(&self, class: u32) -> u32 {
        self.of_class.get(class as usize).copied().unwrap_or(0)
    }

    /// The label at a position.
    #[inline]
    pub fn get(&self, label: u32) -> Option<&Label> {
        self.list.get(label as usize)
    }

    /// The label of what has this name in the project.
    pub fn find(&self, name: &str) -> Option<u32> {
        let name = self.written(name);
        self.list.iter().position(|label| label.name == name).map(index)
    }

    /// A name as it is written.
    fn written(&self, name: &str) -> String {
        if name.is_empty() { UNNAMED.to_owned() } else { (self.clean)(name) }
    }

    /// The label of this name, made if there is none.
    fn named(&mut self, name: &str, color: Option<&str>) -> usize {
        if let Some(known) = self.find(name) {
            return known as usize;
        }
        self.list.push(Label { name: self.written(name), color: color.map(str::to_owned), is_class: false, attributes: Vec::new() });
        self.list.len() - 1
    }
}

impl Label {
    /// Whether it declares an attribute of this name.
    #[inline]
    pub fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|attribute| attribute.name == name)
    }

    fn add(&mut self, question: &Class) {
        if let Some(known) = self.attributes.iter_mut().find(|attribute| attribute.name == question.title) {
            if known.kind != question.kind {
                known.kind.clear();
            }
            for option in &question.options {
                if !known.options.contains(option) {
                    known.options.push(option.clone());
                }
            }
            return;
        }
        self.attributes.push(Attribute { name: question.title.clone(), kind: question.kind.clone(), options: question.options.clone() });
    }
}

enum Root<'a> {
    /// A class, by its schema id.
    Class(&'a str),
    /// A question about images.
    Image(&'a Class),
}

/// What a question is nested in at last.
fn root<'a>(project: &'a Project, question: &'a Class) -> Root<'a> {
    let mut at = question;
    // Not more steps than there are questions, should they be nested in a circle.
    for _ in &project.classifications {
        let Some(parent) = at.parent.as_deref() else { return Root::Image(at) };
        match project.classifications.iter().find(|question| question.schema_id == parent) {
            Some(outer) => at = outer,
            None => return Root::Class(parent),
        }
    }
    Root::Image(question)
}

fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::testkit::derive_project;

    fn class(schema_id: &str, title: &str, kind: &str, options: &[&str], parent: Option<&str>) -> Class {
        let options = options.iter().map(|&option| option.to_owned()).collect();
        Class {
            index: 0,
            schema_id: schema_id.into(),
            title: title.into(),
            kind: kind.into(),
            color: Some(format!("#{schema_id}")),
            options,
            parent: parent.map(str::to_owned),
        }
    }

    fn project() -> Project {
        let mut project = derive_project(&[]);
        project.tools =
            vec![class("t0", "car", "polygon", &[], None), class("t1", "sky", "polygon", &[], None), class("t2", "car", "bounding-box", &[], None)];
        project.classifications = vec![
            class("q0", "colour", "radio", &["red", "blue"], Some("t0")),
            class("q1", "coat", "radio", &["matt"], Some("q0")),
            class("q2", "colour", "radio", &["blue", "green"], Some("t2")),
            class("q3", "coat", "text", &[], Some("t2")),
            class("q4", "weather", "radio", &["rain"], None),
            class("q5", "strength", "text", &[], Some("q4")),
            class("q6", "sky", "text", &[], None),
            class("loop", "loop", "text", &[], Some("loop")),
        ];
        for list in [&mut project.tools, &mut project.classifications] {
            (0..).zip(list).for_each(|(index, class)| class.index = index);
        }
        project
    }

    #[test]
    fn what_is_called_the_same_is_one_label() {
        let project = project();
        let table = ClassTable::new(&project.tools, &Default::default()).unwrap();
        let labels = Labels::new(&project, &table, true);
        let names: Vec<&str> = labels.list().iter().map(|label| label.name.as_str()).collect();
        assert_eq!(names, ["car", "sky", "weather", "loop"]);
        assert_eq!([0, 1, 2].map(|class| labels.of_class(class)), [0, 1, 0]);
        let car = labels.get(0).unwrap();
        let attribute = |name: &str, kind: &str, options: &[&str]| Attribute {
            name: name.into(),
            kind: kind.into(),
            options: options.iter().map(|&option| option.to_owned()).collect(),
        };
        assert_eq!(car.attributes, [attribute("colour", "radio", &["red", "blue", "green"]), attribute("coat", "", &["matt"])]);
        assert_eq!((car.color.as_deref(), car.is_class), (Some("#t0"), true));
        // A question about images and a class of one title.
        assert_eq!(labels.get(1).unwrap().attributes, [attribute("sky", "text", &[])]);
        let weather = labels.get(labels.find("weather").unwrap()).unwrap();
        assert!(weather.has("weather") && weather.has("strength") && !weather.has("coat") && !weather.is_class);
    }

    #[test]
    fn names_are_never_empty_and_those_that_xml_makes_the_same_are_one() {
        let mut project = project();
        for (class, title) in project.tools.iter_mut().zip(["", "a\u{1}", "a\u{2}"]) {
            class.title = title.to_owned();
        }
        let table = ClassTable::new(&project.tools, &Default::default()).unwrap();
        let names = |labels: Labels| labels.list().iter().map(|label| label.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(Labels::new(&project, &table, false)), ["unnamed", "a\u{1}", "a\u{2}"]);
        let labels = Labels::of_xml(&project, &table, false);
        assert_eq!((labels.find("a\u{2}"), labels.find("")), (Some(1), Some(0)));
        assert_eq!(names(labels), ["unnamed", "a\u{fffd}"]);
    }

    #[test]
    fn questions_about_images_and_of_classes_left_out_can_be_missing() {
        let project = project();
        let table = ClassTable::new(&project.tools, &serde_json::from_str(r#"{"exclude":["t0"]}"#).unwrap()).unwrap();
        let labels = Labels::new(&project, &table, false);
        let names: Vec<&str> = labels.list().iter().map(|label| label.name.as_str()).collect();
        assert_eq!(names, ["sky", "car"]);
        assert_eq!(labels.get(1).unwrap().attributes[0].options, ["blue", "green"]);
    }
}
