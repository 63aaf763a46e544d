//! `keypoints`: what people say about points that belong together.

/// `keypoints`. Classes are meant by title or by schema id, questions too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeypointOptions {
    /// The classes of points in the order of keypoints; all of the project, in its order, if not given.
    pub names: Vec<String>,
    /// How points find the object that they are of.
    pub group: GroupBy,
    /// The class of points that are of no object; the only other class of the project, or `object`, if not given.
    pub class: String,
    /// The question about points that says whether the keypoint can be seen; any that is called after visibility, if not given.
    pub visibility: String,
    /// Its answers that mean that it cannot.
    pub hidden: Vec<String>,
    /// Keypoints that are joined, in pairs.
    pub skeleton: Vec<Vec<String>>,
    /// Keypoints that change places when an image is mirrored, in pairs; by `left` and `right` in their names if not given.
    pub flip: Vec<Vec<String>>,
}

crate::deserialize_options!(KeypointOptions { names, group, class, visibility, hidden, skeleton, flip });

/// How points find the object that they are of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GroupBy {
    /// By relations, else by place, and in an image without other objects all together.
    #[default]
    Auto,
    /// By relations alone.
    Relation,
    /// By place alone: a point is of the smallest object that it lies in.
    Inside,
}

crate::deserialize_choice!(GroupBy { Auto = "auto", Relation = "relation", Inside = "inside" });
