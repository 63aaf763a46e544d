//! The coordinates of shapes as XML attributes.

use ango_plugin_sdk::number::{rounded, write_rounded};

/// Decimals that a rotation has beyond those of coordinates, so that the far ends of a box stay in place.
const FINER: u8 = 2;

/// Appends ` xtl="..." ytl="..." xbr="..." ybr="..."`.
pub(crate) fn write_box(out: &mut Vec<u8>, edges: [f64; 4], precision: u8) {
    for (name, edge) in [&b" xtl=\""[..], b"\" ytl=\"", b"\" xbr=\"", b"\" ybr=\""].into_iter().zip(edges) {
        out.extend_from_slice(name);
        write_rounded(out, edge, precision);
    }
    out.push(b'"');
}

/// Whether a box has a size as it is written.
pub(crate) fn has_size(edges: [f64; 4], precision: u8) -> bool {
    let [x0, y0, x1, y1] = edges.map(|edge| rounded(edge, precision));
    x0 < x1 && y0 < y1
}

/// Appends ` rotation="..."`, unless there is none. CVAT turns a box about its centre, clockwise, and knows 0 to 360 degrees.
pub(crate) fn write_rotation(out: &mut Vec<u8>, degrees: f64, precision: u8) {
    let precision = precision.saturating_add(FINER).min(15);
    let degrees = rounded(degrees.rem_euclid(360.0), precision);
    if degrees > 0.0 && degrees < 360.0 {
        out.extend_from_slice(b" rotation=\"");
        write_rounded(out, degrees, precision);
        out.push(b'"');
    }
}

/// Appends ` points="x,y;x,y"`.
pub(crate) fn write_points(out: &mut Vec<u8>, path: &[f64], precision: u8) {
    out.extend_from_slice(b" points=\"");
    for (at, point) in path.chunks_exact(2).enumerate() {
        if at > 0 {
            out.push(b';');
        }
        write_rounded(out, point[0], precision);
        out.push(b',');
        write_rounded(out, point[1], precision);
    }
    out.push(b'"');
}
