//! Finds room for the class names over a picture, so that they can be read.

use crate::demo::geometry::Bounds;

/// Height of a label in pixels of the picture.
pub const HEIGHT: f64 = 18.0;
/// Size of the letters in pixels of the picture.
pub const LETTERS: f64 = 13.0;

/// Width that a text needs, estimated for a proportional font.
fn width(text: &str) -> f64 {
    text.chars().map(|letter| if "iljtf.,:|' ".contains(letter) { 4.4 } else { 7.6 }).sum::<f64>() + 10.0
}

/// The labels of one picture, so far.
#[derive(Debug)]
pub struct Labels {
    picture: (f64, f64),
    taken: Vec<Bounds>,
}

impl Labels {
    /// No labels yet on a picture of the given size in pixels.
    pub fn over((width, height): (u32, u32)) -> Self {
        Self { picture: (f64::from(width), f64::from(height)), taken: Vec::new() }
    }

    /// Where the label of an object goes, and whether it had to be put over another one.
    pub fn place(&mut self, text: &str, object: &Bounds) -> (Bounds, bool) {
        let wide = width(text);
        let (right, low) = ((self.picture.0 - wide).max(0.0), (self.picture.1 - HEIGHT).max(0.0));
        let spot = |x: f64, y: f64| {
            let (left, top) = (x.clamp(0.0, right), y.clamp(0.0, low));
            Bounds { left, top, right: left + wide, bottom: top + HEIGHT }
        };
        let middle = (object.left + object.right - wide) / 2.0;
        let spots = [
            spot(object.left, object.top - HEIGHT),
            spot(object.left, object.top),
            spot(object.right - wide, object.top - HEIGHT),
            spot(object.left, object.bottom),
            spot(middle, object.bottom - HEIGHT),
            spot(middle, (object.top + object.bottom - HEIGHT) / 2.0),
            spot(object.right - wide, object.bottom),
        ];
        let free = spots.into_iter().find(|spot| self.taken.iter().all(|other| spot.shared(other) == 0.0));
        match free {
            Some(spot) => {
                self.taken.push(spot);
                (spot, false)
            }
            None => (spots[0], true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_stay_in_the_picture_and_off_each_other() {
        let mut labels = Labels::over((200, 100));
        let object = Bounds { left: -30.0, top: -30.0, right: 60.0, bottom: 60.0 };
        let (first, first_crowded) = labels.place("Car", &object);
        let (second, second_crowded) = labels.place("Car", &object);
        assert!(!first_crowded && !second_crowded);
        assert_eq!(first.shared(&second), 0.0);
        assert!(first.left >= 0.0 && first.top >= 0.0 && second.bottom <= 100.0);
    }

    #[test]
    fn a_label_without_room_is_marked() {
        let mut labels = Labels::over((60, 20));
        let object = Bounds { left: 0.0, top: 0.0, right: 50.0, bottom: 20.0 };
        assert!(!labels.place("Car", &object).1);
        assert!(labels.place("Car", &object).1);
    }
}
