//! Where an object is on the image of its page.

use std::borrow::Cow;

use ango_plugin_sdk::geometry::{Extent, usable};
use ango_plugin_sdk::{BoundingBox, Geometry, PdfRectangle, RotatedBox, Zone};

/// Width and height in pixels.
pub(crate) type Size = (u32, u32);

/// The size that the image of a page has: the one that is chosen, or its own.
pub(crate) fn size(own: Option<Size>, target: Option<Size>) -> Option<Size> {
    target.or(own)
}

/// An object's geometry on the image of a page, which is of `size` and is scaled to `target`, if that is chosen. A PDF area is a box there. `None` if nobody knows
/// how large the page is that it was drawn on.
pub(crate) fn place(geometry: &Geometry, own: Option<Size>, target: Option<Size>) -> Option<Cow<'_, Geometry>> {
    if let Geometry::Pdf(area) = geometry {
        return rectangle(&area.bounds, size(own, target)?)
            .map(|Extent { x0, y0, x1, y1 }| Cow::Owned(Geometry::BoundingBox(BoundingBox { x: x0, y: y0, width: x1 - x0, height: y1 - y0 })));
    }
    let Some(target) = target else { return Some(Cow::Borrowed(geometry)) };
    let (width, height) = own?;
    let scale = [f64::from(target.0) / f64::from(width), f64::from(target.1) / f64::from(height)];
    if scale == [1.0; 2] { Some(Cow::Borrowed(geometry)) } else { Some(Cow::Owned(scaled(geometry, scale))) }
}

/// A rectangle of a PDF page on its image of this size; `None` if the page has no size.
pub(crate) fn rectangle(drawn: &PdfRectangle, (width, height): Size) -> Option<Extent> {
    let scale = |page: f64, image: u32| (page > 0.0 && usable(&[page])).then(|| f64::from(image) / page);
    let (across, down) = (scale(drawn.page_width, width)?, scale(drawn.page_height, height)?);
    Extent::of(&[drawn.x1 * across, drawn.y1 * down, drawn.x2 * across, drawn.y2 * down])
}

fn scaled(geometry: &Geometry, [across, down]: [f64; 2]) -> Geometry {
    let path = |path: &[f64]| -> Vec<f64> { path.chunks_exact(2).flat_map(|point| [point[0] * across, point[1] * down]).collect() };
    match geometry {
        Geometry::BoundingBox(drawn) => {
            Geometry::BoundingBox(BoundingBox { x: drawn.x * across, y: drawn.y * down, width: drawn.width * across, height: drawn.height * down })
        }
        Geometry::RotatedBox(drawn) => Geometry::RotatedBox(RotatedBox { corners: path(&drawn.corners), ..drawn.clone() }),
        Geometry::Polygon(drawn) => Geometry::Polygon(path(drawn)),
        Geometry::Segmentation(zones) => {
            let zone = |zone: &Zone| Zone { region: path(&zone.region), holes: zone.holes.iter().map(|hole| path(hole)).collect() };
            Geometry::Segmentation(zones.iter().map(zone).collect())
        }
        // Nothing else is an area.
        other => other.clone(),
    }
}
