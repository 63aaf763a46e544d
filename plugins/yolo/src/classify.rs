//! A class for each image: an answer to one question about images.

use std::borrow::Cow;

use ango_plugin_sdk::bytes::hash;
use ango_plugin_sdk::images::{Choice, Format, Image, Images};
use ango_plugin_sdk::number::Shown;
use ango_plugin_sdk::options::Split;
use ango_plugin_sdk::text::tokens::Tokens;
use ango_plugin_sdk::{Answer, Class, ClassTable, Classification, Failure, Found, Project, Run};

use crate::names::is_code;
use crate::options::{Layout, Options, TaskKind};
use crate::output::{Content, Header, Output};

/// Answers about images are dealt with here.
const FORMAT: Format = Format { image_answers: true, ..Format::new("YOLO") };
/// Kinds of questions that have one answer, and then others.
const KINDS: [&str; 6] = ["radio", "single-dropdown", "boolean", "checkbox", "multi-dropdown", "tree-dropdown"];

/// The question, and what its answers stand for.
struct Classes {
    question: Class,
    /// `None` if nobody said which answers there can be.
    table: Option<ClassTable>,
    /// Folders by class.
    folders: Tokens,
}

/// Converts a run to a data set for classification.
#[inline(never)]
pub(crate) fn convert(options: &Options, run: &Run, split: &Split) -> Result<(), Failure> {
    let classes = Classes::new(run.project(), options)?;
    let names: Vec<String> = classes.table.iter().flat_map(ClassTable::classes).map(|class| class.name.clone()).collect();
    let mut output = Output::new(run, options, split, &Header { task: TaskKind::Classify, classes: &names, keypoints: None });
    let choice = Choice { on_missing_size: None, names: options.names, frames: options.frames, stage: options.stage.clone() };
    let mut images = Images::new(run, FORMAT, choice);
    while let Some(image) = images.next_image()? {
        if !output.takes(run, &image) {
            continue;
        }
        for (_, object) in image.objects() {
            run.lost(image.task.index, Some(&object.object_id), "geometry-unsupported", "a data set for classification has no objects");
        }
        let Some((class, folder)) = classes.of(run, &image) else {
            let detail = format_args!("image {:?} has no answer to {:?} that is a class", image.name, classes.question.title);
            run.lost(image.task.index, None, "image-empty", detail);
            continue;
        };
        output.add(run, split.part(image.task), &image, Content::Class(class, &folder));
    }
    output.finish();
    Ok(())
}

impl Classes {
    fn new(project: &Project, options: &Options) -> Result<Self, Failure> {
        let question = question(project, &options.question)?.clone();
        let mut answers = if options.answers.is_empty() { question.options.clone() } else { options.answers.clone() };
        if answers.is_empty() && question.kind == "boolean" {
            answers = vec!["false".to_owned(), "true".to_owned()];
        }
        if answers.is_empty() {
            if options.layout == Layout::Ndjson {
                let reason = format!("the project does not say which answers {:?} has: list them, for this layout numbers them", question.title);
                return Err(Failure::option("/answers", reason));
            }
            return Ok(Self { question, table: None, folders: Tokens::default() });
        }
        let class = |(index, answer): (u32, &String)| Class {
            index,
            schema_id: answer.clone(),
            title: answer.clone(),
            kind: question.kind.clone(),
            color: None,
            options: Vec::new(),
            parent: None,
        };
        let listed: Vec<Class> = (0..).zip(&answers).map(class).collect();
        let table = ClassTable::new(&listed, &options.classes)?;
        Ok(Self { folders: Tokens::new(&table, &folder_name, |name| name.to_ascii_lowercase()), table: Some(table), question })
    }

    /// The class of an image and its folder: of several answers the first one that is a class. The rest of what was answered is reported.
    fn of<'a>(&'a self, run: &Run, image: &Image<'a>) -> Option<(u32, Cow<'a, str>)> {
        let mut found: Option<(u32, Cow<'a, str>)> = None;
        for (_, answered) in image.classifications() {
            if answered.answer == Answer::Empty {
                continue;
            }
            let lost = |code: &str, detail: &str| run.lost(image.task.index, Some(&answered.object_id), code, detail);
            if answered.schema_id != self.question.schema_id {
                lost("classification-unsupported", "answer to another question has no place");
                continue;
            }
            for text in texts(answered) {
                match (self.class(&text), &found) {
                    (Ok(class), None) => {
                        let folder = self.folder(class, &text);
                        if folder != text {
                            lost("name-changed", &format!("image is there; its class {text:?} has the folder {folder:?}"));
                        }
                        found = Some((class, folder));
                    }
                    (Ok(_), Some(_)) => lost("classification-unsupported", &format!("image is of one class, and the answer {text:?} has no place")),
                    (Err((code, detail)), _) => lost(code, &format!("answer {text:?} {detail}")),
                }
            }
        }
        found
    }

    fn class(&self, answer: &str) -> Result<u32, (&'static str, &'static str)> {
        match self.table.as_ref().map(|table| table.find(answer)) {
            None => Ok(0),
            Some(Found::Class(class)) => Ok(class),
            Some(Found::Excluded) => Err(("class-excluded", "is left out by option `classes`")),
            Some(Found::Unmapped) => Err(("class-unmapped", "is not one that the question has")),
        }
    }

    /// Where nobody said which classes there are, none can make way for another: a name that changes gets a hash.
    fn folder<'a>(&'a self, class: u32, answer: &str) -> Cow<'a, str> {
        if self.table.is_some() {
            return Cow::Borrowed(self.folders.get(class));
        }
        let name = folder_name(answer);
        if name == answer { Cow::Owned(name) } else { Cow::Owned(format!("{name}-{:016x}", hash(answer.as_bytes()))) }
    }
}

/// The question that is meant: by title or schema id, or the first about images with the kind of answers that suits best.
fn question<'a>(project: &'a Project, wanted: &str) -> Result<&'a Class, Failure> {
    let of_images = |question: &&Class| question.parent.is_none();
    let questions = || project.classifications.iter().filter(of_images);
    if !wanted.is_empty() {
        let found = questions().find(|question| question.title == wanted || question.schema_id == wanted);
        return found.ok_or_else(|| {
            let known: Vec<String> = questions().take(20).map(|question| format!("`{}`", question.title)).collect();
            Failure::option("/question", format!("there is no question about images `{wanted}`; there are {}", known.join(", ")))
        });
    }
    let found = KINDS.iter().find_map(|kind| questions().find(|question| question.kind == *kind));
    found.ok_or_else(|| Failure::option("/question", "the project has no question about images whose answers could be classes"))
}

/// The answers as texts.
fn texts(answered: &Classification) -> Vec<Cow<'_, str>> {
    match &answered.answer {
        Answer::Empty => Vec::new(),
        Answer::Text(text) => vec![Cow::Borrowed(text)],
        Answer::Choices(choices) => choices.iter().map(|choice| Cow::Borrowed(choice.as_str())).collect(),
        Answer::Flag(flag) => vec![Cow::Borrowed(if *flag { "true" } else { "false" })],
        Answer::Number(number) => vec![Cow::Owned(Shown(*number).to_string())],
        Answer::Other(json) => vec![Cow::Borrowed(json)],
    }
}

/// A name as one folder on every system. A name in `n0` gets an underscore in front: the loader would take it for a code of ImageNet.
fn folder_name(name: &str) -> String {
    /// The longest name, with room for a number or a hash behind it.
    const MAX: usize = 200;
    let is_refused = |c: char| c.is_control() || matches!(c, '\\' | '/' | ':' | '<' | '>' | '"' | '|' | '?' | '*' | '\u{2028}' | '\u{2029}');
    let mut folder: String = name.chars().map(|c| if is_refused(c) { '_' } else { c }).collect();
    let end = (0..=MAX.min(folder.len())).rev().find(|&at| folder.is_char_boundary(at)).unwrap_or(0);
    folder.truncate(end);
    let kept = folder.trim_end_matches(['.', ' ']).len();
    let tail = folder.len() - kept;
    folder.replace_range(kept.., &"_".repeat(tail));
    let device = folder.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let is_numbered = |device: &str| {
        device.len() == 4 && (device.starts_with("com") || device.starts_with("lpt")) && device.ends_with(|c: char| c.is_ascii_digit())
    };
    if ["con", "prn", "aux", "nul"].contains(&device.as_str()) || is_numbered(&device) || (folder.starts_with("n0") && !is_code(&folder)) {
        folder.insert(0, '_');
    }
    folder
}
