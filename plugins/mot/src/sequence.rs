//! One sequence: where its files are, what `seqinfo.ini` says, and which number each track has.

use ango_plugin_sdk::images::Image;
use ango_plugin_sdk::number::Shown;
use ango_plugin_sdk::options::Part;
use ango_plugin_sdk::text::names;
use ango_plugin_sdk::tracks::Tracks;
use ango_plugin_sdk::{Found, Run, Task, bytes};

use crate::Setup;
use crate::options::Format;

/// Frames a second where nobody knows: what Hub assumes of videos.
const USUAL_RATE: u32 = 30;
/// The most instances of a class that an id of MOTS has room for.
const MOST_INSTANCES: u32 = 999;

/// A sequence that is being written.
#[derive(Clone, Debug)]
pub(crate) struct Sequence {
    /// `train/street`.
    pub(crate) folder: String,
    name: String,
    pub(crate) part: Part,
    task: u64,
    size: (u32, u32),
    rate: u32,
    /// How many frames the export says there are.
    said_frames: Option<u64>,
    /// How many frames there are up to the last one with annotations.
    seen_frames: u64,
    suffix: String,
    /// By position of the object in the task.
    links: Vec<Link>,
}

/// What an object is in its track.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Link {
    /// From 1; 0 if there is no room for it.
    pub(crate) number: u32,
    /// Another object has this track's place on this frame.
    pub(crate) is_repeat: bool,
}

impl Sequence {
    /// Begins the sequence of a task, at its first image.
    pub(crate) fn new(run: &Run, image: &Image<'_>, part: Part) -> Self {
        let (task, asset) = (image.task, &image.task.asset);
        let name = folder_name(&asset.file_name);
        let rounded = asset.frame_rate.map(f64::round).filter(|rate| (1.0..=1e6).contains(rate));
        let rate = rounded.map_or(USUAL_RATE, |rate| rate as u32);
        match asset.frame_rate {
            Some(said) if f64::from(rate) == said => {}
            Some(said) => run.lost(
                task.index,
                None,
                "frame-rate-rounded",
                format_args!("frame rate {} is written as {rate}, readers take whole numbers", Shown(said)),
            ),
            None => run.lost(task.index, None, "frame-rate-assumed", format_args!("the export does not say the frame rate, {rate} is written")),
        }
        let pages = asset.pages.len() as u64;
        let said_frames = asset.frame_count.map(u64::from).into_iter().chain((pages > 1).then_some(pages)).max().filter(|&frames| frames > 0);
        Self {
            folder: format!("{}/{name}", part.name()),
            name,
            part,
            task: task.index,
            size: image.size.unwrap_or((0, 0)),
            rate,
            said_frames,
            seen_frames: 0,
            suffix: names::suffix(image.name).unwrap_or("jpg").to_owned(),
            links: Vec::new(),
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The suffix of images, without its dot.
    pub(crate) fn suffix(&self) -> &str {
        &self.suffix
    }

    pub(crate) fn size(&self) -> (u32, u32) {
        self.size
    }

    /// What an object is in its track.
    pub(crate) fn link(&self, position: u64) -> Link {
        usize::try_from(position).ok().and_then(|at| self.links.get(at)).copied().unwrap_or_default()
    }

    /// There are annotations on this frame.
    pub(crate) fn see(&mut self, frame: u32) {
        self.seen_frames = self.seen_frames.max(u64::from(frame) + 1);
    }

    /// Numbers the tracks of the task: from 1 in the order in which it names them, in MOTS for every class by itself.
    pub(crate) fn number_tracks(&mut self, setup: &Setup<'_>, task: &Task, tracks: &Tracks) {
        let (objects, table, options) = (&task.annotations.objects, setup.areas.classes(), setup.options);
        self.links.clear();
        self.links.resize(objects.len(), Link::default());
        let mut count = 0;
        let mut instances = vec![0; table.classes().len()];
        for track in tracks.iter() {
            let Some(first) = track.first().and_then(|entry| objects.get(entry.position as usize)) else { continue };
            let Found::Class(class) = table.find(&first.schema_id) else { continue };
            let number = match (options.format, setup.ids.get(class).ignored, instances.get_mut(class as usize)) {
                (Format::Mots, true, _) => 1,
                (Format::Mots, false, Some(instance)) => {
                    *instance += 1;
                    if *instance > MOST_INSTANCES { 0 } else { *instance }
                }
                _ => {
                    count += 1;
                    count
                }
            };
            let mut missing = 0;
            for (at, entry) in track.iter().enumerate() {
                let gap = track.get(at + 1).filter(|next| entry.is_before_gap(next));
                missing += gap.map_or(0, |next| u64::from(next.frame - entry.frame - 1));
                if let Some(link) = self.links.get_mut(entry.position as usize) {
                    link.number = number;
                }
            }
            if missing > 0 {
                let detail = "an export of key frames only can be converted with its frames computed";
                let told = format_args!("{missing} frames of the track are missing between others: {detail}");
                setup.run.lost(task.index, Some(&first.object_id), "track-gap", told);
            }
        }
        for &position in tracks.repeated() {
            if let Some(link) = self.links.get_mut(position as usize) {
                link.is_repeat = true;
            }
        }
    }

    /// `seqinfo.ini` in the order of the benchmark, which some readers depend on.
    pub(crate) fn info(&self, run: &Run) -> Vec<u8> {
        let length = match self.said_frames {
            Some(said) if said >= self.seen_frames => said,
            Some(said) => {
                let (seen, detail) = (self.seen_frames, "the sequence is written as long as its annotations");
                run.lost(
                    self.task,
                    None,
                    "frame-count-exceeded",
                    format_args!("the export says {said} frames, and has annotations up to frame {seen}; {detail}"),
                );
                seen
            }
            None => {
                let seen = self.seen_frames.max(1);
                let detail = "it ends at the last frame with annotations";
                run.lost(
                    self.task,
                    None,
                    "frame-count-assumed",
                    format_args!("the export does not say how long the sequence is; {detail}, frame {seen}"),
                );
                seen
            }
        };
        let (width, height) = self.size;
        let (name, rate, suffix) = (&self.name, self.rate, &self.suffix);
        format!("[Sequence]\nname={name}\nimDir=img1\nframeRate={rate}\nseqLength={length}\nimWidth={width}\nimHeight={height}\nimExt=.{suffix}\n")
            .into_bytes()
    }
}

/// The folder of a sequence: the name of the video without its suffix, folders joined, as tools look for sequences in one folder only.
fn folder_name(file_name: &str) -> String {
    let stem = names::flat(names::stem(file_name));
    let portable = stem.trim_end_matches(['.', ' ']);
    if portable.len() == stem.len() { stem } else { format!("{portable}-{:016x}", bytes::hash(file_name.as_bytes())) }
}
