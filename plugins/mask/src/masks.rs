//! From layers to files.

use ango_plugin_sdk::images::Image;
use ango_plugin_sdk::png::MaskPng;
use ango_plugin_sdk::raster::{Labels, Run as Pixels};
use ango_plugin_sdk::text::names;
use ango_plugin_sdk::{ClassTable, Run};

use crate::instances::Instances;
use crate::layers::Layers;
use crate::options::Task;
use crate::values::{Values, class_folder};

/// Writes masks, and keeps memory from image to image.
pub(crate) struct Masks {
    task: Task,
    values: Values,
    png: MaskPng,
    labels: Labels,
    /// The value of each label.
    shown: Vec<u32>,
    /// How many pixels of each label are visible.
    visible: Vec<u64>,
}

impl Masks {
    pub(crate) fn new(task: Task, values: Values) -> Self {
        Self { task, values, png: MaskPng::new(), labels: Labels::new(), shown: Vec::new(), visible: Vec::new() }
    }

    pub(crate) fn values(&self) -> &Values {
        &self.values
    }

    /// Writes the masks of an image.
    pub(crate) fn write(&mut self, run: &Run, image: &Image<'_>, table: &ClassTable, layers: &Layers, instances: &mut Instances) {
        let Some(size) = image.size else { return };
        match self.task {
            Task::Semantic => self.whole(run, image, layers, size, None),
            Task::Instance => self.whole(run, image, layers, size, Some(instances)),
            Task::Binary => self.classes(run, image, table, layers, size),
            Task::Object => self.objects(run, image, layers, size, instances),
        }
    }

    /// One file with everything; with instances, objects are told apart.
    fn whole(&mut self, run: &Run, image: &Image<'_>, layers: &Layers, size: (u32, u32), mut instances: Option<&mut Instances>) {
        self.shown.clear();
        self.shown.extend_from_slice(&[0, self.values.outline()]);
        for layer in layers.list() {
            let value = match &mut instances {
                None => Some(self.values.class(layer.class)),
                Some(instances) => self.values.instance(instances.number(run, image, layer)),
            };
            if value.is_none() {
                let object = layer.object.and_then(|at| image.task.annotations.objects.get(at as usize));
                let detail = format_args!("there are more objects than a mask has values");
                run.lost(image.task.index, object.map(|object| object.object_id.as_str()), "mask-too-large", detail);
            }
            self.shown.push(value.unwrap_or(0));
        }
        let shown = &self.shown;
        layers.paint(&mut self.labels, size, |at, _| shown[at + 2] > 0);
        self.draw(size);
        let path = mask_path(image);
        run.add(&path, self.png.finish());
        for (at, layer) in layers.list().iter().enumerate().filter(|(at, _)| self.shown[at + 2] > 0) {
            let pixels = self.visible[at + 2];
            if pixels > 0 {
                if let Some(instances) = &mut instances {
                    instances.add(&path, image, layer, pixels, |out| self.values.write_value(out, self.shown[at + 2]));
                }
                continue;
            }
            let object = layer.object.and_then(|at| image.task.annotations.objects.get(at as usize));
            let detail = match object {
                Some(_) => "object lies wholly under others or under outlines",
                None => "what the brush painted of a class lies wholly under objects or outlines",
            };
            run.lost(image.task.index, object.map(|object| object.object_id.as_str()), "object-covered", detail);
        }
    }

    /// A file for each class that the image has.
    fn classes(&mut self, run: &Run, image: &Image<'_>, table: &ClassTable, layers: &Layers, size: (u32, u32)) {
        let mut is_there = vec![false; table.classes().len()];
        layers.list().iter().for_each(|layer| is_there[layer.class as usize] = true);
        for (class, _) in (0_u32..).zip(is_there).filter(|(_, is_there)| *is_there) {
            self.shown.clear();
            self.shown.resize(layers.list().len() + 2, self.values.class(class));
            layers.paint(&mut self.labels, size, |_, layer| layer.class == class);
            self.draw(size);
            let path = [&class_folder(class, table.name(class)), "/", names::stem(image.name), ".png"].concat();
            run.add(&path, self.png.finish());
        }
    }

    /// A file for each object.
    fn objects(&mut self, run: &Run, image: &Image<'_>, layers: &Layers, size: (u32, u32), instances: &mut Instances) {
        instances.start_image();
        for (at, layer) in layers.list().iter().enumerate() {
            self.shown.clear();
            self.shown.resize(layers.list().len() + 2, self.values.class(layer.class));
            layers.paint(&mut self.labels, size, |other, _| other == at);
            self.draw(size);
            let path = instances.object_path(image, layer);
            run.add(&path, self.png.finish());
            instances.add(&path, image, layer, layer.pixels, |out| self.values.write_value(out, self.shown[at + 2]));
        }
    }

    /// Draws what is painted.
    #[inline(never)]
    fn draw(&mut self, (width, height): (u32, u32)) {
        self.png.start(width, height, self.values.pixel());
        self.visible.clear();
        self.visible.resize(self.shown.len(), 0);
        let mut y = 0;
        while y < height {
            let painted = self.labels.next_painted(y);
            self.png.empty_rows(painted - y);
            y = painted + 1;
            if painted < height {
                let runs = self.labels.row(painted);
                for run in runs {
                    self.visible[run.label as usize] += u64::from(run.x1 - run.x0);
                }
                self.png.row(runs.iter().map(|run| Pixels { label: self.shown[run.label as usize], ..*run }));
            }
        }
    }
}

/// Where the mask of an image is.
pub(crate) fn mask_path(image: &Image<'_>) -> String {
    ["masks/", names::stem(image.name), ".png"].concat()
}
