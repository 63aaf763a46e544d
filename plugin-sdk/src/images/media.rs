//! What an asset is: one image, several pages or a video; and the names of its pages and frames.

use crate::text::names;
use crate::types::{Geometry, Task};

/// What kind of asset a task is about, as far as formats of images care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// One image, or something else without pages and frames.
    Single,
    /// Several pages or slices.
    Pages,
    /// Frames in time.
    Video,
}

impl Media {
    /// By what the export says of the asset; of one of which it says nothing, by the pages that objects are on. A PDF has pages, also if it has but one.
    pub fn of(task: &Task) -> Self {
        let asset = &task.asset;
        if asset.frame_rate.is_some() {
            return Self::Video;
        }
        let is_beyond = |page: Option<u32>| page.is_some_and(|page| page > 0);
        let annotations = &task.annotations;
        let has_pages = asset.pages.len() > 1
            || asset.frame_count.is_some_and(|frames| frames > 1)
            || annotations.objects.iter().any(|object| is_beyond(object.page) || matches!(object.geometry, Geometry::Pdf(_)))
            || annotations.classifications.iter().any(|answer| is_beyond(answer.page))
            || names::suffix(&asset.file_name).is_some_and(|suffix| suffix.eq_ignore_ascii_case("pdf"));
        if has_pages { Self::Pages } else { Self::Single }
    }
}

/// File suffixes of texts, recordings, volumes and point clouds.
const OTHER_SUFFIXES: [&str; 20] =
    ["aac", "csv", "flac", "gz", "htm", "html", "json", "las", "laz", "m4a", "md", "mp3", "nii", "nrrd", "ogg", "pcd", "txt", "wav", "xml", "zip"];

/// Whether an asset of which the export says no size is something else than images: by its suffix, or because nothing but spans of text and voxels is
/// annotated on it.
pub(super) fn is_no_image(task: &Task) -> bool {
    let asset = &task.asset;
    if asset.width.is_some() || asset.frame_rate.is_some() || !asset.pages.is_empty() {
        return false;
    }
    let is_other = |suffix: &str| OTHER_SUFFIXES.iter().any(|other| other.eq_ignore_ascii_case(suffix));
    if names::suffix(&asset.file_name).is_some_and(is_other) {
        return true;
    }
    let objects = &task.annotations.objects;
    !objects.is_empty() && objects.iter().all(|object| matches!(object.geometry, Geometry::Entity(_) | Geometry::VoxelBrush))
}

/// File suffixes of images, those of Ultralytics' `IMG_FORMATS` (8.4) and of browsers.
const IMAGE_SUFFIXES: [&str; 16] =
    ["avif", "bmp", "dng", "gif", "heic", "heif", "jp2", "jpeg", "jpeg2000", "jpg", "mpo", "png", "svg", "tif", "tiff", "webp"];

/// The suffix that the file of a page has: that of its link if it is one of images, else `jpg`, which is what pages and frames are commonly
/// turned into.
fn page_suffix(url: &str, is_video: bool) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let known = names::suffix(path).filter(|suffix| IMAGE_SUFFIXES.iter().any(|known| known.eq_ignore_ascii_case(suffix)));
    known.filter(|_| !is_video).unwrap_or("jpg")
}

/// The name of a frame of a video: `FILE/000001.jpg`, counted from 1, as `ffmpeg -i FILE %06d.jpg` and the MOT challenge do. `frame` is from 0.
pub fn frame_name(file_name: &str, frame: u32) -> String {
    format!("{file_name}/{:06}.jpg", u64::from(frame) + 1)
}

/// Sets the name of an image with its folders.
pub(super) fn set_name(name: &mut String, task: &Task, page: Option<u32>, url: &str, is_video: bool) {
    name.clear();
    name.push_str(&task.asset.file_name);
    if let Some(page) = page {
        let suffix = page_suffix(url, is_video);
        name.push_str(&format!("/{:06}.{suffix}", u64::from(page) + 1));
    }
}
