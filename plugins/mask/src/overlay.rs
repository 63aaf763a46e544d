//! Overlays: an image with its classes in colour over it.

use ango_plugin_sdk::images::Image;
use ango_plugin_sdk::png::{Reader, RgbPng};
use ango_plugin_sdk::raster::Labels;
use ango_plugin_sdk::text::names;
use ango_plugin_sdk::{FetchError, Run};

use crate::colors::Color;
use crate::layers::{Layers, OUTLINE};
use crate::values::Values;

/// Writes overlays, and keeps memory from image to image.
pub(crate) struct Overlay {
    /// Parts of 256 that the colours have.
    opacity: u32,
    labels: Labels,
    colors: Vec<Color>,
    row: Vec<u8>,
    /// The last task whose frames could not be had.
    told: Option<u64>,
}

impl Overlay {
    pub(crate) fn new(opacity: f64) -> Self {
        Self { opacity: (opacity * 256.0) as u32, labels: Labels::new(), colors: Vec::new(), row: Vec::new(), told: None }
    }

    /// Writes the overlay of an image, or reports why there is none. The mask is there either way.
    pub(crate) fn write(&mut self, run: &Run, image: &Image<'_>, layers: &Layers, values: &Values) {
        let lost = |detail: &str| run.lost(image.task.index, None, "overlay-unsupported", format_args!("{:?} has no overlay: {detail}", image.name));
        if image.is_frame {
            if self.told.replace(image.task.index) != Some(image.task.index) {
                lost("frames of videos cannot be had");
            }
            return;
        }
        let picture = match run.asset_bytes(image.url) {
            Ok(picture) => picture,
            Err(FetchError::Denied) => return lost("asking for the image was denied; it needs the grant `assets`"),
            Err(error) => return lost(&format!("asking for the image gave {error:?}")),
        };
        let Some(size) = image.size else { return };
        layers.paint(&mut self.labels, size, |_, _| true);
        self.colors.clear();
        self.colors.extend_from_slice(&[[0; 3], values.outline_color()]);
        self.colors.extend(layers.list().iter().map(|layer| values.color(layer.class)));
        match self.draw(&picture, size) {
            Ok(file) => run.add(&["overlays/", names::stem(image.name), ".png"].concat(), &file),
            Err(reason) => lost(&reason),
        }
    }

    fn draw(&mut self, picture: &[u8], size: (u32, u32)) -> Result<Vec<u8>, String> {
        if !picture.starts_with(b"\x89PNG") {
            return Err("it is no PNG file, and others are not read".to_owned());
        }
        let reader = Reader::new(picture, u64::from(size.0) * u64::from(size.1)).map_err(|error| error.to_string())?;
        if reader.size() != size {
            let (width, height) = reader.size();
            return Err(format!("its file has {width} x {height} pixels, and the export says {} x {}", size.0, size.1));
        }
        let mut png = RgbPng::new(size.0, size.1).map_err(|error| error.to_string())?;
        let mut written = Ok(());
        reader
            .rows(|y, pixels| {
                self.row.clear();
                self.row.extend(pixels.iter().flat_map(|&[red, green, blue, _]| [red, green, blue]));
                self.blend(y);
                if written.is_ok() {
                    written = png.row(&self.row);
                }
            })
            .map_err(|error| error.to_string())?;
        written.and_then(|()| png.finish()).map_err(|error| error.to_string())
    }

    /// Lays the colours of a row over it.
    fn blend(&mut self, y: u32) {
        for run in self.labels.row(y) {
            let color = self.colors.get(run.label as usize).copied().unwrap_or_default();
            let opacity = if run.label == OUTLINE { 256 } else { self.opacity };
            for pixel in self.row[run.x0 as usize * 3..run.x1 as usize * 3].as_chunks_mut::<3>().0 {
                for (part, over) in pixel.iter_mut().zip(color) {
                    *part = ((u32::from(*part) * (256 - opacity) + u32::from(over) * opacity) >> 8) as u8;
                }
            }
        }
    }
}
