//! Where images and labels belong.

use std::borrow::Cow;

use ango_plugin_sdk::bytes::hash;
use ango_plugin_sdk::text::names::{stem, suffix};

/// File suffixes that the loader takes for images (Ultralytics 8.4, `IMG_FORMATS`).
const IMAGE_SUFFIXES: [&str; 13] = ["avif", "bmp", "dng", "heic", "heif", "jp2", "jpeg", "jpg", "mpo", "png", "tif", "tiff", "webp"];

/// The name of an image in the data set. The loader passes over files whose names do not end like those of images, whatever is in them, so that others get the
/// suffix of their link or `jpg`. (Names of an export differ in more than their suffix.)
pub(crate) fn image_name<'a>(name: &'a str, url: &str) -> Cow<'a, str> {
    let name = readable(name);
    if is_image(&name) {
        return name;
    }
    let link = url.split(['?', '#']).next().unwrap_or(url);
    let known = suffix(link).filter(|_| is_image(link)).unwrap_or("jpg");
    Cow::Owned([stem(&name), ".", known].concat())
}

/// The loader reads lists of images with a function that ends a line at two more characters than others do. A name with such a character gets a hash instead.
fn readable(name: &str) -> Cow<'_, str> {
    const LINE_ENDS: [char; 2] = ['\u{2028}', '\u{2029}'];
    if !name.contains(LINE_ENDS) {
        return Cow::Borrowed(name);
    }
    let clean = name.replace(LINE_ENDS, "_");
    let end = suffix(&clean).map(|suffix| [".", suffix].concat()).unwrap_or_default();
    Cow::Owned(format!("{}-{:016x}{end}", stem(&clean), hash(name.as_bytes())))
}

/// Whether the loader would take the file for an image.
fn is_image(name: &str) -> bool {
    suffix(name).is_some_and(|suffix| IMAGE_SUFFIXES.iter().any(|known| known.eq_ignore_ascii_case(suffix)))
}

/// The path at which the loader looks for the labels of an image: the **last** folder called `images` becomes `labels`, and the last suffix
/// `.txt`.
pub(crate) fn label(image: &str) -> String {
    let stem = stem(image);
    let folder_at = stem.as_bytes().windows(8).rposition(|window| window == b"/images/").map_or(0, |at| at + 1);
    [&stem[..folder_at], "labels", &stem[folder_at + "images".len()..], ".txt"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_where_the_loader_looks() {
        for (name, want) in [
            ("a.jpg", "labels/train/a.txt"),
            ("b/img.v2.png", "labels/train/b/img.v2.txt"),
            ("dir.d/.jpg.jpg", "labels/train/dir.d/.jpg.txt"),
            // The loader replaces the last folder of that name, whoever made it.
            ("images/a.jpg", "images/train/labels/a.txt"),
            ("x/images/y/images/a.jpg", "images/train/x/images/y/labels/a.txt"),
            ("my-images/a.jpg", "labels/train/my-images/a.txt"),
        ] {
            assert_eq!(label(&["images/train/", name].concat()), want);
        }
    }

    #[test]
    fn names_end_as_the_loader_wants() {
        for (name, url, want) in [
            ("a/b.JPG", "https://x.test/1.png", "a/b.JPG"),
            ("x.y.webp", "", "x.y.webp"),
            ("frame_1", "https://x.test/u/1.PNG?sig=a.b", "frame_1.PNG"),
            ("frame_1", "https://x.test/u/1", "frame_1.jpg"),
            ("scan.v2", "https://x.test/u/1.tif#x", "scan.tif"),
            ("a.svg", "https://x.test/a.svg", "a.jpg"),
            ("d.d/.jpg", "https://x.test/a", "d.d/.jpg.jpg"),
        ] {
            assert_eq!(image_name(name, url), want);
        }
        let name = image_name("a/b\u{2028}c.png", "");
        assert!(name.starts_with("a/b_c-") && name.ends_with(".png"), "{name}");
        assert_ne!(name, image_name("a/b\u{2029}c.png", ""));
    }
}
