//! `objects`: a row for each object.

use ango_plugin_sdk::geometry::{Extent, area, area_with_holes, usable};
use ango_plugin_sdk::number::write_rounded;
use ango_plugin_sdk::{Geometry, Object, PdfArea, PdfRectangle, Provenance, Run, Zone};

use crate::record::Record;
use crate::sheet::Sheet;

/// The columns behind those of the task.
pub(crate) const COLUMNS: &str = "object_id,schema_id,class,geometry,page,interpolation_stopped,image_width,image_height,x,y,width,height,rotation,area,\
points,start,end,text,ocr,created_at,created_by,created_in,updated_at,updated_by,updated_in,extra";

/// Writes the row of an object.
pub(crate) fn add(sheet: &mut Sheet, run: &Run, record: &Record<'_>, object: &Object, class: &str) {
    record.begin(sheet);
    sheet.text(&object.object_id);
    sheet.text(&object.schema_id);
    sheet.text(class);
    sheet.text(object.geometry.kind());
    sheet.optional_count(page(object));
    sheet.flag(object.interpolation_stopped);
    if place(sheet, record, &object.geometry).is_none() {
        let detail = "a coordinate is not finite or far beyond any image: the object is there without its place";
        run.lost(record.task.index, Some(&object.object_id), "coordinates-unusable", detail);
    }
    if object.geometry == Geometry::VoxelBrush {
        let detail = "the object is there without its shape, which is in the label volume";
        run.lost(record.task.index, Some(&object.object_id), "voxel-brush-unsupported", detail);
    }
    sheet.optional(object.ocr.as_deref());
    provenance(sheet, object.provenance.as_ref());
    sheet.optional_json(object.extra.as_deref());
    sheet.end(run, record.task.index, Some(&object.object_id));
}

/// The page of an object, from 0. Areas of documents count theirs from 1.
pub(crate) fn page(object: &Object) -> Option<u32> {
    match &object.geometry {
        Geometry::Pdf(area) => object.page.or(Some(area.page_number.saturating_sub(1))),
        _ => object.page,
    }
}

/// The cells from `created_at` to `updated_in`: who made or changed something, when, and in which stage (id).
pub(crate) fn provenance(sheet: &mut Sheet, provenance: Option<&Provenance>) {
    let Some(it) = provenance else { return sheet.nothings(6) };
    for (at, by, place) in [(it.created_at, &it.created_by, &it.created_in), (it.updated_at, &it.updated_by, &it.updated_in)] {
        sheet.time(at);
        sheet.optional(by.as_deref());
        sheet.optional(place.as_deref());
    }
}

/// Width and height of the image or page that an object is on.
pub(crate) fn page_size(record: &Record<'_>, geometry: &Geometry) -> Option<(f64, f64)> {
    let asset = &record.task.asset;
    match geometry {
        Geometry::Pdf(area) => Some((area.bounds.page_width, area.bounds.page_height)),
        _ => asset.width.zip(asset.height).map(|(width, height)| (width.into(), height.into())),
    }
}

/// Left, top, width and height of the upright box around an object. `None` if it has no place on an image, or a coordinate cannot be one.
pub(crate) fn upright_box(geometry: &Geometry) -> Option<[f64; 4]> {
    let around = |extent: Option<Extent>| extent.map(|extent| [extent.x0, extent.y0, extent.width(), extent.height()]);
    let found = match geometry {
        Geometry::BoundingBox(drawn) => Some([drawn.x, drawn.y, drawn.width, drawn.height]),
        Geometry::RotatedBox(turned) => around(Extent::of(&turned.corners)),
        Geometry::Polygon(path) | Geometry::Polyline(path) | Geometry::Spline(path) => around(Extent::of(path)),
        Geometry::Point(point) => Some([point.x, point.y, 0.0, 0.0]),
        Geometry::Segmentation(zones) => {
            // A zone without area is nothing, unless there is nothing else.
            let around_all =
                |least: f64| zones.iter().filter(|zone| area(&zone.region) > least).filter_map(|zone| Extent::of(&zone.region)).reduce(Extent::union);
            around(around_all(0.0).or_else(|| around_all(-1.0)))
        }
        Geometry::Pdf(PdfArea { bounds, .. }) => Some([bounds.x1, bounds.y1, bounds.x2 - bounds.x1, bounds.y2 - bounds.y1]),
        Geometry::Entity(_) | Geometry::VoxelBrush | Geometry::Other(_) => None,
    };
    found.filter(|numbers| usable(numbers))
}

/// The cells from `image_width` to `text`. `None` if a coordinate cannot be one; the cells are empty then.
#[inline(never)]
fn place(sheet: &mut Sheet, record: &Record<'_>, geometry: &Geometry) -> Option<()> {
    let size = page_size(record, geometry).filter(|size| usable(&[size.0, size.1]));
    sheet.optional_coordinate(size.map(|size| size.0));
    sheet.optional_coordinate(size.map(|size| size.1));
    let is_usable = is_usable(geometry);
    if !is_usable {
        sheet.nothings(9);
    } else {
        match upright_box(geometry) {
            Some(numbers) => numbers.into_iter().for_each(|number| sheet.coordinate(number)),
            None => sheet.nothings(4),
        }
        sheet.optional_coordinate(rotation(geometry));
        sheet.optional_coordinate(covered(geometry));
        points(sheet, geometry);
        match geometry {
            Geometry::Entity(span) => {
                sheet.number(span.start);
                sheet.number(span.end);
            }
            _ => sheet.nothings(2),
        }
    }
    sheet.optional(match geometry {
        Geometry::Entity(span) => span.selection.as_deref(),
        Geometry::Pdf(area) => area.text.as_deref(),
        _ => None,
    });
    is_usable.then_some(())
}

fn is_usable(geometry: &Geometry) -> bool {
    match geometry {
        Geometry::BoundingBox(drawn) => usable(&[drawn.x, drawn.y, drawn.width, drawn.height]),
        Geometry::RotatedBox(turned) => usable(&turned.corners) && turned.rotation.is_finite(),
        Geometry::Polygon(path) | Geometry::Polyline(path) | Geometry::Spline(path) => usable(path),
        Geometry::Point(point) => usable(&[point.x, point.y]),
        Geometry::Segmentation(zones) => zones.iter().all(|zone| usable(&zone.region) && zone.holes.iter().all(|hole| usable(hole))),
        Geometry::Pdf(area) => std::iter::once(&area.bounds).chain(&area.parts).all(|part| usable(&[part.x1, part.y1, part.x2, part.y2])),
        Geometry::Entity(span) => span.start.is_finite() && span.end.is_finite(),
        Geometry::VoxelBrush | Geometry::Other(_) => true,
    }
}

fn rotation(geometry: &Geometry) -> Option<f64> {
    match geometry {
        Geometry::BoundingBox(_) => Some(0.0),
        Geometry::RotatedBox(turned) => Some(turned.rotation),
        _ => None,
    }
}

/// The area in square pixels, of what has one.
fn covered(geometry: &Geometry) -> Option<f64> {
    match geometry {
        Geometry::BoundingBox(drawn) => Some(drawn.width * drawn.height),
        Geometry::RotatedBox(turned) => Some(area(&turned.corners)),
        Geometry::Polygon(path) => Some(area(path)),
        Geometry::Segmentation(zones) => Some(zones.iter().map(|zone| area_with_holes(&zone.region, zone.holes.iter().map(Vec::as_slice))).sum()),
        Geometry::Pdf(PdfArea { bounds, .. }) => Some(((bounds.x2 - bounds.x1) * (bounds.y2 - bounds.y1)).abs()),
        _ => None,
    }
}

/// `points`: pairs of a path, corners of a rotated box, zones as lists of rings (the region, then its holes), rectangles of marked text in a document, or
/// a geometry without a type as it came.
fn points(sheet: &mut Sheet, geometry: &Geometry) {
    match geometry {
        Geometry::RotatedBox(turned) => sheet.plain_json(|out, precision| write_path(out, &turned.corners, precision)),
        Geometry::Polygon(path) | Geometry::Polyline(path) | Geometry::Spline(path) => {
            sheet.plain_json(|out, precision| write_path(out, path, precision));
        }
        Geometry::Segmentation(zones) => sheet.plain_json(|out, precision| {
            write_list(out, zones, |out, zone: &Zone| {
                write_list(out, std::iter::once(&zone.region).chain(&zone.holes), |out, ring: &Vec<f64>| write_path(out, ring, precision));
            });
        }),
        Geometry::Pdf(area) if !area.parts.is_empty() => sheet.plain_json(|out, precision| {
            write_list(out, &area.parts, |out, part: &PdfRectangle| {
                write_list(out, [part.x1, part.y1, part.x2, part.y2], |out, number| write_rounded(out, number, precision));
            });
        }),
        Geometry::Other(json) => sheet.json(json),
        _ => sheet.nothing(),
    }
}

/// `[[x,y],[x,y]]`.
#[inline]
fn write_path(out: &mut Vec<u8>, path: &[f64], precision: u8) {
    out.push(b'[');
    for (at, &[x, y]) in path.as_chunks::<2>().0.iter().enumerate() {
        out.extend_from_slice(if at == 0 { b"[" } else { b",[" });
        write_rounded(out, x, precision);
        out.push(b',');
        write_rounded(out, y, precision);
        out.push(b']');
    }
    out.push(b']');
}

fn write_list<T>(out: &mut Vec<u8>, items: impl IntoIterator<Item = T>, write: impl Fn(&mut Vec<u8>, T)) {
    out.push(b'[');
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(b']');
}
