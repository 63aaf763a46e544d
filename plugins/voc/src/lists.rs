//! `ImageSets`: which images are in which part of the data set, and `labelmap.txt`.

use std::fmt::Write;

use ango_plugin_sdk::options::{Part, Split};
use ango_plugin_sdk::{ClassTable, File, Level, Run};

use crate::palette::color;

/// The lists, and the parts whose images each names.
const LISTS: [(&str, &[Part]); 4] =
    [("train", &[Part::Train]), ("val", &[Part::Val]), ("trainval", &[Part::Train, Part::Val]), ("test", &[Part::Test])];

/// The lists that there are with a split.
pub(crate) fn lists_of(split: &Split) -> impl Iterator<Item = (&'static str, &'static [Part])> {
    LISTS.into_iter().filter(|(_, parts)| parts.iter().any(|part| split.has(*part)))
}

/// The lists of one shard, of those parts that there can be.
pub(crate) struct Lists(Vec<List>);

struct List {
    parts: &'static [Part],
    file: File,
    /// The same of images with masks, in `Segmentation`.
    segmented: Option<File>,
}

impl Lists {
    /// Starts the lists; with `masks` also those of images with masks.
    pub(crate) fn new(run: &Run, root: &str, split: &Split, masks: bool) -> Self {
        // Every shard opens them, so that a list exists also when it is empty.
        let open = |folder: &str, name: &str| run.section(&[root, "ImageSets/", folder, "/", name, ".txt"].concat(), 0, "");
        let list = |(name, parts)| List { parts, file: open("Main", name), segmented: masks.then(|| open("Segmentation", name)) };
        Self(lists_of(split).map(list).collect())
    }

    pub(crate) fn add(&mut self, part: Part, stem: &str, segmented: bool) {
        for list in self.0.iter_mut().filter(|list| list.parts.contains(&part)) {
            for file in [Some(&mut list.file), list.segmented.as_mut().filter(|_| segmented)].into_iter().flatten() {
                let line = file.buffer();
                line.extend_from_slice(stem.as_bytes());
                line.push(b'\n');
            }
        }
    }

    pub(crate) fn finish(self) {
        for list in self.0 {
            list.file.finish();
            if let Some(file) = list.segmented {
                file.finish();
            }
        }
    }
}

/// `labelmap.txt`: the classes and their colours in masks, as CVAT and Datumaro read it. Without it they know the classes of the original data set only.
pub(crate) fn label_map(run: &Run, classes: &ClassTable) -> String {
    let mut text = "# label:color_rgb:parts:actions\nbackground:0,0,0::\n".to_owned();
    for (at, own) in classes.classes().iter().map(|class| class.name.as_str()).enumerate() {
        let is_odd = |c: char| c == ':' || c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        let mut name = own.trim().replace(is_odd, "_");
        if name.is_empty() || name.starts_with('#') {
            name.insert(0, '_');
        }
        if name != own {
            run.log(Level::Warning, &format!("labelmap.txt calls class {own:?} {name:?}, as it cannot hold its name; annotations do"));
        }
        let [r, g, b] = color(at + 1);
        let _ = writeln!(text, "{name}:{r},{g},{b}::");
    }
    text
}
