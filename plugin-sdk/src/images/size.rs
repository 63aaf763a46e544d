//! The sizes of images.

use super::pages::printed_size;
use crate::options::MissingSize;
use crate::run::Run;
use crate::types::{Failure, Task};

/// Finds the sizes of the images of a task.
#[derive(Debug, Default)]
pub(super) struct Sizes {
    /// Whether this task's assumption was told.
    told: bool,
}

/// The image whose size is wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    pub(super) url: &'a str,
    pub(super) page: Option<u32>,
    pub(super) is_video: bool,
    /// The objects on it, by position.
    pub(super) objects: &'a [u32],
}

/// A size, or why there is none.
type Size = Result<Option<(u32, u32)>, String>;

impl Sizes {
    /// Begins with another task.
    pub(super) fn open(&mut self) {
        self.told = false;
    }

    /// The size of an image; `Ok(None)` if the format does without and the export does not say it.
    pub(super) fn find(&mut self, run: &Run, task: &Task, wanted: Wanted<'_>, missing: Option<MissingSize>) -> Result<Size, Failure> {
        let Wanted { url, page, is_video, objects } = wanted;
        let said = match (task.asset.width, task.asset.height) {
            (Some(width), Some(height)) if width > 0 && height > 0 => Some((width, height)),
            _ => None,
        };
        // The export has one size for an asset. Frames of a video share it; pages of a document need not.
        let is_own = is_video || page.is_none_or(|page| page == 0);
        if is_own && said.is_some() {
            return Ok(Ok(said));
        }
        // A page of a document has that which the areas on it carry.
        if let Some(size) = printed_size(task, objects) {
            return Ok(Ok(Some(size)));
        }
        let Some(missing) = missing else { return Ok(Ok(said)) };
        let reason = if missing == MissingSize::Fetch && !is_video {
            match run.asset_size(url) {
                Ok((width, height)) if width > 0 && height > 0 => return Ok(Ok(Some((width, height)))),
                Ok(_) => "the host measured no pixels".to_owned(),
                Err(error) => format!("asking the host for it gave {error:?}"),
            }
        } else {
            "nobody was asked for it".to_owned()
        };
        if let Some((width, height)) = said {
            if !std::mem::replace(&mut self.told, true) {
                let detail = format_args!(
                    "{width} x {height}, the size of the first page, is taken for that of others: the export does not say it, and {reason}"
                );
                run.lost(task.index, None, "size-assumed", detail);
            }
            return Ok(Ok(said));
        }
        let detail = format!("the export does not say the size of the image, and {reason}");
        if missing == MissingSize::Error {
            return Err(Failure::input(format!("task {}: {detail}", task.task_id)));
        }
        Ok(Err(detail))
    }
}
