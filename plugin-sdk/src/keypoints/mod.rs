//! Keypoints: points that belong together, for formats of poses.
//!
//! A point of an export is an object of its own, and its class says which keypoint it is (`nose`, `left eye`). What belongs together is said by relations between
//! points and the object that they are of, or else by where they lie. A line with as many points as there are keypoints is a pose by itself.

mod group;
mod names;
mod visibility;

pub use names::Names;

use crate::class_table::{ClassTable, Found};
use crate::geometry::{Extent, MAX_COORDINATE};
use crate::images::Image;
use crate::options::{ClassOptions, GroupBy, KeypointOptions};
use crate::run::Run;
use crate::types::Failure;

/// A keypoint of an instance. One that is absent is all zeros.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Keypoint {
    /// In pixels.
    pub x: f64,
    /// In pixels.
    pub y: f64,
    /// 0: not labelled, 1: labelled but not to be seen, 2: to be seen.
    pub visibility: u8,
    /// The position of the point's object.
    position: u64,
}

impl Keypoint {
    /// The position in the task of the object that was drawn: a point, or the line of all keypoints. It means nothing of one that is absent.
    pub fn position(&self) -> u64 {
        self.position
    }
}

/// What an object of the image is in a format of poses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Role<'a> {
    /// For the converter to take as an area: an instance with these keypoints, all of them in order, or something that is none.
    Area(&'a [Keypoint]),
    /// The first keypoint of an instance without an area, or a line that is one.
    Loose(Loose<'a>),
    /// A keypoint of an instance that another object stands for, or something that was reported.
    Part,
}

/// An instance without an area.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loose<'a> {
    /// Its class, a position in [`Keypoints::classes`].
    pub class: u32,
    /// The rectangle around its keypoints, in the image and at least a pixel wide and high.
    pub extent: Extent,
    /// All keypoints in order.
    pub keypoints: &'a [Keypoint],
}

/// Puts keypoints together, image by image: [`open`](Self::open) it for each, then ask for the [`role`](Self::role) of each object, and
/// [`abandon`](Self::abandon) areas that are left out.
///
/// Reported are points that are of nothing (`keypoint-unassigned`), of several objects (`keypoint-ambiguous`) or of an object that has this keypoint already
/// (`keypoint-repeated`), points that are said to be absent (`keypoint-absent`), points that lie in several objects (`keypoint-guessed`), and objects without an area (`box-from-points`).
#[derive(Clone, Debug)]
pub struct Keypoints {
    names: Names,
    classes: ClassTable,
    group: GroupBy,
    loose_class: Option<u32>,
    visibility: String,
    hidden: Vec<String>,
    holds_answers: bool,
    /// The task whose relations were reported.
    seen: Option<u64>,
    size: Option<(f64, f64)>,
    /// In the order of the image's objects.
    entries: Vec<Entry>,
    /// Those of each instance, one after the other. The first instance is that of objects without any.
    keypoints: Vec<Keypoint>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    position: u64,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Area { instance: usize },
    Loose { class: u32, instance: usize },
    Part,
}

impl Keypoints {
    /// By the shared options `keypoints` and `classes`.
    ///
    /// # Errors
    ///
    /// When there are no keypoints, or the options name what does not exist; and as [`ClassTable::new`].
    pub fn new(run: &Run, options: &KeypointOptions, classes: &ClassOptions) -> Result<Self, Failure> {
        let ontology = &run.project().tools;
        let names = Names::new(ontology, options)?;
        let mut others: Vec<_> = ontology.iter().filter(|class| !names::is_of_points(class)).cloned().collect();
        for (index, class) in (0..).zip(&mut others) {
            class.index = index;
        }
        let mut table = ClassTable::new(&others, classes)?;
        let wanted = options.class.as_str();
        let loose_class = match (wanted, table.classes().len(), table.find(wanted)) {
            ("", 0, _) => Some(table.add("object")),
            ("", 1, _) => Some(0),
            ("", ..) => None,
            (.., Found::Class(class)) => Some(class),
            _ => Some(table.named(wanted).unwrap_or_else(|| table.add(wanted))),
        };
        Ok(Self {
            names,
            classes: table,
            group: options.group,
            loose_class,
            visibility: options.visibility.clone(),
            hidden: options.hidden.clone(),
            holds_answers: false,
            seen: None,
            size: None,
            entries: Vec::new(),
            keypoints: Vec::new(),
        })
    }

    /// For a format that has a place for answers about points: they are not reported then.
    #[must_use]
    pub fn with_answers(mut self) -> Self {
        self.holds_answers = true;
        self
    }

    /// The keypoints, the same for every class.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The classes of instances.
    pub fn classes(&self) -> &ClassTable {
        &self.classes
    }

    /// Puts the keypoints of an image together.
    pub fn open(&mut self, run: &Run, image: &Image<'_>) {
        self.size = image.size.map(|(width, height)| (width.into(), height.into()));
        self.entries.clear();
        self.keypoints.clear();
        self.add_instance();
        self.group(run, image);
    }

    /// What the object at a position is.
    pub fn role(&self, position: u64) -> Role<'_> {
        match self.kind(position) {
            Some(Kind::Area { instance }) => Role::Area(self.of(instance)),
            Some(Kind::Loose { class, instance }) => {
                let keypoints = self.of(instance);
                Role::Loose(Loose { class, extent: self.extent(keypoints), keypoints })
            }
            Some(Kind::Part) | None => Role::Part,
        }
    }

    /// Reports the keypoints of an instance that is left out, all but the object at the position itself.
    pub fn abandon(&self, run: &Run, image: &Image<'_>, position: u64) {
        let Some(Kind::Area { instance } | Kind::Loose { instance, .. }) = self.kind(position) else { return };
        for keypoint in self.of(instance).iter().filter(|keypoint| keypoint.visibility > 0 && keypoint.position != position) {
            group::lose(run, image, keypoint.position, "keypoint-unassigned", format_args!("the object that the point is of is left out"));
        }
    }

    fn kind(&self, position: u64) -> Option<Kind> {
        let at = self.entries.binary_search_by_key(&position, |entry| entry.position).ok()?;
        self.entries.get(at).map(|entry| entry.kind)
    }

    /// The keypoints of an instance.
    fn of(&self, instance: usize) -> &[Keypoint] {
        let count = self.names.count();
        self.keypoints.get(instance * count..(instance + 1) * count).unwrap_or_default()
    }

    fn add_instance(&mut self) -> usize {
        let count = self.names.count();
        self.keypoints.resize(self.keypoints.len() + count, Keypoint::default());
        self.keypoints.len() / count - 1
    }

    fn extent(&self, keypoints: &[Keypoint]) -> Extent {
        let path: Vec<f64> = keypoints.iter().filter(|keypoint| keypoint.visibility > 0).flat_map(|keypoint| [keypoint.x, keypoint.y]).collect();
        let mut extent = Extent::of(&path).unwrap_or(Extent { x0: 0.0, y0: 0.0, x1: 0.0, y1: 0.0 });
        let (width, height) = self.size.unwrap_or((MAX_COORDINATE, MAX_COORDINATE));
        (extent.x0, extent.x1) = widened(extent.x0, extent.x1, width);
        (extent.y0, extent.y1) = widened(extent.y0, extent.y1, height);
        extent
    }
}

/// A stretch of at least a pixel that ends at `limit`, however long it was.
fn widened(from: f64, to: f64, limit: f64) -> (f64, f64) {
    if to - from >= 1.0 {
        return (from, to);
    }
    let start = ((from + to - 1.0) / 2.0).min(limit - 1.0).max(0.0);
    (start, start + 1.0)
}

#[cfg(test)]
mod tests;
