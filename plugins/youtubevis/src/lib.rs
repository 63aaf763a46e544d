//! YouTube-VIS: video instance segmentation, one JSON file for each part of the data set.
//!
//! What COCO is for images this is for videos: an annotation is a track, with a list of outlines, one of boxes and one of areas that have an entry for each frame,
//! `null` where the track is not to be seen. Frames are named as `ffmpeg -i VIDEO %06d.jpg` makes them. A single image is a video of one frame, as joint training
//! has it, and an asset of several pages one of as many.

mod options;
mod tracks;
mod video;

use ango_plugin_sdk::coco::{Parts, write_category, write_info};
use ango_plugin_sdk::images::{Areas, Choice, Images};
use ango_plugin_sdk::options::{Shared, Split, schema};
use ango_plugin_sdk::{ClassTable, Converter, Failure, Info, Run};

pub use options::Options;
use options::Single;
use video::Video;

/// The converter.
pub struct YoutubeVis;

ango_plugin_sdk::export!(YoutubeVis);

impl Converter for YoutubeVis {
    type Options = Options;

    fn describe() -> Info {
        let shared =
            [Shared::Classes, Shared::OnMissingSize, Shared::Outside, Shared::MinArea, Shared::Names, Shared::Empty, Shared::Stage, Shared::Split];
        Info::new("youtubevis", env!("CARGO_PKG_VERSION"), "YouTube-VIS JSON for video instance segmentation", "YouTube-VIS")
            .with_options_schema(&schema(include_str!("options.schema.json"), &shared))
            .with_assets()
            .with_history()
    }

    fn convert(options: Options, run: &Run) -> Result<(), Failure> {
        let mut areas = Areas::new(run, options.format(), &options.classes, options.outside, options.min_area)?;
        let head = head(run, areas.classes());
        let path = |part: &str| ["annotations/youtube_vis_", part, ".json"].concat();
        let mut parts = Parts::open(run, Split::new(&options.split)?, path, &head, ["videos", "annotations"]);
        let choice =
            Choice { on_missing_size: Some(options.on_missing_size), names: options.names, stage: options.stage.clone(), ..Choice::default() };
        let mut images = Images::new(run, options.format(), choice);
        // The video at hand, whose frames come one after the other.
        let mut video: Option<Video> = None;
        while let Some(image) = images.next_image()? {
            if let Some(done) = video.take_if(|video| video.task != image.task.index) {
                done.write(run, &options, &mut parts);
            }
            if image.page.is_none() && options.images == Single::Skip {
                run.lost(image.task.index, None, "asset-unsupported", "asset is a single image and option `images` is `skip`");
                continue;
            }
            let Some(size) = image.size else { continue };
            let video = video.get_or_insert_with(|| Video::start(run, &options, &image, size, parts.name(image.task)));
            video.frame(run, &options, &image, size, &mut areas);
        }
        if let Some(done) = video {
            done.write(run, &options, &mut parts);
        }
        parts.finish();
        Ok(())
    }
}

/// What the file begins with.
fn head(run: &Run, classes: &ClassTable) -> Vec<u8> {
    let tools = &run.project().tools;
    let mut out = Vec::new();
    write_info(&mut out, run);
    out.extend_from_slice(b",\n\"licenses\":[],\n\"categories\":[");
    for (id, class) in (1..).zip(classes.classes()) {
        out.extend_from_slice(if id == 1 { b"\n" } else { b",\n" });
        let parent = class.sources.first().and_then(|&at| tools.get(at as usize)?.parent.as_ref());
        let parent = parent.and_then(|parent| tools.iter().find(|other| other.schema_id == *parent));
        write_category(&mut out, id, &class.name, parent.map_or("", |parent| &parent.title));
        out.push(b'}');
    }
    out.push(b']');
    out
}

#[cfg(test)]
mod tests;
