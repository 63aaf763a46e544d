//! Where images and labels belong.

/// File suffixes that the loader takes for images (Ultralytics 8.4, `IMG_FORMATS`).
const IMAGE_SUFFIXES: [&str; 14] = ["avif", "bmp", "dng", "heic", "heif", "jp2", "jpeg", "jpeg2000", "jpg", "mpo", "png", "tif", "tiff", "webp"];

/// The path of an image in the data set.
pub(crate) fn image(val: bool, file_name: &str) -> String {
    [if val { "images/val/" } else { "images/train/" }, file_name].concat()
}

/// The path at which the loader looks for the labels of an image: the **last** folder called `images` becomes `labels`, and the last suffix
/// `.txt`.
pub(crate) fn label(image: &str) -> String {
    let stem = suffix(image).map_or(image, |suffix| &image[..image.len() - suffix.len() - 1]);
    let folder_at = stem.as_bytes().windows(8).rposition(|window| window == b"/images/").map_or(0, |at| at + 1);
    [&stem[..folder_at], "labels", &stem[folder_at + "images".len()..], ".txt"].concat()
}

/// The last suffix of a path's name, without its dot.
fn suffix(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map(|(_, suffix)| suffix)
}

/// Whether the loader would take the file for an image.
pub(crate) fn is_image(file_name: &str) -> bool {
    suffix(file_name).is_some_and(|suffix| IMAGE_SUFFIXES.iter().any(|known| known.eq_ignore_ascii_case(suffix)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_where_the_loader_looks() {
        for (file_name, want) in [
            ("a.jpg", "labels/train/a.txt"),
            ("b/img.v2.png", "labels/train/b/img.v2.txt"),
            ("no-suffix", "labels/train/no-suffix.txt"),
            ("dir.d/no-suffix", "labels/train/dir.d/no-suffix.txt"),
            (".hidden", "labels/train/.hidden.txt"),
            // The loader replaces the last folder of that name, whoever made it.
            ("images/a.jpg", "images/train/labels/a.txt"),
            ("x/images/y/images/a.jpg", "images/train/x/images/y/labels/a.txt"),
            ("my-images/a.jpg", "labels/train/my-images/a.txt"),
        ] {
            assert_eq!(label(&image(false, file_name)), want);
        }
        assert_eq!(label(&image(true, "a.jpg")), "labels/val/a.txt");
    }

    #[test]
    fn image_suffixes_are_known_in_any_case() {
        assert!(is_image("a/b.JPG") && is_image("x.y.webp"));
        assert!(!is_image("a.svg") && !is_image("jpg") && !is_image("a.jpg/b"));
    }
}
