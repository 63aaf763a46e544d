//! Which points belong together.

use std::fmt::Arguments;

use super::visibility::{self, ABSENT, HIDDEN, VISIBLE};
use super::{Entry, Keypoint, Keypoints, Kind};
use crate::class_table::Found;
use crate::geometry::{Bounds, Extent, Unusable, check_point, usable};
use crate::images::Image;
use crate::number::Shown;
use crate::options::GroupBy;
use crate::order::Texts;
use crate::run::Run;
use crate::types::{Annotations, Answer, Geometry, Object, Relation, RelationMembers};

/// A keypoint that has no instance yet.
struct Point<'a> {
    id: &'a str,
    number: usize,
    keypoint: Keypoint,
}

/// An object that can have keypoints.
struct Area<'a> {
    id: &'a str,
    entry: usize,
    extent: Extent,
}

/// What is on an image, as far as relations and places are concerned.
#[derive(Default)]
struct Scene<'a> {
    points: Vec<Point<'a>>,
    areas: Vec<Area<'a>>,
}

/// Reports something of the object at a position.
#[inline(never)]
pub(super) fn lose(run: &Run, image: &Image<'_>, position: u64, code: &str, detail: Arguments<'_>) {
    let object = usize::try_from(position).ok().and_then(|at| image.task.annotations.objects.get(at));
    run.lost(image.task.index, object.map(|object| object.object_id.as_str()), code, detail);
}

impl Keypoints {
    #[inline(never)]
    pub(super) fn group(&mut self, run: &Run, image: &Image<'_>) {
        let mut scene = Scene::default();
        for (position, object) in image.objects() {
            let kind = self.look_at(run, image, position, object, &mut scene);
            self.entries.push(Entry { position, kind });
        }
        let relations = &image.task.annotations.relations;
        if self.seen.replace(image.task.index) != Some(image.task.index) && !relations.is_empty() {
            self.report_relations(run, image);
        }
        let joined = if self.group == GroupBy::Inside { Vec::new() } else { join(&scene, relations) };
        let mut is_joined = vec![false; scene.points.len()];
        for set in &joined {
            set.points.iter().for_each(|&at| is_joined[at] = true);
            match set.areas[..] {
                [area] => {
                    for &point in &set.points {
                        self.place(run, image, &scene, point, area);
                    }
                }
                [] => self.add_loose(run, image, &scene, &set.points),
                _ => {
                    for &point in &set.points {
                        let detail = format_args!("relations join the point with {} objects", set.areas.len());
                        lose(run, image, scene.points[point].keypoint.position, "keypoint-ambiguous", detail);
                    }
                }
            }
        }
        let left: Vec<usize> = (0..scene.points.len()).filter(|&at| !is_joined[at]).collect();
        if self.group == GroupBy::Auto && scene.areas.is_empty() && !left.is_empty() && joined.is_empty() {
            return self.add_loose(run, image, &scene, &left);
        }
        for point in left {
            self.place_inside(run, image, &scene, point);
        }
    }

    /// What an object is by itself, and what it brings to the scene.
    #[inline(never)]
    fn look_at<'a>(&mut self, run: &Run, image: &Image<'_>, position: u64, object: &'a Object, scene: &mut Scene<'a>) -> Kind {
        let (id, entry) = (object.object_id.as_str(), self.entries.len());
        match (&object.geometry, self.names.find(&object.schema_id)) {
            (Geometry::Point(point), Some(number)) => {
                let Some(number) = number else {
                    let title = &object.title;
                    lose(run, image, position, "class-excluded", format_args!("{title:?} is no keypoint by option `keypoints.names`"));
                    return Kind::Part;
                };
                match check_point(point.x, point.y, self.size, Bounds::Drop) {
                    Ok(()) => {
                        let visibility = self.visibility(run, image, object);
                        if visibility == ABSENT {
                            lose(run, image, position, "keypoint-absent", format_args!("the point is said to be absent"));
                            return Kind::Part;
                        }
                        scene.points.push(Point { id, number, keypoint: Keypoint { x: point.x, y: point.y, visibility, position } });
                    }
                    Err(fault) => lose(run, image, position, fault.code(), format_args!("point {}", fault.reason())),
                }
                Kind::Part
            }
            (Geometry::Polyline(path), None) if path.len() == 2 * self.names.count() => self.line(run, image, position, object, path),
            (geometry, _) => {
                let extent = extent(geometry).filter(|_| matches!(self.classes.find(&object.schema_id), Found::Class(_)));
                scene.areas.extend(extent.map(|extent| Area { id, entry, extent }));
                Kind::Area { instance: 0 }
            }
        }
    }

    /// A line whose points are the keypoints of one instance.
    #[inline(never)]
    fn line(&mut self, run: &Run, image: &Image<'_>, position: u64, object: &Object, path: &[f64]) -> Kind {
        let Some(class) = self.classes.class_of(run, image.task.index, object) else { return Kind::Part };
        if !usable(path) {
            lose(run, image, position, "coordinates-unusable", format_args!("line {}", Unusable::Coordinates.reason()));
            return Kind::Part;
        }
        let instance = self.add_instance();
        let start = instance * self.names.count();
        let mut outside = 0;
        for (at, point) in path.chunks_exact(2).enumerate() {
            if check_point(point[0], point[1], self.size, Bounds::Drop).is_ok() {
                self.keypoints[start + at] = Keypoint { x: point[0], y: point[1], visibility: 2, position };
            } else {
                outside += 1;
            }
        }
        if outside == self.names.count() {
            lose(run, image, position, "out-of-bounds", format_args!("no point of the line is in the image"));
            return Kind::Part;
        }
        if outside > 0 {
            lose(run, image, position, "clipped", format_args!("{outside} points of the line leave the image and are absent"));
        }
        if !object.classifications.is_empty() && !self.holds_answers {
            lose(run, image, position, "classification-unsupported", format_args!("line is there, but answers about it have no place"));
        }
        lose(run, image, position, "box-from-points", format_args!("line is an instance, with the box around its points"));
        Kind::Loose { class, instance }
    }

    /// Whether a point can be seen, by the answers about it. Other answers have no place in most formats.
    #[inline(never)]
    fn visibility(&self, run: &Run, image: &Image<'_>, object: &Object) -> u8 {
        let mut visibility = None;
        let mut others = 0;
        for answered in &object.classifications {
            let said = if self.visibility.is_empty() {
                visibility::by_custom(&answered.title, &answered.answer)
            } else if answered.title == self.visibility || answered.schema_id == self.visibility {
                Some(if self.hidden.iter().any(|hidden| says(&answered.answer, hidden)) { HIDDEN } else { VISIBLE })
            } else {
                None
            };
            others += usize::from(said.is_none());
            visibility = visibility.or(said);
        }
        if others > 0 && !self.holds_answers {
            let detail = format_args!("point is there, but answers about a keypoint have no place");
            run.lost(image.task.index, Some(&object.object_id), "classification-unsupported", detail);
        }
        visibility.unwrap_or(VISIBLE)
    }

    /// Makes an instance of points alone.
    #[inline(never)]
    fn add_loose(&mut self, run: &Run, image: &Image<'_>, scene: &Scene<'_>, points: &[usize]) {
        let Some(class) = self.loose_class else {
            for &point in points {
                let detail = format_args!("the point is of no object, and the project has several classes: choose one with option `keypoints.class`");
                lose(run, image, scene.points[point].keypoint.position, "keypoint-unassigned", detail);
            }
            return;
        };
        let instance = self.add_instance();
        for &point in points {
            self.fill(run, image, &scene.points[point], instance);
        }
        let first = points.iter().map(|&point| scene.points[point].keypoint.position).min().unwrap_or_default();
        if let Ok(at) = self.entries.binary_search_by_key(&first, |entry| entry.position) {
            self.entries[at].kind = Kind::Loose { class, instance };
        }
        lose(run, image, first, "box-from-points", format_args!("points without an object are an instance, with the box around them"));
    }

    /// Gives a point to the smallest object that it lies in and that lacks this keypoint.
    #[inline(never)]
    fn place_inside(&mut self, run: &Run, image: &Image<'_>, scene: &Scene<'_>, point: usize) {
        let Point { number, keypoint, .. } = scene.points[point];
        let (mut count, mut best) = (0, None::<(usize, f64)>);
        let areas = if self.group == GroupBy::Relation { &[][..] } else { &scene.areas[..] };
        for (at, area) in areas.iter().enumerate().filter(|(_, area)| holds(&area.extent, &keypoint)) {
            count += 1;
            let size = area.extent.area();
            if self.lacks(area, number) && best.is_none_or(|(_, least)| size < least) {
                best = Some((at, size));
            }
        }
        match best {
            Some((area, _)) => {
                self.place(run, image, scene, point, area);
                if count > 1 {
                    let detail = format_args!("the point lies in {count} objects and is taken for one of the smallest of them");
                    lose(run, image, keypoint.position, "keypoint-guessed", detail);
                }
            }
            None if count > 0 => lose(run, image, keypoint.position, "keypoint-repeated", format_args!("the object has this keypoint already")),
            None => lose(run, image, keypoint.position, "keypoint-unassigned", format_args!("the point is of no object")),
        }
    }

    fn lacks(&self, area: &Area<'_>, number: usize) -> bool {
        match self.entries[area.entry].kind {
            Kind::Area { instance } => self.of(instance).get(number).is_some_and(|keypoint| keypoint.visibility == 0),
            _ => false,
        }
    }

    /// Gives a point to an object.
    #[inline(never)]
    fn place(&mut self, run: &Run, image: &Image<'_>, scene: &Scene<'_>, point: usize, area: usize) {
        let entry = scene.areas[area].entry;
        let instance = match self.entries[entry].kind {
            Kind::Area { instance } if instance > 0 => instance,
            _ => self.add_instance(),
        };
        self.entries[entry].kind = Kind::Area { instance };
        self.fill(run, image, &scene.points[point], instance);
    }

    #[inline(never)]
    fn fill(&mut self, run: &Run, image: &Image<'_>, point: &Point<'_>, instance: usize) {
        let place = &mut self.keypoints[instance * self.names.count() + point.number];
        if place.visibility > 0 {
            return lose(run, image, point.keypoint.position, "keypoint-repeated", format_args!("the object has this keypoint already"));
        }
        *place = point.keypoint;
    }

    /// Reports relations of a task that join no keypoint with anything.
    #[inline(never)]
    fn report_relations(&self, run: &Run, image: &Image<'_>) {
        let Annotations { objects, relations, .. } = &image.task.annotations;
        let id = |at: u32| objects.get(at as usize).map_or("", |object| object.object_id.as_str());
        let mut known = Texts::default();
        known.set(objects.iter().map(|object| object.object_id.as_str()));
        let is_keypoint = |at: u32| {
            objects
                .get(at as usize)
                .is_some_and(|object| matches!(object.geometry, Geometry::Point(_)) && matches!(self.names.find(&object.schema_id), Some(Some(_))))
        };
        for relation in relations {
            let (mut members, mut keypoints) = (0, 0);
            for at in members_of(relation).filter_map(|member| known.find(member, id)) {
                members += 1;
                keypoints += usize::from(is_keypoint(at));
            }
            if members < 2 || keypoints == 0 || self.group == GroupBy::Inside {
                let detail = "relation joins no keypoints and has no place";
                run.lost(image.task.index, Some(&relation.object_id), "relation-unsupported", detail);
            }
        }
    }
}

fn holds(extent: &Extent, keypoint: &Keypoint) -> bool {
    extent.x0 <= keypoint.x && keypoint.x <= extent.x1 && extent.y0 <= keypoint.y && keypoint.y <= extent.y1
}

/// Whether an answer is, or holds, this one.
fn says(answer: &Answer, wanted: &str) -> bool {
    match answer {
        Answer::Text(text) => text == wanted,
        Answer::Choices(choices) => choices.iter().any(|choice| choice == wanted),
        Answer::Flag(flag) => wanted == if *flag { "true" } else { "false" },
        Answer::Number(number) => Shown(*number).to_string() == wanted,
        Answer::Empty | Answer::Other(_) => false,
    }
}

/// The smallest rectangle around an area; `None` if it is none or has unusable coordinates.
#[inline(never)]
fn extent(geometry: &Geometry) -> Option<Extent> {
    let of = |path: &[f64]| Extent::of(path).filter(|_| usable(path));
    match geometry {
        Geometry::BoundingBox(bounds) => Some(Extent::from(bounds)).filter(|extent| usable(&[extent.x0, extent.y0, extent.x1, extent.y1])),
        Geometry::RotatedBox(turned) => of(&turned.corners),
        Geometry::Polygon(path) => of(path),
        Geometry::Segmentation(zones) => zones.iter().filter_map(|zone| of(&zone.region)).reduce(Extent::union),
        _ => None,
    }
}

/// Points that relations join, and the objects that they are joined with.
#[derive(Default)]
struct Joined {
    points: Vec<usize>,
    areas: Vec<usize>,
}

/// The sets of points that hang together by relations. Relations between objects alone join nothing.
#[inline(never)]
fn join(scene: &Scene<'_>, relations: &[Relation]) -> Vec<Joined> {
    if relations.is_empty() || scene.points.is_empty() {
        return Vec::new();
    }
    // Objects by id: points first, areas after them.
    let ids: Vec<&str> = scene.points.iter().map(|point| point.id).chain(scene.areas.iter().map(|area| area.id)).collect();
    let mut known = Texts::default();
    known.set(ids.iter().copied());
    let count = scene.points.len();
    let mut parents: Vec<usize> = (0..count).collect();
    let mut links: Vec<(usize, usize)> = Vec::new();
    let (mut points, mut areas) = (Vec::new(), Vec::new());
    for relation in relations {
        points.clear();
        areas.clear();
        for id in members_of(relation) {
            match known.find(id, |at| ids.get(at as usize).copied().unwrap_or_default()).map(|at| at as usize) {
                Some(at) if at < count => points.push(at),
                Some(at) => areas.push(at - count),
                None => {}
            }
        }
        let Some((&first, others)) = points.split_first() else { continue };
        if others.is_empty() && areas.is_empty() {
            continue;
        }
        for &other in others {
            let (a, b) = (root(&mut parents, first), root(&mut parents, other));
            parents[a.max(b)] = a.min(b);
        }
        links.push((first, usize::MAX));
        links.extend(areas.iter().map(|&area| (first, area)));
    }
    let mut is_linked = vec![false; count];
    let mut sets: Vec<Joined> = Vec::new();
    sets.resize_with(count, Joined::default);
    for (point, area) in links {
        let set = root(&mut parents, point);
        is_linked[set] = true;
        if area != usize::MAX && !sets[set].areas.contains(&area) {
            sets[set].areas.push(area);
        }
    }
    for point in 0..count {
        let set = root(&mut parents, point);
        if is_linked[set] {
            sets[set].points.push(point);
        }
    }
    sets.retain(|set| !set.points.is_empty());
    sets
}

/// The first point of the set that a point is in; the way there is made shorter.
fn root(parents: &mut [usize], mut point: usize) -> usize {
    while parents[point] != point {
        parents[point] = parents[parents[point]];
        point = parents[point];
    }
    point
}

/// The ids of what a relation joins.
fn members_of(relation: &Relation) -> impl Iterator<Item = &str> {
    let (pair, group) = match &relation.members {
        RelationMembers::Pair(pair) => ([Some(&pair.source), Some(&pair.target)], &[][..]),
        RelationMembers::Group(group) => ([None, None], &group[..]),
    };
    pair.into_iter().flatten().chain(group).map(String::as_str)
}
