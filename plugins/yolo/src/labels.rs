//! The labels of an image, for all tasks that have objects.

use std::fmt::Arguments;

use ango_plugin_sdk::bytes::fingerprint;
use ango_plugin_sdk::geometry::{LeastRectangle, bridge};
use ango_plugin_sdk::images::{Areas, Format, Image};
use ango_plugin_sdk::keypoints::{Keypoints, Role};
use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::order::sorted_positions;
use ango_plugin_sdk::{ClassTable, Failure, Geometry, Object, Run};

use crate::names::ClassNames;
use crate::options::{Options, TaskKind};
use crate::rows::{NoSize, Turned, write_box, write_keypoints, write_ring};

/// What boxes and outlines have a place for.
pub(crate) const FORMAT: Format = Format::new("YOLO");
/// The loader resamples rings to 1,000 points; a ring with bridges must stay below, or the bridges open.
const MAX_BRIDGED_POINTS: usize = 990;

/// Makes label rows; keeps its memory from image to image.
pub(crate) struct Labels {
    task: TaskKind,
    areas: Areas,
    names: ClassNames,
    keypoints: Option<Keypoints>,
    rectangle: LeastRectangle,
    text: Vec<u8>,
    rows: Vec<Row>,
}

/// A row by its place in the text, and the position of the object that it is of.
#[derive(Clone, Copy)]
struct Row {
    start: usize,
    end: usize,
    object: u64,
}

impl Labels {
    pub(crate) fn new(run: &Run, options: &Options) -> Result<Self, Failure> {
        let keypoints = match options.task {
            TaskKind::Pose => Some(Keypoints::new(run, &options.keypoints, &options.classes)?),
            _ => None,
        };
        let classes = match &keypoints {
            Some(keypoints) => keypoints.classes().clone(),
            None => ClassTable::new(&run.project().tools, &options.classes)?,
        };
        Ok(Self {
            task: options.task,
            names: ClassNames::new(&classes),
            areas: Areas::of_classes(FORMAT, classes, options.outside, options.min_area),
            keypoints,
            rectangle: LeastRectangle::default(),
            text: Vec::new(),
            rows: Vec::new(),
        })
    }

    /// The names of classes, in order.
    pub(crate) fn names(&self) -> &ClassNames {
        &self.names
    }

    /// The keypoints, of poses.
    pub(crate) fn keypoints(&self) -> Option<&Keypoints> {
        self.keypoints.as_ref()
    }

    /// The rows of the last image, a line for each.
    pub(crate) fn text(&self) -> &[u8] {
        &self.text
    }

    /// Makes the rows of an image, which has a size.
    pub(crate) fn convert(&mut self, run: &Run, image: &Image<'_>) {
        self.text.clear();
        self.rows.clear();
        let Some((width, height)) = image.size else { return };
        let size = (f64::from(width), f64::from(height));
        if let Some(keypoints) = &mut self.keypoints {
            keypoints.open(run, image);
        }
        for (position, object) in image.objects() {
            let start = self.text.len();
            let written =
                if self.keypoints.is_some() { self.pose(run, image, position, object, size) } else { self.object(run, image, object, size) };
            match written {
                Some(Ok(())) => {
                    self.text.push(b'\n');
                    self.rows.push(Row { start, end: self.text.len(), object: position });
                }
                Some(Err(NoSize)) => {
                    self.text.truncate(start);
                    let detail = "object has no width or no height with six decimals";
                    run.lost(image.task.index, Some(&object.object_id), "zero-area", detail);
                    self.abandon(run, image, position);
                }
                None => {}
            }
        }
        self.drop_duplicates(run, image);
    }

    /// Writes a row; `None` if there is none, which is reported.
    #[inline(never)]
    fn object(&mut self, run: &Run, image: &Image<'_>, object: &Object, size: (f64, f64)) -> Option<Result<(), NoSize>> {
        let class = self.areas.take(run, image, object)?;
        self.names.report(run, image, object, class);
        write_u64(&mut self.text, class.into());
        let lost = |code: &str, detail: Arguments<'_>| run.lost(image.task.index, Some(&object.object_id), code, detail);
        Some(match self.task {
            TaskKind::Segment => self.outline(lost, size),
            TaskKind::Obb => self.turned_box(lost, object, size),
            _ => {
                report_upright(lost, object);
                write_box(&mut self.text, &self.areas.shape().extent(), size)
            }
        })
    }

    /// One ring; several are joined into one.
    fn outline(&mut self, lost: impl Fn(&str, Arguments<'_>), size: (f64, f64)) -> Result<(), NoSize> {
        let shape = self.areas.shape();
        let (holes, parts) = (shape.has_holes(), shape.parts());
        if !holes && parts == 1 {
            return shape.rings().try_for_each(|(ring, _)| write_ring(&mut self.text, ring, size));
        }
        let rings: Vec<(&[f64], bool)> = shape.rings().collect();
        let bridged = bridge(&rings, MAX_BRIDGED_POINTS);
        write_ring(&mut self.text, &bridged.ring, size)?;
        if holes {
            lost("hole-bridged", format_args!("ring and hole are one ring, joined by a bridge without width"));
        }
        if parts > 1 {
            lost("parts-bridged", format_args!("{parts} parts are one ring, joined by bridges without width"));
        }
        if bridged.dropped > 0 {
            lost("part-dropped", format_args!("{} smallest of {} rings are left out", bridged.dropped, rings.len()));
        }
        Ok(())
    }

    /// Four corners, computed in pixels: a turn is one only where both directions have the same unit.
    fn turned_box(&mut self, lost: impl Fn(&str, Arguments<'_>), object: &Object, size: (f64, f64)) -> Result<(), NoSize> {
        let shape = self.areas.shape();
        let corners = self.rectangle.of(&object.geometry, shape);
        let upright = shape.extent().ring();
        let turned = corners.and_then(|corners| Turned::new(&corners, size));
        match (&object.geometry, &turned) {
            (Geometry::BoundingBox(_), _) | (Geometry::RotatedBox(_), Some(_)) => {}
            (Geometry::RotatedBox(_), None) => {
                lost(
                    "rotation-dropped",
                    format_args!("turned box leaves the image too far, so that the upright box around what is in it is written"),
                );
            }
            (other, Some(_)) => lost("shape-reduced-to-box", format_args!("{} is written as the rectangle of least area around it", other.kind())),
            (other, None) => lost("shape-reduced-to-box", format_args!("{} is written as the upright box around it", other.kind())),
        }
        turned.or_else(|| Turned::new(&upright, size)).ok_or(NoSize)?.write(&mut self.text)
    }

    /// A box and its keypoints.
    #[inline(never)]
    fn pose(&mut self, run: &Run, image: &Image<'_>, position: u64, object: &Object, size: (f64, f64)) -> Option<Result<(), NoSize>> {
        let keypoints = self.keypoints.as_ref()?;
        let lost = |code: &str, detail: Arguments<'_>| run.lost(image.task.index, Some(&object.object_id), code, detail);
        let (class, extent, found) = match keypoints.role(position) {
            Role::Part => return None,
            Role::Loose(loose) => (loose.class, loose.extent, loose.keypoints),
            Role::Area(found) => {
                let Some(class) = self.areas.take(run, image, object) else {
                    keypoints.abandon(run, image, position);
                    return None;
                };
                report_upright(lost, object);
                (class, self.areas.shape().extent(), found)
            }
        };
        self.names.report(run, image, object, class);
        write_u64(&mut self.text, class.into());
        Some(write_box(&mut self.text, &extent, size).map(|()| write_keypoints(&mut self.text, found, size)))
    }

    /// Reports the keypoints of an object that is left out.
    fn abandon(&self, run: &Run, image: &Image<'_>, position: u64) {
        if let Some(keypoints) = &self.keypoints {
            keypoints.abandon(run, image, position);
        }
    }

    /// The loader removes equal rows without a word; here one of them stays and the others are reported.
    #[inline(never)]
    fn drop_duplicates(&mut self, run: &Run, image: &Image<'_>) {
        if self.rows.len() < 2 {
            return;
        }
        let text = |at: u32| {
            let row = &self.rows[at as usize];
            &self.text[row.start..row.end]
        };
        let prints: Vec<u64> = (0..).map(text).take(self.rows.len()).map(fingerprint).collect();
        let order = sorted_positions(self.rows.len(), &mut |a, b| {
            let (one, other) = (prints[a as usize], prints[b as usize]);
            one < other || (one == other && text(a) < text(b))
        });
        // Equal ones are in their own order.
        let mut is_repeated = vec![false; self.rows.len()];
        for pair in order.windows(2) {
            is_repeated[pair[1] as usize] = prints[pair[0] as usize] == prints[pair[1] as usize] && text(pair[0]) == text(pair[1]);
        }
        if !is_repeated.contains(&true) {
            return;
        }
        let objects = &image.task.annotations.objects;
        let mut kept = Vec::with_capacity(self.text.len());
        let mut from = 0;
        for (row, _) in self.rows.iter().zip(&is_repeated).filter(|(_, is_repeated)| **is_repeated) {
            let object = usize::try_from(row.object).ok().and_then(|at| objects.get(at)).map(|object| object.object_id.as_str());
            run.lost(image.task.index, object, "duplicate", "another object of the image has the same class and coordinates");
            self.abandon(run, image, row.object);
            kept.extend_from_slice(&self.text[from..row.start]);
            from = row.end;
        }
        kept.extend_from_slice(&self.text[from..]);
        self.text = kept;
    }
}

/// Reports what an upright box around an object does not say.
fn report_upright(lost: impl Fn(&str, Arguments<'_>), object: &Object) {
    match &object.geometry {
        Geometry::BoundingBox(_) => {}
        Geometry::RotatedBox(_) => lost("rotation-dropped", format_args!("rotated box is written as the upright box around it")),
        other => lost("shape-reduced-to-box", format_args!("{} is written as the box around it", other.kind())),
    }
}
