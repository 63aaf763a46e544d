//! CVAT for video 1.1: the tracks of a video, each with its shape on every frame.
//!
//! CVAT reads the key frames and computes the others itself, linearly for boxes and points; between polygons it follows rules of its own. So a frame that is no
//! key frame is one that CVAT computes as it is here.

use ango_plugin_sdk::geometry::{Shape, Turned, bridge};
use ango_plugin_sdk::images::{Drawings, Drawn, Image};
use ango_plugin_sdk::labels::Labels;
use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::tracks::{Entry, Tracks};
use ango_plugin_sdk::{Classification, File, Geometry, Object, Run};

use crate::answers::{self, About};
use crate::images::report_texts;
use crate::keys::Keys;
use crate::meta;
use crate::options::{Holes, KeyFrames, Options};
use crate::shapes::{has_size, write_box, write_points, write_rotation};

/// The most points of a polygon that is joined by bridges.
const MOST_POINTS: usize = 5000;

/// Writes videos.
pub(crate) struct Writer<'a> {
    run: &'a Run,
    options: &'a Options,
    drawings: Drawings,
    labels: Labels,
    names: Vec<Vec<u8>>,
    tracks: Tracks,
    keys: Keys,
    /// The shape of the frame that is written next, when it is known whether it has to be a key frame.
    pending: Pending,
    current: Pending,
}

/// What a track is drawn as; CVAT wants it to be the same on all frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Box,
    Polygon,
    Polyline,
    Points,
}

impl Kind {
    fn of(geometry: &Geometry) -> Option<Self> {
        match geometry {
            Geometry::BoundingBox(_) | Geometry::RotatedBox(_) => Some(Self::Box),
            Geometry::Polygon(_) | Geometry::Segmentation(_) => Some(Self::Polygon),
            Geometry::Polyline(_) | Geometry::Spline(_) => Some(Self::Polyline),
            Geometry::Point(_) => Some(Self::Points),
            _ => None,
        }
    }

    fn tag(self) -> &'static [u8] {
        match self {
            Self::Box => b"box",
            Self::Polygon => b"polygon",
            Self::Polyline => b"polyline",
            Self::Points => b"points",
        }
    }
}

/// What is known of the video.
#[derive(Clone, Copy)]
struct Video {
    frames: Option<u64>,
    /// The export is of key frames only: an object is there until it is said to be gone.
    persists: bool,
}

impl Video {
    /// Whether it has this frame. With one that it does not have CVAT would refuse the whole file.
    fn has(self, frame: u32) -> bool {
        self.frames.is_none_or(|frames| u64::from(frame) < frames)
    }
}

/// A shape on a frame.
#[derive(Debug, Default)]
struct Pending {
    frame: u32,
    position: u32,
    is_key: bool,
    /// Of a box its edges and its turn in degrees; else points.
    numbers: Vec<f64>,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(run: &'a Run, options: &'a Options, drawings: Drawings, labels: Labels) -> Self {
        Self {
            run,
            options,
            drawings,
            names: meta::escaped_names(&labels),
            labels,
            tracks: Tracks::default(),
            keys: Keys::new(options.precision),
            pending: Pending::default(),
            current: Pending::default(),
        }
    }

    /// Writes the video of a task. `name` is that of the video, and `image` one of its frames.
    pub(crate) fn write(&mut self, out: &mut File, image: &Image<'_>, name: &str) {
        let (asset, objects) = (&image.task.asset, &image.task.annotations.objects);
        let pages = asset.pages.len() as u64;
        let frames = asset.frame_count.map(u64::from).into_iter().chain((pages > 1).then_some(pages)).max().filter(|&frames| frames > 0);
        let size = image.size.unwrap_or((0, 0));
        meta::write_head(out.buffer(), self.run.project(), &self.labels, Some(meta::Video { name, frames, size }));
        let mut tracks = std::mem::take(&mut self.tracks);
        tracks.set(objects);
        let persists = tracks.have_gaps();
        let mut number = 0;
        for track in tracks.iter() {
            if self.track(out, image, track, number, Video { frames, persists }) {
                number += 1;
            }
        }
        for object in tracks.repeated().iter().filter_map(|&at| objects.get(at as usize)) {
            let detail = "another object of the frame has the same id and class, which is the track";
            self.run.lost(image.task.index, Some(&object.object_id), "duplicate", detail);
        }
        self.tracks = tracks;
        out.put(meta::TAIL);
    }

    /// Writes a track, and says whether there is one.
    fn track(&mut self, out: &mut File, image: &Image<'_>, track: &[Entry], number: u64, video: Video) -> bool {
        let objects = &image.task.annotations.objects;
        let mut open: Option<(Kind, u32)> = None;
        let (mut is_pending, mut missing) = (false, 0);
        for entry in track {
            let Some(object) = objects.get(entry.position as usize) else { continue };
            let kind = if entry.stops { None } else { self.take(image, entry, object, open, video) };
            if is_pending {
                missing += u64::from(entry.frame - self.pending.frame) - 1;
            }
            let Some(kind) = kind else {
                if let Some((kind, label)) = open.filter(|_| std::mem::take(&mut is_pending)) {
                    self.end(out, image, kind, label, Some(entry.frame).filter(|&frame| video.has(frame)));
                }
                continue;
            };
            let label = open.map(|(_, label)| label);
            let Some(label) = label.or_else(|| self.label(object)) else { continue };
            if open.is_none() {
                self.open(out, number, label);
            }
            open = Some((kind, label));
            if is_pending {
                self.connect(objects, kind);
                self.shape(out, image, kind, label, false);
            } else {
                self.current.is_key = true;
                self.keys.begin(self.current.frame, &self.current.numbers);
            }
            std::mem::swap(&mut self.pending, &mut self.current);
            is_pending = true;
        }
        let Some((kind, label)) = open else { return false };
        if is_pending {
            let next = self.pending.frame.checked_add(1).filter(|&next| !video.persists && video.has(next));
            self.end(out, image, kind, label, next);
        }
        if missing > 0 {
            let object = objects.get(self.pending.position as usize).map(|object| object.object_id.as_str());
            let detail = format_args!("{missing} frames between others are not in the export, and CVAT interpolates them");
            self.run.lost(image.task.index, object, "track-gap", detail);
        }
        out.put(b"</track>\n");
        true
    }

    fn label(&self, object: &Object) -> Option<u32> {
        match self.drawings.classes().find(&object.schema_id) {
            ango_plugin_sdk::Found::Class(class) => Some(self.labels.of_class(class)),
            _ => None,
        }
    }

    fn open(&self, out: &mut File, number: u64, label: u32) {
        let out = out.buffer();
        out.extend_from_slice(b"<track id=\"");
        write_u64(out, number);
        out.extend_from_slice(b"\" label=\"");
        out.extend_from_slice(self.names.get(label as usize).map_or(b"", Vec::as_slice));
        out.extend_from_slice(b"\" source=\"manual\">\n");
    }

    /// Takes the shape of an entry as the current one, and says what it is drawn as; `None` if it is not written, which is reported.
    fn take(&mut self, image: &Image<'_>, entry: &Entry, object: &Object, open: Option<(Kind, u32)>, video: Video) -> Option<Kind> {
        let run = self.run;
        let lost = |code: &str, detail: &str| run.lost(image.task.index, Some(&object.object_id), code, detail);
        if !video.has(entry.frame) {
            lost("frame-beyond-end", "object is on a frame after the last one that the export says there is, and CVAT would refuse the file");
            return None;
        }
        let class = self.drawings.take(run, image, object)?;
        let kind = Kind::of(&object.geometry)?;
        if open.is_some_and(|(open, _)| open != kind) {
            lost("shape-changed", "object is drawn with another tool than its track before, and a CVAT track has one kind of shape");
            return None;
        }
        let current = &mut self.current;
        (current.frame, current.position, current.is_key) = (entry.frame, entry.position, self.options.keyframes == KeyFrames::All);
        current.numbers.clear();
        match self.drawings.drawn() {
            Drawn::Line(path) => current.numbers.extend_from_slice(path),
            Drawn::Point(x, y) => current.numbers.extend_from_slice(&[x, y]),
            Drawn::Area(shape) if kind == Kind::Box => {
                let (edges, degrees, whole) = box_of(object, shape);
                if !has_size(edges, self.options.precision) {
                    lost("zero-area", "object has no width or no height with so few decimals");
                    return None;
                }
                if !whole {
                    lost("rotation-dropped", "rotated box that leaves the image, or is none, is the upright box around what is there");
                }
                current.numbers.extend_from_slice(&edges);
                current.numbers.push(degrees);
            }
            Drawn::Area(shape) => polygon(&mut current.numbers, shape, self.options.holes, lost)?,
        }
        report_texts(run, image.task.index, object, self.drawings.classes().name(class));
        Some(kind)
    }

    /// Decides whether the pending shape, or the current one after it, has to be a key frame.
    fn connect(&mut self, objects: &[Object], kind: Kind) {
        let (pending, current) = (&mut self.pending, &mut self.current);
        let answers = |at: u32| objects.get(at as usize).map_or(&[][..], |object| &object.classifications);
        if kind == Kind::Box {
            turn_on(&pending.numbers, &mut current.numbers);
        }
        if current.frame - pending.frame > 1 {
            (pending.is_key, current.is_key) = (true, true);
        } else {
            let is_linear = matches!(kind, Kind::Box | Kind::Points);
            if !self.keys.reach(current.frame, &current.numbers, is_linear) {
                pending.is_key = true;
                self.keys.begin(pending.frame, &pending.numbers);
                self.keys.reach(current.frame, &current.numbers, is_linear);
            }
            // Answers hold from one key frame to the next.
            current.is_key |= !is_same(answers(pending.position), answers(current.position));
        }
        if current.is_key {
            self.keys.begin(current.frame, &current.numbers);
        }
    }

    /// Writes the pending shape, after which the track is not there: from `gone` on, if the video goes on until then.
    fn end(&mut self, out: &mut File, image: &Image<'_>, kind: Kind, label: u32, gone: Option<u32>) {
        self.pending.is_key = true;
        self.shape(out, image, kind, label, false);
        if let Some(frame) = gone {
            self.pending.frame = frame;
            self.shape(out, image, kind, label, true);
        }
    }

    /// Writes the pending shape.
    fn shape(&self, out: &mut File, image: &Image<'_>, kind: Kind, label: u32, outside: bool) {
        let (out, shape, precision) = (out.buffer(), &self.pending, self.options.precision);
        out.push(b'<');
        out.extend_from_slice(kind.tag());
        out.extend_from_slice(b" frame=\"");
        write_u64(out, shape.frame.into());
        out.extend_from_slice(if shape.is_key { b"\" keyframe=\"1\"" } else { b"\" keyframe=\"0\"" });
        out.extend_from_slice(if outside { b" outside=\"1\" occluded=\"0\"" } else { b" outside=\"0\" occluded=\"0\"" });
        if let (Kind::Box, &[left, top, right, bottom, degrees]) = (kind, &shape.numbers[..]) {
            write_box(out, [left, top, right, bottom], precision);
            write_rotation(out, degrees, precision);
        } else {
            write_points(out, &shape.numbers, precision);
        }
        out.extend_from_slice(b" z_order=\"0\"");
        let object = image.task.annotations.objects.get(shape.position as usize);
        if let (Some(object), Some(label)) = (object, self.labels.get(label)) {
            let about = About { run: self.run, task: image.task.index, object: &object.object_id };
            let answers: &[Classification] = if outside { &[] } else { &object.classifications };
            answers::close(out, kind.tag(), about, label, answers);
        }
    }
}

/// Edges and turn of a box, and whether that is all of it.
fn box_of(object: &Object, shape: &Shape) -> ([f64; 4], f64, bool) {
    let extent = shape.extent();
    let upright = [extent.x0, extent.y0, extent.x1, extent.y1];
    match &object.geometry {
        Geometry::RotatedBox(turned) => match Turned::of(&turned.corners).filter(|_| !shape.is_clipped()) {
            Some(turned) => (turned.edges(), turned.degrees, true),
            None => (upright, 0.0, false),
        },
        _ => (upright, 0.0, true),
    }
}

/// Gives a turn the number of whole turns that is nearest to the turn before: CVAT turns the shorter way.
fn turn_on(before: &[f64], numbers: &mut [f64]) {
    if let (Some(before), Some(degrees)) = (before.get(4), numbers.get_mut(4)) {
        *degrees += ((*before - *degrees) / 360.0).round() * 360.0;
    }
}

/// The polygon of a shape, its rings joined by bridges where there are several.
fn polygon(numbers: &mut Vec<f64>, shape: &Shape, holes: Holes, lost: impl Fn(&str, &str)) -> Option<()> {
    let fill = match (shape.has_holes(), holes) {
        (true, Holes::Drop) => {
            lost("hole-unsupported", "object has holes and option `holes` is `drop`");
            return None;
        }
        (true, Holes::Fill) => {
            lost("hole-filled", "object has holes and option `holes` is `fill`");
            true
        }
        (true, Holes::Mask) => {
            lost("hole-bridged", "CVAT tracks no masks: ring and hole are one ring, joined by a bridge without width");
            false
        }
        (false, _) => false,
    };
    let rings: Vec<(&[f64], bool)> = shape.rings().filter(|(_, hole)| !(fill && *hole)).collect();
    if let [(ring, _)] = rings[..] {
        numbers.extend_from_slice(ring);
        return Some(());
    }
    let bridged = bridge(&rings, MOST_POINTS);
    numbers.extend_from_slice(&bridged.ring);
    if shape.parts() > 1 {
        lost("parts-bridged", "parts are one ring, joined by bridges without width");
    }
    if bridged.dropped > 0 {
        lost("part-dropped", "the smallest of so many rings are left out");
    }
    Some(())
}

/// Whether the same was answered.
fn is_same(one: &[Classification], other: &[Classification]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.schema_id == other.schema_id && one.answer == other.answer)
}
