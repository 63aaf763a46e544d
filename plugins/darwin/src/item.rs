//! Everything of an item but its annotations.

use ango_plugin_sdk::Run;
use ango_plugin_sdk::images::Image;
use ango_plugin_sdk::json::write_string;
use ango_plugin_sdk::number::{write_f64, write_u64};
use ango_plugin_sdk::options::Empty;
use ango_plugin_sdk::text::names;

use crate::properties;

/// Appends everything up to the first annotation of an image.
pub(crate) fn open_image(out: &mut Vec<u8>, run: &Run, image: &Image<'_>) {
    begin(out, run, image, image.name, "image");
    out.extend_from_slice(b"}]},\n\"properties\":");
    properties::write(out, &mut image.classifications().map(|(_, answer)| (None, answer)));
    out.extend_from_slice(b",\n\"annotations\":[");
}

/// Appends everything up to the first annotation of a video.
pub(crate) fn open_video(out: &mut Vec<u8>, run: &Run, image: &Image<'_>, name: &str) {
    begin(out, run, image, name, "video");
    let asset = &image.task.asset;
    if let Some(rate) = asset.frame_rate {
        out.extend_from_slice(b",\"fps\":");
        write_f64(out, rate);
    }
    if let Some(count) = asset.frame_count {
        out.extend_from_slice(b",\"frame_count\":");
        write_u64(out, count.into());
    }
    // Readers know a video by this list, also when it is empty.
    out.extend_from_slice(b",\"frame_urls\":[]}]},\n\"properties\":");
    let answers = &image.task.annotations.classifications;
    properties::write(out, &mut answers.iter().filter(|answer| answer.page.is_none()).map(|answer| (None, answer)));
    for answer in answers.iter().filter(|answer| answer.page.is_some()) {
        run.lost(
            image.task.index,
            Some(&answer.object_id),
            "classification-unsupported",
            "Darwin JSON has no place for answers about a frame of a video",
        );
    }
    out.extend_from_slice(b",\n\"annotations\":[");
}

/// Whether a video without annotations is to be left out, which is reported.
pub(crate) fn is_left_out(run: &Run, image: &Image<'_>, empty: Empty) -> bool {
    image.is_left_out_empty(run, empty, 0)
}

fn begin(out: &mut Vec<u8>, run: &Run, image: &Image<'_>, name: &str, kind: &str) {
    out.extend_from_slice(
        b"{\"version\":\"2.0\",\"schema_ref\":\"https://darwin-public.s3.eu-west-1.amazonaws.com/darwin_json/2.0/schema.json\",\n\"item\":{\"name\":",
    );
    write_string(out, names::name(name));
    // The folder begins with a slash, which stands alone for none.
    out.extend_from_slice(b",\"path\":");
    write_string(out, &["/", names::folder(name)].concat());
    out.extend_from_slice(b",\"source_info\":{\"item_id\":");
    write_string(out, &image.task.task_id);
    if !run.project().name.is_empty() {
        out.extend_from_slice(b",\"dataset\":{\"name\":");
        write_string(out, &run.project().name);
        out.push(b'}');
    }
    out.extend_from_slice(b"},\"slots\":[{\"type\":");
    write_string(out, kind);
    out.extend_from_slice(b",\"slot_name\":\"0\"");
    if let Some((width, height)) = image.size {
        out.extend_from_slice(b",\"width\":");
        write_u64(out, width.into());
        out.extend_from_slice(b",\"height\":");
        write_u64(out, height.into());
    }
    out.extend_from_slice(b",\"source_files\":[{\"file_name\":");
    write_string(out, names::name(name));
    out.extend_from_slice(b",\"url\":");
    write_string(out, image.url);
    out.extend_from_slice(b"}]");
}
