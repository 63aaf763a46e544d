//! COCO's JSON and that of the formats that descend from it (video instances, document layout): the file, its outlines, and what it has no keys for.
//!
//! What readers need, and where they fail, decides the details: ids start at 1 and `iscrowd` is always 0, because evaluation silently goes wrong otherwise;
//! `area` and `bbox` are those of the drawn outline, as in the original data set, not of its pixels; a shape with holes is run lengths, because a list of
//! polygons cannot have any. What the format has no place for but readers tolerate is in `attributes`.

mod attributes;
mod files;
mod outline;

pub use attributes::{write_answers, write_image_members, write_object_members, write_task_members};
pub use files::{Lists, Parts, Rows, write_category, write_info};
pub use outline::{Holes, Outline, Outlines, RleForm, write_mask};

#[cfg(test)]
mod tests;
