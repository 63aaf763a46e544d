//! What follows which key frame.
//!
//! The plan holds for each member of the list how many frames come after it, and towards which other member they move. It is arithmetic on the page numbers, so
//! how many frames there will be is known before one is computed.

use super::template::Template;
use crate::json::{Kind as JsonKind, Value};
use crate::sink::Sink;
use std::borrow::Cow;
use std::collections::HashMap;
use std::convert::Infallible;
use std::ops::Range;

/// The most frames that are computed for one list: those of a hundred objects that are there for four and a half hours at 30 frames a second. A wrong
/// `frameTotal` can ask for four thousand million of each object, which would fill any disk.
pub const MAX_FRAMES: u64 = 50_000_000;

/// What a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Drawn objects. They have a geometry, which moves.
    Tools,
    /// Answers. They hold unchanged from one key frame to the next.
    Classifications,
}

/// A list would have more than [`MAX_FRAMES`] computed frames.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the frames of a video list come to {frames}, most of them of the object '{object}', and at most {MAX_FRAMES} are computed: \
     export the key frames only, or correct metadata.frameTotal if it is wrong"
)]
pub struct TooManyFrames {
    /// The track with the most computed frames.
    pub object: String,
    /// How many frames the list would have computed, of all tracks.
    pub frames: u64,
}

/// What comes out for one place of a list.
#[derive(Debug, Clone, Copy)]
pub enum Entry<'e, 'a, 'd> {
    /// A member of the list as it is.
    Stored(Value<'a, 'd>),
    /// A frame computed from the last stored one of its track, as compact JSON.
    Computed(&'e str),
}

/// A list of key frames with what is to be computed between them.
///
/// Members that are no key frames (not an object, without a usable `page`, without an id) are passed on once, as they are. Between two key frames of a track all
/// frames are computed, also past the end of the video: the later key frame shows that they exist. After the last key frame of a track its geometry is held
/// to the end of the video, where that is known. A stop ends a track until its next key frame, and up to it the last geometry is held: its own does not count.
#[derive(Debug)]
pub struct FullList<'a, 'd> {
    list: Value<'a, 'd>,
    kind: Kind,
    steps: Vec<Step<'a, 'd>>,
    computed: u64,
}

/// One member of the list.
#[derive(Debug)]
struct Step<'a, 'd> {
    value: Value<'a, 'd>,
    /// Frames that are computed after it.
    frames: Range<u64>,
    /// The key frame that they move towards, which is on the frame `frames.end`.
    target: Option<Value<'a, 'd>>,
}

/// What the plan needs to know of a key frame.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct KeyFrame {
    track: u32,
    page: u32,
    /// Index of its step, so that two entries on one page keep their order.
    position: u32,
    stop: bool,
}

/// Names a track: whether it is by `objectId`, and the id.
type TrackId<'a> = (bool, Cow<'a, str>);

impl<'a, 'd> FullList<'a, 'd> {
    /// Plans the frames of `list`. `frame_total` is the number of frames of the video; unknown, nothing is held after the last key frame of a track.
    ///
    /// # Errors
    /// When more than [`MAX_FRAMES`] would be computed.
    pub fn plan(list: Value<'a, 'd>, kind: Kind, frame_total: Option<u32>) -> Result<Self, TooManyFrames> {
        let mut tracks = HashMap::new();
        let mut steps = Vec::new();
        let mut keys = Vec::new();
        for (position, value) in list.elements().enumerate() {
            steps.push(Step { value, frames: 0..0, target: None });
            if let Some((id, page, stop)) = key_frame(&value, kind) {
                let next = tracks.len() as u32;
                let track = *tracks.entry(id).or_insert(next);
                keys.push(KeyFrame { track, page, position: position as u32, stop });
            }
        }
        keys.sort_unstable();
        // The sum of one track and of all fit by far: a list has fewer than 2^32 members, and each is followed by fewer than 2^32 frames.
        let (mut computed, mut of_track, mut longest) = (0u64, 0u64, (0u64, 0u32));
        for (index, key) in keys.iter().enumerate() {
            if index == 0 || keys[index - 1].track != key.track {
                of_track = 0;
            }
            if key.stop {
                continue;
            }
            let next = keys.get(index + 1).filter(|next| next.track == key.track);
            let first = u64::from(key.page) + 1;
            let end = next.map_or(frame_total.map_or(0, u64::from), |next| u64::from(next.page)).max(first);
            of_track += end - first;
            computed += end - first;
            longest = longest.max((of_track, key.track));
            let target = next.filter(|next| kind == Kind::Tools && !next.stop).map(|next| steps[next.position as usize].value);
            let step = &mut steps[key.position as usize];
            step.frames = first..end;
            step.target = target;
        }
        if computed > MAX_FRAMES {
            let object = tracks.into_iter().find(|(_, track)| *track == longest.1).map(|((_, id), _)| id.into_owned());
            return Err(TooManyFrames { object: object.unwrap_or_default(), frames: computed });
        }
        Ok(Self { list, kind, steps, computed })
    }

    /// Number of entries that the list has with its frames computed.
    pub fn count(&self) -> u64 {
        self.steps.len() as u64 + self.computed
    }

    /// Number of frames that are computed.
    pub fn computed(&self) -> u64 {
        self.computed
    }

    /// Hands over each entry in order: a member of the list, then the frames computed from it.
    ///
    /// `write_key_frame` appends a member as compact JSON, with whatever is to be left out of it; computed frames repeat that text. It is called once for each
    /// member that frames are computed from.
    ///
    /// # Errors
    /// What `visit` returns, at once.
    pub fn for_each<E>(
        &self,
        write_key_frame: &impl Fn(&mut Vec<u8>, &Value<'a, 'd>),
        visit: &mut impl FnMut(Entry<'_, 'a, 'd>) -> Result<(), E>,
    ) -> Result<(), E> {
        for step in &self.steps {
            visit(Entry::Stored(step.value))?;
            if step.frames.is_empty() {
                continue;
            }
            let mut text = Vec::new();
            write_key_frame(&mut text, &step.value);
            let mut template = Template::new(text, step.frames.clone(), self.kind, step.target.as_ref());
            for page in step.frames.clone() {
                visit(Entry::Computed(template.frame(page)))?;
            }
        }
        Ok(())
    }

    /// Writes the list with its frames as a compact JSON array, and comes by [`Sink::checkpoint`] after each entry. What is no array is handed to `write_key_frame`
    /// as it is.
    pub fn write<S: Sink>(&self, sink: &mut S, write_key_frame: &impl Fn(&mut Vec<u8>, &Value<'a, 'd>)) {
        if self.list.kind() != JsonKind::Array {
            write_key_frame(sink.buffer(), &self.list);
            return;
        }
        sink.buffer().push(b'[');
        let mut first = true;
        let Ok(()) = self.for_each(write_key_frame, &mut |entry| -> Result<(), Infallible> {
            let out = sink.buffer();
            if !std::mem::take(&mut first) {
                out.push(b',');
            }
            match entry {
                Entry::Stored(value) => write_key_frame(out, &value),
                Entry::Computed(text) => out.extend_from_slice(text.as_bytes()),
            }
            sink.checkpoint();
            Ok(())
        });
        sink.buffer().push(b']');
    }
}

/// The track, the frame, and whether the track stops; `None` when this is no key frame. Of repeated keys the last counts, as in [`crate::v3`].
fn key_frame<'a>(value: &Value<'a, '_>, kind: Kind) -> Option<(TrackId<'a>, u32, bool)> {
    let (mut page, mut object, mut schema, mut stop) = (None, None, None, false);
    for member in value.members() {
        match member.key {
            "page" => page = member.value.as_u64().and_then(|page| u32::try_from(page).ok()),
            "objectId" => object = member.value.as_str().filter(|id| !id.is_empty()),
            "schemaId" if kind == Kind::Classifications => {
                schema = if member.value.kind() == JsonKind::Number { Some(Cow::Borrowed(member.value.raw())) } else { member.value.as_str() };
            }
            "interpolationStopped" => stop = member.value.as_bool() == Some(true),
            _ => {}
        }
    }
    let id = match (object, schema) {
        (Some(object), _) => (true, object),
        (None, schema) => (false, schema?),
    };
    Some((id, page?, stop))
}
