//! Pairs what the two archives say about the same picture and the same object.
//!
//! YOLO has no object ids, so objects are paired by class and overlap; pictures by name, and in order where names were changed.

use super::shape::{Converted, Picture, Shape};
use super::yolo;

/// Both archives, picture by picture.
#[derive(Debug)]
pub struct Comparison {
    /// Class names, COCO's first, in order.
    pub classes: Vec<String>,
    /// The pictures of the COCO archive.
    pub rows: Vec<Row>,
    /// What could not be read or paired.
    pub problems: Vec<String>,
}

/// One picture with the annotations of both archives, large ones first.
#[derive(Debug)]
pub struct Row {
    /// Name in the COCO archive.
    pub name: String,
    /// Path in the project.
    pub asset: String,
    /// Size in pixels.
    pub size: (u32, u32),
    /// COCO's annotations.
    pub coco: Vec<Paired>,
    /// YOLO's annotations; nothing when the YOLO archive lacks the picture.
    pub yolo: Option<Vec<Paired>>,
    /// How many annotations are in both.
    pub shared: usize,
    /// Mean overlap of the boxes of those, 0 to 1.
    pub agreement: f64,
}

/// An annotation and the number that it shares with its counterpart.
#[derive(Debug)]
pub struct Paired {
    /// The annotation.
    pub shape: Shape,
    /// Unique within the picture and side; the same number on both sides is the same object.
    pub number: usize,
    /// Whether the other archive has it too.
    pub shared: bool,
}

/// Pairs of boxes that overlap less are different objects.
const LEAST_OVERLAP: f64 = 0.4;

/// Pairs the two archives.
pub fn compare(coco: Converted, yolo: Converted) -> Comparison {
    let mut classes = coco.classes;
    classes.extend(yolo.classes.into_iter().filter(|class| !classes.contains(class)).collect::<Vec<_>>());
    let mut problems = coco.problems;
    problems.extend(yolo.problems);
    let mut partners = partners(&coco.pictures, yolo.pictures);
    let mut rows = Vec::with_capacity(coco.pictures.len());
    for (index, picture) in coco.pictures.into_iter().enumerate() {
        let partner = partners.0.get_mut(index).and_then(Option::take);
        if partner.is_none() {
            problems.push(format!("YOLO: no picture for {}", picture.name));
        }
        rows.push(row(picture, partner));
    }
    problems.extend(partners.1.into_iter().map(|picture| format!("COCO: no picture for {}", picture.name)));
    Comparison { classes, rows, problems }
}

/// For every COCO picture its YOLO picture, and the YOLO pictures that are left over.
fn partners(coco: &[Picture], yolo: Vec<Picture>) -> (Vec<Option<Picture>>, Vec<Picture>) {
    let mut waiting: Vec<Option<Picture>> = yolo.into_iter().map(Some).collect();
    let mut found: Vec<Option<Picture>> = coco.iter().map(|_| None).collect();
    for (slot, picture) in found.iter_mut().zip(coco) {
        let same = waiting.iter_mut().find(|other| other.as_ref().is_some_and(|other| other.name == picture.name));
        *slot = same.and_then(Option::take);
    }
    let mut left: Vec<Picture> = waiting.into_iter().flatten().collect();
    // Formats make names unique in different ways; both keep the order of the tasks.
    if found.iter().filter(|slot| slot.is_none()).count() == left.len() {
        let mut rest = left.drain(..);
        for slot in found.iter_mut().filter(|slot| slot.is_none()) {
            *slot = rest.next();
        }
    }
    (found, left)
}

fn row(coco: Picture, yolo: Option<Picture>) -> Row {
    let mut left = sorted(coco.shapes);
    let right = yolo.map(|mut picture| {
        yolo::scale(&mut picture, coco.size);
        sorted(picture.shapes)
    });
    let mut right = right.map(|shapes| number(shapes, left.len()));
    let mut total = 0.0;
    let mut shared = 0;
    for (overlap, mine, theirs) in best_pairs(&left, right.as_deref().unwrap_or_default()) {
        if let Some(other) = right.as_mut().and_then(|right| right.get_mut(theirs)).filter(|other| !other.shared)
            && !left[mine].shared
        {
            other.shared = true;
            other.number = left[mine].number;
            left[mine].shared = true;
            shared += 1;
            total += overlap;
        }
    }
    Row {
        name: coco.name,
        asset: coco.asset,
        size: coco.size,
        coco: left,
        yolo: right,
        shared,
        agreement: if shared > 0 { total / shared as f64 } else { 0.0 },
    }
}

/// Large shapes first, so that small ones are drawn over them and can be pointed at.
fn sorted(mut shapes: Vec<Shape>) -> Vec<Paired> {
    shapes.sort_by(|a, b| b.bounds.area().total_cmp(&a.bounds.area()));
    number(shapes.into_iter().map(|shape| Paired { shape, number: 0, shared: false }).collect(), 0)
}

fn number(mut shapes: Vec<Paired>, first: usize) -> Vec<Paired> {
    for (index, paired) in shapes.iter_mut().enumerate() {
        paired.number = first + index;
    }
    shapes
}

/// All pairs of one class that overlap enough, the best first: overlap, index left, index right.
fn best_pairs(left: &[Paired], right: &[Paired]) -> Vec<(f64, usize, usize)> {
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (i, mine) in left.iter().enumerate() {
        for (j, theirs) in right.iter().enumerate().filter(|(_, theirs)| theirs.shape.class == mine.shape.class) {
            let overlap = mine.shape.bounds.overlap(&theirs.shape.bounds);
            if overlap >= LEAST_OVERLAP {
                pairs.push((overlap, i, j));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::geometry::Bounds;
    use crate::demo::page::shape::Form;

    fn shape(class: &str, left: f64, right: f64) -> Shape {
        let bounds = Bounds { left, top: 0.0, right, bottom: 1.0 };
        Shape { class: class.to_owned(), form: Form::Box, bounds, note: String::new() }
    }

    fn archive(name: &str, shapes: Vec<Shape>) -> Converted {
        let picture = Picture { name: name.to_owned(), asset: String::new(), size: (1, 1), shapes };
        Converted { classes: vec!["Car".to_owned()], pictures: vec![picture], problems: Vec::new() }
    }

    #[test]
    fn the_same_object_has_the_same_number_on_both_sides() {
        let coco = archive("a.png", vec![shape("Car", 0.0, 0.5), shape("Car", 0.1, 0.6), shape("Lamp", 0.0, 0.1)]);
        let yolo = archive("a.png", vec![shape("Car", 0.1, 0.6), shape("Car", 0.0, 0.5), shape("Tree", 0.0, 0.1)]);
        let comparison = compare(coco, yolo);
        let row = &comparison.rows[0];
        assert_eq!((row.shared, row.agreement), (2, 1.0));
        for mine in row.coco.iter().filter(|mine| mine.shared) {
            let twins: Vec<_> = row.yolo.iter().flatten().filter(|other| other.number == mine.number).collect();
            assert_eq!(twins.len(), 1);
            assert_eq!(twins[0].shape.bounds, mine.shape.bounds);
        }
    }

    #[test]
    fn renamed_pictures_are_paired_in_order_and_missing_ones_told() {
        assert_eq!(compare(archive("a.png", vec![]), archive("a_1.png", vec![])).problems.len(), 0);
        let mut two = archive("a.png", vec![]);
        two.pictures.extend(archive("b.png", vec![]).pictures);
        let comparison = compare(two, archive("b.png", vec![]));
        assert!(comparison.rows[0].yolo.is_none() && comparison.rows[1].yolo.is_some());
        assert_eq!(comparison.problems, ["YOLO: no picture for a.png"]);
    }
}
