//! The row of an image.

use ango_plugin_sdk::geometry::bridge;
use ango_plugin_sdk::images::{Areas, Image};
use ango_plugin_sdk::json::{write_answer, write_string};
use ango_plugin_sdk::number::{write_rounded, write_u64};
use ango_plugin_sdk::{Answer, ClassTable, Classification, Failure, Geometry, Object, Run};

use crate::FORMAT;
use crate::options::Options;

/// Rings are only made shorter than this when holes are joined to them.
const MAX_BRIDGED_POINTS: usize = 100_000;

/// Makes rows; keeps its memory from image to image.
pub(crate) struct Rows {
    areas: Areas,
    segmentation: bool,
    attributes: bool,
    precision: u8,
    out: Vec<u8>,
    columns: Columns,
}

/// The lists of the objects of an image, each without its brackets.
#[derive(Default)]
struct Columns {
    bbox: Vec<u8>,
    categories: Vec<u8>,
    area: Vec<u8>,
    id: Vec<u8>,
    object_id: Vec<u8>,
    segmentation: Vec<u8>,
    attributes: Vec<u8>,
}

impl Columns {
    fn all(&mut self) -> [&mut Vec<u8>; 7] {
        [&mut self.bbox, &mut self.categories, &mut self.area, &mut self.id, &mut self.object_id, &mut self.segmentation, &mut self.attributes]
    }
}

impl Rows {
    pub(crate) fn new(run: &Run, options: &Options) -> Result<Self, Failure> {
        Ok(Self {
            areas: Areas::new(run, FORMAT, &options.classes, options.outside, options.min_area)?,
            segmentation: options.segmentation,
            attributes: options.attributes,
            precision: options.precision,
            out: Vec::new(),
            columns: Columns::default(),
        })
    }

    pub(crate) fn classes(&self) -> &ClassTable {
        self.areas.classes()
    }

    /// The row of an image, and how many objects it has.
    pub(crate) fn row(&mut self, run: &Run, image: &Image<'_>) -> (&[u8], u64) {
        self.columns.all().into_iter().for_each(Vec::clear);
        let mut written = 0;
        for (position, object) in image.objects() {
            if let Some(class) = self.areas.take(run, image, object) {
                if written > 0 {
                    self.columns.all().into_iter().for_each(|column| column.push(b','));
                }
                self.object(run, image, position, object, class);
                written += 1;
            }
        }
        self.out.clear();
        let out = &mut self.out;
        out.extend_from_slice(b"{\"file_name\":");
        write_string(out, image.name);
        out.extend_from_slice(b",\"image_id\":");
        write_u64(out, image.id());
        if let Some((width, height)) = image.size {
            out.extend_from_slice(b",\"width\":");
            write_u64(out, width.into());
            out.extend_from_slice(b",\"height\":");
            write_u64(out, height.into());
        }
        out.extend_from_slice(b",\"objects\":{");
        let wanted = [true, true, true, true, true, self.segmentation, self.attributes];
        let names = ["bbox", "categories", "area", "id", "object_id", "segmentation", "attributes"];
        let mut first = true;
        for ((column, name), _) in self.columns.all().into_iter().zip(names).zip(wanted).filter(|(_, wanted)| *wanted) {
            out.extend_from_slice(if std::mem::take(&mut first) { b"\"" } else { b",\"" });
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b"\":[");
            out.extend_from_slice(column);
            out.push(b']');
        }
        out.push(b'}');
        write_answers(out, image);
        out.extend_from_slice(b"}\n");
        (out, written)
    }

    fn object(&mut self, run: &Run, image: &Image<'_>, position: u64, object: &Object, class: u32) {
        let lost = |code: &str, detail: std::fmt::Arguments<'_>| run.lost(image.task.index, Some(&object.object_id), code, detail);
        let (shape, columns, precision) = (self.areas.shape(), &mut self.columns, self.precision);
        write_list(&mut columns.bbox, &shape.bounding_box(), precision);
        write_u64(&mut columns.categories, class.into());
        write_rounded(&mut columns.area, shape.area(), precision);
        write_u64(&mut columns.id, image.annotation_id(position));
        write_string(&mut columns.object_id, &object.object_id);
        if self.segmentation {
            columns.segmentation.push(b'[');
            let mut bridged = false;
            for (at, (region, holes)) in shape.zones().enumerate() {
                if at > 0 {
                    columns.segmentation.push(b',');
                }
                let mut rings = vec![(region, false)];
                rings.extend(holes.map(|hole| (hole, true)));
                if rings.len() == 1 {
                    write_list(&mut columns.segmentation, region, precision);
                } else {
                    bridged = true;
                    write_list(&mut columns.segmentation, &bridge(&rings, MAX_BRIDGED_POINTS).ring, precision);
                }
            }
            columns.segmentation.push(b']');
            if bridged {
                lost("hole-bridged", format_args!("ring and hole are one ring, joined by a bridge without width"));
            }
        } else {
            match &object.geometry {
                Geometry::BoundingBox(_) => {}
                Geometry::RotatedBox(_) => lost("rotation-dropped", format_args!("rotated box is written as the upright box around it")),
                other => lost("shape-reduced-to-box", format_args!("{} is written as the box around it", other.kind())),
            }
        }
        if self.attributes {
            let mut text = Vec::new();
            write_object(&mut text, object.ocr.as_deref(), object.classifications.iter());
            write_string(&mut columns.attributes, &String::from_utf8_lossy(&text));
        } else if !object.classifications.is_empty() {
            lost("classification-unsupported", format_args!("object is there, but option `attributes` is off"));
        }
    }
}

/// `answers`: the answers about an image, by question. As one JSON text, because a column has one type in all parts of a data set, and a list
/// that is empty in one of them has none.
fn write_answers(out: &mut Vec<u8>, image: &Image<'_>) {
    let mut text = Vec::new();
    write_object(&mut text, None, image.classifications().map(|(_, answer)| answer));
    out.extend_from_slice(b",\"answers\":");
    write_string(out, &String::from_utf8_lossy(&text));
}

/// Answers by question, and the text read in an object, as a JSON object. Several answers to one question are a list.
fn write_object<'a>(out: &mut Vec<u8>, ocr: Option<&str>, answers: impl Iterator<Item = &'a Classification> + Clone) {
    out.push(b'{');
    let mut first = true;
    let mut key = |out: &mut Vec<u8>, key: &str| {
        if !std::mem::take(&mut first) {
            out.push(b',');
        }
        write_string(out, key);
        out.push(b':');
    };
    if let Some(ocr) = ocr {
        key(out, "ocr");
        write_string(out, ocr);
    }
    let answered = answers.filter(|answer| answer.answer != Answer::Empty);
    for (at, answer) in answered.clone().enumerate() {
        if answered.clone().take(at).any(|before| before.title == answer.title) {
            continue;
        }
        key(out, &answer.title);
        let same = answered.clone().skip(at).filter(|other| other.title == answer.title);
        if same.clone().nth(1).is_none() {
            write_answer(out, &answer.answer);
            continue;
        }
        for (at, other) in same.enumerate() {
            out.push(if at == 0 { b'[' } else { b',' });
            write_answer(out, &other.answer);
        }
        out.push(b']');
    }
    out.push(b'}');
}

fn write_list(out: &mut Vec<u8>, numbers: &[f64], precision: u8) {
    out.push(b'[');
    for (at, &number) in numbers.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write_rounded(out, number, precision);
    }
    out.push(b']');
}
