//! What the files of an image are called.

use ango_plugin_sdk::images::Image;
use ango_plugin_sdk::text::names;

use crate::options::ImageSuffix;

/// The longest name without a suffix, in bytes.
const MAX_STEM: usize = 240;

/// The names of an image's files.
pub(crate) struct Name {
    /// Without suffix: what lists call the image.
    pub(crate) stem: String,
    /// Of the image itself.
    pub(crate) image: String,
    /// Why the image has another name than it would have, if it has.
    pub(crate) changed: Option<&'static str>,
}

impl Name {
    pub(crate) fn of(image: &Image<'_>, image_suffix: ImageSuffix) -> Self {
        let mut changed = None;
        let (folder, name) = (names::folder(image.name), names::name(names::stem(image.name)));
        let mut stem = names::within(name, MAX_STEM);
        if !folder.is_empty() {
            stem = [folder, "/", &stem].concat();
        }
        if let Some(listable) = names::listable(&stem) {
            stem = listable;
            changed = Some("lists of images cannot hold its name: their readers trim it or take it for a comment");
        }
        let suffix = names::suffix(image.name).unwrap_or_default();
        let image = match image_suffix {
            ImageSuffix::Keep if suffix.is_empty() => stem.clone(),
            ImageSuffix::Keep => [&stem, ".", suffix].concat(),
            ImageSuffix::Jpg => {
                if !suffix.eq_ignore_ascii_case("jpg") && !suffix.eq_ignore_ascii_case("jpeg") {
                    changed = changed.or(Some("loaders look for no other suffix; option `image_suffix` keeps it"));
                }
                [&stem, ".jpg"].concat()
            }
        };
        Self { stem, image, changed }
    }
}
