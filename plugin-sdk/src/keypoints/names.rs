//! Which classes are which keypoints.

use crate::classes::ClassIndex;
use crate::options::KeypointOptions;
use crate::types::{Class, Failure};

/// Keypoints by name, in order.
#[derive(Clone, Debug)]
pub struct Names {
    names: Vec<String>,
    /// From classes of points to keypoints; those that are none have a number beyond them.
    index: ClassIndex,
    skeleton: Vec<[usize; 2]>,
    flip: Option<Vec<usize>>,
}

/// Whether objects of a class are points.
pub(super) fn is_of_points(class: &Class) -> bool {
    class.kind == "point"
}

impl Names {
    pub(super) fn new(ontology: &[Class], options: &KeypointOptions) -> Result<Self, Failure> {
        let mut points: Vec<Class> = ontology.iter().filter(|class| is_of_points(class)).cloned().collect();
        let mut names: Vec<String> = Vec::new();
        for (at, wanted) in options.names.iter().enumerate() {
            let found = points.iter().find(|class| class.title == *wanted || class.schema_id == *wanted);
            let name = match found {
                Some(class) => &class.title,
                // Without classes of points they are the points of lines, and may be called anything.
                None if points.is_empty() => wanted,
                None => return Err(Failure::option(format!("/keypoints/names/{at}"), unknown(wanted, &points))),
            };
            if names.contains(name) {
                return Err(Failure::option(format!("/keypoints/names/{at}"), format!("keypoint `{name}` is there twice")));
            }
            names.push(name.clone());
        }
        if options.names.is_empty() {
            for class in &points {
                if !names.contains(&class.title) {
                    names.push(class.title.clone());
                }
            }
        }
        if names.is_empty() {
            return Err(Failure::option("/keypoints/names", "the project has no class of points: name the points of its lines here"));
        }
        for class in &mut points {
            let keypoint = names.iter().position(|name| *name == class.title);
            class.index = keypoint.and_then(|at| u32::try_from(at).ok()).unwrap_or(u32::MAX);
        }
        let skeleton = pairs(&names, &options.skeleton, "skeleton")?;
        let flip =
            if options.flip.is_empty() { mirrored_by_name(&names) } else { Some(mirrored(names.len(), &pairs(&names, &options.flip, "flip")?)) };
        Ok(Self { index: ClassIndex::new(&points), names, skeleton, flip })
    }

    /// The names.
    pub fn all(&self) -> &[String] {
        &self.names
    }

    /// How many there are; at least one.
    pub fn count(&self) -> usize {
        self.names.len()
    }

    /// Which ones are joined by a line, from 0.
    pub fn skeleton(&self) -> &[[usize; 2]] {
        &self.skeleton
    }

    /// For each the one that takes its place when the image is mirrored, from 0; `None` if nothing is known of that.
    pub fn flip(&self) -> Option<&[usize]> {
        self.flip.as_deref()
    }

    /// The keypoint that a class of points is: `None` if it is no such class, `Some(None)` if it is none of the chosen ones.
    pub(super) fn find(&self, schema_id: &str) -> Option<Option<usize>> {
        let found = self.index.find(schema_id)?;
        Some(usize::try_from(found).ok().filter(|at| *at < self.names.len()))
    }
}

fn unknown(name: &str, points: &[Class]) -> String {
    let known: Vec<String> = points.iter().take(20).map(|class| format!("`{}`", class.title)).collect();
    format!("there is no class of points `{name}`; there are {}", known.join(", "))
}

#[inline(never)]
fn pairs(names: &[String], pairs: &[Vec<String>], option: &str) -> Result<Vec<[usize; 2]>, Failure> {
    let mut found = Vec::with_capacity(pairs.len());
    for (at, pair) in pairs.iter().enumerate() {
        let mut both = [0; 2];
        if pair.len() != both.len() {
            return Err(Failure::option(format!("/keypoints/{option}/{at}"), "must be two keypoints"));
        }
        for (end, (place, name)) in both.iter_mut().zip(pair).enumerate() {
            let fault = || Failure::option(format!("/keypoints/{option}/{at}/{end}"), format!("there is no keypoint `{name}`"));
            *place = names.iter().position(|known| known == name).ok_or_else(fault)?;
        }
        found.push(both);
    }
    Ok(found)
}

fn mirrored(count: usize, pairs: &[[usize; 2]]) -> Vec<usize> {
    let mut flip: Vec<usize> = (0..count).collect();
    for &[a, b] in pairs {
        flip.swap(a, b);
    }
    flip
}

/// By `left` and `right` in the names; `None` if no two differ by that.
fn mirrored_by_name(names: &[String]) -> Option<Vec<usize>> {
    let lower: Vec<String> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
    let other = |name: &String| lower.iter().position(|right| right.contains("right") && *right == name.replace("left", "right"));
    let pairs: Vec<[usize; 2]> =
        lower.iter().enumerate().filter(|(_, name)| name.contains("left")).filter_map(|(at, name)| Some([at, other(name)?])).collect();
    (!pairs.is_empty()).then(|| mirrored(names.len(), &pairs))
}
