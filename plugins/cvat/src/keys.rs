//! Which frames of a track have to be key frames for CVAT.

use ango_plugin_sdk::tracks::KeyFrames;

/// CVAT turns the shorter way: between two key frames a box must not turn further than this, in degrees.
const HALF_TURN: f64 = 180.0;

/// Finds the key frames of a track.
#[derive(Debug)]
pub(crate) struct Keys {
    linear: KeyFrames,
    frame: u32,
    start: Vec<f64>,
}

impl Keys {
    /// For coordinates with so many decimals: what is interpolated is not further off than half of the last one.
    pub(crate) fn new(precision: u8) -> Self {
        Self { linear: KeyFrames::new(0.5 * 10_f64.powi(-i32::from(precision.min(6)))), frame: 0, start: Vec::new() }
    }

    /// Makes a frame a key frame.
    pub(crate) fn begin(&mut self, frame: u32, numbers: &[f64]) {
        self.linear.begin(frame, numbers);
        self.frame = frame;
        self.start.clear();
        self.start.extend_from_slice(numbers);
    }

    /// Whether CVAT computes all frames between the last key frame and this one as they are. Frames come one after the other.
    pub(crate) fn reach(&mut self, frame: u32, numbers: &[f64], is_linear: bool) -> bool {
        if !is_linear {
            // Between two polygons that are the same nothing moves.
            return frame - self.frame <= 1 || self.start == numbers;
        }
        let is_half_turn = match (self.start.get(4), numbers.get(4)) {
            (Some(start), Some(end)) => (end - start).abs() >= HALF_TURN,
            _ => false,
        };
        self.linear.reaches(frame, numbers) && !is_half_turn
    }
}
