//! What a format has a place for.

use crate::run::Run;
use crate::types::{Object, Task};

/// What a target format has a place for; the rest is reported by [`Images`](super::Images) and [`Areas`](super::Areas).
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// What people call it: `COCO`.
    pub name: &'static str,
    /// Relations between objects.
    pub relations: bool,
    /// Answers about an image.
    pub image_answers: bool,
    /// Answers about an object.
    pub object_answers: bool,
    /// The brush mask of a task.
    pub brush: bool,
    /// The voxel brush of a task.
    pub voxel_brush: bool,
}

impl Format {
    /// A format of this name with a place for objects alone.
    pub const fn new(name: &'static str) -> Self {
        Self { name, relations: false, image_answers: false, object_answers: false, brush: false, voxel_brush: false }
    }

    /// Also for answers about images and about objects.
    #[must_use]
    pub const fn with_answers(mut self) -> Self {
        (self.image_answers, self.object_answers) = (true, true);
        self
    }

    /// Also for answers about objects.
    #[must_use]
    pub const fn with_object_answers(mut self) -> Self {
        self.object_answers = true;
        self
    }

    /// Also for relations.
    #[must_use]
    pub const fn with_relations(mut self) -> Self {
        self.relations = true;
        self
    }

    /// Also for the brush mask.
    #[must_use]
    pub const fn with_brush(mut self) -> Self {
        self.brush = true;
        self
    }

    /// Also for the voxel brush.
    #[must_use]
    pub const fn with_voxel_brush(mut self) -> Self {
        self.voxel_brush = true;
        self
    }

    /// Reports what the task has beside objects and the format has no place for, and a name that changed.
    #[inline(never)]
    pub fn report_task(&self, run: &Run, task: &Task) {
        let (name, annotations) = (self.name, &task.annotations);
        if !self.relations {
            for relation in &annotations.relations {
                run.lost(task.index, Some(&relation.object_id), "relation-unsupported", format_args!("{name} has no relations between objects"));
            }
        }
        if !self.image_answers {
            for answer in &annotations.classifications {
                let detail = format_args!("{name} has no place for answers about an image");
                run.lost(task.index, Some(&answer.object_id), "classification-unsupported", detail);
            }
        }
        if annotations.brush.is_some() && !self.brush {
            run.lost(task.index, None, "brush-unsupported", format_args!("brush mask is not converted to {name}"));
        }
        if annotations.voxel_brush.is_some() && !self.voxel_brush {
            run.lost(task.index, None, "voxel-brush-unsupported", format_args!("voxel brush is not converted to {name}"));
        }
        if task.asset.file_name != task.asset.external_id {
            let (from, to) = (&task.asset.external_id, &task.asset.file_name);
            run.lost(task.index, None, "file-name-changed", format_args!("{from:?} is called {to:?}, to be unique and safe on every system"));
        }
    }

    /// Reports what an object that is written has beside its shape and the format has no place for.
    #[inline]
    pub fn report_object(&self, run: &Run, task: &Task, object: &Object) {
        if !object.classifications.is_empty() && !self.object_answers {
            let detail = format_args!("object is there, but {} has no place for answers about it", self.name);
            run.lost(task.index, Some(&object.object_id), "classification-unsupported", detail);
        }
    }
}
