//! COCO's run-length masks.
//!
//! Runs go down the columns and start with the count of zeros. The compressed form is the one of `maskApi.c` in cocodataset/cocoapi: five
//! bits per character from `0` on, bit 6 says that more follow, and from the fourth run on the difference to the run before the last.

use serde_json::Value;

/// The largest mask that is drawn, in pixels: a size is two numbers in a file, but memory is memory.
const LARGEST_MASK: u64 = 64 << 20;

/// A decoded mask.
#[derive(Debug, PartialEq)]
pub struct Mask {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// One flag per pixel, row by row from the top left.
    pub pixels: Vec<bool>,
}

/// Decodes a `{"size": [height, width], "counts": …}` object.
///
/// # Errors
///
/// A sentence that says what is wrong with the object.
pub fn decode(object: &Value) -> Result<Mask, String> {
    let side = |index: usize| object.get("size").and_then(|size| size.get(index)).and_then(Value::as_u64);
    let (Some(height), Some(width)) = (side(0), side(1)) else {
        return Err("`size` is not [height, width]".to_owned());
    };
    let total = width.checked_mul(height).filter(|total| *total <= LARGEST_MASK);
    let Some(total) = total else {
        return Err(format!("a mask of {width} by {height} pixels is too large to draw"));
    };
    let counts = match object.get("counts") {
        Some(Value::String(text)) => decompress(text)?,
        Some(Value::Array(counts)) => {
            counts.iter().map(|count| count.as_u64().ok_or_else(|| format!("`{count}` is not a run length"))).collect::<Result<_, _>>()?
        }
        _ => return Err("`counts` is neither a text nor a list".to_owned()),
    };
    spread(&counts, width as usize, height as usize, total)
}

/// Reads the compressed text of the runs.
fn decompress(text: &str) -> Result<Vec<u64>, String> {
    let mut counts: Vec<i64> = Vec::new();
    let mut bytes = text.bytes();
    while let Some(first) = bytes.next() {
        let (mut value, mut shift, mut byte) = (0_i64, 0_u32, first);
        loop {
            let digit = byte.wrapping_sub(48);
            if digit > 63 || shift > 55 {
                return Err("`counts` has a character that no run length has".to_owned());
            }
            value |= i64::from(digit & 0x1f) << shift;
            shift += 5;
            if digit & 0x20 == 0 {
                if digit & 0x10 != 0 {
                    value |= -1_i64 << shift;
                }
                break;
            }
            byte = bytes.next().ok_or("`counts` ends within a run length")?;
        }
        if let Some(before) = counts.len().checked_sub(2).filter(|_| counts.len() > 2) {
            value = value.checked_add(counts[before]).ok_or("`counts` has a run length out of range")?;
        }
        counts.push(value);
    }
    counts.into_iter().map(|count| u64::try_from(count).map_err(|_| format!("run length {count} is negative"))).collect()
}

/// Lays the runs out, column by column.
fn spread(counts: &[u64], width: usize, height: usize, total: u64) -> Result<Mask, String> {
    let sum = counts.iter().try_fold(0_u64, |sum, count| sum.checked_add(*count));
    if sum != Some(total) {
        return Err(format!("the runs do not add up to {width} by {height} pixels"));
    }
    let mut pixels = vec![false; width * height];
    let mut at = 0_usize;
    for (index, &count) in counts.iter().enumerate() {
        let end = at + count as usize;
        if index % 2 == 1 {
            for place in at..end {
                pixels[place % height * width + place / height] = true;
            }
        }
        at = end;
    }
    Ok(Mask { width, height, pixels })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn drawn(mask: &Mask) -> String {
        mask.pixels.chunks(mask.width).map(|row| row.iter().map(|set| if *set { '#' } else { '.' }).collect::<String>() + "\n").collect()
    }

    #[test]
    fn uncompressed_runs_go_down_the_columns() {
        let mask = decode(&json!({"size": [3, 4], "counts": [4, 2, 2, 1, 3]})).unwrap();
        assert_eq!(drawn(&mask), "....\n.#..\n.##.\n");
    }

    #[test]
    fn compressed_runs_are_those_of_pycocotools() {
        // What pycocotools.mask.encode makes of rows 1 to 5 and columns 1 to 5 with a hole in the middle.
        let mask = decode(&json!({"size": [6, 7], "counts": "75100M0003005"})).unwrap();
        assert_eq!(drawn(&mask), ".......\n.#####.\n.#####.\n.##.##.\n.#####.\n.#####.\n");
    }

    #[test]
    fn runs_that_do_not_fill_the_mask_are_refused() {
        assert!(decode(&json!({"size": [3, 4], "counts": [4, 2]})).is_err());
        assert!(decode(&json!({"size": [3, 4], "counts": [4, 9]})).is_err());
    }

    #[test]
    fn hostile_masks_are_refused_not_run() {
        for object in [
            json!({"size": [u32::MAX, u32::MAX], "counts": [0]}),
            json!({"size": [u64::MAX, 2], "counts": [0]}),
            json!({"size": [3, 4], "counts": [-4, 16]}),
            json!({"size": [3, 4], "counts": [u64::MAX, 13]}),
            json!({"size": [3, 4], "counts": "ooooooooooooooooooooooooooo"}),
            json!({"size": [3, 4], "counts": "<\u{e9}\u{1}"}),
            json!({"size": [3, 4], "counts": "o"}),
            json!({"size": [3], "counts": ""}),
            json!({"size": [3, 4]}),
            json!([1, 2]),
        ] {
            assert!(decode(&object).is_err(), "{object}");
        }
    }
}
