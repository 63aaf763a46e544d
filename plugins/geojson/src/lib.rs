//! GeoJSON for QuPath: a feature collection for each image, or one of all.
//!
//! Coordinates are pixels of the image from its top-left corner, as QuPath writes them, not degrees; everything else is RFC 7946. Areas are valid by the rules that
//! readers check: QuPath gives up a whole file for one outline that crosses itself. One part is a `Polygon`, several are a `MultiPolygon`, and holes are the later rings
//! of the polygon that they are in. A class is `classification`, with the color that QuPath insists on. Of metadata it keeps texts alone, so that lists are JSON in a text,
//! and of measurements numbers. A colon in the name of a class makes QuPath see a class within a class; that is left to it.

mod features;
mod images;
mod options;
mod properties;

use ango_plugin_sdk::images::{Choice, Format, ImageList, Images};
use ango_plugin_sdk::text::names;
use ango_plugin_sdk::{Converter, Failure, Info, Run};

use images::Rows;
use options::Layout;
pub use options::Options;

const FORMAT: Format = Format::new("GeoJSON").with_answers();
/// The file of all features.
const SINGLE: &str = "annotations.geojson";
const OPEN: &[u8] = b"{\"type\":\"FeatureCollection\",\"features\":[\n";

/// The converter.
pub struct GeoJson;

ango_plugin_sdk::export!(GeoJson);

impl Converter for GeoJson {
    type Options = Options;

    fn describe() -> Info {
        Info::new("geojson", env!("CARGO_PKG_VERSION"), "GeoJSON features for QuPath and other readers of polygons", "GeoJSON")
            .with_options_schema(&Options::schema())
            .with_history()
    }

    fn convert(options: Options, run: &Run) -> Result<(), Failure> {
        let choice = Choice { on_missing_size: None, names: options.names, frames: options.frames, stage: options.stage.clone() };
        let mut list = ImageList::new(run, options.images_csv);
        let mut single = (options.layout == Layout::Single).then(|| Single::new(run));
        let mut features = features::Features::new(run, &options)?;
        let mut images = Images::new(run, FORMAT, choice);
        let mut out = Vec::new();
        while let Some(image) = images.next_image()? {
            out.clear();
            if single.is_none() {
                out.extend_from_slice(OPEN);
            }
            let written = features.write(&mut out, run, &image);
            if image.is_left_out_empty(run, options.empty, written) {
                continue;
            }
            match &mut single {
                Some(single) => {
                    if !out.is_empty() {
                        single.features.next().extend_from_slice(&out);
                    }
                    images::write(single.images.next(), &image);
                }
                None => {
                    out.extend_from_slice(b"\n],\"image\":");
                    images::write(&mut out, &image);
                    out.extend_from_slice(b"}\n");
                    run.add(&[names::stem(image.name), ".geojson"].concat(), &out);
                }
            }
            list.add(image.name, &image);
        }
        if let Some(single) = single {
            single.finish();
        }
        list.finish();
        Ok(())
    }
}

/// The parts of the single file that this shard writes.
struct Single {
    features: Rows,
    images: Rows,
}

impl Single {
    fn new(run: &Run) -> Self {
        if run.is_first_shard() {
            for (position, text) in [(0, OPEN), (2, b"\n],\"images\":[\n"), (4, b"\n]}\n")] {
                let mut file = run.section(SINGLE, position, "");
                file.put(text);
                file.finish();
            }
        }
        Self { features: Rows::new(run.section(SINGLE, 1, ",\n")), images: Rows::new(run.section(SINGLE, 3, ",\n")) }
    }

    fn finish(self) {
        self.features.finish();
        self.images.finish();
    }
}

#[cfg(test)]
mod tests;
