//! DOTA: turned boxes of aerial images, a text file for each image.
//!
//! A row is four corners in pixels, clockwise on screen, then the category and whether the object is difficult, with spaces between. So categories have no spaces.
//! A turned box keeps its own corners and begins with its own top-left, which says where its head is; every other shape becomes the rectangle of least area around it.

mod options;

use ango_plugin_sdk::answers::Fields;
use ango_plugin_sdk::geometry::{Corners, LeastRectangle, signed_area};
use ango_plugin_sdk::images::{Areas, Choice, Format, Image, ImageList, Images};
use ango_plugin_sdk::number::{rounded, write_f64, write_rounded};
use ango_plugin_sdk::options::{Pairs, Shared, Split, schema};
use ango_plugin_sdk::text::names::stem;
use ango_plugin_sdk::text::tokens::Tokens;
use ango_plugin_sdk::{Converter, Failure, Geometry, Info, Object, Run};

pub use options::Options;

/// What the format has a place for: `difficult` is an answer.
const FORMAT: Format = Format::new("DOTA").with_object_answers();
/// Decimals of a pixel.
const DECIMALS: u8 = 2;

/// The converter.
pub struct Dota;

ango_plugin_sdk::export!(Dota);

impl Converter for Dota {
    type Options = Options;

    fn describe() -> Info {
        const SHARED: [Shared; 9] = [
            Shared::Classes,
            Shared::Split,
            Shared::Outside,
            Shared::MinArea,
            Shared::Names,
            Shared::Empty,
            Shared::Frames,
            Shared::Stage,
            Shared::ImagesCsv,
        ];
        Info::new("dota", env!("CARGO_PKG_VERSION"), "DOTA label files: turned boxes of aerial images", "DOTA")
            .with_options_schema(&schema(include_str!("options.schema.json"), &SHARED))
            .with_history()
    }

    fn convert(options: Options, run: &Run) -> Result<(), Failure> {
        if options.imagesource.contains(char::is_control) {
            return Err(Failure::option("/imagesource", "must be one line of text"));
        }
        let split = Split::new(&options.split)?;
        let mut rows = Rows::new(run, &options)?;
        let mut list = ImageList::new(run, options.images_csv);
        let choice = Choice { on_missing_size: None, names: options.names, frames: options.frames, stage: options.stage.clone() };
        let mut images = Images::new(run, FORMAT, choice);
        while let Some(image) = images.next_image()? {
            let written = rows.convert(run, &image);
            if image.is_left_out_empty(run, options.empty, written) {
                continue;
            }
            let part = split.part(image.task).name();
            let folder = if split.is_split() { [part, "/"].concat() } else { String::new() };
            run.add(&[&folder, "labelTxt/", stem(image.name), ".txt"].concat(), &rows.text);
            list.add(&[&folder, "images/", image.name].concat(), &image);
        }
        list.finish();
        Ok(())
    }
}

/// Makes the rows of an image; keeps its memory from image to image.
struct Rows {
    areas: Areas,
    categories: Tokens,
    difficult: Fields<1>,
    rectangle: LeastRectangle,
    head: Vec<u8>,
    text: Vec<u8>,
}

impl Rows {
    fn new(run: &Run, options: &Options) -> Result<Self, Failure> {
        let areas = Areas::new(run, FORMAT, &options.classes, options.outside, options.min_area)?;
        let mut head = Vec::new();
        if !options.imagesource.is_empty() {
            head.extend_from_slice(["imagesource:", &options.imagesource, "\n"].concat().as_bytes());
        }
        if let Some(gsd) = options.gsd {
            head.extend_from_slice(b"gsd:");
            write_f64(&mut head, gsd);
            head.push(b'\n');
        }
        Ok(Self {
            categories: Tokens::words(areas.classes()),
            areas,
            difficult: Fields::new("DOTA", &Pairs::default(), [("difficult", &options.difficult)])?,
            rectangle: LeastRectangle::default(),
            head,
            text: Vec::new(),
        })
    }

    /// How many rows there are.
    fn convert(&mut self, run: &Run, image: &Image<'_>) -> u64 {
        self.text.clear();
        self.text.extend_from_slice(&self.head);
        image.objects().map(|(_, object)| u64::from(self.object(run, image, object))).sum()
    }

    #[inline(never)]
    fn object(&mut self, run: &Run, image: &Image<'_>, object: &Object) -> bool {
        let Some(class) = self.areas.take(run, image, object) else { return false };
        let (task, id) = (image.task.index, Some(object.object_id.as_str()));
        let corners = self.rectangle.of(&object.geometry, self.areas.shape()).map(|corners| corners.map(|number| rounded(number, DECIMALS)));
        let Some(corners) = corners.filter(|corners| signed_area(corners) > 0.0) else {
            run.lost(task, id, "zero-area", "object has no width or no height with two decimals");
            return false;
        };
        if !matches!(object.geometry, Geometry::BoundingBox(_) | Geometry::RotatedBox(_)) {
            let kind = object.geometry.kind();
            run.lost(task, id, "shape-reduced-to-box", format_args!("{kind} is written as the rectangle of least area around it"));
        }
        self.categories.report(run, task, &object.object_id, self.areas.classes(), class);
        let [difficult] = self.difficult.of(run, image.task, object);
        let is_difficult = self.difficult.yes(run, image.task, object, difficult) == Some(true);
        self.row(&corners, class, is_difficult);
        true
    }

    fn row(&mut self, corners: &Corners, class: u32, is_difficult: bool) {
        for number in corners {
            write_rounded(&mut self.text, *number, DECIMALS);
            self.text.push(b' ');
        }
        self.text.extend_from_slice(self.categories.get(class).as_bytes());
        self.text.extend_from_slice(if is_difficult { b" 1\n" } else { b" 0\n" });
    }
}

#[cfg(test)]
mod tests;
