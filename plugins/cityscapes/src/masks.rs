//! `_gtFine_labelIds.png`, `_gtFine_instanceIds.png` and `_gtFine_labelTrainIds.png`: what the pixels of an image are.

use ango_plugin_sdk::images::{Canvas, Image, write_row};
use ango_plugin_sdk::png::{MaskPng, Pixel};
use ango_plugin_sdk::{Run, raster};

use crate::ids::{self, Id, Ids};
use crate::polygons::Drawn;

/// Instances of a class that can be told apart in an image.
const MAX_INSTANCES: u32 = 1000;

/// Paints masks; keeps its memory from image to image.
pub(crate) struct Masks<'a> {
    run: &'a Run,
    ids: Ids,
    with_training: bool,
    canvas: Canvas,
    label_png: MaskPng,
    instance_png: MaskPng,
    train_png: MaskPng,
    /// Of each painted object, by its label from 1.
    values: Vec<Values>,
    /// How many instances there are of each class so far.
    counts: Vec<u32>,
}

/// What the pixels of an object are.
#[derive(Clone, Copy)]
struct Values {
    label: u32,
    instance: u32,
    train: u32,
    position: u32,
}

impl<'a> Masks<'a> {
    /// With `with_training` also the ids for training are written.
    pub(crate) fn new(run: &'a Run, ids: Ids, with_training: bool) -> Self {
        let counts = vec![0; ids.len()];
        Self {
            run,
            ids,
            with_training,
            canvas: Canvas::default(),
            label_png: MaskPng::default(),
            instance_png: MaskPng::default(),
            train_png: MaskPng::default(),
            values: Vec::new(),
            counts,
        }
    }

    /// Writes the masks of an image, whose files' names begin with `base`.
    pub(crate) fn write(&mut self, image: &Image<'_>, drawn: &[Drawn], base: &str) {
        if let Err(reason) = self.paint(image, drawn) {
            let detail = format_args!("image {:?} is written without masks: {reason}", image.name);
            return self.run.lost(image.task.index, None, "mask-too-large", detail);
        }
        let (width, height) = self.canvas.size();
        self.label_png.start(width, height, Pixel::Grey8);
        self.instance_png.start(width, height, Pixel::Grey16);
        if self.with_training {
            self.train_png.start(width, height, Pixel::Grey8);
        }
        let (labels, instances, train, values) = (&mut self.label_png, &mut self.instance_png, &mut self.train_png, &self.values);
        let with_training = self.with_training;
        self.canvas.rows(values.len(), |runs| {
            let of = |label: u32| values.get(label.wrapping_sub(1) as usize);
            write_row(labels, runs, |label| of(label).map_or(0, |values| values.label));
            write_row(instances, runs, |label| of(label).map_or(0, |values| values.instance));
            if with_training {
                write_training_row(train, runs, width, |label| of(label).map_or(u32::from(ids::IGNORED), |values| values.train));
            }
        });
        self.run.add(&[base, "_gtFine_labelIds.png"].concat(), self.label_png.finish());
        self.run.add(&[base, "_gtFine_instanceIds.png"].concat(), self.instance_png.finish());
        if self.with_training {
            self.run.add(&[base, "_gtFine_labelTrainIds.png"].concat(), self.train_png.finish());
        }
        for label in self.canvas.hidden() {
            let position = self.values.get(label as usize - 1).map_or(u32::MAX, |values| values.position);
            let detail = "object is a polygon, but no pixel of the masks is its own: others cover it, or it hides between the centres of pixels";
            self.lost(image, position, "no-pixels", detail);
        }
    }

    fn paint(&mut self, image: &Image<'_>, drawn: &[Drawn]) -> Result<(), String> {
        self.canvas.start(image)?;
        self.values.clear();
        self.counts.fill(0);
        for object in drawn {
            let Id { label, train, instances } = self.ids.get(object.class);
            let Some(label) = label.map(u32::from) else {
                self.lost(image, object.position, "no-pixels", "object is a polygon, but its class has no number and is not in the masks");
                continue;
            };
            let count = self.counts.get_mut(object.class as usize).filter(|_| instances).map(|count| std::mem::replace(count, *count + 1));
            let own = count.filter(|count| *count < MAX_INSTANCES).map(|count| label * MAX_INSTANCES + count).filter(|id| *id <= u32::from(u16::MAX));
            if count.is_some() && own.is_none() {
                let detail = "object is in instanceIds as one of a group: the image has more instances of its class than numbers for them";
                self.lost(image, object.position, "instances-merged", detail);
            }
            // The number of the class is that of a group of instances, too.
            let instance = own.unwrap_or(label);
            if let Some(drawn) = image.task.annotations.objects.get(object.position as usize) {
                self.values.push(Values { label, instance, train: train.into(), position: object.position });
                self.canvas.paint(drawn, self.values.len() as u32);
            }
        }
        self.canvas.check()
    }

    #[cold]
    fn lost(&self, image: &Image<'_>, position: u32, code: &str, detail: &str) {
        let id = image.task.annotations.objects.get(position as usize).map(|object| object.object_id.as_str());
        self.run.lost(image.task.index, id, code, detail);
    }
}

/// A row in which pixels without an object are not 0.
fn write_training_row(png: &mut MaskPng, runs: &[raster::Run], width: u32, value: impl Fn(u32) -> u32) {
    let background = u32::from(ids::IGNORED);
    let starts = std::iter::once(0).chain(runs.iter().map(|run| run.x1));
    let painted = runs.iter().map(|run| Some(raster::Run { label: value(run.label), ..*run })).chain(std::iter::once(None));
    png.row(starts.zip(painted).flat_map(|(x0, run)| {
        let gap = raster::Run { x0, x1: run.map_or(width, |run| run.x0), label: background };
        [Some(gap).filter(|gap| gap.x0 < gap.x1), run].into_iter().flatten()
    }));
}
