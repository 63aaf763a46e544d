//! The images of one task, and which objects are on which.

use super::Media;
use crate::options::Frames;
use crate::order::sort_positions;
use crate::types::{Geometry, Object, Task};

/// A reason why a task is left out: the code, and words for people.
type Reason = (&'static str, &'static str);

/// One image of a task.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    /// From 0; `None` if the task is one image.
    pub(super) number: Option<u32>,
    /// Whether it is the first of its task.
    pub(super) is_first: bool,
    start: usize,
    end: usize,
    /// Where the answers about it are in [`Pages::answers`].
    answers: (usize, usize),
}

/// The images of a task, and its objects and answers in the order of images. Keeps its memory from task to task.
#[derive(Debug, Default)]
pub(super) struct Pages {
    is_video: bool,
    /// Positions of objects, by page.
    order: Vec<u32>,
    /// Positions of answers, by page. Those that name none are about the first.
    answers: Vec<u32>,
    pages: Vec<Page>,
    next: usize,
}

impl Pages {
    pub(super) fn open(&mut self, task: &Task, frames: Frames) -> Result<(), Reason> {
        let media = Media::of(task);
        self.is_video = media == Media::Video;
        self.order.clear();
        self.answers.clear();
        self.pages.clear();
        self.next = 0;
        if frames == Frames::Skip {
            match media {
                Media::Single => {}
                Media::Pages => return Err(("multi-page-unsupported", "asset has several pages and option `frames` is `skip`")),
                Media::Video => return Err(("video-unsupported", "asset is a video and option `frames` is `skip`")),
            }
        }
        let objects = &task.annotations.objects;
        // Where the track of an object ends, its geometry is only repeated.
        let present = |&at: &u32| objects.get(at as usize).is_some_and(|object| !object.interpolation_stopped);
        self.order.extend((0..u32::try_from(objects.len()).unwrap_or(u32::MAX)).filter(present));
        let answers = &task.annotations.classifications;
        let holds = |&at: &u32| answers.get(at as usize).is_some_and(|answer| !answer.interpolation_stopped);
        self.answers.extend((0..u32::try_from(answers.len()).unwrap_or(u32::MAX)).filter(holds));
        if media == Media::Single {
            self.pages.push(Page { number: None, is_first: true, start: 0, end: self.order.len(), answers: (0, self.answers.len()) });
            return Ok(());
        }
        let page = |&at: &u32| objects.get(at as usize).map_or(0, page_of);
        sort_positions(&mut self.order, &mut |a, b| page(&a) < page(&b));
        // Of a document every page is an image; of a video, and where only the number of pages is known, those with annotations.
        let mut numbers: Vec<u32> = self.order.iter().map(page).collect();
        let answer_page = |&at: &u32| answers.get(at as usize).and_then(|answer| answer.page);
        numbers.extend(self.answers.iter().filter_map(answer_page));
        if media == Media::Pages {
            numbers.extend(0..u32::try_from(task.asset.pages.len()).unwrap_or(u32::MAX));
        }
        sort_positions(&mut numbers, &mut |a, b| a < b);
        numbers.dedup();
        if numbers.is_empty() {
            // Answers about the whole, or nothing at all: its first image stands for it.
            numbers.push(0);
        }
        // `None` comes first, as do answers without a page.
        sort_positions(&mut self.answers, &mut |a, b| answer_page(&a) < answer_page(&b));
        let (mut start, mut first_answer) = (0, 0);
        for number in numbers {
            let end = start + self.order[start..].partition_point(|at| page(at) <= number);
            let last_answer = first_answer + self.answers[first_answer..].partition_point(|at| answer_page(at) <= Some(number));
            self.pages.push(Page { number: Some(number), is_first: self.pages.is_empty(), start, end, answers: (first_answer, last_answer) });
            (start, first_answer) = (end, last_answer);
        }
        Ok(())
    }

    pub(super) fn next(&mut self) -> Option<Page> {
        let page = self.pages.get(self.next).copied();
        self.next += 1;
        page
    }

    pub(super) fn is_done(&self) -> bool {
        self.next >= self.pages.len()
    }

    pub(super) fn is_video(&self) -> bool {
        self.is_video
    }

    pub(super) fn objects(&self, page: &Page) -> &[u32] {
        &self.order[page.start..page.end]
    }

    pub(super) fn answers(&self, page: &Page) -> &[u32] {
        &self.answers[page.answers.0..page.answers.1]
    }
}

/// The size of a page of a document as the areas on it were drawn, in whole pixels; `None` if there are no such areas, or if it is none.
pub(super) fn printed_size(task: &Task, objects: &[u32]) -> Option<(u32, u32)> {
    let of_area = |&at: &u32| match &task.annotations.objects.get(at as usize)?.geometry {
        Geometry::Pdf(area) => Some(&area.bounds),
        _ => None,
    };
    let bounds = objects.iter().find_map(of_area)?;
    let whole = |side: f64| (side > 0.0 && side <= 1e6).then(|| (side.round() as u32).max(1));
    Some((whole(bounds.page_width)?, whole(bounds.page_height)?))
}

/// The page or frame that an object is on, from 0. Areas of documents count theirs from 1.
pub fn page_of(object: &Object) -> u32 {
    match &object.geometry {
        Geometry::Pdf(area) => object.page.unwrap_or(area.page_number.saturating_sub(1)),
        _ => object.page.unwrap_or(0),
    }
}
