//! The brush mask of an image: a PNG file whose colours are those of classes.

use ango_plugin_sdk::images::{Format, Image};
use ango_plugin_sdk::png::Reader;
use ango_plugin_sdk::{FetchError, Found, Run};

use crate::colors::{Color, parse, rgb};
use crate::layers::Layers;

/// The most spans of one brush mask.
const MAX_SPANS: usize = 1 << 22;

/// The brush's colours.
pub(crate) struct Palette {
    /// Colours of the project's tools, as `0xRRGGBB`, with the class that each stands for, if it is written; sorted.
    colors: Vec<(u32, Option<u32>)>,
}

/// What a colour of the mask is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Nothing,
    Class(u32),
    /// A class that the options leave out.
    Excluded,
    Unknown,
}

impl Palette {
    /// Of two tools of one colour the brush counts, or else the first.
    pub(crate) fn new(run: &Run, layers: &Layers) -> Self {
        let tools = &run.project().tools;
        let brushes = tools.iter().filter(|tool| is_brush(&tool.kind));
        let others = tools.iter().filter(|tool| !is_brush(&tool.kind));
        let mut colors: Vec<(u32, Option<u32>)> = Vec::new();
        for tool in brushes.chain(others) {
            let Some(color) = tool.color.as_deref().and_then(parse).map(rgb) else { continue };
            if colors.iter().any(|(known, _)| *known == color) {
                continue;
            }
            let class = if let Found::Class(class) = layers.areas().classes().find(&tool.schema_id) { Some(class) } else { None };
            colors.push((color, class));
        }
        colors.sort_unstable();
        Self { colors }
    }

    fn meaning(&self, [red, green, blue, alpha]: [u8; 4]) -> Meaning {
        let color = rgb([red, green, blue]);
        match self.colors.binary_search_by_key(&color, |(known, _)| *known) {
            _ if alpha == 0 => Meaning::Nothing,
            Ok(at) => self.colors[at].1.map_or(Meaning::Excluded, Meaning::Class),
            // What a mask without transparency has as background.
            Err(_) if color == 0 => Meaning::Nothing,
            Err(_) => Meaning::Unknown,
        }
    }
}

fn is_brush(kind: &str) -> bool {
    kind.contains("brush")
}

/// Adds the layers of the image's brush mask, if there is one, or reports why not.
pub(crate) fn add(run: &Run, image: &Image<'_>, palette: &Palette, format: Format, layers: &mut Layers) {
    let Some(link) = &image.task.annotations.brush else { return };
    if image.page.is_some() {
        return;
    }
    let lost = |detail: &str| {
        run.lost(image.task.index, None, "brush-unsupported", format_args!("brush mask is not converted to {}: {detail}", format.name))
    };
    let file = match run.asset_bytes(link) {
        Ok(file) => file,
        Err(FetchError::Denied) => return lost("asking for it was denied; it needs the grant `assets`"),
        Err(error) => return lost(&format!("asking for it gave {error:?}")),
    };
    if let Err(reason) = decode(&file, run, image, palette, layers) {
        lost(&reason);
    }
}

fn decode(file: &[u8], run: &Run, image: &Image<'_>, palette: &Palette, layers: &mut Layers) -> Result<(), String> {
    let Some((width, height)) = image.size else { return Err("the size of the image is not known".to_owned()) };
    let reader = Reader::new(file, u64::from(width) * u64::from(height)).map_err(|error| error.to_string())?;
    if reader.size() != (width, height) {
        let (mask_width, mask_height) = reader.size();
        return Err(format!("it has {mask_width} x {mask_height} pixels, and the image {width} x {height}"));
    }
    let mut painted = Painted::default();
    reader.rows(|y, row| painted.row(palette, y, row)).map_err(|error| error.to_string())?;
    if painted.spans.len() >= MAX_SPANS {
        return Err("it changes its colour more than four million times".to_owned());
    }
    if painted.unknown > 0 {
        let [red, green, blue] = painted.unknown_color;
        let detail = format_args!("{} pixels of the brush mask, some #{red:02x}{green:02x}{blue:02x}, have the colour of no class", painted.unknown);
        run.lost(image.task.index, None, "brush-color-unknown", detail);
    }
    if painted.excluded > 0 {
        let detail = format_args!("{} pixels of the brush mask are of classes that option `classes` leaves out", painted.excluded);
        run.lost(image.task.index, None, "class-excluded", detail);
    }
    // A layer for each class, its spans in order.
    painted.spans.sort_by_key(|(class, _)| *class);
    for same in painted.spans.chunk_by(|a, b| a.0 == b.0) {
        layers.add_brush(same[0].0, same.iter().map(|(_, span)| *span));
    }
    Ok(())
}

/// What was found in the rows so far.
#[derive(Default)]
struct Painted {
    spans: Vec<(u32, (u32, u32, u32))>,
    unknown: u64,
    unknown_color: Color,
    excluded: u64,
}

impl Painted {
    fn row(&mut self, palette: &Palette, y: u32, row: &[[u8; 4]]) {
        let mut x0 = 0;
        while let Some(&color) = row.get(x0) {
            let length = same(&row[x0..], color);
            let x1 = x0 + length;
            match palette.meaning(color) {
                Meaning::Nothing => {}
                Meaning::Class(class) if self.spans.len() < MAX_SPANS => self.spans.push((class, (y, x0 as u32, x1 as u32))),
                Meaning::Class(_) => {}
                Meaning::Excluded => self.excluded += length as u64,
                Meaning::Unknown => {
                    self.unknown += length as u64;
                    self.unknown_color = [color[0], color[1], color[2]];
                }
            }
            x0 = x1;
        }
    }
}

/// How many pixels at the beginning have that colour.
fn same(row: &[[u8; 4]], color: [u8; 4]) -> usize {
    // Most rows are empty: eight pixels at a time.
    let eight = [color; 8];
    let whole = row.as_chunks().0.iter().take_while(|chunk| **chunk == eight).count() * 8;
    whole + row[whole..].iter().take_while(|pixel| **pixel == color).count()
}
