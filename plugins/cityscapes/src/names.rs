//! What the files of an image are called: `CITY_SEQUENCE_FRAME`, where nothing but these two joints is an underscore, because the tools of the original data set
//! take names apart there.

use ango_plugin_sdk::images::Image;
use ango_plugin_sdk::text::names;

use crate::options::{Cities, Options};

/// The longest city and sequence, in bytes.
const MAX_CITY: usize = 50;
const MAX_SEQUENCE: usize = 150;
/// What stands for an underscore.
const JOINT: char = '~';

/// Gives names to images.
pub(crate) struct Names {
    city: String,
    cities: Cities,
}

/// The names of an image.
pub(crate) struct Name {
    pub(crate) city: String,
    /// `CITY_SEQUENCE_FRAME`: different for all images of the export.
    pub(crate) base: String,
}

impl Names {
    pub(crate) fn new(options: &Options) -> Self {
        let city = Some(city(&options.city)).filter(|city| !city.is_empty()).unwrap_or_else(|| "city".to_owned());
        Self { city, cities: options.cities }
    }

    pub(crate) fn of(&self, image: &Image<'_>) -> Name {
        let asset = &image.task.asset;
        let wanted = match self.cities {
            Cities::One => "",
            Cities::Batch => asset.batches.first().map_or("", String::as_str),
            Cities::Folder => names::folder(&asset.file_name),
        };
        let city = Some(city(wanted)).filter(|city| !city.is_empty()).unwrap_or_else(|| self.city.clone());
        let sequence = sequence(&asset.file_name);
        let base = format!("{city}_{sequence}_{:06}", image.page.unwrap_or(0));
        Name { city, base }
    }
}

/// A name as that of a city: letters and digits that every system writes in one way, the rest joined by hyphens. Several names may become one, as sequences are
/// different anyway.
fn city(name: &str) -> String {
    let mut city = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            city.push(c);
        } else if !city.is_empty() && !city.ends_with('-') {
            city.push('-');
        }
    }
    city.truncate(MAX_CITY);
    city.truncate(city.trim_end_matches('-').len());
    city
}

/// The name of a file with its folders, without its suffix and without underscores. No two files have the same.
fn sequence(file_name: &str) -> String {
    let flat = names::flat(names::stem(file_name));
    let escaped = if flat.contains([JOINT, '%']) { flat.replace('%', "%25").replace(JOINT, "%7E") } else { flat };
    names::within(&escaped.replace('_', "~"), MAX_SEQUENCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cities_are_plain_and_sequences_have_no_underscore() {
        for (name, want) in [("Zürich / Süd_1", "Z-rich-S-d-1"), ("__", ""), ("aachen", "aachen"), ("../x", "x")] {
            assert_eq!(city(name), want);
        }
        assert_eq!(city(&"x-".repeat(99)).len(), 49);
        for (name, want) in [("a_b.jpg", "a~b"), ("a-b.v2.png", "a-b.v2"), ("d/a_b.jpg", "d~~a~b"), ("a~b", "a%7Eb"), ("a%b", "a%25b")] {
            assert_eq!(sequence(name), want);
        }
        assert!(sequence(&"é".repeat(200)).len() <= MAX_SEQUENCE);
    }
}
