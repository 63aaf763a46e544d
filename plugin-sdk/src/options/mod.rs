//! Options that converters share: the same name, the same values and the same meaning in every plugin.
//!
//! A plugin's own `Options` has them as fields under their shared names, and [`schema`] puts their descriptions into the plugin's JSON schema.

mod classes;
mod deserialize;
mod keypoints;
mod read;
mod schema;
mod split;

pub use classes::{ClassOptions, Pairs};
#[doc(hidden)]
pub use deserialize::choose;
pub use keypoints::{GroupBy, KeypointOptions};
pub(crate) use read::{read, read_string};
pub use schema::{Shared, schema};
pub use split::{Part, Split, SplitBy, SplitOptions};

/// `on_missing_size`: what happens to images whose size the export does not say, in formats that need it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissingSize {
    /// The host is asked to measure the image, which needs the grant `assets`; an image that it cannot measure is left out and reported.
    #[default]
    Fetch,
    /// The image is left out and reported, without asking.
    Skip,
    /// The run fails.
    Error,
}

crate::deserialize_choice!(MissingSize { Fetch = "fetch", Skip = "skip", Error = "error" });

/// `names`: how the files of images are called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Names {
    /// With their folders, as [`Asset::file_name`](crate::Asset) has them.
    #[default]
    Path,
    /// All in one folder: `a/b/1.jpg` is `a__b__1.jpg`. No two become the same.
    Flat,
}

crate::deserialize_choice!(Names { Path = "path", Flat = "flat" });

/// `empty`: what happens to images without annotations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Empty {
    /// They stay.
    #[default]
    Keep,
    /// They are left out and reported.
    Drop,
}

crate::deserialize_choice!(Empty { Keep = "keep", Drop = "drop" });

/// `frames`: what happens to pages of assets with several, and to frames of videos, in formats of single images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Frames {
    /// Each page, and each frame with annotations, is an image of its own.
    #[default]
    Each,
    /// Such assets are left out and reported.
    Skip,
}

crate::deserialize_choice!(Frames { Each = "each", Skip = "skip" });
