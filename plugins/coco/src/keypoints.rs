//! Keypoints: a row for each instance, with its points by their class.

use ango_plugin_sdk::coco::{Outline, Outlines, write_category, write_object_members};
use ango_plugin_sdk::geometry::Extent;
use ango_plugin_sdk::images::{Areas, Image, Images};
use ango_plugin_sdk::json::{write_string, write_strings};
use ango_plugin_sdk::keypoints::{Keypoint, Keypoints, Role};
use ango_plugin_sdk::number::{write_rounded, write_u64};
use ango_plugin_sdk::{Class, Failure, Object, Run};

use crate::areas::TaskTracks;
use crate::options::Options;
use crate::rows;

pub(crate) fn convert(options: &Options, run: &Run) -> Result<(), Failure> {
    // Relations are what instances are made of; those that are not are reported there.
    let (format, outlines) = (options.format().with_relations(), options.outlines());
    let mut keypoints = Keypoints::new(run, &options.keypoints, &options.classes)?;
    if options.attributes {
        keypoints = keypoints.with_answers();
    }
    let mut areas = Areas::of_classes(format, keypoints.classes().clone(), options.outside, options.min_area);
    let mut parts = rows::open(run, options, &categories(run, &keypoints))?;
    let mut tracks = TaskTracks::default();
    let mut images = Images::new(run, format, options.images());
    while let Some(image) = images.next_image()? {
        let (Some(size), Some(file)) = (image.size, parts.of(image.task)) else { continue };
        keypoints.open(run, &image);
        let mut written = 0;
        for (position, object) in image.objects() {
            let (class, points, drawn) = match keypoints.role(position) {
                Role::Part => continue,
                Role::Loose(loose) => (loose.class, loose.keypoints, Drawn::Around(loose.extent)),
                Role::Area(points) => {
                    let taken = areas.take(run, &image, object);
                    let outline = taken.and_then(|_| outlines.of(run, image.task.index, object, areas.shape(), size));
                    let (Some(class), Some(outline)) = (taken, outline) else {
                        keypoints.abandon(run, &image, position);
                        continue;
                    };
                    (class, points, Drawn::Area(outline))
                }
            };
            let out = file.second.next_row();
            rows::annotation(out, image.annotation_id(position), &image);
            rows::category(out, class);
            out.push(b',');
            match &drawn {
                Drawn::Area(outline) => outlines.write(out, areas.shape(), outline),
                Drawn::Around(extent) => write_box(out, extent, &outlines),
            }
            write_points(out, points, keypoints.names().count(), options.precision);
            tracks.write(out, &image, position);
            if options.attributes {
                let names = keypoints.names().all();
                write_attributes(out, &image, (position, object), points, names, matches!(drawn, Drawn::Area(_)));
            }
            out.push(b'}');
            written += 1;
        }
        if !image.is_left_out_empty(run, options.empty, written) {
            rows::image(file.first.next_row(), &image, options.attributes, &|_| true);
        }
    }
    parts.finish();
    Ok(())
}

/// What an instance was drawn as.
enum Drawn {
    Area(Outline),
    /// Nothing but its keypoints, which this is around.
    Around(Extent),
}

/// Categories with the same keypoints each, and lines between them.
fn categories(run: &Run, keypoints: &Keypoints) -> Vec<u8> {
    let (classes, names) = (keypoints.classes(), keypoints.names());
    // What the classes are made of are positions among the tools that draw no points.
    let others: Vec<&Class> = run.project().tools.iter().filter(|tool| tool.kind != "point").collect();
    let mut out = vec![b'['];
    for (id, class) in (1..).zip(classes.classes()) {
        out.extend_from_slice(if id == 1 { b"\n" } else { b",\n" });
        let source = class.sources.first().and_then(|&at| others.get(at as usize));
        write_category(&mut out, id, &class.name, rows::title_of_parent(run, source.copied()));
        out.extend_from_slice(b",\"keypoints\":");
        write_strings(&mut out, names.all());
        out.extend_from_slice(b",\"skeleton\":[");
        for (at, &[from, to]) in names.skeleton().iter().enumerate() {
            // They count from 1 here, and only here.
            out.extend_from_slice(if at == 0 { b"[" } else { b",[" });
            write_u64(&mut out, from as u64 + 1);
            out.push(b',');
            write_u64(&mut out, to as u64 + 1);
            out.push(b']');
        }
        out.extend_from_slice(b"]}");
    }
    out.push(b']');
    out
}

/// The box around keypoints, of an instance that was drawn without an area.
fn write_box(out: &mut Vec<u8>, extent: &Extent, outlines: &Outlines) {
    out.extend_from_slice(b"\"bbox\":");
    outlines.write_numbers(out, &[extent.x0, extent.y0, extent.width(), extent.height()]);
    out.extend_from_slice(b",\"area\":");
    write_rounded(out, extent.area(), outlines.precision);
    out.extend_from_slice(b",\"iscrowd\":0,\"segmentation\":[");
    if outlines.boxes_as_polygons {
        outlines.write_numbers(out, &extent.ring());
    }
    out.push(b']');
}

/// `,"num_keypoints":...,"keypoints":[x,y,v,...]`. An instance without any has zeros.
fn write_points(out: &mut Vec<u8>, points: &[Keypoint], count: usize, precision: u8) {
    out.extend_from_slice(b",\"num_keypoints\":");
    write_u64(out, points.iter().filter(|point| point.visibility > 0).count() as u64);
    out.extend_from_slice(b",\"keypoints\":[");
    for at in 0..count {
        let point = points.get(at).copied().unwrap_or_default();
        if at > 0 {
            out.push(b',');
        }
        for number in [point.x, point.y] {
            write_rounded(out, number, precision);
            out.push(b',');
        }
        out.push(b'0' + point.visibility);
    }
    out.push(b']');
}

/// The members of what was drawn as a whole, an area or a line; and those of each point, with the name of its keypoint.
fn write_attributes(out: &mut Vec<u8>, image: &Image<'_>, (position, object): (u64, &Object), points: &[Keypoint], names: &[String], is_area: bool) {
    let is_line = points.iter().filter(|point| point.visibility > 0 && point.position() == position).count() > 1;
    out.extend_from_slice(b",\"attributes\":{");
    if is_area || is_line {
        write_object_members(out, object);
    }
    if !is_line {
        out.extend_from_slice(if is_area { b",\"keypoints\":[" } else { b"\"keypoints\":[" });
        let drawn = points.iter().zip(names).filter(|(point, _)| point.visibility > 0);
        let objects = drawn.filter_map(|(point, name)| Some((image.task.annotations.objects.get(point.position() as usize)?, name)));
        for (at, (object, name)) in objects.enumerate() {
            out.extend_from_slice(if at == 0 { b"{\"keypoint\":" } else { b",{\"keypoint\":" });
            write_string(out, name);
            out.push(b',');
            write_object_members(out, object);
            out.push(b'}');
        }
        out.push(b']');
    }
    out.push(b'}');
}
