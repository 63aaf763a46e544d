//! PNG masks: of classes, of objects, or of one class or object each.
//!
//! `masks/NAME.png` beside each image `NAME.jpg`, and `class_mapping.json`, which says what stands for what. Options are called as those of Ango's own converter
//! where it has them, and its values are kept: a class has the same grey or the same colour here.
//!
//! What differs from peers: holes are cut within their own object, and never out of what lies below it; the pixels of an object are those whose centre is inside;
//! an object of which nothing is visible is reported, and so is every pixel of a brush whose colour no class has.

mod colors;
mod instances;
mod layers;
mod masks;
mod options;
mod overlay;
mod values;

use ango_plugin_sdk::images::{Brush, Format, Image, ImageList, Images};
use ango_plugin_sdk::{Converter, Failure, Info, Level, Run};

use crate::instances::Instances;
use crate::layers::Layers;
use crate::masks::Masks;
use crate::options::BrushPlace;
use crate::overlay::Overlay;
use crate::values::Values;

pub use options::Options;

/// The most columns or rows of a mask, as many rows as [`Labels`](ango_plugin_sdk::raster::Labels) have.
const MAX_SIDE: u32 = 1 << 22;

/// What masks have a place for.
const FORMAT: Format = Format::new("masks").with_brush();

/// The converter.
pub struct Mask;

ango_plugin_sdk::export!(Mask);

impl Converter for Mask {
    type Options = Options;

    fn describe() -> Info {
        Info::new("mask", env!("CARGO_PKG_VERSION"), "Semantic, instance and binary masks as PNG files", "PNG masks")
            .with_options_schema(&Options::schema())
            .with_assets()
            .with_history()
    }

    fn convert(options: Options, run: &Run) -> Result<(), Failure> {
        let mut job = Job::new(options, run)?;
        if run.is_first_shard() {
            job.masks.values().write_mapping(run, job.layers.areas().classes());
        }
        let mut images = Images::new(run, FORMAT, job.options.choice());
        while let Some(image) = images.next_image()? {
            job.image(&image);
        }
        job.images_csv.finish();
        job.instances.finish();
        Ok(())
    }
}

/// The conversion of a shard.
struct Job<'a> {
    run: &'a Run,
    layers: Layers,
    brush: Brush,
    masks: Masks,
    instances: Instances,
    overlay: Option<Overlay>,
    images_csv: ImageList,
    /// The last task of which something was reported that is the same for all its images.
    told: Option<u64>,
    /// How many images were written.
    written: u64,
    options: Options,
}

impl<'a> Job<'a> {
    fn new(options: Options, run: &'a Run) -> Result<Self, Failure> {
        let layers = Layers::new(&options, run, FORMAT)?;
        let table = layers.areas().classes();
        let values = Values::new(&options, table, run)?;
        Ok(Self {
            run,
            brush: Brush::new(run, table),
            masks: Masks::new(options.task, values),
            instances: Instances::new(run, options.task, table),
            overlay: options.overlay.then(|| Overlay::new(options.opacity)),
            images_csv: ImageList::new(run, options.images_csv),
            layers,
            told: None,
            written: 0,
            options,
        })
    }

    fn image(&mut self, image: &Image<'_>) {
        if self.is_of_other_batch(image) {
            return;
        }
        let Some(size) = image.size else { return };
        if u64::from(size.0) * u64::from(size.1) > self.options.max_pixels {
            return self.report_left_out(image, "mask-too-large", &format!("image has {} x {} pixels, more than `max_pixels`", size.0, size.1));
        }
        if size.0.max(size.1) > MAX_SIDE {
            return self.report_left_out(
                image,
                "mask-too-large",
                &format!("image has {} x {} pixels, and a mask at most {MAX_SIDE} on a side", size.0, size.1),
            );
        }
        self.layers.start(size);
        for (position, object) in image.objects() {
            self.layers.add(self.run, image, position, object);
        }
        if self.options.brush == BrushPlace::Skip {
            self.report_brush(image);
        } else {
            for same in self.brush.read(self.run, image, FORMAT).chunk_by(|a, b| a.class == b.class) {
                self.layers.add_brush(same[0].class, same);
            }
        }
        if self.layers.is_too_complex() {
            return self.report_left_out(image, "mask-too-large", "its objects cross rows of pixels more than eight million times");
        }
        if image.is_left_out_empty(self.run, self.options.empty, self.layers.list().len() as u64) {
            return;
        }
        self.layers.arrange(self.options.brush == BrushPlace::Above);
        self.instances.start_image();
        self.masks.write(self.run, image, self.layers.areas().classes(), &self.layers, &mut self.instances);
        if let Some(overlay) = &mut self.overlay {
            overlay.write(self.run, image, &self.layers, self.masks.values());
        }
        self.images_csv.add(&["images/", image.name].concat(), image);
        self.written += 1;
        if self.options.verbose_frequency > 0 && self.written.is_multiple_of(self.options.verbose_frequency) {
            self.run.log(Level::Info, &format!("{} images written, the last one {:?}", self.written, image.name));
        }
    }

    /// Whether the task is in none of the wanted batches; reported once.
    fn is_of_other_batch(&mut self, image: &Image<'_>) -> bool {
        let (wanted, task) = (&self.options.batch_names, image.task);
        if wanted.is_empty() || task.asset.batches.iter().any(|batch| wanted.contains(batch)) {
            return false;
        }
        if self.told.replace(task.index) != Some(task.index) {
            self.run.lost(task.index, None, "batch-excluded", "task is in none of the batches of option `batch_names`");
        }
        true
    }

    /// Reports an image that has no mask: the task, or the objects of a page.
    fn report_left_out(&self, image: &Image<'_>, code: &str, detail: &str) {
        let task = image.task.index;
        let Some(page) = image.page else { return self.run.lost(task, None, code, detail) };
        for (_, object) in image.objects() {
            self.run.lost(task, Some(&object.object_id), code, format_args!("page {page}: {detail}"));
        }
        if image.object_count() == 0 {
            self.run.lost(task, None, "page-left-out", format_args!("page {page} has no annotations, and {detail}"));
        }
    }

    /// Reports a brush mask that nobody wants, once for its task.
    fn report_brush(&mut self, image: &Image<'_>) {
        let task = image.task;
        if task.annotations.brush.is_some() && self.told.replace(task.index) != Some(task.index) {
            self.run.lost(task.index, None, "brush-unsupported", "brush mask is left out by option `brush`");
        }
    }
}

#[cfg(test)]
mod tests;
