//! Captions: a row for each answer that is a text about the image.

use ango_plugin_sdk::images::Images;
use ango_plugin_sdk::json::write_string;
use ango_plugin_sdk::{Answer, Classification, Failure, Run};

use crate::options::Options;
use crate::rows;

/// Numbers of answers of one task; a task with more does not fit into the memory of a run.
const ANSWERS: u64 = 1 << 24;

pub(crate) fn convert(options: &Options, run: &Run) -> Result<(), Failure> {
    check_questions(options, run)?;
    let is_caption = |answer: &Classification| is_asked_for(answer, options) && text(answer).is_some();
    // No categories, as in the original data set: with them readers look for the category of each caption.
    let mut parts = rows::open(run, options, b"")?;
    let mut choice = options.images();
    choice.on_missing_size = None;
    let mut images = Images::new(run, options.format(), choice);
    while let Some(image) = images.next_image()? {
        let Some(file) = parts.of(image.task) else { continue };
        let mut written = 0;
        for (position, answer) in image.classifications().filter(|(_, answer)| is_caption(answer)) {
            let Some(text) = text(answer) else { continue };
            let out = file.second.next_row();
            rows::annotation(out, image.task.index * ANSWERS + position as u64 + 1, &image);
            out.extend_from_slice(b",\"caption\":");
            write_string(out, text);
            out.push(b'}');
            written += 1;
        }
        for (_, object) in image.objects() {
            let detail = format_args!("{} is drawn, COCO captions hold what is said about whole images", object.geometry.kind());
            run.lost(image.task.index, Some(&object.object_id), "geometry-unsupported", detail);
        }
        if !image.is_left_out_empty(run, options.empty, written) {
            rows::image(file.first.next_row(), &image, options.attributes, &|answer| !is_caption(answer));
        }
    }
    parts.finish();
    Ok(())
}

/// Whether an answer is to a question for captions: one of those named, or any that takes a text.
fn is_asked_for(answer: &Classification, options: &Options) -> bool {
    let named = &options.caption;
    if named.is_empty() { answer.kind == "text" } else { named.iter().any(|name| *name == answer.title || *name == answer.schema_id) }
}

/// What was written or chosen.
fn text(answer: &Classification) -> Option<&str> {
    match &answer.answer {
        Answer::Text(text) if !text.trim().is_empty() => Some(text),
        _ => None,
    }
}

/// Refuses questions that do not exist, before a whole export turns out to have no captions.
fn check_questions(options: &Options, run: &Run) -> Result<(), Failure> {
    let questions = &run.project().classifications;
    for (at, name) in options.caption.iter().enumerate() {
        if !questions.iter().any(|question| question.title == *name || question.schema_id == *name) {
            let known: Vec<&str> = questions.iter().map(|question| question.title.as_str()).collect();
            return Err(Failure::option(format!("/caption/{at}"), format!("there is no question `{name}`; there are `{}`", known.join("`, `"))));
        }
    }
    Ok(())
}
