//! Objects as areas of a class: what converters to boxes, polygons and masks do with each object.

use super::{Format, Image};
use crate::class_table::ClassTable;
use crate::geometry::{Bounds, Shape};
use crate::number::Shown;
use crate::options::ClassOptions;
use crate::run::Run;
use crate::types::{Failure, Geometry, Object};

/// Takes objects as areas of a class, and reports those that are none.
#[derive(Clone, Debug)]
pub struct Areas {
    format: Format,
    classes: ClassTable,
    bounds: Bounds,
    min_area: f64,
    shape: Shape,
}

impl Areas {
    /// By the shared options `classes`, `outside` and `min_area` (in square pixels).
    ///
    /// # Errors
    ///
    /// As [`ClassTable::new`].
    pub fn new(run: &Run, format: Format, classes: &ClassOptions, bounds: Bounds, min_area: f64) -> Result<Self, Failure> {
        Ok(Self::of_classes(format, ClassTable::new(&run.project().tools, classes)?, bounds, min_area))
    }

    /// With a table of classes, for formats whose classes are not all tools.
    pub fn of_classes(format: Format, classes: ClassTable, bounds: Bounds, min_area: f64) -> Self {
        Self { format, classes, bounds, min_area, shape: Shape::new() }
    }

    /// The classes.
    pub fn classes(&self) -> &ClassTable {
        &self.classes
    }

    /// The area of the object taken last.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Takes an object's area, which [`shape`](Self::shape) then is, and gives its class. `None` if it is left out.
    ///
    /// Reported is why it is left out, or what was cut off of it and what the format has no place for.
    #[inline]
    pub fn take(&mut self, run: &Run, image: &Image<'_>, object: &Object) -> Option<u32> {
        self.take_as(run, image, object, &object.geometry, image.size)
    }

    /// Takes an object as if it were drawn with another geometry, on an image of another size.
    #[inline(never)]
    pub fn take_as(&mut self, run: &Run, image: &Image<'_>, object: &Object, geometry: &Geometry, size: Option<(u32, u32)>) -> Option<u32> {
        let class = self.classes.class_of(run, image.task.index, object)?;
        let lost = |code: &str, detail: std::fmt::Arguments<'_>| run.lost(image.task.index, Some(&object.object_id), code, detail);
        let size = size.map(|(width, height)| (width.into(), height.into()));
        if let Err(fault) = self.shape.set(geometry, size, self.bounds) {
            lost(fault.code(), format_args!("{} {}", object.geometry.kind(), fault.reason()));
            return None;
        }
        if self.shape.area() < self.min_area {
            lost("below-min-area", format_args!("area {} is below `min_area`", Shown(self.shape.area())));
            return None;
        }
        if self.shape.is_clipped() {
            lost("clipped", format_args!("object leaves the image and is cut at its edges"));
        }
        if self.shape.dropped_parts() > 0 {
            lost("part-dropped", format_args!("object has a region without area"));
        }
        self.format.report_object(run, image.task, object);
        Some(class)
    }
}
