//! The row of an object.

use ango_plugin_sdk::answers::{Fields, is_yes, word};
use ango_plugin_sdk::geometry::{Bounds, Extent, Shape, within};
use ango_plugin_sdk::images::{Areas, Format, Image};
use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::options::Pairs;
use ango_plugin_sdk::text::tokens::Tokens;
use ango_plugin_sdk::{Answer, ClassTable, Classification, Failure, Geometry, Object, Run, Task};

use crate::options::{Flavour, Occlusion, Options, Placeholders};

/// What the format has a place for.
pub(crate) const FORMAT: Format = Format::new("KITTI").with_object_answers();

/// The type of areas in which nothing is evaluated.
const DONT_CARE: &str = "DontCare";
/// What such a row says around its box (readme of the object development kit).
const DONT_CARE_BEFORE: &[u8] = b"DontCare -1 -1 -10";
/// Height, width, length; x, y, z; rotation, when nobody knows them.
const UNKNOWN: &[u8] = b" -1 -1 -1 -1000 -1000 -1000 -10\n";
const ZERO: &[u8] = b" 0 0 0 0 0 0 0\n";
/// How much of an object is outside the image if somebody says that it is truncated and nothing was cut off.
const SOME: f64 = 0.5;

/// Writes rows; keeps its memory from object to object.
pub(crate) struct Rows<'a> {
    run: &'a Run,
    areas: Areas,
    tokens: Tokens,
    /// By position in the table of classes.
    dont_care: Vec<bool>,
    fields: Fields<2>,
    no_fields: Fields<0>,
    /// A share of the object, or a level from 0 to 2.
    truncation_is_level: bool,
    unknown_occlusion: u8,
    angle: &'static [u8],
    space: &'static [u8],
    whole: Shape,
}

/// A row to be: the object is taken, and has a box.
pub(crate) struct Row {
    class: u32,
    /// Left, top, right and bottom in hundredths of a pixel.
    corners: [u64; 4],
    pub(crate) is_dont_care: bool,
}

impl<'a> Rows<'a> {
    pub(crate) fn new(options: &Options, run: &'a Run) -> Result<Self, Failure> {
        let areas = Areas::new(run, FORMAT, &options.classes, options.outside, options.min_area)?;
        let (angle, space) = match options.placeholders {
            Placeholders::DontCare => (&b" -10"[..], UNKNOWN),
            Placeholders::Zero => (&b" 0"[..], ZERO),
        };
        Ok(Self {
            run,
            tokens: Tokens::words(areas.classes()),
            dont_care: dont_care(areas.classes(), &options.dont_care)?,
            areas,
            fields: Fields::new(FORMAT.name, &options.questions, ["truncated", "occluded"].map(|field| (field, field)))?,
            no_fields: Fields::new(DONT_CARE, &Pairs::default(), [])?,
            truncation_is_level: options.flavour == Flavour::Tracking,
            unknown_occlusion: if options.occlusion == Occlusion::Visible { 0 } else { 3 },
            angle,
            space,
            whole: Shape::new(),
        })
    }

    /// Takes an object; `None` if it is left out, which is reported.
    pub(crate) fn take(&mut self, image: &Image<'_>, object: &Object) -> Option<Row> {
        let class = self.areas.take(self.run, image, object)?;
        let Extent { x0, y0, x1, y1 } = self.areas.shape().extent();
        let corners = [x0, y0, x1, y1].map(hundredths);
        if corners[0] == corners[2] || corners[1] == corners[3] {
            let detail = "object has no width or no height with two decimals";
            self.run.lost(image.task.index, Some(&object.object_id), "zero-area", detail);
            return None;
        }
        let is_dont_care = self.dont_care.get(class as usize).copied().unwrap_or(false);
        Some(Row { class, corners, is_dont_care })
    }

    /// Appends the row, and reports what it does not say of the object taken last.
    #[inline(never)]
    pub(crate) fn write(&mut self, out: &mut Vec<u8>, image: &Image<'_>, object: &Object, row: &Row) {
        let task = image.task;
        match &object.geometry {
            Geometry::BoundingBox(_) => {}
            Geometry::RotatedBox(_) => self.lost(task, object, "rotation-dropped", "rotated box is written as the upright box around it"),
            _ => self.lost(task, object, "shape-reduced-to-box", "shape is written as the box around it"),
        }
        if row.is_dont_care {
            let [] = self.no_fields.of(self.run, task, object);
            out.extend_from_slice(DONT_CARE_BEFORE);
            write_corners(out, row.corners);
            return out.extend_from_slice(UNKNOWN);
        }
        self.tokens.report(self.run, task.index, &object.object_id, self.areas.classes(), row.class);
        let [truncated, occluded] = self.fields.of(self.run, task, object);
        let truncated = self.truncated(image, object, truncated);
        let occluded = occluded.and_then(|answered| {
            let level = occlusion(answered);
            if level.is_none() {
                self.fields.not_understood(self.run, task, object, answered, "a level from 0 to 3");
            }
            level
        });
        out.extend_from_slice(self.tokens.get(row.class).as_bytes());
        out.push(b' ');
        if self.truncation_is_level {
            out.push(if truncated < 0.005 {
                b'0'
            } else if truncated <= 0.5 {
                b'1'
            } else {
                b'2'
            });
        } else {
            write_hundredths(out, hundredths(truncated));
        }
        out.push(b' ');
        out.push(b'0' + occluded.unwrap_or(self.unknown_occlusion));
        out.extend_from_slice(self.angle);
        write_corners(out, row.corners);
        out.extend_from_slice(self.space);
    }

    /// Which share of the object is outside the image, from 0 to 1.
    fn truncated(&mut self, image: &Image<'_>, object: &Object, answered: Option<&Classification>) -> f64 {
        let cut_off = self.cut_off(object);
        let Some(answered) = answered else { return cut_off };
        let share = match &answered.answer {
            Answer::Number(share) if (0.0..=1.0).contains(share) => Some(*share),
            answer => word(answer).and_then(|word| word.trim().parse().ok()).filter(|share| (0.0..=1.0).contains(share)),
        };
        let share = share.or_else(|| Some(if is_yes(answered)? { if cut_off > 0.0 { cut_off } else { SOME } } else { 0.0 }));
        if share.is_none() {
            self.fields.not_understood(self.run, image.task, object, answered, "a share from 0 to 1");
        }
        share.unwrap_or(cut_off)
    }

    /// Which share of the object taken last was cut off.
    fn cut_off(&mut self, object: &Object) -> f64 {
        if !self.areas.shape().is_clipped() || self.whole.set(&object.geometry, None, Bounds::Keep).is_err() {
            return 0.0;
        }
        within(1.0 - self.areas.shape().area() / self.whole.area(), 1.0)
    }

    #[cold]
    fn lost(&self, task: &Task, object: &Object, code: &str, detail: &str) {
        self.run.lost(task.index, Some(&object.object_id), code, detail);
    }
}

/// Which classes are areas in which nothing is evaluated.
fn dont_care(classes: &ClassTable, names: &[String]) -> Result<Vec<bool>, Failure> {
    for (at, name) in names.iter().enumerate() {
        if !classes.classes().iter().any(|class| class.name == *name) {
            return Err(Failure::option(format!("/dont_care/{at}"), format!("there is no class `{name}` in the output")));
        }
    }
    let is_one = |name: &String| name.eq_ignore_ascii_case(DONT_CARE) || names.contains(name);
    Ok(classes.classes().iter().map(|class| is_one(&class.name)).collect())
}

/// The level that an answer says: 0 fully visible, 1 partly and 2 largely occluded, 3 unknown.
fn occlusion(answered: &Classification) -> Option<u8> {
    if let Answer::Number(level) = answered.answer {
        return [0_u8, 1, 2, 3].into_iter().find(|known| f64::from(*known) == level);
    }
    if let Some(said) = word(&answered.answer) {
        const WORDS: [&[&str]; 4] = [
            &["0", "visible", "fully visible", "not occluded", "not"],
            &["1", "partly", "partially", "partial", "partly occluded", "partially occluded"],
            &["2", "largely", "mostly", "heavily", "largely occluded", "mostly occluded", "heavily occluded"],
            &["3", "unknown"],
        ];
        let said = said.trim();
        let level = (0..).zip(WORDS).find(|(_, words)| words.iter().any(|word| said.eq_ignore_ascii_case(word)));
        if let Some((level, _)) = level {
            return Some(level);
        }
    }
    is_yes(answered).map(u8::from)
}

/// A number that is not negative, in hundredths.
fn hundredths(number: f64) -> u64 {
    (number * 100.0 + 0.5) as u64
}

/// Appends a number with two decimals.
fn write_hundredths(out: &mut Vec<u8>, number: u64) {
    write_u64(out, number / 100);
    let rest = (number % 100) as u8;
    out.extend_from_slice(&[b'.', b'0' + rest / 10, b'0' + rest % 10]);
}

fn write_corners(out: &mut Vec<u8>, corners: [u64; 4]) {
    for corner in corners {
        out.push(b' ');
        write_hundredths(out, corner);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_two_decimals() {
        for (number, want) in [(0.0, "0.00"), (712.4, "712.40"), (0.005, "0.01"), (1e9, "1000000000.00"), (99.994_9, "99.99")] {
            let mut out = Vec::new();
            write_hundredths(&mut out, hundredths(number));
            assert_eq!(String::from_utf8_lossy(&out), want);
        }
    }
}
