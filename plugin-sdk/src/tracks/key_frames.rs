//! Which frames of a track have to be key frames, if what is between two of them is interpolated linearly.

/// Finds key frames: as few as a single pass finds, so that no number is further from the interpolated one than a tolerance.
///
/// A window of slopes does it: a line from the last key frame through the frames since must pass each of them within the tolerance, which bounds its
/// slope from both sides. As long as the line to the next frame keeps to the bounds, no key frame is needed before it.
#[derive(Clone, Debug)]
pub struct KeyFrames {
    tolerance: f64,
    /// The last key frame, and its numbers.
    key: Option<u32>,
    start: Vec<f64>,
    /// The least and the greatest slope of each number.
    slopes: Vec<(f64, f64)>,
}

impl KeyFrames {
    /// `tolerance` is the greatest difference that does not matter.
    pub fn new(tolerance: f64) -> Self {
        Self { tolerance, key: None, start: Vec::new(), slopes: Vec::new() }
    }

    /// Makes a frame a key frame, and looks on from there.
    pub fn begin(&mut self, frame: u32, numbers: &[f64]) {
        self.key = Some(frame);
        self.start.clear();
        self.start.extend_from_slice(numbers);
        self.slopes.clear();
        self.slopes.resize(numbers.len(), (f64::NEG_INFINITY, f64::INFINITY));
    }

    /// Whether every frame between the last key frame and this one is close to the line between the two. If not, the frame before this one has to be a
    /// key frame: [`begin`](Self::begin) there, and ask again. Frames come in ascending order.
    pub fn reaches(&mut self, frame: u32, numbers: &[f64]) -> bool {
        let Some(key) = self.key.filter(|&key| key < frame && numbers.len() == self.start.len()) else { return false };
        let steps = f64::from(frame - key);
        let keeps = |((number, start), (least, most)): ((&f64, &f64), &(f64, f64))| {
            let slope = (number - start) / steps;
            *least <= slope && slope <= *most
        };
        if !numbers.iter().zip(&self.start).zip(&self.slopes).all(keeps) {
            return false;
        }
        for ((number, start), (least, most)) in numbers.iter().zip(&self.start).zip(&mut self.slopes) {
            *least = least.max((number - start - self.tolerance) / steps);
            *most = most.min((number - start + self.tolerance) / steps);
        }
        true
    }
}
