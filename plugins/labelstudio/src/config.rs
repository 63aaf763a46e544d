//! `config.xml`: the labeling configuration that the ontology makes, and which of its controls says what.

use ango_plugin_sdk::labels::{Label, Labels};
use ango_plugin_sdk::text::xml::write_attribute;
use ango_plugin_sdk::{Class, ClassIndex, ClassTable, Object, Project, Run};

use crate::options::{Holes, Options, Tasks};

/// A control with labels: what regions are drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Control {
    Rectangles,
    Polygons,
    Vectors,
    Keypoints,
    Brush,
    /// Of texts and of videos.
    Labels,
}

impl Control {
    const ALL: [Self; 6] = [Self::Rectangles, Self::Polygons, Self::Vectors, Self::Keypoints, Self::Brush, Self::Labels];

    /// The name of the control, which results refer to.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rectangles => "rectangles",
            Self::Polygons => "polygons",
            Self::Vectors => "vectors",
            Self::Keypoints => "keypoints",
            Self::Brush => "brush",
            Self::Labels => "labels",
        }
    }

    /// The type of its results, which is also the key of a region's labels.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Rectangles => "rectanglelabels",
            Self::Polygons => "polygonlabels",
            Self::Vectors => "vectorlabels",
            Self::Keypoints => "keypointlabels",
            Self::Brush => "brushlabels",
            Self::Labels => "labels",
        }
    }

    fn tag(self) -> &'static [u8] {
        match self {
            Self::Rectangles => b"RectangleLabels",
            Self::Polygons => b"PolygonLabels",
            Self::Vectors => b"VectorLabels",
            Self::Keypoints => b"KeyPointLabels",
            Self::Brush => b"BrushLabels",
            Self::Labels => b"Labels",
        }
    }

    /// Whether objects of a tool can be drawn with it.
    fn is_of(self, tool: &str, options: &Options) -> bool {
        let is_box = matches!(tool, "bounding-box" | "rotated-bounding-box");
        match options.tasks {
            Tasks::Texts => self == Self::Labels && tool == "ner",
            Tasks::Videos => self == Self::Labels && (is_box || matches!(tool, "polygon" | "segmentation")),
            Tasks::Images => match self {
                Self::Rectangles => is_box,
                // What is left of a rotated box that is cut is a polygon.
                Self::Polygons => matches!(tool, "polygon" | "segmentation" | "rotated-bounding-box"),
                Self::Vectors => matches!(tool, "polyline" | "spline"),
                Self::Keypoints => tool == "point",
                Self::Brush => tool.contains("brush") || (tool == "segmentation" && options.holes == Holes::Brush),
                Self::Labels => false,
            },
        }
    }
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Choices,
    Taxonomy,
    Text,
}

/// A question as a control.
#[derive(Debug)]
pub(crate) struct Question {
    /// The name of the control.
    pub(crate) name: String,
    pub(crate) form: Form,
    /// Names of labels whose regions it is about; empty if it is about the whole.
    labels: Vec<String>,
    is_per_region: bool,
}

/// The controls of the project.
#[derive(Debug)]
pub(crate) struct Config {
    labels: Labels,
    /// By label: the controls that have it.
    controls: Vec<Vec<Control>>,
    questions: Vec<Question>,
    index: ClassIndex,
}

impl Config {
    pub(crate) fn new(project: &Project, table: &ClassTable, options: &Options) -> Self {
        let labels = Labels::of_xml(project, table, false);
        let mut controls = vec![Vec::new(); labels.list().len()];
        for (class, entry) in (0..).zip(table.classes()) {
            let tools = entry.sources.iter().filter_map(|&source| project.tools.get(source as usize));
            let Some(list) = controls.get_mut(labels.of_class(class) as usize) else { continue };
            for tool in tools {
                for control in Control::ALL.into_iter().filter(|control| control.is_of(&tool.kind, options)) {
                    if !list.contains(&control) {
                        list.push(control);
                    }
                }
            }
        }
        let mut questions: Vec<Question> = Vec::with_capacity(project.classifications.len());
        for question in &project.classifications {
            let name = control_name(question, &questions);
            let owners = labels.list().iter().filter(|label| label.has(&question.title)).map(|label| label.name.clone()).collect();
            let is_per_region = is_nested_in_tool(project, question);
            questions.push(Question { name, form: form(question), labels: if is_per_region { owners } else { Vec::new() }, is_per_region });
        }
        Self { labels, controls, questions, index: ClassIndex::new(&project.classifications) }
    }

    /// The label of a class by its position in the table of classes.
    pub(crate) fn label(&self, class: u32) -> Option<&Label> {
        self.labels.get(self.labels.of_class(class))
    }

    /// Reports an object that is written under another name than its class has.
    pub(crate) fn report_name(&self, run: &Run, task: u64, object: &Object, class: &str, label: &Label) {
        if label.name != class {
            let detail = format_args!("label {class:?} is empty or has characters that XML cannot hold, and is written {:?}", label.name);
            run.lost(task, Some(&object.object_id), "name-changed", detail);
        }
    }

    /// Whether a control has the label of a class.
    pub(crate) fn has(&self, class: u32, control: Control) -> bool {
        self.controls.get(self.labels.of_class(class) as usize).is_some_and(|controls| controls.contains(&control))
    }

    /// The control of a question; `None` if the ontology has no such question.
    pub(crate) fn question(&self, schema_id: &str) -> Option<&Question> {
        self.questions.get(self.index.find(schema_id)? as usize)
    }

    /// The file.
    pub(crate) fn xml(&self, project: &Project, options: &Options) -> Vec<u8> {
        let mut out = b"<View>\n".to_vec();
        if !project.relations.is_empty() {
            out.extend_from_slice(b"  <Relations>\n");
            for relation in &project.relations {
                out.extend_from_slice(b"    <Relation value=\"");
                write_attribute(&mut out, &relation.title);
                out.extend_from_slice(b"\"/>\n");
            }
            out.extend_from_slice(b"  </Relations>\n");
        }
        let object = options.tasks.name();
        match options.tasks {
            Tasks::Images => out.extend_from_slice(b"  <Image name=\"image\" value=\"$image\"/>\n"),
            // The rate is that of each video by itself.
            Tasks::Videos => out.extend_from_slice(
                b"  <Video name=\"video\" value=\"$video\" framerate=\"$framerate\"/>\n  <VideoRectangle name=\"box\" toName=\"video\"/>\n",
            ),
            Tasks::Texts => out.extend_from_slice(b"  <Text name=\"text\" value=\"$text\" valueType=\"url\"/>\n"),
        }
        for control in Control::ALL {
            self.write_control(&mut out, control, object);
        }
        for (question, class) in self.questions.iter().zip(&project.classifications) {
            write_question(&mut out, question, class, object);
        }
        out.extend_from_slice(b"</View>\n");
        out
    }

    fn write_control(&self, out: &mut Vec<u8>, control: Control, object: &str) {
        let mut labels = self.labels.list().iter().zip(&self.controls).filter(|(_, controls)| controls.contains(&control)).peekable();
        if labels.peek().is_none() {
            return;
        }
        out.extend_from_slice(b"  <");
        out.extend_from_slice(control.tag());
        for (key, value) in [(&b" name=\""[..], control.name()), (b"\" toName=\"", object)] {
            out.extend_from_slice(key);
            out.extend_from_slice(value.as_bytes());
        }
        out.extend_from_slice(b"\">\n");
        for (label, _) in labels {
            out.extend_from_slice(b"    <Label value=\"");
            write_attribute(out, &label.name);
            if let Some(color) = &label.color {
                out.extend_from_slice(b"\" background=\"");
                write_attribute(out, color);
            }
            out.extend_from_slice(b"\"/>\n");
        }
        out.extend_from_slice(b"  </");
        out.extend_from_slice(control.tag());
        out.extend_from_slice(b">\n");
    }
}

fn write_question(out: &mut Vec<u8>, question: &Question, class: &Class, object: &str) {
    out.extend_from_slice(b"  <Header value=\"");
    write_attribute(out, &class.title);
    out.extend_from_slice(b"\"/>\n  <");
    let tag: &[u8] = match question.form {
        Form::Choices => b"Choices",
        Form::Taxonomy => b"Taxonomy",
        Form::Text => b"TextArea",
    };
    out.extend_from_slice(tag);
    out.extend_from_slice(b" name=\"");
    out.extend_from_slice(question.name.as_bytes());
    out.extend_from_slice(b"\" toName=\"");
    out.extend_from_slice(object.as_bytes());
    out.push(b'"');
    if question.is_per_region {
        out.extend_from_slice(b" perRegion=\"true\"");
        // Names stand between commas.
        if !question.labels.is_empty() && !question.labels.iter().any(|label| label.contains(',')) {
            out.extend_from_slice(b" visibleWhen=\"region-selected\" whenLabelValue=\"");
            write_attribute(out, &question.labels.join(","));
            out.push(b'"');
        }
    }
    match (question.form, class.kind.as_str()) {
        (Form::Choices, "single-dropdown") => out.extend_from_slice(b" choice=\"single\" layout=\"select\">\n"),
        (Form::Choices, "radio" | "boolean") => out.extend_from_slice(b" choice=\"single\">\n"),
        (Form::Choices, _) => out.extend_from_slice(b" choice=\"multiple\">\n"),
        (Form::Taxonomy, _) => out.extend_from_slice(b">\n"),
        (Form::Text, _) => return out.extend_from_slice(b"/>\n"),
    }
    match question.form {
        Form::Taxonomy => write_tree(out, &class.options),
        _ if class.kind == "boolean" => ["true", "false"].into_iter().for_each(|option| write_choice(out, option, b"\"/>\n")),
        _ => class.options.iter().for_each(|option| write_choice(out, option, b"\"/>\n")),
    }
    out.extend_from_slice(b"  </");
    out.extend_from_slice(tag);
    out.extend_from_slice(b">\n");
}

fn write_choice(out: &mut Vec<u8>, value: &str, end: &[u8]) {
    out.extend_from_slice(b"    <Choice value=\"");
    write_attribute(out, value);
    out.extend_from_slice(end);
}

/// Paths (`Trunk`, `Trunk / Branch`, ...) as choices within each other. A loop, as calls could be nested too deep by hostile options.
fn write_tree(out: &mut Vec<u8>, paths: &[String]) {
    let mut open: Vec<&str> = Vec::new();
    for path in paths {
        while open.last().is_some_and(|outer| step_within(path, outer).is_none()) {
            open.pop();
            out.extend_from_slice(b"    </Choice>\n");
        }
        let name = open.last().and_then(|outer| step_within(path, outer)).unwrap_or(path);
        write_choice(out, name, b"\">\n");
        open.push(path);
    }
    open.iter().for_each(|_| out.extend_from_slice(b"    </Choice>\n"));
}

/// What stands between the steps of a path.
pub(crate) const STEP: &str = " / ";

/// What follows the outer path, if the path is within it.
fn step_within<'a>(path: &'a str, outer: &str) -> Option<&'a str> {
    path.strip_prefix(outer)?.strip_prefix(STEP)
}

/// How a question is answered: as a text where nobody says what can be chosen, as in a bare export.
fn form(question: &Class) -> Form {
    match question.kind.as_str() {
        "boolean" => Form::Choices,
        "tree-dropdown" if !question.options.is_empty() => Form::Taxonomy,
        "radio" | "single-dropdown" | "checkbox" | "multi-dropdown" | "rank" if !question.options.is_empty() => Form::Choices,
        _ => Form::Text,
    }
}

/// The name of a question's control: what is plain of its title, and different from all others.
fn control_name(question: &Class, known: &[Question]) -> String {
    let plain: String = question
        .title
        .chars()
        .filter_map(|c| if c.is_ascii_alphanumeric() { Some(c.to_ascii_lowercase()) } else { (c == ' ').then_some('_') })
        .take(40)
        .collect();
    let base = if plain.trim_matches('_').is_empty() { "question".to_owned() } else { plain };
    let is_taken = |name: &str| {
        known.iter().any(|question| question.name == name)
            || Control::ALL.iter().any(|control| control.name() == name)
            || matches!(name, "image" | "video" | "text" | "box")
    };
    (1_u64..).map(|number| if number == 1 { base.clone() } else { format!("{base}_{number}") }).find(|name| !is_taken(name)).unwrap_or(base)
}

/// Whether a question is about objects.
fn is_nested_in_tool(project: &Project, question: &Class) -> bool {
    let mut at = question;
    for _ in &project.classifications {
        let Some(parent) = at.parent.as_deref() else { return false };
        match project.classifications.iter().find(|outer| outer.schema_id == parent) {
            Some(outer) => at = outer,
            None => return true,
        }
    }
    false
}
