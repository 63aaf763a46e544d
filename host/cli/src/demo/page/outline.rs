//! The outline of a mask as an SVG path: along the pixel edges, so that what is drawn is exactly what the file holds.

use super::rle::Mask;
use std::fmt::Write;

/// Directions in turning order: right, down, left, up.
const STEPS: [(isize, isize); 4] = [(1, 0), (0, 1), (-1, 0), (0, -1)];

/// The path around all set pixels, closed loops with holes as loops of their own, to be filled by the even-odd rule.
pub fn path(mask: &Mask) -> String {
    let (width, height) = (mask.width, mask.height);
    let set = |x: usize, y: usize| x < width && y < height && mask.pixels[y * width + x];
    // For every corner, which edges leave it with a set pixel on their right.
    let columns = width + 1;
    let mut leaving = vec![0_u8; columns * (height + 1)];
    for y in 0..height {
        for x in (0..width).filter(|&x| set(x, y)) {
            if y == 0 || !set(x, y - 1) {
                leaving[y * columns + x] |= 1;
            }
            if !set(x + 1, y) {
                leaving[y * columns + x + 1] |= 2;
            }
            if !set(x, y + 1) {
                leaving[(y + 1) * columns + x + 1] |= 4;
            }
            if x == 0 || !set(x - 1, y) {
                leaving[(y + 1) * columns + x] |= 8;
            }
        }
    }
    let mut path = String::new();
    for start in 0..leaving.len() {
        while leaving[start] != 0 {
            trace(&mut leaving, columns, start, &mut path);
        }
    }
    path
}

/// Follows one loop from the corner `start`, taking its edges away.
fn trace(leaving: &mut [u8], columns: usize, start: usize, path: &mut String) {
    let mut at = start;
    let mut direction = leaving[start].trailing_zeros() as usize;
    let mut run = 0;
    let _ = write!(path, "M{} {}", start % columns, start / columns);
    loop {
        leaving[at] &= !(1 << direction);
        let (dx, dy) = STEPS[direction];
        at = (at as isize + dx + dy * columns as isize) as usize;
        run += 1;
        // Where two pixels touch at a corner, turning right keeps them in loops of their own.
        let next = [1, 0, 3].map(|turn| (direction + turn) % 4).into_iter().find(|turn| leaving[at] & (1 << turn) != 0);
        if next != Some(direction) {
            let (dx, dy) = (dx * run, dy * run);
            let _ = if dy == 0 { write!(path, "h{dx}") } else { write!(path, "v{dy}") };
            run = 0;
        }
        let Some(next) = next.filter(|_| at != start) else {
            break;
        };
        direction = next;
    }
    path.push('z');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(rows: &[&str]) -> Mask {
        Mask {
            width: rows.first().map_or(0, |row| row.len()),
            height: rows.len(),
            pixels: rows.iter().flat_map(|row| row.bytes().map(|pixel| pixel == b'#')).collect(),
        }
    }

    #[test]
    fn a_block_is_one_rectangle() {
        assert_eq!(path(&mask(&["....", ".##.", ".##."])), "M1 1h2v2h-2v-2z");
    }

    #[test]
    fn a_hole_is_a_loop_that_runs_the_other_way() {
        assert_eq!(path(&mask(&["###", "#.#", "###"])), "M0 0h3v3h-3v-3zM1 1v1h1v-1h-1z");
    }

    #[test]
    fn pixels_that_touch_at_a_corner_are_two_loops() {
        assert_eq!(path(&mask(&["#.", ".#"])), "M0 0h1v1h-1v-1zM1 1h1v1h-1v-1z");
    }

    #[test]
    fn an_empty_mask_has_no_outline() {
        assert_eq!(path(&mask(&["..", ".."])), "");
        assert_eq!(path(&mask(&[])), "");
    }
}
