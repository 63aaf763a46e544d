//! The images of an export, one after the other: what every converter to a format of images begins with.
//!
//! A task is one image, or several: pages of a document, frames of a video. [`Images`] applies what people chose (a stage, names, sizes), hands
//! out each image with the objects on it, and reports once per task what no format of images holds or this one does not. What is left to the
//! converter is its format.

mod areas;
mod brush;
mod canvas;
mod drawings;
mod format;
mod list;
mod media;
mod pages;
mod size;
mod tasks;

pub use areas::Areas;
pub use brush::{Brush, BrushRun, brush_parts};
pub use canvas::{Canvas, write_row};
pub use drawings::{Drawings, Drawn};
pub use format::Format;
pub use list::ImageList;
pub use media::{Media, frame_name};
pub use pages::page_of;
pub use tasks::{PreparedTasks, annotations_of};

use crate::options::{Empty, Frames, MissingSize, Names};
use crate::run::Run;
use crate::text;
use crate::types::{Classification, Failure, Object, Task};
use pages::{Page, Pages};

use size::{Sizes, Wanted};

/// Width and height in pixels, where they are known.
type Size = Option<(u32, u32)>;

/// What people chose for the images of a run, by their shared options.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// `on_missing_size`; `None` in a format that does without sizes: nothing is asked then, and no image left out.
    pub on_missing_size: Option<MissingSize>,
    /// `names`.
    pub names: Names,
    /// `frames`.
    pub frames: Frames,
    /// `stage`; empty for the final annotations.
    pub stage: String,
}

/// Goes through the images of a shard.
///
/// ```
/// # use ango_plugin_sdk::{Run, Failure, images::{Choice, Format, Images}};
/// # fn convert(run: &Run) -> Result<(), Failure> {
/// let mut images = Images::new(run, Format::new("Boxes"), Choice::default());
/// while let Some(image) = images.next_image()? {
///     for (position, object) in image.objects() {
///         let _ = (image.annotation_id(position), object);
///     }
/// }
/// # Ok(())
/// # }
/// ```
pub struct Images<'a> {
    run: &'a Run,
    choice: Choice,
    tasks: PreparedTasks<'a>,
    sizes: Sizes,
    task: Option<Task>,
    pages: Pages,
    name: String,
}

/// An image: the only one of a task, a page or a frame.
#[derive(Clone, Copy, Debug)]
pub struct Image<'a> {
    /// The task that it is of; with a stage chosen, with the annotations of that stage.
    pub task: &'a Task,
    /// Where the file of the image belongs, by [`Names`]: unique in the export, safe on every system. A page or frame is
    /// `FILE/000001.jpg`, counted from 1.
    pub name: &'a str,
    /// The link to the image; of a frame, that to its video.
    pub url: &'a str,
    /// Width and height in pixels; `None` only in formats that do without ([`Choice::on_missing_size`]).
    pub size: Option<(u32, u32)>,
    /// The page or frame, from 0; `None` if the task is one image.
    pub page: Option<u32>,
    /// Whether the image is a frame of a video.
    pub is_frame: bool,
    objects: &'a [u32],
    answers: &'a [u32],
    is_first: bool,
    has_own_ids: bool,
}

impl<'a> Images<'a> {
    /// Starts at the first task of the shard.
    pub fn new(run: &'a Run, format: Format, choice: Choice) -> Self {
        let tasks = PreparedTasks::new(run, format, &choice.stage);
        Self { run, choice, tasks, sizes: Sizes::default(), task: None, pages: Pages::default(), name: String::new() }
    }

    /// The next image; `None` after the last.
    ///
    /// # Errors
    ///
    /// When an image has no size and [`MissingSize::Error`] is chosen.
    pub fn next_image(&mut self) -> Result<Option<Image<'_>>, Failure> {
        let Some((page, size)) = self.advance()? else { return Ok(None) };
        let Some(task) = &self.task else { return Ok(None) };
        Ok(Some(Image {
            task,
            name: &self.name,
            url: page_url(task, page.number),
            size,
            page: page.number,
            is_frame: self.pages.is_video(),
            objects: self.pages.objects(&page),
            answers: self.pages.answers(&page),
            is_first: page.is_first,
            has_own_ids: !self.choice.stage.is_empty(),
        }))
    }

    /// Goes to the next image that there can be, and gives its size.
    fn advance(&mut self) -> Result<Option<(Page, Size)>, Failure> {
        loop {
            if self.task.is_none() || self.pages.is_done() {
                self.task = self.tasks.next();
                let Some(task) = &self.task else { return Ok(None) };
                self.sizes.open();
                if media::is_no_image(task) {
                    self.run.lost(task.index, None, "asset-unsupported", "asset is no image");
                    self.task = None;
                    continue;
                }
                if let Err((code, detail)) = self.pages.open(task, self.choice.frames) {
                    self.run.lost(task.index, None, code, detail);
                    self.task = None;
                    continue;
                }
            }
            let (Some(task), Some(page)) = (&self.task, self.pages.next()) else { continue };
            let (url, is_video) = (page_url(task, page.number), self.pages.is_video());
            let wanted = Wanted { url, page: page.number, is_video, objects: self.pages.objects(&page) };
            match self.sizes.find(self.run, task, wanted, self.choice.on_missing_size)? {
                Ok(size) => {
                    media::set_name(&mut self.name, task, page.number, url, is_video);
                    if self.choice.names == Names::Flat {
                        self.name = text::names::flat(&self.name);
                    }
                    return Ok(Some((page, size)));
                }
                Err(detail) => report_without_size(self.run, task, page.number, self.pages.objects(&page), &detail),
            }
        }
    }
}

fn page_url(task: &Task, page: Option<u32>) -> &str {
    page.and_then(|page| task.asset.pages.get(page as usize)).unwrap_or(&task.asset.url)
}

#[cold]
fn report_without_size(run: &Run, task: &Task, page: Option<u32>, objects: &[u32], detail: &str) {
    let Some(page) = page else { return run.lost(task.index, None, "size-missing", detail) };
    for object in objects.iter().filter_map(|&at| task.annotations.objects.get(at as usize)) {
        run.lost(task.index, Some(&object.object_id), "size-missing", format_args!("page {page}: {detail}"));
    }
    if objects.is_empty() {
        // The task as a whole is not lost, so no code that says so.
        run.lost(task.index, None, "page-left-out", format_args!("page {page} has no annotations, and {detail}"));
    }
}

impl<'a> Image<'a> {
    /// Whether the image is to be left out because none of its objects is written and people do not want such images; that is reported.
    pub fn is_left_out_empty(&self, run: &Run, empty: Empty, written: u64) -> bool {
        if written > 0 || empty == Empty::Keep {
            return false;
        }
        run.lost(self.task.index, None, "image-empty", format_args!("image {:?} has no annotations and option `empty` is `drop`", self.name));
        true
    }

    /// Whether it is the first image of its task.
    pub fn is_first(&self) -> bool {
        self.is_first
    }

    /// The objects on it in order, each with its position in the task.
    pub fn objects(&self) -> impl Iterator<Item = (u64, &'a Object)> + Clone + use<'a> {
        let task = self.task;
        self.objects.iter().filter_map(move |&at| Some((u64::from(at), task.annotations.objects.get(at as usize)?)))
    }

    /// How many objects are on it.
    pub fn object_count(&self) -> usize {
        self.objects.len()
    }

    /// The answers about it, each with its position in the task's list (which [`Classification::parent`] means); of a task of several images
    /// those that name no page are about its first. Answers that hold no longer from here on are not among them.
    pub fn classifications(&self) -> impl Iterator<Item = (usize, &'a Classification)> + Clone + use<'a> {
        let task = self.task;
        self.answers.iter().filter_map(move |&at| Some((at as usize, task.annotations.classifications.get(at as usize)?)))
    }

    /// A number from 1 that no other image of the export has, whichever shard it is in. That of a single image counts its task; pages and frames
    /// after the first are beyond 2^32.
    pub fn id(&self) -> u64 {
        self.task.index + 1 + (u64::from(self.page.unwrap_or(0)) << 32)
    }

    /// A number from 1 that no other object of the export has, by its position in the task.
    pub fn annotation_id(&self, position: u64) -> u64 {
        if self.has_own_ids {
            // The offset counts objects of the final annotations; those of a stage can be more. Positions stay below 2^32, and numbers below 2^53
            // as long as there are not more than two million tasks.
            ((self.task.index + 1) << 32) + position + 1
        } else {
            self.task.object_offset + position + 1
        }
    }

    /// Numbers for what is no object of the export, as the parts of a brush mask: no object and no other such thing has it. `number` is below 2^20.
    pub fn extra_id(&self, number: u64) -> u64 {
        if self.has_own_ids {
            self.annotation_id(self.task.annotations.objects.len() as u64 + number)
        } else {
            // Beyond all objects, and still a whole number to readers that have doubles only.
            (1 << 52) + (self.task.index << 20) + number
        }
    }
}

#[cfg(test)]
mod tests;
