//! The rows of an image: boxes, masks and labels.

use ango_plugin_sdk::answers::Fields;
use ango_plugin_sdk::geometry::Extent;
use ango_plugin_sdk::images::{Areas, Canvas, Format, Image};
use ango_plugin_sdk::number::{millionths, millionths_text};
use ango_plugin_sdk::png::{MaskPng, Pixel};
use ango_plugin_sdk::text::names;
use ango_plugin_sdk::{Answer, Classification, Failure, Geometry, Object, Run};

use crate::labels::{Labels, of_choice, write_cell};
use crate::options::Options;
use crate::tables::PartTables;

/// What the format has a place for.
pub(crate) const FORMAT: Format = Format::new("Open Images").with_answers();

/// Who made an annotation.
const SOURCE: &[u8] = b",ango,";
/// The longest beginning of a mask's name, in bytes.
const MAX_STEM: usize = 200;

/// Makes rows; keeps its memory from image to image.
pub(crate) struct Rows<'a> {
    run: &'a Run,
    areas: Areas,
    labels: Labels,
    fields: Fields<5>,
    masks: Option<(Canvas, MaskPng)>,
    boxes: Vec<u8>,
    mask_rows: Vec<u8>,
    /// Masks by their file names.
    files: Vec<(String, Vec<u8>)>,
    label_rows: Vec<u8>,
}

impl<'a> Rows<'a> {
    pub(crate) fn new(options: &Options, run: &'a Run) -> Result<Self, Failure> {
        let areas = Areas::new(run, FORMAT, &options.classes, options.outside, options.min_area)?;
        let labels = Labels::new(run, areas.classes(), options.labels);
        let fields =
            [("occluded", "occluded"), ("truncated", "truncated"), ("group_of", "group of"), ("depiction", "depiction"), ("inside", "inside")];
        Ok(Self {
            run,
            areas,
            labels,
            fields: Fields::new(FORMAT.name, &options.questions, fields)?,
            masks: options.masks.then(Default::default),
            boxes: Vec::new(),
            mask_rows: Vec::new(),
            files: Vec::new(),
            label_rows: Vec::new(),
        })
    }

    pub(crate) fn labels(&self) -> &Labels {
        &self.labels
    }

    /// Makes the rows of an image, and says how many there are.
    pub(crate) fn take(&mut self, image: &Image<'_>, id: &[u8]) -> u64 {
        self.boxes.clear();
        self.mask_rows.clear();
        self.files.clear();
        self.label_rows.clear();
        let mut rows = 0;
        for (position, object) in image.objects() {
            if let Some(class) = self.areas.take(self.run, image, object) {
                rows += u64::from(self.object(image, id, position, object, class));
            }
        }
        for (_, answered) in image.classifications() {
            rows += self.answer(image, id, answered);
        }
        rows
    }

    /// Writes the rows made last, and their masks into the folder of the part.
    pub(crate) fn write(&mut self, tables: &mut PartTables, part: &str) {
        tables.boxes.put(&self.boxes);
        tables.labels.put(&self.label_rows);
        if let Some(masks) = &mut tables.masks {
            masks.put(&self.mask_rows);
        }
        for (name, png) in self.files.drain(..) {
            self.run.add(&["masks/", part, "/", &name].concat(), &png);
        }
    }

    /// Makes the row of the object taken last; false if it is left out.
    #[inline(never)]
    fn object(&mut self, image: &Image<'_>, id: &[u8], position: u64, object: &Object, class: u32) -> bool {
        let (run, task) = (self.run, image.task);
        let lost = |code: &str, detail: &str| run.lost(task.index, Some(&object.object_id), code, detail);
        let (width, height) = image.size.unwrap_or_default();
        let Extent { x0, y0, x1, y1 } = self.areas.shape().extent();
        let [x0, x1] = [x0, x1].map(|x| millionths(x / f64::from(width)));
        let [y0, y1] = [y0, y1].map(|y| millionths(y / f64::from(height)));
        if x0 >= x1 || y0 >= y1 {
            lost("zero-area", "object has no width or no height with six decimals");
            return false;
        }
        let corners = [x0, x1, y0, y1].map(millionths_text);
        let answers = self.fields.of(run, task, object);
        let out = &mut self.boxes;
        out.extend_from_slice(id);
        out.extend_from_slice(SOURCE);
        out.extend_from_slice(self.labels.class(class));
        out.extend_from_slice(b",1");
        for corner in corners {
            out.push(b',');
            out.extend_from_slice(&corner);
        }
        const TRUNCATED: usize = 1;
        for (at, answered) in answers.into_iter().enumerate() {
            let yes = self.fields.yes(run, task, object, answered).or_else(|| (at == TRUNCATED && self.areas.shape().is_clipped()).then_some(true));
            out.extend_from_slice(match yes {
                None => b",-1",
                Some(false) => b",0",
                Some(true) => b",1",
            });
        }
        out.extend_from_slice(b"\r\n");
        match &object.geometry {
            Geometry::BoundingBox(_) => {}
            _ if self.masks.is_some() => match self.mask(image, object) {
                Ok(png) => {
                    let box_id = format!("{:08x}", image.annotation_id(position));
                    let stem = names::within(&names::stem(image.name).replace('/', "_"), MAX_STEM);
                    let name = [&stem, "_", &box_id, ".png"].concat();
                    let out = &mut self.mask_rows;
                    write_cell(out, &name);
                    out.push(b',');
                    out.extend_from_slice(id);
                    out.push(b',');
                    out.extend_from_slice(self.labels.class(class));
                    out.push(b',');
                    out.extend_from_slice(box_id.as_bytes());
                    for corner in corners {
                        out.push(b',');
                        out.extend_from_slice(&corner);
                    }
                    out.extend_from_slice(b",,\r\n");
                    self.files.push((name, png));
                }
                Err((code, detail)) => lost(code, &detail),
            },
            Geometry::RotatedBox(_) => lost("rotation-dropped", "rotated box is written as the upright box around it"),
            _ => lost("shape-reduced-to-box", "shape is written as the box around it"),
        }
        true
    }

    /// The pixels of an object as a PNG of one bit.
    fn mask(&mut self, image: &Image<'_>, object: &Object) -> Result<Vec<u8>, (&'static str, String)> {
        let Some((canvas, png)) = &mut self.masks else { return Ok(Vec::new()) };
        let too_large = |reason| ("mask-too-large", format!("object has a box and no mask: {reason}"));
        canvas.start(image).map_err(too_large)?;
        if canvas.paint(object, 1) == 0 {
            return Err(("no-pixels", "object has a box and no mask: it hides between the centres of pixels".to_owned()));
        }
        canvas.check().map_err(too_large)?;
        let (width, height) = canvas.size();
        png.start(width, height, Pixel::Bit);
        canvas.rows(1, |runs| png.row(runs.iter().copied()));
        Ok(png.finish().to_vec())
    }

    /// Makes the rows of an answer about the image, and says how many there are.
    #[inline(never)]
    fn answer(&mut self, image: &Image<'_>, id: &[u8], answered: &Classification) -> u64 {
        let title = &answered.title;
        match &answered.answer {
            Answer::Empty => return 0,
            Answer::Flag(flag) => self.label(image, id, answered, title, *flag),
            Answer::Text(choice) if answered.kind != "text" => self.label(image, id, answered, &of_choice(title, choice), true),
            Answer::Choices(choices) => {
                for choice in choices {
                    self.label(image, id, answered, &of_choice(title, choice), true);
                }
                return choices.len() as u64;
            }
            _ => {
                let detail = format_args!("image labels are choices, and the answer to {title:?} is none");
                self.run.lost(image.task.index, Some(&answered.object_id), "classification-unsupported", detail);
                return 0;
            }
        }
        1
    }

    /// Confidence is 1 for what is in the image, 0 for what somebody says is not.
    fn label(&mut self, image: &Image<'_>, id: &[u8], answered: &Classification, name: &str, there: bool) {
        let out = &mut self.label_rows;
        out.extend_from_slice(id);
        out.extend_from_slice(SOURCE);
        match self.labels.find(name) {
            Some(known) => out.extend_from_slice(known),
            None => {
                write_cell(out, name);
                let detail =
                    format_args!("label {name:?} is there under its name: the ontology does not have it, so no class description has it either");
                self.run.lost(image.task.index, Some(&answered.object_id), "label-undescribed", detail);
            }
        }
        out.extend_from_slice(if there { b",1\r\n" } else { b",0\r\n" });
    }
}
