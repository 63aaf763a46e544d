//! Videos: lists of key frames, and the full lists with the frames in between.
//!
//! A video's `tools` hold one member for each key frame of each object: `objectId` names the track, `page` the frame, and `interpolationStopped` says that
//! from this frame on the object is gone. Answers that hold for some frames only are kept in `classifications` in the same way. An export may instead ask for
//! every frame, and a video of an hour has a hundred thousand of them for each object. So [`FullList`] keeps a plan of what follows which key
//! frame, whose size depends on the key frames only, and hands out one frame at a time.
//!
//! Newer exports hold each object once, with its frames inside; [`flatten`] turns those into the flat form first.

mod asset;
mod grouped;
mod motion;
mod plan;
mod template;

pub use asset::{Video, may_be_grouped};
pub use grouped::flatten;
pub use plan::{Entry, FullList, Kind, MAX_FRAMES, TooManyFrames};

/// Geometry keys of the tools whose form is public.
const GEOMETRY_KEYS: [&str; 9] = ["bounding-box", "rotated-bounding-box", "polygon", "polyline", "segmentation", "point", "spline", "ner", "pdf"];
