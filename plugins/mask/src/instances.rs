//! Numbers and names of objects, and `instances.ndjson`, which says what they stand for.

use std::collections::{HashMap, HashSet};

use ango_plugin_sdk::images::Image;
use ango_plugin_sdk::text::names;
use ango_plugin_sdk::{ClassTable, File, Run, json, number};

use crate::layers::Layer;
use crate::options::Task;

/// The path of the list.
const PATH: &str = "instances.ndjson";

/// Writes one line for each object that a mask shows.
pub(crate) struct Instances {
    file: Option<File>,
    classes: Vec<String>,
    /// Of the task with this index: the number of each object, by its position.
    numbered: Option<u64>,
    numbers: Vec<u64>,
    /// Of the image at hand: numbers or names that are taken.
    taken: Vec<bool>,
    names: HashSet<String>,
}

impl Instances {
    pub(crate) fn new(run: &Run, task: Task, table: &ClassTable) -> Self {
        let file = matches!(task, Task::Instance | Task::Object).then(|| run.section(PATH, 0, ""));
        let classes = table.classes().iter().map(|class| class.name.clone()).collect();
        Self { file, classes, numbered: None, numbers: Vec::new(), taken: Vec::new(), names: HashSet::new() }
    }

    pub(crate) fn finish(self) {
        if let Some(file) = self.file {
            file.finish();
        }
    }

    /// Starts an image.
    pub(crate) fn start_image(&mut self) {
        self.taken.clear();
        self.names.clear();
    }

    /// The number of an object, from 1: in an image its position; in pages and frames that of its track, the same in each of them.
    pub(crate) fn number(&mut self, run: &Run, image: &Image<'_>, layer: &Layer) -> u64 {
        let objects = &image.task.annotations.objects;
        let Some(at) = layer.object else { return objects.len() as u64 + 1 + u64::from(layer.class) };
        if image.page.is_none() {
            return at + 1;
        }
        if self.numbered != Some(image.task.index) {
            self.numbered = Some(image.task.index);
            let mut known: HashMap<&str, u64> = HashMap::new();
            self.numbers.clear();
            for object in objects {
                let next = known.len() as u64 + 1;
                self.numbers.push(*known.entry(&object.object_id).or_insert(next));
            }
        }
        let number = self.numbers.get(at as usize).copied().unwrap_or(at + 1);
        self.taken.resize(objects.len() + 1, false);
        if std::mem::replace(&mut self.taken[number as usize], true) {
            let id = objects.get(at as usize).map(|object| object.object_id.as_str());
            run.lost(image.task.index, id, "parts-merged", "another object of the same page has the same id, and both have one number");
        }
        number
    }

    /// Where the mask of an object is: by its id, if that can be a name, or else by its position.
    pub(crate) fn object_path(&mut self, image: &Image<'_>, layer: &Layer) -> String {
        let object = layer.object.and_then(|at| image.task.annotations.objects.get(at as usize));
        let name = match object {
            Some(object) if is_name(&object.object_id) => object.object_id.clone(),
            Some(_) => format!("object-{}", layer.object.unwrap_or(0) + 1),
            None => format!("brush-{}", u64::from(layer.class) + 1),
        };
        let mut unique = name.clone();
        let mut times = 1;
        while !self.names.insert(unique.to_ascii_lowercase()) {
            times += 1;
            unique = format!("{name}-{times}");
        }
        // A folder's name cannot end with a dot or a space, which the name of an image without its suffix may.
        let stem = names::stem(image.name);
        let folder = if stem.ends_with(['.', ' ']) { image.name } else { stem };
        format!("masks/{folder}/{unique}.png")
    }

    /// Lists what a mask shows.
    pub(crate) fn add(&mut self, path: &str, image: &Image<'_>, layer: &Layer, pixels: u64, value: impl FnOnce(&mut Vec<u8>)) {
        let Some(file) = &mut self.file else { return };
        let out = file.buffer();
        out.extend_from_slice(b"{\"mask\":");
        json::write_string(out, path);
        out.extend_from_slice(b",\"value\":");
        value(out);
        out.extend_from_slice(b",\"object_id\":");
        match layer.object.and_then(|at| image.task.annotations.objects.get(at as usize)) {
            Some(object) => json::write_string(out, &object.object_id),
            None => out.extend_from_slice(b"null"),
        }
        out.extend_from_slice(b",\"class_id\":");
        number::write_u64(out, u64::from(layer.class) + 1);
        out.extend_from_slice(b",\"class\":");
        json::write_string(out, self.classes.get(layer.class as usize).map_or("", String::as_str));
        out.extend_from_slice(b",\"pixels\":");
        number::write_u64(out, pixels);
        out.extend_from_slice(b"}\n");
    }
}

/// Whether an id can be the name of a file on every system.
fn is_name(id: &str) -> bool {
    const RESERVED: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];
    let plain = (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    plain && !(id.len() <= 4 && RESERVED.iter().any(|reserved| id.to_ascii_lowercase().starts_with(reserved)))
}
