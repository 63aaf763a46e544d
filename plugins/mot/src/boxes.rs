//! The rows of MOT16: `frame,id,left,top,width,height,flag,class,visibility`.

use ango_plugin_sdk::geometry::Extent;
use ango_plugin_sdk::images::Image;
use ango_plugin_sdk::number::{rounded, write_rounded, write_u64};
use ango_plugin_sdk::order::sort;
use ango_plugin_sdk::{File, Geometry, Object};

use crate::Setup;
use crate::classes::Class;
use crate::options::Options;
use crate::sequence::Sequence;

/// Writes the rows of a sequence, frame by frame.
#[derive(Debug, Default)]
pub(crate) struct Boxes {
    rows: Vec<Row>,
    order: Vec<(u64, u32)>,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    number: u32,
    class: Class,
    extent: Extent,
}

impl Boxes {
    /// Writes the rows of a frame, by number.
    pub(crate) fn frame(&mut self, setup: &mut Setup<'_>, image: &Image<'_>, frame: u32, sequence: &Sequence, out: &mut File) {
        self.rows.clear();
        self.order.clear();
        for (position, object) in image.objects() {
            if let Some(row) = row(setup, image, position, object, sequence) {
                self.order.push((row.number.into(), self.rows.len() as u32));
                self.rows.push(row);
            }
        }
        sort(&mut self.order);
        for &(_, at) in &self.order {
            if let Some(row) = self.rows.get(at as usize) {
                row.write(frame, setup.options, out.buffer());
            }
        }
    }
}

impl Row {
    #[inline(never)]
    fn write(&self, frame: u32, options: &Options, out: &mut Vec<u8>) {
        write_u64(out, u64::from(frame) + 1);
        out.push(b',');
        write_u64(out, self.number.into());
        let (extent, origin) = (&self.extent, f64::from(options.origin));
        for number in [extent.x0 + origin, extent.y0 + origin, extent.width(), extent.height()] {
            out.push(b',');
            write_rounded(out, number, options.precision);
        }
        out.extend_from_slice(if self.class.ignored { b",0," } else { b",1," });
        write_u64(out, self.class.id.unwrap_or(0).into());
        // How much of it is seen, which nobody said.
        out.extend_from_slice(b",1\n");
    }
}

/// The row of an object; `None` if it is not written, which is reported.
fn row(setup: &mut Setup<'_>, image: &Image<'_>, position: u64, object: &Object, sequence: &Sequence) -> Option<Row> {
    let (class, number) = setup.take(image, position, object, sequence)?;
    let lost = |code: &str, detail: &str| setup.run.lost(image.task.index, Some(&object.object_id), code, detail);
    let extent = setup.areas.shape().extent();
    let precision = setup.options.precision;
    if rounded(extent.width(), precision) <= 0.0 || rounded(extent.height(), precision) <= 0.0 {
        lost("zero-area", "object has no width or no height with so few decimals");
        return None;
    }
    match object.geometry {
        Geometry::BoundingBox(_) => {}
        Geometry::RotatedBox(_) => lost("rotation-dropped", "rotated box is written as the upright box around it"),
        _ => lost("shape-reduced-to-box", "shape is written as the box around it"),
    }
    Some(Row { number, class, extent })
}
