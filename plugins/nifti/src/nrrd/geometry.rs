//! Where the voxels are in the patient.

use super::decimal;

/// What the numbers of a geometry are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Metre,
    Millimetre,
    Micrometre,
}

/// Where the voxels are.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Geometry {
    /// From the indexes of a voxel (from 0) to its centre: three rows, for the directions to the right, to the front and to the top of the patient (RAS+). The
    /// columns are the steps along the three axes, and the centre of the first voxel.
    pub(crate) affine: [[f64; 4]; 3],
    pub(crate) unit: Unit,
    /// What the file does not say and had to be assumed, in words; `None` when it says everything.
    pub(crate) assumed: Option<&'static str>,
}

impl Geometry {
    /// The geometry by the fields `space`, `space directions`, `space origin`, `spacings` and `space units`.
    ///
    /// What is missing is assumed as ITK does, which most readers of NRRD are made with: axes without directions are those of the patient, from right to left, from
    /// the front to the back and from the bottom to the top (LPS).
    pub(super) fn new(space: Option<&str>, directions: Option<&str>, origin: Option<&str>, spacings: Option<&str>, units: Option<&str>) -> Self {
        let mut assumed = None;
        // Of the patient's directions, NIfTI counts to the right and to the front.
        let signs = match space.map(str::to_ascii_lowercase).as_deref() {
            Some("ras" | "right-anterior-superior") => [1.0, 1.0, 1.0],
            Some("las" | "left-anterior-superior") => [-1.0, 1.0, 1.0],
            Some("lps" | "left-posterior-superior") => [-1.0, -1.0, 1.0],
            _ => {
                assumed = Some("it does not say in which space of the patient it is: taken as left-posterior-superior");
                [-1.0, -1.0, 1.0]
            }
        };
        let directions: Option<Vec<[f64; 3]>> = directions.and_then(vectors).map(|all| all.into_iter().flatten().collect());
        let steps = match directions.as_deref() {
            Some(&[a, b, c]) if spans_space([a, b, c]) => [a, b, c],
            _ => {
                assumed = Some("it says no usable directions of its axes: they are taken as those of the patient");
                let mut steps = [[0.0; 3]; 3];
                for (axis, spacing) in spacings_in_space(spacings).into_iter().enumerate() {
                    steps[axis][axis] = spacing;
                }
                steps
            }
        };
        let origin = origin.and_then(vectors).and_then(|all| all.into_iter().next().flatten()).filter(|origin| origin.iter().all(|x| is_sane(*x)));
        if origin.is_none() && assumed.is_none() {
            assumed = Some("it does not say where its first voxel is: taken as the origin");
        }
        let origin = origin.unwrap_or_default();
        let row = |axis: usize| [steps[0][axis], steps[1][axis], steps[2][axis], origin[axis]].map(|number| number * signs[axis] + 0.0);
        Self { affine: [row(0), row(1), row(2)], unit: unit(units), assumed }
    }

    /// Distances of voxels along the three axes.
    pub(crate) fn spacings(&self) -> [f64; 3] {
        [0, 1, 2].map(|axis| self.affine.iter().map(|row| row[axis] * row[axis]).sum::<f64>().sqrt())
    }
}

/// Vectors like `(1,0,0) (0,1,0) none`; `None` when a text is something else.
pub(super) fn vectors(text: &str) -> Option<Vec<Option<[f64; 3]>>> {
    let (mut all, mut rest) = (Vec::new(), text.trim());
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("none") {
            all.push(None);
            rest = after.trim_start();
            continue;
        }
        let (vector, after) = rest.strip_prefix('(')?.split_once(')')?;
        let mut numbers = vector.split(',').map(|number| decimal::parse(number.trim()));
        all.push(Some([numbers.next()??, numbers.next()??, numbers.next()??]));
        if numbers.next().is_some() {
            return None;
        }
        rest = after.trim_start();
    }
    Some(all)
}

/// Whether a number can be millimetres in a patient, and a single-precision number in the header of a NIfTI file.
fn is_sane(number: f64) -> bool {
    number.abs() <= 1e9
}

/// Whether three steps lead out of every plane, by more than rounding.
fn spans_space(steps: [[f64; 3]; 3]) -> bool {
    let [a, b, c] = steps;
    let volume = a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0]);
    let length = |step: [f64; 3]| step.iter().map(|number| number * number).sum::<f64>().sqrt();
    let largest = length(a) * length(b) * length(c);
    steps.iter().flatten().all(|number| is_sane(*number)) && largest > 1e-18 && volume.abs() > largest * 1e-6
}

/// The field `spacings`, which has `nan` for an axis that is not in space.
fn spacings_in_space(text: Option<&str>) -> [f64; 3] {
    let words = text.unwrap_or_default().split_ascii_whitespace().filter(|word| !word.eq_ignore_ascii_case("nan"));
    let spacings: Vec<f64> = words.map(|word| decimal::parse(word).unwrap_or_default().abs()).collect();
    match *spacings {
        [a, b, c] if [a, b, c].iter().all(|spacing| is_sane(*spacing) && *spacing > 1e-6) => [a, b, c],
        _ => [1.0; 3],
    }
}

/// The field `space units`: `"mm" "mm" "mm"`. Volumes of patients are in millimetres when nothing is said.
fn unit(text: Option<&str>) -> Unit {
    match text.unwrap_or_default().split('"').nth(1) {
        Some("m" | "meter" | "meters" | "metre" | "metres") => Unit::Metre,
        Some("um" | "µm" | "μm" | "micron" | "microns" | "micrometer" | "micrometers") => Unit::Micrometre,
        _ => Unit::Millimetre,
    }
}
