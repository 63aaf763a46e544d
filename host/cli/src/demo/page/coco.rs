//! A reader of COCO instance files, written for the page and from the format's description alone.

use super::archive::Archive;
use super::shape::{Converted, Form, Picture, Shape};
use super::{outline, rle};
use crate::demo::error::DemoError;
use crate::demo::geometry::{Bounds, Point, Ring};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::path::Path;

/// The file that the converter writes when it is not told a split.
const ENTRY: &str = "annotations/instances_default.json";

#[derive(Deserialize)]
struct File {
    images: Vec<Image>,
    annotations: Vec<Annotation>,
    categories: Vec<Category>,
}

#[derive(Deserialize)]
struct Image {
    id: i64,
    #[serde(default)]
    width: Value,
    #[serde(default)]
    height: Value,
    file_name: String,
    #[serde(default)]
    coco_url: String,
}

#[derive(Deserialize)]
struct Annotation {
    #[serde(default)]
    id: Value,
    image_id: i64,
    category_id: i64,
    #[serde(default)]
    bbox: Vec<f64>,
    #[serde(default)]
    segmentation: Value,
    #[serde(default)]
    keypoints: Vec<f64>,
    #[serde(default)]
    attributes: Map<String, Value>,
}

#[derive(Deserialize)]
struct Category {
    id: i64,
    name: String,
}

/// Reads the archive at `path`.
pub fn read(path: &Path) -> Result<Converted, DemoError> {
    let mut archive = Archive::open(path)?;
    let text = archive.require(ENTRY)?;
    let file: File = serde_json::from_str(&text).map_err(DemoError::json(&archive.inside(ENTRY)))?;
    Ok(convert(file))
}

fn convert(file: File) -> Converted {
    let mut converted = Converted::default();
    let mut places = HashMap::new();
    for (index, image) in file.images.into_iter().enumerate() {
        let side = |value: &Value| value.as_u64().and_then(|side| u32::try_from(side).ok()).unwrap_or(0);
        let size = (side(&image.width), side(&image.height));
        if size.0 == 0 || size.1 == 0 {
            converted.problems.push(format!("COCO image {}: no usable width and height", image.id));
        }
        places.insert(image.id, index);
        converted.pictures.push(Picture { name: image.file_name, asset: image.coco_url, size, shapes: Vec::new() });
    }
    let names: HashMap<i64, String> = file.categories.iter().map(|category| (category.id, category.name.clone())).collect();
    converted.classes = file.categories.into_iter().map(|category| category.name).collect();
    for annotation in file.annotations {
        let id = annotation.id.clone();
        let place = places.get(&annotation.image_id).and_then(|&index| converted.pictures.get_mut(index));
        let outcome = match (place, names.get(&annotation.category_id)) {
            (None, _) => Err(format!("no image {}", annotation.image_id)),
            (_, None) => Err(format!("no category {}", annotation.category_id)),
            (Some(picture), Some(class)) => shape(&annotation, class).map(|shape| picture.shapes.push(shape)),
        };
        if let Err(problem) = outcome {
            converted.problems.push(format!("COCO annotation {id}: {problem}"));
        }
    }
    converted
}

fn shape(annotation: &Annotation, class: &str) -> Result<Shape, String> {
    let form = form(annotation)?;
    let bounds = match annotation.bbox[..] {
        [x, y, width, height] => Bounds { left: x, top: y, right: x + width, bottom: y + height },
        _ => match &form {
            Form::Union(rings) => Bounds::around(rings.iter().flatten()),
            Form::Points(points) => Bounds::around(points),
            _ => None,
        }
        .ok_or("`bbox` is not [x, y, width, height]")?,
    };
    Ok(Shape { class: class.to_owned(), form, bounds, note: note(&annotation.attributes) })
}

fn form(annotation: &Annotation) -> Result<Form, String> {
    let points: Vec<Point> = annotation.keypoints.chunks_exact(3).filter(|point| point[2] > 0.0).map(|point| [point[0], point[1]]).collect();
    if !points.is_empty() {
        return Ok(Form::Points(points));
    }
    match &annotation.segmentation {
        Value::Object(_) => {
            let mask = rle::decode(&annotation.segmentation).map_err(|problem| format!("`segmentation`: {problem}"))?;
            Ok(Form::Mask(outline::path(&mask)))
        }
        Value::Array(rings) if !rings.is_empty() => rings.iter().map(ring).collect::<Result<_, _>>().map(Form::Union),
        Value::Array(_) | Value::Null => Ok(Form::Box),
        _ => Err("`segmentation` is neither rings nor a mask".to_owned()),
    }
}

fn ring(value: &Value) -> Result<Ring, String> {
    let numbers: Option<Vec<f64>> = value.as_array().and_then(|numbers| numbers.iter().map(Value::as_f64).collect());
    match numbers {
        Some(numbers) if numbers.len() >= 6 && numbers.len().is_multiple_of(2) => {
            Ok(numbers.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect())
        }
        _ => Err("`segmentation` has a ring that is not x, y, x, y, … of at least three points".to_owned()),
    }
}

/// The attributes in a few words; objects and lists in their JSON spelling.
fn note(attributes: &Map<String, Value>) -> String {
    let words: Vec<String> = attributes
        .iter()
        .map(|(key, value)| match value {
            Value::String(text) => format!("{key}: {text}"),
            other => format!("{key}: {other}"),
        })
        .collect();
    let text = words.join(" · ");
    match text.char_indices().nth(240) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn read_json(value: Value) -> Converted {
        convert(serde_json::from_value(value).unwrap())
    }

    #[test]
    fn boxes_rings_and_masks_are_told_apart() {
        let converted = read_json(json!({
            "images": [{"id": 1, "width": 4, "height": 3, "file_name": "a.png", "coco_url": "images/a.png"}],
            "categories": [{"id": 1, "name": "Car"}],
            "annotations": [
                {"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 2, 1], "segmentation": [], "attributes": {"Colour": "red"}},
                {"id": 2, "image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1], "segmentation": [[0, 0, 1, 0, 1, 1]]},
                {"id": 3, "image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1], "segmentation": {"size": [3, 4], "counts": [0, 3, 9]}},
            ],
        }));
        let shapes = &converted.pictures[0].shapes;
        assert_eq!(shapes[0].form, Form::Box);
        assert_eq!(shapes[0].note, "Colour: red");
        assert_eq!(shapes[1].form, Form::Union(vec![vec![[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]]]));
        assert_eq!(shapes[2].form, Form::Mask("M0 0h1v3h-1v-3z".to_owned()));
        assert!(converted.problems.is_empty());
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let converted = read_json(json!({
            "images": [{"id": 1, "width": null, "height": 3, "file_name": "a.png"}],
            "categories": [{"id": 1, "name": "Car"}],
            "annotations": [
                {"id": 1, "image_id": 9, "category_id": 1},
                {"id": 2, "image_id": 1, "category_id": 9},
                {"id": 3, "image_id": 1, "category_id": 1, "bbox": [0, 0, 1]},
                {"id": 4, "image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1], "segmentation": [[0, 0, 1]]},
                {"id": 5, "image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1], "segmentation": {"size": [9, 9], "counts": "?"}},
            ],
        }));
        assert_eq!(converted.problems.len(), 6, "{:?}", converted.problems);
        assert!(converted.pictures[0].shapes.is_empty());
    }
}
