//! Objects as what they are drawn with: what converters to formats of areas, lines and points do with each object.

use super::{Areas, Format, Image};
use crate::class_table::ClassTable;
use crate::geometry::{Bounds, Line, Shape, Unusable, check_point};
use crate::options::ClassOptions;
use crate::run::Run;
use crate::types::{Failure, Geometry, Object};

/// Takes objects as areas, lines and points of a class, and reports those that are none.
#[derive(Clone, Debug)]
pub struct Drawings {
    format: Format,
    areas: Areas,
    line: Line,
    bounds: Bounds,
    last: Last,
}

/// What was taken last.
#[derive(Clone, Copy, Debug)]
enum Last {
    Area,
    Line,
    Point(f64, f64),
}

/// What an object is drawn with.
#[derive(Clone, Copy, Debug)]
pub enum Drawn<'a> {
    /// A box, a polygon or zones.
    Area(&'a Shape),
    /// A line through points.
    Line(&'a [f64]),
    /// A point.
    Point(f64, f64),
}

impl Drawings {
    /// By the shared options `classes`, `outside` and `min_area` (in square pixels).
    ///
    /// # Errors
    ///
    /// As [`ClassTable::new`].
    pub fn new(run: &Run, format: Format, classes: &ClassOptions, bounds: Bounds, min_area: f64) -> Result<Self, Failure> {
        let areas = Areas::new(run, format, classes, bounds, min_area)?;
        Ok(Self { format, areas, line: Line::new(), bounds, last: Last::Area })
    }

    /// The classes.
    pub fn classes(&self) -> &ClassTable {
        self.areas.classes()
    }

    /// What was taken last.
    pub fn drawn(&self) -> Drawn<'_> {
        match self.last {
            Last::Area => Drawn::Area(self.areas.shape()),
            Last::Line => Drawn::Line(self.line.points()),
            Last::Point(x, y) => Drawn::Point(x, y),
        }
    }

    /// Takes an object, which [`drawn`](Self::drawn) then is, and gives its class. `None` if it is left out.
    ///
    /// Reported is why it is left out, or what was cut off of it and what the format has no place for. A spline is the line through its points.
    pub fn take(&mut self, run: &Run, image: &Image<'_>, object: &Object) -> Option<u32> {
        match &object.geometry {
            Geometry::Polyline(path) => self.take_line(run, image, object, path),
            Geometry::Spline(path) => {
                let class = self.take_line(run, image, object, path)?;
                run.lost(image.task.index, Some(&object.object_id), "spline-straightened", "spline is there as the line through its points");
                Some(class)
            }
            Geometry::Point(point) => {
                let class = self.classes().class_of(run, image.task.index, object)?;
                report_unusable(run, image, object, check_point(point.x, point.y, size(image), self.bounds))?;
                self.last = Last::Point(point.x, point.y);
                self.format.report_object(run, image.task, object);
                Some(class)
            }
            _ => {
                self.last = Last::Area;
                self.areas.take(run, image, object)
            }
        }
    }

    #[inline(never)]
    fn take_line(&mut self, run: &Run, image: &Image<'_>, object: &Object, path: &[f64]) -> Option<u32> {
        let class = self.classes().class_of(run, image.task.index, object)?;
        let taken = self.line.set(path, size(image), self.bounds);
        report_unusable(run, image, object, taken)?;
        if self.line.is_clipped() {
            run.lost(image.task.index, Some(&object.object_id), "clipped", "line leaves the image and is cut at its edges");
        }
        if self.line.dropped_parts() > 0 {
            run.lost(image.task.index, Some(&object.object_id), "part-dropped", "line comes back into the image, and its longest piece is there");
        }
        self.last = Last::Line;
        self.format.report_object(run, image.task, object);
        Some(class)
    }
}

fn size(image: &Image<'_>) -> Option<(f64, f64)> {
    image.size.map(|(width, height)| (width.into(), height.into()))
}

fn report_unusable(run: &Run, image: &Image<'_>, object: &Object, taken: Result<(), Unusable>) -> Option<()> {
    let fault = taken.err();
    if let Some(fault) = fault {
        run.lost(image.task.index, Some(&object.object_id), fault.code(), format_args!("{} {}", object.geometry.kind(), fault.reason()));
    }
    fault.is_none().then_some(())
}
