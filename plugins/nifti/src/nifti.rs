//! The header of NIfTI-1 files (<https://nifti.nimh.nih.gov/pub/dist/src/niftilib/nifti1.h>): 348 bytes, and four that say that nothing follows but voxels.

use crate::nrrd::{Geometry, Unit};

/// Bytes before the voxels.
pub(crate) const HEADER: usize = 352;
/// Most voxels along an axis: sizes are signed 16-bit numbers.
pub(crate) const MAX_SIZE: u64 = i16::MAX as u64;

/// `NIFTI_INTENT_LABEL`: values are indexes into a table of labels.
const INTENT_LABEL: i16 = 1002;
/// What coordinates are those of: of the scanner, or of something that is aligned to something else.
const XFORM_SCANNER: i16 = 1;
const XFORM_ALIGNED: i16 = 2;

/// How voxels are stored. Signed types where the values allow it, because some readers know no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DataType {
    Uint8,
    Int16,
    Uint16,
    Int32,
}

impl DataType {
    /// The code in the header, and the bits of a voxel.
    fn code(self) -> (i16, i16) {
        match self {
            Self::Uint8 => (2, 8),
            Self::Int16 => (4, 16),
            Self::Uint16 => (512, 16),
            Self::Int32 => (8, 32),
        }
    }

    /// Bytes of a voxel.
    pub(crate) fn width(self) -> usize {
        self.code().1 as usize / 8
    }

    /// What numpy calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Uint8 => "uint8",
            Self::Int16 => "int16",
            Self::Uint16 => "uint16",
            Self::Int32 => "int32",
        }
    }
}

/// The header of a volume, little-endian. Sizes beyond [`MAX_SIZE`] are cut to it.
pub(crate) fn header(sizes: [u64; 3], data_type: DataType, geometry: &Geometry) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &348i32.to_le_bytes());
    for (at, size) in [3].into_iter().chain(sizes).chain([1; 4]).enumerate() {
        put(40 + 2 * at, &(size.min(MAX_SIZE) as i16).to_le_bytes());
    }
    let (code, bits) = data_type.code();
    put(68, &INTENT_LABEL.to_le_bytes());
    put(70, &code.to_le_bytes());
    put(72, &bits.to_le_bytes());
    let quaternion = Quaternion::of(geometry);
    let spacings = geometry.spacings();
    // The first of the steps is the sign of the third axis of the quaternion.
    let handedness = quaternion.map_or(1.0, |quaternion| quaternion.handedness);
    for (at, step) in [handedness].into_iter().chain(spacings).chain([1.0; 4]).enumerate() {
        put(76 + 4 * at, &(step as f32).to_le_bytes());
    }
    put(108, &(HEADER as f32).to_le_bytes());
    // Values mean themselves: slope 1, intercept 0.
    put(112, &1f32.to_le_bytes());
    put(
        123,
        &[match geometry.unit {
            Unit::Metre => 1,
            Unit::Millimetre => 2,
            Unit::Micrometre => 3,
        }],
    );
    let xform = if geometry.assumed.is_none() { XFORM_SCANNER } else { XFORM_ALIGNED };
    if let Some(Quaternion { b, c, d, .. }) = quaternion {
        put(252, &xform.to_le_bytes());
        for (at, number) in [b, c, d].into_iter().chain(geometry.affine.map(|row| row[3])).enumerate() {
            put(256 + 4 * at, &(number as f32).to_le_bytes());
        }
    }
    put(254, &xform.to_le_bytes());
    for (at, number) in geometry.affine.into_iter().flatten().enumerate() {
        put(280 + 4 * at, &(number as f32).to_le_bytes());
    }
    put(344, b"n+1\0");
    header
}

/// A rotation as a unit quaternion whose first part is not negative and follows from the others; `qform` in the words of the format.
#[derive(Clone, Copy)]
struct Quaternion {
    b: f64,
    c: f64,
    d: f64,
    /// -1 if the third axis runs against the rotation, else 1.
    handedness: f64,
}

impl Quaternion {
    /// The rotation of a geometry; `None` if its axes are not at right angles, which only the matrix can say.
    fn of(geometry: &Geometry) -> Option<Self> {
        // Steps of length 1, as columns: `axes[column][row]`.
        let spacings = geometry.spacings();
        let mut axes = [0, 1, 2].map(|axis| geometry.affine.map(|row| row[axis] / spacings[axis]));
        let dot = |a: [f64; 3], b: [f64; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
        let is_askew = |one: usize, other: usize| dot(axes[one], axes[other]).abs() > 1e-4;
        if is_askew(0, 1) || is_askew(0, 2) || is_askew(1, 2) {
            return None;
        }
        let [x, y, z] = axes;
        let across = [x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0]];
        let handedness = if dot(across, z) < 0.0 { -1.0 } else { 1.0 };
        axes[2] = z.map(|number| number * handedness);
        let r = |row: usize, column: usize| axes[column][row];
        // The largest of the four parts is found first, because the others are divided by it.
        let squares = [
            1.0 + r(0, 0) + r(1, 1) + r(2, 2),
            1.0 + r(0, 0) - r(1, 1) - r(2, 2),
            1.0 - r(0, 0) + r(1, 1) - r(2, 2),
            1.0 - r(0, 0) - r(1, 1) + r(2, 2),
        ];
        let largest = (0..4).fold(0, |best, at| if squares[at] > squares[best] { at } else { best });
        let part = squares[largest].max(0.0).sqrt() / 2.0;
        let share = 0.25 / part;
        let [a, b, c, d] = match largest {
            0 => [part, share * (r(2, 1) - r(1, 2)), share * (r(0, 2) - r(2, 0)), share * (r(1, 0) - r(0, 1))],
            1 => [share * (r(2, 1) - r(1, 2)), part, share * (r(0, 1) + r(1, 0)), share * (r(0, 2) + r(2, 0))],
            2 => [share * (r(0, 2) - r(2, 0)), share * (r(0, 1) + r(1, 0)), part, share * (r(1, 2) + r(2, 1))],
            _ => [share * (r(1, 0) - r(0, 1)), share * (r(0, 2) + r(2, 0)), share * (r(1, 2) + r(2, 1)), part],
        };
        let sign = if a < 0.0 { -1.0 } else { 1.0 };
        Some(Self { b: b * sign, c: c * sign, d: d * sign, handedness })
    }
}
