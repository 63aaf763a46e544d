//! The child that runs a plugin.
//!
//! It runs the same code as a run in the parent's process; what lies behind the pipe are the ends of it: where tasks come from, where files go, and who knows of assets.

use super::counters;
use super::wire::{self, Described, HEAD, NotDescribed, PIECE, Run, SetUp, kind};
use crate::bindings::ConverterPre;
use crate::child::confine::Confinement;
use crate::engine::Engine;
use crate::fit::{MAX_COMPONENT, check_imports};
use crate::host::archive::Files;
use crate::host::assets::{AssetError, AssetFuture, Assets};
use crate::host::feed::{Cursor, Next, Packed, Records, Remote};
use crate::host::output::{Output, OutputError, Target};
use crate::host::{self, State};
use crate::instance;
use crate::limits::{Counters, LimitExceeded, Meter};
use crate::project::ProjectForPlugin;
use crate::shared::{Cancel, Shared, deadline};
use ango_packed::write::{text, u32};
use ango_packed::{Reader, Unpack};
use rustix::mm::{MapFlags, ProtFlags, mmap};
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::os::fd::{AsFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::Runtime;
use wasmtime::component::Component;

/// The status of a child that could not confine itself.
pub(super) const NOT_CONFINED: u8 = 3;

/// Bytes of an image of a memory: what a component says is in it, and gaps between, at most as large again.
const MAX_MEMORY_FILE: u64 = 4 * MAX_COMPONENT;

/// Bytes that are written at once, when little is written.
const BUFFER: usize = 64 << 10;

/// Runs what the parent says. The arguments are the descriptors of the machine code and of the counters.
pub(crate) fn serve(args: impl Iterator<Item = OsString>) -> ExitCode {
    let descriptors: Vec<Option<RawFd>> = args.map(|arg| arg.to_str()?.parse().ok()).collect();
    let [Some(code), Some(counters)] = descriptors[..] else { return ExitCode::from(2) };
    match Worker::start(code, counters) {
        Ok(worker) => worker.work(),
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::from(NOT_CONFINED)
        }
    }
}

struct Worker {
    engine: Engine,
    runtime: Runtime,
    counters: &'static Counters,
    code: &'static [u8],
    link: Link,
}

impl Worker {
    fn start(code: RawFd, counters: RawFd) -> Result<Self, String> {
        let failed = |what: &str, error: &dyn std::fmt::Display| format!("{what}: {error}");
        let engine = Engine::new().map_err(|error| failed("engine", &error))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().map_err(|error| failed("timers", &error))?;
        // SAFETY: the parent opened the two for this process, and says which they are.
        let [code, counters] = [code, counters].map(|file| unsafe { OwnedFd::from_raw_fd(file) });
        let counters = counters::open(&counters).map_err(|error| failed("counters", &error))?;
        let code = map(&File::from(code)).map_err(|error| failed("machine code", &error))?;
        Confinement { file: MAX_MEMORY_FILE, memory_files: true, ..Confinement::default() }.apply()?;
        let link = Link::new().map_err(|error| failed("pipes", &error))?;
        Ok(Self { engine, runtime, counters, code, link })
    }

    fn work(self) -> ExitCode {
        let mut component = None;
        let mut job = None;
        while let Some((kind, bytes)) = self.link.command() {
            match kind {
                kind::DESCRIBE => match self.describe() {
                    Ok((described, loaded)) => {
                        component = Some(loaded);
                        self.link.say(kind::DESCRIBED, &wire::described(&described));
                    }
                    Err(error) => self.link.say(kind::NOT_DESCRIBED, &wire::not_described(&error)),
                },
                kind::SET_UP => {
                    // An instance of a conversion whose plugin was described by another child.
                    component = component.or_else(|| self.load().ok().map(|(component, _)| component));
                    job = wire::unpack::<SetUp>(&bytes).ok();
                }
                kind::RUN => match (&component, &job, wire::unpack::<Run>(&bytes)) {
                    (Some(component), Some(job), Ok(run)) => self.run(component, job, &run),
                    _ => return ExitCode::FAILURE,
                },
                _ => return ExitCode::FAILURE,
            }
            self.link.flush();
        }
        ExitCode::SUCCESS
    }

    fn load(&self) -> Result<(ConverterPre<State>, Vec<String>), NotDescribed> {
        // SAFETY: the parent has checked the digest of what its compiler made, and nobody can change it since.
        let component = unsafe { Component::deserialize(self.engine.runner(), self.code) };
        let component = component.map_err(|error| NotDescribed::Stale(format!("{error:#}")))?;
        let imports = check_imports(&self.engine, &component).map_err(NotDescribed::Contract)?;
        let component = host::prepare(&self.engine, &component).map_err(|error| NotDescribed::Contract(format!("{error:#}")))?;
        Ok((component, imports))
    }

    fn describe(&self) -> Result<(Described, ConverterPre<State>), NotDescribed> {
        let (component, imports) = self.load()?;
        let info = self.runtime.block_on(instance::describe(&self.engine, &component)).map_err(NotDescribed::Run)?;
        Ok((Described { info, imports }, component))
    }

    fn run(&self, component: &ConverterPre<State>, job: &SetUp, run: &Run) {
        let project = ProjectForPlugin(Arc::new(job.project.clone()));
        let link = self.link.clone();
        let ask = Box::new(move |path: &str, position: u32| link.may_start(path, position));
        let shared = Shared {
            meter: Meter::elsewhere(self.counters, ask),
            assets: Some(Arc::new(self.link.clone())),
            deadline: deadline(run.left),
            ..Shared::new(project, job.limits.clone(), Cancel::default())
        };
        let state =
            State::new(Arc::new(shared), run.shard, Cursor::remote(Box::new(self.link.clone())), Files::new(Arc::new(Mutex::new(self.link.clone()))));
        match self.runtime.block_on(instance::convert(&self.engine, component, &job.options, state)) {
            Ok(result) => self.link.say(kind::DONE, &wire::done(&result)),
            Err(failure) => self.link.say(kind::FAILED, &wire::failed(&failure)),
        }
    }
}

/// The machine code, for as long as this process lives.
fn map(file: &File) -> io::Result<&'static [u8]> {
    let length = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
    // SAFETY: a new mapping, at a place that the system chooses.
    let address = unsafe { mmap(std::ptr::null_mut(), length, ProtFlags::READ, MapFlags::PRIVATE, file, 0)? };
    // SAFETY: the memory is as long as that, is never unmapped, and the file is sealed: nobody can change it or cut it short.
    Ok(unsafe { std::slice::from_raw_parts(address.cast::<u8>(), length) })
}

/// The child's end of the pipes. When the parent is gone, so is the child.
#[derive(Clone)]
struct Link(Arc<Mutex<Pipes>>);

struct Pipes {
    input: File,
    output: BufWriter<File>,
    /// Files that were started, which gives their numbers.
    files: u32,
}

impl Link {
    fn new() -> io::Result<Self> {
        let own = |file: BorrowedFd<'_>| file.try_clone_to_owned().map(File::from);
        let (input, output) = (own(io::stdin().as_fd())?, own(io::stdout().as_fd())?);
        Ok(Self(Arc::new(Mutex::new(Pipes { input, output: BufWriter::with_capacity(BUFFER, output), files: 0 }))))
    }

    fn with<T>(&self, act: impl FnOnce(&mut Pipes) -> io::Result<T>) -> T {
        let mut pipes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        act(&mut pipes).unwrap_or_else(|_| std::process::exit(1))
    }

    /// The next thing to do; `None` when there is nothing more.
    fn command(&self) -> Option<(u8, Vec<u8>)> {
        self.with(|pipes| match pipes.hear() {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            heard => heard.map(Some),
        })
    }

    fn flush(&self) {
        self.with(|pipes| pipes.output.flush());
    }

    fn say(&self, kind: u8, bytes: &[u8]) {
        self.with(|pipes| pipes.say(kind, &[bytes]));
    }

    /// Asks, and waits for the answer.
    fn ask(&self, kind: u8, bytes: &[u8]) -> Vec<u8> {
        self.with(|pipes| {
            pipes.say(kind, &[bytes])?;
            pipes.output.flush()?;
            match pipes.hear()? {
                (kind::ANSWER, answer) => Ok(answer),
                _ => Err(io::ErrorKind::InvalidData.into()),
            }
        })
    }

    /// What the parent said makes no sense, which only an enemy's or another version's words do.
    fn read<T: Unpack>(answer: &[u8]) -> T {
        wire::unpack(answer).unwrap_or_else(|_| std::process::exit(1))
    }

    fn may_start(&self, path: &str, position: u32) -> Result<(), LimitExceeded> {
        let mut question = Vec::new();
        text(&mut question, path);
        u32(&mut question, position);
        Self::read::<Option<LimitExceeded>>(&self.ask(kind::MAY_START, &question)).map_or(Ok(()), Err)
    }
}

impl Pipes {
    fn say(&mut self, kind: u8, parts: &[&[u8]]) -> io::Result<()> {
        self.output.write_all(&wire::head(kind, parts.iter().map(|part| part.len()).sum()))?;
        parts.iter().try_for_each(|part| self.output.write_all(part))
    }

    fn hear(&mut self) -> io::Result<(u8, Vec<u8>)> {
        let mut head = [0; HEAD];
        self.input.read_exact(&mut head)?;
        let (kind, length) = wire::read_head(head);
        let length = usize::try_from(length).map_err(io::Error::other)?;
        let mut bytes = Vec::with_capacity(length);
        (&mut self.input).take(length as u64).read_to_end(&mut bytes)?;
        if bytes.len() == length { Ok((kind, bytes)) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}

impl Remote for Link {
    fn next(&mut self) -> Next {
        Self::read(&self.ask(kind::NEXT, &[]))
    }

    fn packed(&mut self) -> Packed {
        let (bytes, ends) = split(self.ask(kind::PACKED, &[]));
        Packed::from_parts(bytes, ends.iter().map(|end| *end as usize).collect())
    }

    fn records(&mut self) -> Records {
        let (text, ends) = split(self.ask(kind::RECORDS, &[]));
        let mut begin = 0;
        let ranges = ends.iter().map(|end| std::mem::replace(&mut begin, *end as usize)..*end as usize).collect();
        Records::from_parts(text, ranges)
    }
}

/// Parts that lie one after the other, and where each ends. The ends come last, as numbers of eight bytes, and their count after them, so that the parts need not be copied.
fn split(mut bytes: Vec<u8>) -> (Vec<u8>, Vec<u64>) {
    let mut ends = || {
        let count = bytes.len().checked_sub(8)?;
        let count = usize::try_from(u64::unpack(&mut Reader::new(&bytes.split_off(count))).ok()?).ok()?;
        let ends = bytes.split_off(bytes.len().checked_sub(count.checked_mul(8)?)?);
        let ends: Vec<u64> = ends.as_chunks().0.iter().map(|end| u64::from_le_bytes(*end)).collect();
        (ends.is_sorted() && ends.last().is_none_or(|end| *end == bytes.len() as u64)).then_some(ends)
    };
    match ends() {
        Some(ends) => (bytes, ends),
        None => std::process::exit(1),
    }
}

impl Output for Link {
    fn create(&mut self, target: Target<'_>) -> Result<u32, OutputError> {
        self.with(|pipes| {
            let number = pipes.files;
            pipes.files = number.wrapping_add(1);
            let mut start = Vec::new();
            u32(&mut start, number);
            match target {
                Target::File { path } => {
                    text(&mut start, path);
                    pipes.say(kind::CREATE, &[&start])?;
                }
                Target::Section { path, position, separator } => {
                    text(&mut start, path);
                    u32(&mut start, position);
                    pipes.say(kind::SECTION, &[&start, separator])?;
                }
            }
            Ok(Ok(number))
        })
    }

    fn write(&mut self, file: u32, data: &[u8]) -> Result<(), OutputError> {
        self.with(|pipes| data.chunks(PIECE).try_for_each(|piece| pipes.say(kind::WRITE, &[&file.to_le_bytes(), piece])));
        Ok(())
    }

    fn finish(&mut self, file: u32) -> Result<(), OutputError> {
        self.say(kind::FINISH, &file.to_le_bytes());
        Ok(())
    }

    fn abandon(&mut self, file: u32) {
        self.say(kind::ABANDON, &file.to_le_bytes());
    }
}

impl Assets for Link {
    fn size<'a>(&'a self, url: &'a str) -> AssetFuture<'a, (u32, u32)> {
        Box::pin(async move {
            let answer = self.ask(kind::SIZE, url.as_bytes());
            let size = wire::read_asset(&answer)?;
            wire::read_size(size).map_err(|malformed| AssetError::Failed(malformed.to_string()))
        })
    }

    fn read<'a>(&'a self, url: &'a str) -> AssetFuture<'a, Vec<u8>> {
        Box::pin(async move {
            let answer = self.ask(kind::READ, url.as_bytes());
            wire::read_asset(&answer).map(<[u8]>::to_vec)
        })
    }
}
