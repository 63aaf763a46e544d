//! A reader of Ultralytics data sets, written for the page and from the format's description alone.
//!
//! Rows are normalised to the picture, and the format does not tell the picture's size: shapes come out in units of 0 to 1 and
//! [`scale`] brings them to pixels once the picture is known.

use super::archive::Archive;
use super::shape::{Converted, Form, Picture, Shape};
use crate::demo::error::DemoError;
use crate::demo::geometry::{Bounds, Point};
use std::path::Path;

/// Lists of pictures that a data set may have, one per split.
const LISTS: [&str; 3] = ["train.txt", "val.txt", "test.txt"];

/// Reads the archive at `path`; positions are shares of width and height.
pub fn read(path: &Path) -> Result<Converted, DemoError> {
    let mut archive = Archive::open(path)?;
    let description = archive.require("data.yaml")?;
    let classes = names(&description).map_err(|problem| DemoError::Format { path: archive.inside("data.yaml"), problem })?;
    let mut converted = Converted { classes, ..Converted::default() };
    let mut seen = std::collections::HashSet::new();
    for (index, list) in LISTS.iter().enumerate() {
        let text = if index == 0 { archive.require(list)? } else { archive.find(list)?.unwrap_or_default() };
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if seen.insert(line.to_owned()) {
                picture(&mut archive, line, &mut converted)?;
            }
        }
    }
    Ok(converted)
}

fn picture(archive: &mut Archive, line: &str, converted: &mut Converted) -> Result<(), DemoError> {
    let image = line.strip_prefix("./").unwrap_or(line);
    let name = image.strip_prefix("images/").and_then(|rest| rest.split_once('/')).map_or(image, |(_, name)| name);
    let mut picture = Picture { name: name.to_owned(), ..Picture::default() };
    let entry = label_path(image);
    match archive.find(&entry)? {
        None => converted.problems.push(format!("YOLO: {image} has no label file {entry}")),
        Some(rows) => {
            for (number, row) in rows.lines().enumerate().filter(|(_, row)| !row.trim().is_empty()) {
                match shape(row, &converted.classes) {
                    Ok(shape) => picture.shapes.push(shape),
                    Err(problem) => converted.problems.push(format!("YOLO: {entry}, line {}: {problem}", number + 1)),
                }
            }
        }
    }
    converted.pictures.push(picture);
    Ok(())
}

/// Where the labels of a picture are: the last `images/` folder becomes `labels/`, the last suffix `.txt`.
fn label_path(image: &str) -> String {
    let start = image.rfind("/images/").map(|at| at + 1).or_else(|| image.starts_with("images/").then_some(0));
    let swapped = match start {
        Some(at) => format!("{}labels/{}", &image[..at], &image[at + "images/".len()..]),
        None => image.to_owned(),
    };
    let folder = swapped.rfind('/').map_or(0, |at| at + 1);
    let stem = swapped[folder..].rfind('.').map_or(swapped.len(), |at| folder + at);
    format!("{}.txt", &swapped[..stem])
}

fn shape(row: &str, classes: &[String]) -> Result<Shape, String> {
    let mut words = row.split_whitespace();
    let class = words.next().unwrap_or_default();
    let name = class.parse().ok().and_then(|index: usize| classes.get(index));
    let name = name.ok_or_else(|| format!("class `{class}` is not in data.yaml"))?;
    let numbers = words
        .map(|word| word.parse().ok().filter(|number: &f64| number.is_finite()).ok_or_else(|| format!("`{word}` is not a number")))
        .collect::<Result<Vec<f64>, _>>()?;
    let (form, bounds) = match numbers[..] {
        [x, y, width, height] => {
            let (left, top) = (x - width / 2.0, y - height / 2.0);
            (Form::Box, Some(Bounds { left, top, right: left + width, bottom: top + height }))
        }
        ref numbers if numbers.len() >= 6 && numbers.len().is_multiple_of(2) => {
            let ring: Vec<Point> = numbers.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect();
            let bounds = Bounds::around(&ring);
            (Form::Bridged(ring), bounds)
        }
        _ => {
            return Err(format!("{} numbers are neither a box nor an outline", numbers.len()));
        }
    };
    let bounds = bounds.ok_or("an outline without points")?;
    Ok(Shape { class: name.clone(), form, bounds, note: String::new() })
}

/// Brings a picture's shapes from shares to pixels.
pub fn scale(picture: &mut Picture, (width, height): (u32, u32)) {
    let (width, height) = (f64::from(width), f64::from(height));
    for shape in &mut picture.shapes {
        let b = shape.bounds;
        shape.bounds = Bounds { left: b.left * width, top: b.top * height, right: b.right * width, bottom: b.bottom * height };
        if let Form::Bridged(ring) = &mut shape.form {
            for [x, y] in ring {
                *x *= width;
                *y *= height;
            }
        }
    }
}

/// The class names of a `data.yaml`: a list or a map of quoted texts below `names:`, or a list in brackets behind it.
fn names(text: &str) -> Result<Vec<String>, String> {
    let mut lines = text.lines().map(str::trim_end);
    let inline = lines.find_map(|line| line.strip_prefix("names:")).ok_or("no `names:`; a data set has to name its classes")?.trim();
    if inline.starts_with('[') {
        return serde_json::from_str(inline).map_err(|_| "`names` is not a list of quoted texts".to_owned());
    }
    let mut names = Vec::new();
    for line in lines.filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#')) {
        let entry = line.trim_start();
        let value = match (entry.strip_prefix("- "), entry.split_once(": ")) {
            (Some(value), _) => value,
            (None, Some((key, value))) if line.starts_with(' ') => {
                if key.parse() != Ok(names.len()) {
                    return Err(format!("`names` has key `{key}` where {} was due", names.len()));
                }
                value
            }
            _ => break,
        };
        names.push(scalar(value.trim())?);
    }
    if names.is_empty() { Err("`names` is empty".to_owned()) } else { Ok(names) }
}

/// A YAML scalar on one line. What is in double quotes is taken as a JSON text, which YAML includes.
fn scalar(value: &str) -> Result<String, String> {
    if value.starts_with('"') {
        return serde_json::from_str(value).map_err(|_| format!("`{value}` is not a quoted text"));
    }
    match value.strip_prefix('\'').map(|rest| rest.strip_suffix('\'')) {
        Some(Some(inner)) => Ok(inner.replace("''", "'")),
        Some(None) => Err(format!("`{value}` is not a quoted text")),
        None => Ok(value.split(" #").next().unwrap_or_default().trim().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_are_read_as_list_and_as_map() {
        let expected = vec!["yes".to_owned(), "a: \"b\" #c".to_owned(), "it's".to_owned()];
        let list = "train: train.txt\nnames:\n  - \"yes\"\n  - \"a: \\\"b\\\" #c\"\n  - 'it''s'\nnc: 3\n";
        let map = "names:\n  0: \"yes\"\n  1: \"a: \\\"b\\\" #c\"\n  2: \"it's\"\n";
        let flow = "names: [\"yes\", \"a: \\\"b\\\" #c\", \"it's\"]\n";
        for text in [list, map, flow] {
            assert_eq!(names(text).unwrap(), expected, "{text}");
        }
        assert!(names("train: x\n").is_err());
        assert!(names("names:\n  1: \"a\"\n").is_err());
    }

    #[test]
    fn labels_lie_beside_the_images() {
        assert_eq!(label_path("images/train/a/lot.v2.png"), "labels/train/a/lot.v2.txt");
        assert_eq!(label_path("x/images/images/b.png"), "x/images/labels/b.txt");
        assert_eq!(label_path("images/train.d/plain"), "labels/train.d/plain.txt");
    }

    #[test]
    fn rows_are_boxes_or_outlines() {
        let classes = ["Car".to_owned()];
        let mut picture = Picture::default();
        picture.shapes.push(shape("0 0.5 0.5 0.5 0.25", &classes).unwrap());
        picture.shapes.push(shape("0 0 0 1 0 1 0.5", &classes).unwrap());
        scale(&mut picture, (200, 100));
        assert_eq!(picture.shapes[0].bounds, Bounds { left: 50.0, top: 37.5, right: 150.0, bottom: 62.5 });
        assert_eq!(picture.shapes[1].form, Form::Bridged(vec![[0.0, 0.0], [200.0, 0.0], [200.0, 50.0]]));
        for bad in ["1 0 0 1 1", "-1 0 0 1 1", "0 0 0 1", "0 nan 0 1 1", "0 x 0 1 1", "0 0 0 1 0 1 1 1"] {
            assert!(shape(bad, &classes).is_err(), "{bad}");
        }
    }
}
