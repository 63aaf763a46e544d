//! Where the images of a data set go: into a folder, or into one file of records.

use ango_plugin_sdk::Run;
use ango_plugin_sdk::images::Image;
use ango_plugin_sdk::keypoints::Names;
use ango_plugin_sdk::options::{Part, Split};

use crate::folder::Folder;
use crate::ndjson::Ndjson;
use crate::options::{Layout, Options, TaskKind};
use crate::paths::image_name;

/// What is said about the data set as a whole.
pub(crate) struct Header<'a> {
    pub(crate) task: TaskKind,
    /// Names of classes, in order.
    pub(crate) classes: &'a [String],
    /// The keypoints, of poses.
    pub(crate) keypoints: Option<&'a Names>,
}

/// What an image has.
#[derive(Clone, Copy)]
pub(crate) enum Content<'a> {
    /// Label rows, a line for each.
    Rows(&'a [u8]),
    /// A class: its number, and the folder of its images.
    Class(u32, &'a str),
}

/// One of the two.
pub(crate) enum Output {
    Folder(Folder),
    Ndjson(Ndjson),
}

impl Output {
    pub(crate) fn new(run: &Run, options: &Options, split: &Split, header: &Header<'_>) -> Self {
        match options.layout {
            Layout::Folder => Self::Folder(Folder::new(run, options, split, header)),
            Layout::Ndjson => Self::Ndjson(Ndjson::new(run, options, split, header)),
        }
    }

    /// Whether the image can be in the data set at all; if not, that is reported.
    pub(crate) fn takes(&self, run: &Run, image: &Image<'_>) -> bool {
        match self {
            Self::Folder(_) => true,
            Self::Ndjson(ndjson) => ndjson.takes(run, image),
        }
    }

    /// Adds an image, and reports what the loader will not like about its file.
    pub(crate) fn add(&mut self, run: &Run, part: Part, image: &Image<'_>, content: Content<'_>) {
        let name = image_name(image.name, image.url);
        let task = image.task.index;
        if name != image.name {
            let detail = format_args!("{:?} is called {name:?}, so that Ultralytics takes it for an image", image.name);
            run.lost(task, None, "file-name-changed", detail);
        }
        if image.size.is_some_and(|(width, height)| width < 10 || height < 10) && matches!(content, Content::Rows(_)) {
            run.lost(task, None, "image-too-small", "image is there, but Ultralytics passes over images that are less than 10 pixels wide or high");
        }
        match self {
            Self::Folder(folder) => folder.add(run, part, image, &name, content),
            Self::Ndjson(ndjson) => ndjson.add(part, image, &name, content),
        }
    }

    pub(crate) fn finish(self) {
        match self {
            Self::Folder(folder) => folder.finish(),
            Self::Ndjson(ndjson) => ndjson.finish(),
        }
    }
}
