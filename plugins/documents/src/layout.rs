//! COCO for document layout, with the image fields of DocLayNet.

use ango_plugin_sdk::coco::{Parts, write_category, write_image_members, write_info, write_object_members};
use ango_plugin_sdk::images::{Areas, Format, Image, Images};
use ango_plugin_sdk::json::{decode, member, write_string};
use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::options::Split;
use ango_plugin_sdk::text::names::name;
use ango_plugin_sdk::{Answer, Failure, Run};

use crate::options::Options;
use crate::place::{Size, place, size};
use crate::text::text;

pub(crate) fn convert(options: &Options, run: &Run) -> Result<(), Failure> {
    let format = if options.attributes { Format::new("COCO").with_answers() } else { Format::new("COCO without `attributes`") };
    let (outlines, target) = (options.outlines(), options.target());
    let mut areas = Areas::new(run, format, &options.classes, options.outside, options.min_area)?;
    let mut head = Vec::new();
    write_info(&mut head, run);
    head.extend_from_slice(b",\n\"licenses\":[],\n\"categories\":[");
    for (id, class) in (1..).zip(areas.classes().classes()) {
        head.extend_from_slice(if id == 1 { b"\n" } else { b",\n" });
        write_category(&mut head, id, &class.name, &class.name);
        head.push(b'}');
    }
    head.push(b']');
    let path = |part: &str| ["COCO/", part, ".json"].concat();
    let mut parts = Parts::open(run, Split::new(&options.split)?, path, &head, ["images", "annotations"]);
    let mut images = Images::new(run, format, options.pages(Some(options.on_missing_size)));
    while let Some(image) = images.next_image()? {
        let (Some(size), Some(file)) = (size(image.size, target), parts.of(image.task)) else { continue };
        let mut written = 0;
        for (position, object) in image.objects() {
            let Some(geometry) = place(&object.geometry, image.size, target) else {
                run.lost(image.task.index, Some(&object.object_id), "size-missing", "nobody knows how large its page is");
                continue;
            };
            let Some(class) = areas.take_as(run, &image, object, &geometry, Some(size)) else { continue };
            let Some(outline) = outlines.of(run, image.task.index, object, areas.shape(), size) else { continue };
            let out = file.second.next_row();
            out.extend_from_slice(b"{\"id\":");
            write_u64(out, image.annotation_id(position));
            out.extend_from_slice(b",\"image_id\":");
            write_u64(out, image.id());
            out.extend_from_slice(b",\"category_id\":");
            write_u64(out, u64::from(class) + 1);
            out.push(b',');
            outlines.write(out, areas.shape(), &outline);
            out.extend_from_slice(b",\"precedence\":0");
            let (text, _) = text(object, &options.text);
            if !text.is_empty() {
                out.extend_from_slice(b",\"text\":");
                write_string(out, text);
            }
            if options.attributes {
                out.extend_from_slice(b",\"attributes\":{");
                write_object_members(out, object);
                out.push(b'}');
            }
            out.push(b'}');
            written += 1;
        }
        if !image.is_left_out_empty(run, options.empty, written) {
            write_page(file.first.next_row(), &image, size, options);
        }
    }
    parts.finish();
    Ok(())
}

/// Appends the row of a page.
fn write_page(out: &mut Vec<u8>, image: &Image<'_>, (width, height): Size, options: &Options) {
    let asset = &image.task.asset;
    out.extend_from_slice(b"{\"id\":");
    write_u64(out, image.id());
    out.extend_from_slice(b",\"width\":");
    write_u64(out, width.into());
    out.extend_from_slice(b",\"height\":");
    write_u64(out, height.into());
    out.extend_from_slice(b",\"file_name\":");
    write_string(out, image.name);
    out.extend_from_slice(b",\"coco_url\":");
    write_string(out, image.url);
    out.extend_from_slice(b",\"doc_category\":");
    write_string(out, &category(image, &options.doc_category));
    out.extend_from_slice(b",\"collection\":");
    write_string(out, asset.batches.first().map_or("", String::as_str));
    out.extend_from_slice(b",\"doc_name\":");
    write_string(out, name(&asset.file_name));
    out.extend_from_slice(b",\"page_no\":");
    write_u64(out, u64::from(image.page.unwrap_or(0)) + 1);
    out.extend_from_slice(b",\"precedence\":0");
    if options.attributes {
        out.extend_from_slice(b",\"attributes\":{");
        write_image_members(out, image, &|_| true);
        out.push(b'}');
    }
    out.push(b'}');
}

/// The category of a document: what was answered about it or its page, or its context data.
fn category(image: &Image<'_>, asked: &str) -> String {
    let annotations = &image.task.annotations;
    let is_here = |page: Option<u32>| page.is_none() || page == image.page;
    let answers = annotations.classifications.iter().filter(|answer| is_here(answer.page) && (answer.title == asked || answer.schema_id == asked));
    let mut said = answers.filter_map(|answer| match &answer.answer {
        Answer::Text(text) => Some(text.clone()),
        Answer::Choices(choices) => choices.first().cloned(),
        _ => None,
    });
    let given = || {
        let value = member(image.task.asset.context_data.as_deref()?, asked)?;
        Some(decode(value).map_or_else(|| value.to_owned(), |text| text.into_owned()))
    };
    said.next().or_else(given).unwrap_or_default()
}
