//! The parent's side of a run.
//!
//! Whatever the child says is taken for an enemy's words. Paths are checked, limits are counted, files have numbers that are known here, and a length is believed when that many bytes have come.
//! An honest child never is refused anything: it has checked everything by the same rules before, and what it counted is never less than what is counted here.

use super::wire::{self, HEAD, PIECE, Section, Start, kind};
use crate::child::process::{Broken, Patience, Process};
use crate::error::{Context, RunError};
use crate::host::archive::MAX_SEPARATOR;
use crate::host::assets::{AssetError, MAX_URL};
use crate::host::feed::{Block, Feed, Next};
use crate::host::output::{Output, OutputError, Target};
use crate::job::{ShardFailure, ShardResult};
use crate::limits::{LimitExceeded, LimitName};
use crate::path::{self, MAX_PATH, PathSet};
use crate::shared::Shared;
use ango_packed::Unpack;
use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes that are read at once.
const BUFFER: usize = 256 << 10;
/// Bytes of a question or of a file's beginning: a path, and little more.
const MAX_START: u64 = 16 + MAX_PATH as u64 + MAX_SEPARATOR as u64;
/// Bytes of an error: words, and the last of stderr, and frames.
const MAX_FAILURE: u64 = 4 << 20;

/// A way to talk with a child.
pub(super) trait Talk {
    fn read(&mut self, buffer: &mut [u8], patience: &Patience) -> Result<usize, Broken>;
    fn write_all(&mut self, bytes: &[u8], patience: &Patience) -> Result<(), Broken>;
}

impl Talk for Process {
    fn read(&mut self, buffer: &mut [u8], patience: &Patience) -> Result<usize, Broken> {
        self.read(buffer, patience)
    }

    fn write_all(&mut self, bytes: &[u8], patience: &Patience) -> Result<(), Broken> {
        self.write_all(bytes, patience)
    }
}

/// Frames as they come.
#[derive(Debug)]
pub(super) struct Incoming<T> {
    talk: T,
    buffer: Box<[u8]>,
    begin: usize,
    end: usize,
}

impl<T: Talk> Incoming<T> {
    pub(super) fn new(talk: T) -> Self {
        Self { talk, buffer: vec![0; BUFFER].into(), begin: 0, end: 0 }
    }

    pub(super) fn inner(&self) -> &T {
        &self.talk
    }

    pub(super) fn into_inner(self) -> T {
        self.talk
    }

    /// Some bytes, at least one and at most so many.
    fn some(&mut self, most: usize, patience: &Patience) -> Result<&[u8], Broken> {
        if self.begin == self.end {
            (self.begin, self.end) = (0, self.talk.read(&mut self.buffer, patience)?);
            if self.end == 0 {
                return Err(Broken::Closed);
            }
        }
        let begin = self.begin;
        self.begin = self.end.min(begin + most);
        Ok(&self.buffer[begin..self.begin])
    }

    /// Kind and length of the next frame.
    pub(super) fn head(&mut self, patience: &Patience) -> Result<(u8, u64), Broken> {
        let mut head = [0; HEAD];
        let mut filled = 0;
        while filled < HEAD {
            let some = self.some(HEAD - filled, patience)?;
            head[filled..filled + some.len()].copy_from_slice(some);
            filled += some.len();
        }
        Ok(wire::read_head(head))
    }

    /// What is in a frame. Nothing is reserved for a length that was only said.
    pub(super) fn body(&mut self, length: u64, most: u64, patience: &Patience) -> Result<Vec<u8>, Broken> {
        if length > most {
            return Err(too_long());
        }
        let mut body = Vec::new();
        while (body.len() as u64) < length {
            let left = length - body.len() as u64;
            body.extend_from_slice(self.some(usize::try_from(left).unwrap_or(usize::MAX), patience)?);
        }
        Ok(body)
    }

    /// A frame of these parts.
    pub(super) fn say(&mut self, kind: u8, parts: &[&[u8]], patience: &Patience) -> Result<(), Broken> {
        let length: usize = parts.iter().map(|part| part.len()).sum();
        // What is short goes in one piece.
        if length <= 64 {
            let frame = [&wire::head(kind, length)[..], &parts.concat()].concat();
            return self.talk.write_all(&frame, patience);
        }
        self.talk.write_all(&wire::head(kind, length), patience)?;
        parts.iter().try_for_each(|part| self.talk.write_all(part, patience))
    }
}

fn too_long() -> Broken {
    Broken::Io(std::io::Error::other("it says more than an honest one"))
}

/// Why a run is over before the child has said how it ended.
#[derive(Debug)]
pub(super) enum Stopped {
    /// The two talk no longer.
    Broken(Broken),
    /// The child did what it must not, or the host failed.
    Refused(RunError),
}

impl From<Broken> for Stopped {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

impl From<LimitExceeded> for Stopped {
    fn from(limit: LimitExceeded) -> Self {
        Self::Refused(RunError::Limit { limit, context: Context::default() })
    }
}

impl From<OutputError> for Stopped {
    fn from(error: OutputError) -> Self {
        match error {
            OutputError::Path(problem) => LimitExceeded::new(LimitName::Path, problem).into(),
            OutputError::Io(error) => Self::Refused(RunError::Host(error.to_string())),
        }
    }
}

/// What no honest child does.
fn breach(what: impl std::fmt::Display) -> Stopped {
    Stopped::Refused(RunError::Isolation(format!("did what no honest one does: {what}")))
}

/// One run, seen from the parent.
struct Relay<'a> {
    shared: &'a Shared,
    output: &'a Mutex<dyn Output>,
    feed: Option<Feed>,
    block: Arc<Block>,
    /// Tasks handed out.
    tasks: u64,
    /// By the child's number: the output's, of those that are open.
    open: HashMap<u32, u32>,
    /// A file was given up.
    abandoned: bool,
    used: PathSet,
    joined: HashSet<u64>,
    sections: HashSet<(u64, u32)>,
}

/// Takes what a child says until it has said how the run ended.
pub(super) async fn relay<T: Talk>(
    talk: &mut Incoming<T>,
    shared: &Shared,
    feed: Feed,
    output: &Mutex<dyn Output>,
    patience: &Patience,
) -> Result<Result<ShardResult, ShardFailure>, Stopped> {
    let mut relay = Relay {
        shared,
        output,
        feed: Some(feed),
        block: Arc::default(),
        tasks: 0,
        open: HashMap::new(),
        abandoned: false,
        used: PathSet::default(),
        joined: HashSet::new(),
        sections: HashSet::new(),
    };
    loop {
        let (kind, length) = talk.head(patience)?;
        match kind {
            kind::NEXT | kind::PACKED | kind::RECORDS if length > 0 => return Err(breach("words that cannot be read")),
            kind::CREATE | kind::SECTION => {
                let bytes = talk.body(length, MAX_START, patience)?;
                relay.start(kind, &bytes)?;
            }
            kind::WRITE => relay.write(talk, length, patience)?,
            kind::FINISH => {
                let file = read::<u32>(&talk.body(length, 4, patience)?)?;
                let file = relay.open.remove(&file).ok_or_else(|| breach("a file that is not open"))?;
                relay.output().finish(file)?;
            }
            kind::ABANDON => {
                let file = read::<u32>(&talk.body(length, 4, patience)?)?;
                relay.open.remove(&file).ok_or_else(|| breach("a file that is not open"))?;
                relay.abandoned = true;
            }
            kind::NEXT => {
                let next = relay.next().await?;
                talk.say(kind::ANSWER, &[&wire::next(next)], patience)?;
            }
            kind::PACKED => {
                let (bytes, ends) = relay.block.packed.parts();
                let ends = numbers(ends.iter().map(|end| *end as u64));
                talk.say(kind::ANSWER, &[bytes, &ends], patience)?;
            }
            kind::RECORDS => {
                let (text, ranges) = relay.block.records.parts();
                let parts: Vec<&[u8]> = ranges.iter().map(|range| &text[range.clone()]).collect();
                let mut end = 0;
                let ends = numbers(parts.iter().map(|part| {
                    end += part.len() as u64;
                    end
                }));
                let text = parts.concat();
                talk.say(kind::ANSWER, &[&text, &ends], patience)?;
            }
            kind::MAY_START => {
                let Section { path, position } = read(&talk.body(length, MAX_START, patience)?)?;
                let allowed = check(&path).and_then(|()| shared.meter.add_section(&path, position));
                talk.say(kind::ANSWER, &[&wire::answer(allowed)], patience)?;
            }
            kind::SIZE | kind::READ => {
                let url = talk.body(length, MAX_URL as u64, patience);
                let answer = relay.asset(kind, &url?).await?;
                talk.say(kind::ANSWER, &[&answer], patience)?;
            }
            kind::DONE => {
                let result: ShardResult = read(&talk.body(length, wire::longest_done(&shared.limits), patience)?)?;
                return relay.done(&result).map(|()| Ok(result));
            }
            kind::FAILED => return Ok(Err(read(&talk.body(length, MAX_FAILURE, patience)?)?)),
            _ => return Err(breach("words of an unknown kind")),
        }
    }
}

fn read<T: Unpack>(bytes: &[u8]) -> Result<T, Stopped> {
    wire::unpack(bytes).map_err(|_| breach("words that cannot be read"))
}

fn check(path: &str) -> Result<(), LimitExceeded> {
    path::check(path).map_err(|problem| LimitExceeded::new(LimitName::Path, problem))
}

/// Numbers, and how many there are.
fn numbers(numbers: impl Iterator<Item = u64>) -> Vec<u8> {
    let mut out = Vec::new();
    numbers.for_each(|number| out.extend_from_slice(&number.to_le_bytes()));
    let count = out.len() as u64 / 8;
    out.extend_from_slice(&count.to_le_bytes());
    out
}

impl Relay<'_> {
    fn output(&self) -> std::sync::MutexGuard<'_, dyn Output + 'static> {
        self.output.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start(&mut self, kind: u8, bytes: &[u8]) -> Result<(), Stopped> {
        let is_section = kind == kind::SECTION;
        let mut reader = ango_packed::Reader::new(bytes);
        let malformed = |_| breach("words that cannot be read");
        let Start { file, path } = Unpack::unpack(&mut reader).map_err(malformed)?;
        check(&path)?;
        let position = if is_section { u32::unpack(&mut reader).map_err(malformed)? } else { 0 };
        let separator = &bytes[bytes.len() - reader.left()..];
        if separator.len() > if is_section { MAX_SEPARATOR } else { 0 } {
            return Err(breach("a separator that is too long"));
        }
        let identity = path::identity(&path);
        let is_free = match is_section {
            false => self.used.insert(&path),
            true => (!self.joined.insert(identity) || self.used.insert(&path)) && self.sections.insert((identity, position)),
        };
        if !is_free {
            return Err(breach(format_args!("'{}' twice", path.escape_debug())));
        }
        if is_section {
            self.shared.meter.add_section(&path, position)?;
        } else {
            self.shared.meter.add_file(&self.shared.limits)?;
        }
        if self.open.len() >= self.shared.limits.handles as usize || self.open.contains_key(&file) {
            return Err(breach("more open files than are allowed"));
        }
        let target = if is_section { Target::Section { path: &path, position, separator } } else { Target::File { path: &path } };
        let number = self.output().create(target)?;
        self.open.insert(file, number);
        Ok(())
    }

    /// Hands on what is written as it comes; no piece of it waits here.
    fn write<T: Talk>(&mut self, talk: &mut Incoming<T>, length: u64, patience: &Patience) -> Result<(), Stopped> {
        let file = read::<u32>(&talk.body(length.min(4), 4, patience)?)?;
        let file = *self.open.get(&file).ok_or_else(|| breach("a file that is not open"))?;
        let mut left = usize::try_from(length - 4).unwrap_or(usize::MAX);
        if left > PIECE {
            return Err(too_long().into());
        }
        self.shared.meter.add_output(left as u64, &self.shared.limits)?;
        while left > 0 {
            let some = talk.some(left, patience)?;
            left -= some.len();
            self.output.lock().unwrap_or_else(PoisonError::into_inner).write(file, some)?;
        }
        Ok(())
    }

    /// The next block, when it comes in time.
    async fn next(&mut self) -> Result<Next, Stopped> {
        let Some(mut feed) = self.feed.take() else { return Err(breach("asks for more after the end")) };
        self.block = Arc::default();
        let Some(block) = self.in_time(feed.next()).await? else { return Ok(Next::Late) };
        let Some(block) = block else { return Ok(Next::End) };
        let next = Next::Block(block.len(), block.bytes());
        self.shared.meter.add_input(block.bytes(), block.len() as u64);
        self.tasks += block.len() as u64;
        (self.feed, self.block) = (Some(feed), block);
        Ok(next)
    }

    /// What comes before the deadline; `None` when it does not.
    async fn in_time<T>(&self, coming: impl Future<Output = T>) -> Result<Option<T>, Stopped> {
        tokio::select! {
            biased;
            () = self.shared.cancel.cancelled() => Err(Broken::Cancelled.into()),
            () = tokio::time::sleep_until(self.shared.deadline) => Ok(None),
            came = coming => Ok(Some(came)),
        }
    }

    async fn asset(&self, kind: u8, url: &[u8]) -> Result<Vec<u8>, Stopped> {
        let url = std::str::from_utf8(url).map_err(|_| breach("a link that is no text"))?;
        let Some(assets) = &self.shared.assets else { return Ok(wire::asset(Err(AssetError::Denied))) };
        let fetched = async { if kind == kind::SIZE { assets.size(url).await.map(wire::size) } else { assets.read(url).await } };
        match self.in_time(fetched).await? {
            Some(fetched) => Ok(wire::asset(fetched)),
            // The child's own clock ends the run.
            None => Ok(wire::asset(Err(AssetError::Failed("there is no time left".into())))),
        }
    }

    /// Whether the run can have ended well.
    fn done(&self, result: &ShardResult) -> Result<(), Stopped> {
        if self.abandoned || !self.open.is_empty() {
            return Err(breach("a file that was never finished"));
        }
        if self.feed.is_some() || result.tasks != self.tasks {
            return Err(breach("an end before the end of the tasks"));
        }
        let log = result.log.iter().map(|line| line.message.len() as u64).sum::<u64>();
        // Cleaning makes three bytes of one, at most.
        Ok(self.shared.meter.add_log(log / 3, &self.shared.limits)?)
    }
}

#[cfg(test)]
mod tests;
