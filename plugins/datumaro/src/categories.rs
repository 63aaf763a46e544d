//! The labels: classes, and what can be chosen of an image.

use ango_plugin_sdk::json::{write_string, write_strings};
use ango_plugin_sdk::labels::Labels;
use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::{Class, Project, time};

/// The labels of the data set, which Datumaro finds by position or by name.
#[derive(Debug)]
pub(crate) struct Categories {
    labels: Labels,
    /// Labels of options, `Weather: rain`, which come after those of classes.
    options: Vec<String>,
    groups: Vec<Group>,
}

/// Options of which one image has at most one.
#[derive(Debug)]
struct Group {
    question: String,
    labels: Vec<String>,
}

impl Categories {
    pub(crate) fn new(project: &Project, labels: Labels) -> Self {
        let mut categories = Self { labels, options: Vec::new(), groups: Vec::new() };
        let is_of_images = |question: &&Class| is_of_images(project, question);
        for question in project.classifications.iter().filter(is_of_images) {
            let names: Vec<String> = question.options.iter().map(|option| name(&question.title, option)).collect();
            for name in &names {
                if categories.find(name).is_none() {
                    categories.options.push(name.clone());
                }
            }
            if matches!(question.kind.as_str(), "radio" | "single-dropdown") && !names.is_empty() {
                let known = categories.groups.iter_mut().find(|group| group.question == question.title);
                match known {
                    Some(group) => group.labels.extend(names),
                    None => categories.groups.push(Group { question: question.title.clone(), labels: names }),
                }
            }
        }
        categories
    }

    /// The label of a class by its position in the table of classes.
    pub(crate) fn of_class(&self, class: u32) -> u32 {
        self.labels.of_class(class)
    }

    /// The label of what was chosen of an image; `None` if it is none of the ontology's options.
    pub(crate) fn of_choice(&self, question: &str, choice: &str) -> Option<u32> {
        self.find(&name(question, choice))
    }

    fn find(&self, name: &str) -> Option<u32> {
        let after = self.labels.list().len();
        let option = || self.options.iter().position(|option| option == name).map(|at| at + after);
        self.labels.find(name).or_else(|| option().and_then(|at| u32::try_from(at).ok()))
    }

    /// Everything of a file up to the first item.
    pub(crate) fn write_head(&self, out: &mut Vec<u8>, project: &Project) {
        // 2 is an image.
        out.extend_from_slice(b"{\"dm_format_version\":\"1.0\",\"media_type\":2,\"infos\":{\"description\":");
        write_string(out, &project.name);
        if let Some(at) = project.exported_at {
            out.extend_from_slice(b",\"date_created\":");
            write_string(out, &time::format_iso(at));
        }
        out.extend_from_slice(b"},\n\"categories\":{\"label\":{\"labels\":[");
        let classes = self.labels.list().iter().map(|label| (label.name.as_str(), &label.attributes[..]));
        for (at, (name, attributes)) in classes.chain(self.options.iter().map(|name| (name.as_str(), &[][..]))).enumerate() {
            out.extend_from_slice(if at == 0 { b"\n{\"name\":" } else { b",\n{\"name\":" });
            write_string(out, name);
            out.extend_from_slice(b",\"parent\":\"\",\"attributes\":");
            write_strings(out, &attributes.iter().map(|attribute| attribute.name.as_str()).collect::<Vec<_>>());
            out.push(b'}');
        }
        out.extend_from_slice(b"],\"label_groups\":[");
        for (at, group) in self.groups.iter().enumerate() {
            out.extend_from_slice(if at == 0 { b"\n{\"name\":" } else { b",\n{\"name\":" });
            write_string(out, if group.question.is_empty() { "unnamed" } else { &group.question });
            out.extend_from_slice(b",\"group_type\":\"exclusive\",\"labels\":");
            write_strings(out, &group.labels);
            out.push(b'}');
        }
        out.extend_from_slice(b"],\"attributes\":[\"objectId\",\"ocr\",\"track_id\"]},\"mask\":{\"colormap\":[");
        let colors = (0..).zip(self.labels.list()).filter_map(|(at, label)| Some((at, color(label.color.as_deref()?)?)));
        for (number, (label, [red, green, blue])) in colors.enumerate() {
            if number > 0 {
                out.push(b',');
            }
            for (key, value) in [(&b"{\"label_id\":"[..], label), (b",\"r\":", red.into()), (b",\"g\":", green.into()), (b",\"b\":", blue.into())] {
                out.extend_from_slice(key);
                write_u64(out, value);
            }
            out.push(b'}');
        }
        out.extend_from_slice(b"]}},\n\"items\":[\n");
    }
}

/// Whether a question is about images, and not about objects of a class.
fn is_of_images(project: &Project, question: &Class) -> bool {
    let mut at = question;
    for _ in &project.classifications {
        let Some(parent) = at.parent.as_deref() else { return true };
        match project.classifications.iter().find(|outer| outer.schema_id == parent) {
            Some(outer) => at = outer,
            None => return false,
        }
    }
    false
}

fn name(question: &str, choice: &str) -> String {
    format!("{question}: {choice}")
}

fn color(text: &str) -> Option<[u8; 3]> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
    Some([red, green, blue])
}
