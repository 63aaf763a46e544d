//! What parent and child say to each other, as bytes.
//!
//! A frame is its kind (one byte), its length (eight), and what is packed in it, in the form that tasks have as well ([`ango_packed`]). The child speaks; the parent answers where something is
//! asked, and nothing is under way then in the other direction. What the parent reads is checked and cleaned as it is unpacked: the child may be an enemy.

use crate::bindings::ango::converter::description as wit;
use crate::bindings::ango::converter::types::{Class, Project};
use crate::error::{Context, RunError};
use crate::host::assets::{AssetError, MAX_REASON};
use crate::host::feed::Next;
use crate::instance::MAX_WORDS;
use crate::job::{ShardFailure, ShardResult};
use crate::limits::{LimitExceeded, LimitName, Limits};
use crate::losses::{EXAMPLES, LogLine, Loss, Losses, MAX_CODES, MAX_DETAIL, is_code};
use crate::stderr::{cut, printable, printable_line};
use ango_packed::write::{case, flag, list, option, s64, text, u32, u64};
use ango_packed::{Malformed, Reader, Unpack};
use std::time::Duration;

/// Bytes before what is packed in a frame.
pub(super) const HEAD: usize = 9;
/// Bytes of a file in one frame.
pub(super) const PIECE: usize = 1 << 20;

/// The kinds of frames.
pub(super) mod kind {
    // From the parent: what to do.
    pub(crate) const DESCRIBE: u8 = 1;
    pub(crate) const SET_UP: u8 = 2;
    pub(crate) const RUN: u8 = 3;
    // From the child: what the plugin writes. Nobody answers.
    pub(crate) const CREATE: u8 = 10;
    pub(crate) const SECTION: u8 = 11;
    pub(crate) const WRITE: u8 = 12;
    pub(crate) const FINISH: u8 = 13;
    pub(crate) const ABANDON: u8 = 14;
    // From the child: questions.
    pub(crate) const NEXT: u8 = 20;
    pub(crate) const PACKED: u8 = 21;
    pub(crate) const RECORDS: u8 = 22;
    pub(crate) const MAY_START: u8 = 23;
    pub(crate) const SIZE: u8 = 24;
    pub(crate) const READ: u8 = 25;
    // From the child: how it ended.
    pub(crate) const DESCRIBED: u8 = 30;
    pub(crate) const NOT_DESCRIBED: u8 = 31;
    pub(crate) const DONE: u8 = 32;
    pub(crate) const FAILED: u8 = 33;
    // From the parent: answers.
    pub(crate) const ANSWER: u8 = 40;
}

/// The first bytes of a frame.
pub(super) fn head(kind: u8, length: usize) -> [u8; HEAD] {
    let mut head = [kind; HEAD];
    head[1..].copy_from_slice(&(length as u64).to_le_bytes());
    head
}

/// Kind and length of a frame.
pub(super) fn read_head(head: [u8; HEAD]) -> (u8, u64) {
    let [kind, length @ ..] = head;
    (kind, u64::from_le_bytes(length))
}

/// Reads what is in a frame, which must hold just that.
pub(super) fn unpack<T: Unpack>(bytes: &[u8]) -> Result<T, Malformed> {
    let mut reader = Reader::new(bytes);
    let value = T::unpack(&mut reader)?;
    if reader.left() == 0 { Ok(value) } else { Err(Malformed) }
}

/// What all shards of a conversion have in common.
pub(super) struct SetUp {
    pub(super) options: String,
    pub(super) project: Project,
    pub(super) limits: Limits,
}

pub(super) fn set_up(options: &str, project: &Project, limits: &Limits) -> Vec<u8> {
    let mut out = Vec::new();
    text(&mut out, options);
    text(&mut out, &project.name);
    option(&mut out, project.exported_at, s64);
    for group in [&project.tools, &project.classifications, &project.relations] {
        list(&mut out, group, |out, class: &Class| {
            u32(out, class.index);
            for field in [&class.schema_id, &class.title, &class.kind] {
                text(out, field);
            }
            option(out, class.color.as_deref(), text);
            list(out, &class.options, |out, item| text(out, item));
            option(out, class.parent.as_deref(), text);
        });
    }
    for names in [&project.stages, &project.batches] {
        list(&mut out, names, |out, name| text(out, name));
    }
    option(&mut out, project.task_count, u64);
    let wall_time = limits.wall_time;
    for number in [
        limits.memory,
        limits.fuel_base,
        limits.fuel_per_byte,
        wall_time.as_secs(),
        wall_time.subsec_nanos().into(),
        limits.output_bytes_base,
        limits.output_bytes_per_byte,
        limits.output_files,
        limits.log_bytes,
        limits.handles.into(),
    ] {
        u64(&mut out, number);
    }
    out
}

impl Unpack for SetUp {
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self { options: Unpack::unpack(from)?, project: Unpack::unpack(from)?, limits: Unpack::unpack(from)? })
    }
}

impl Unpack for Limits {
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let mut number = || u64::unpack(from);
        let small = |number: u64| u32::try_from(number).map_err(|_| Malformed);
        Ok(Self {
            memory: number()?,
            fuel_base: number()?,
            fuel_per_byte: number()?,
            wall_time: Duration::new(number()?, small(number()?)?),
            output_bytes_base: number()?,
            output_bytes_per_byte: number()?,
            output_files: number()?,
            log_bytes: number()?,
            handles: small(number()?)?,
        })
    }
}

/// A shard to convert.
pub(super) struct Run {
    pub(super) shard: u32,
    /// Until the run must be over.
    pub(super) left: Duration,
}

pub(super) fn run(run: &Run) -> Vec<u8> {
    let mut out = Vec::new();
    u32(&mut out, run.shard);
    u64(&mut out, u64::try_from(run.left.as_nanos()).unwrap_or(u64::MAX));
    out
}

impl Unpack for Run {
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self { shard: Unpack::unpack(from)?, left: Duration::from_nanos(Unpack::unpack(from)?) })
    }
}

/// What comes next.
pub(super) fn next(next: Next) -> Vec<u8> {
    let (kind, count, bytes) = match next {
        Next::Block(count, bytes) => (0, count, bytes),
        Next::End => (1, 0, 0),
        Next::Late => (2, 0, 0),
    };
    let mut out = vec![kind];
    u64(&mut out, count as u64);
    u64(&mut out, bytes);
    out
}

impl Unpack for Next {
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let (kind, count, bytes) = (u8::unpack(from)?, u64::unpack(from)?, u64::unpack(from)?);
        Ok(match kind {
            0 => Self::Block(usize::try_from(count).map_err(|_| Malformed)?, bytes),
            1 => Self::End,
            _ => Self::Late,
        })
    }
}

/// A file that the child starts, or a section of a joined file.
pub(super) struct Start {
    pub(super) file: u32,
    pub(super) path: String,
}

impl Unpack for Start {
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self { file: Unpack::unpack(from)?, path: Unpack::unpack(from)? })
    }
}

/// A section by its file's path and its position.
pub(super) struct Section {
    pub(super) path: String,
    pub(super) position: u32,
}

impl Unpack for Section {
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self { path: Unpack::unpack(from)?, position: Unpack::unpack(from)? })
    }
}

/// Interfaces that a component imports, at most. There are not that many.
const MAX_IMPORTS: usize = 1_000;

/// What a component says of itself, and what it imports.
pub(super) struct Described {
    pub(super) info: wit::Info,
    pub(super) imports: Vec<String>,
}

pub(super) fn described(described: &Described) -> Vec<u8> {
    let (info, mut out) = (&described.info, Vec::new());
    for field in [&info.name, &info.version, &info.title, &info.format, &info.options_schema] {
        text(&mut out, field);
    }
    list(&mut out, &info.grants, |out, grant| match grant {
        wit::Grant::Assets => case(out, 0),
    });
    flag(&mut out, info.parallelism == wit::Parallelism::IndependentTasks);
    flag(&mut out, info.history);
    list(&mut out, &described.imports, |out, import| text(out, import));
    out
}

impl Unpack for Described {
    /// What the description says is checked by whoever asked, wherever it comes from.
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let info = wit::Info {
            name: Unpack::unpack(from)?,
            version: Unpack::unpack(from)?,
            title: Unpack::unpack(from)?,
            format: Unpack::unpack(from)?,
            options_schema: Unpack::unpack(from)?,
            grants: Vec::<u8>::unpack(from)?.into_iter().map(|_| wit::Grant::Assets).collect(),
            parallelism: if bool::unpack(from)? { wit::Parallelism::IndependentTasks } else { wit::Parallelism::Sequential },
            history: Unpack::unpack(from)?,
        };
        let imports = several::<String>(from, MAX_IMPORTS)?.iter().map(|import| printable_line(import, 200)).collect();
        Ok(Self { info, imports })
    }
}

/// Why a component cannot be described.
#[derive(Debug)]
pub(crate) enum NotDescribed {
    /// Its code does not load.
    Stale(String),
    /// It does not fit the contract.
    Contract(String),
    /// It was asked, and did not answer.
    Run(RunError),
}

pub(super) fn not_described(error: &NotDescribed) -> Vec<u8> {
    let mut out = Vec::new();
    match error {
        NotDescribed::Stale(problem) | NotDescribed::Contract(problem) => {
            case(&mut out, u8::from(matches!(error, NotDescribed::Contract(_))));
            text(&mut out, problem);
        }
        NotDescribed::Run(error) => {
            case(&mut out, 2);
            run_error(&mut out, error);
        }
    }
    out
}

impl Unpack for NotDescribed {
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(match u8::unpack(from)? {
            0 => Self::Stale(words(from)?),
            1 => Self::Contract(words(from)?),
            2 => Self::Run(Unpack::unpack(from)?),
            _ => return Err(Malformed),
        })
    }
}

/// A list of at most so many elements. Room is made as they come: a length that is a lie reserves nothing.
fn several<T: Unpack>(from: &mut Reader<'_>, most: usize) -> Result<Vec<T>, Malformed> {
    let count = u32::unpack(from)? as usize;
    if count > most {
        return Err(Malformed);
    }
    let mut list = Vec::new();
    for _ in 0..count {
        list.push(T::unpack(from)?);
    }
    Ok(list)
}

/// A text for people, cleaned once more. Cleaning makes at most three bytes of one, and what is clean stays as it is.
fn words(from: &mut Reader<'_>) -> Result<String, Malformed> {
    Ok(printable(cut(&String::unpack(from)?, 3 * MAX_WORDS)))
}

fn line(from: &mut Reader<'_>, longest: usize) -> Result<String, Malformed> {
    Ok(printable_line(&String::unpack(from)?, 3 * longest))
}

fn run_error(out: &mut Vec<u8>, error: &RunError) {
    match error {
        RunError::Limit { limit, context } => {
            case(out, 0);
            limit_exceeded(out, limit);
            put_context(out, context);
        }
        RunError::Trap { reason, context } => {
            case(out, 1);
            text(out, reason);
            put_context(out, context);
        }
        RunError::Contract { problem, context } => {
            case(out, 2);
            text(out, problem);
            put_context(out, context);
        }
        RunError::Options { pointer, reason } => {
            case(out, 3);
            text(out, pointer);
            text(out, reason);
        }
        RunError::Input(reason) => {
            case(out, 4);
            text(out, reason);
        }
        RunError::Failed { message, context } => {
            case(out, 5);
            text(out, message);
            put_context(out, context);
        }
        RunError::Host(problem) | RunError::Isolation(problem) => {
            case(out, 6);
            text(out, problem);
        }
        RunError::Cancelled => case(out, 7),
    }
}

impl Unpack for RunError {
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(match u8::unpack(from)? {
            0 => Self::Limit { limit: Unpack::unpack(from)?, context: Unpack::unpack(from)? },
            1 => Self::Trap { reason: words(from)?, context: Unpack::unpack(from)? },
            2 => Self::Contract { problem: words(from)?, context: Unpack::unpack(from)? },
            3 => Self::Options { pointer: line(from, 200)?, reason: words(from)? },
            4 => Self::Input(words(from)?),
            5 => Self::Failed { message: words(from)?, context: Unpack::unpack(from)? },
            6 => Self::Host(words(from)?),
            7 => Self::Cancelled,
            _ => return Err(Malformed),
        })
    }
}

/// Guest frames that are shown, at most. The engine gives fewer.
const MAX_FRAMES: usize = 100;
/// Bytes of a frame's name.
const MAX_FRAME: usize = 800;
/// Bytes of a guest's stderr.
const MAX_STDERR: usize = 16 << 10;

fn put_context(out: &mut Vec<u8>, context: &Context) {
    list(out, &context.backtrace, |out, frame| text(out, frame));
    text(out, &context.stderr);
}

impl Unpack for Context {
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let backtrace = several::<String>(from, MAX_FRAMES)?.iter().map(|frame| printable(cut(frame, MAX_FRAME))).collect();
        Ok(Self { backtrace, stderr: printable(cut(&String::unpack(from)?, 3 * MAX_STDERR)) })
    }
}

/// Every name, by its number on the wire.
const LIMITS: [LimitName; 9] = [
    LimitName::Memory,
    LimitName::Fuel,
    LimitName::WallTime,
    LimitName::OutputBytes,
    LimitName::OutputFiles,
    LimitName::LogBytes,
    LimitName::Path,
    LimitName::Handles,
    LimitName::Compile,
];

fn limit_exceeded(out: &mut Vec<u8>, limit: &LimitExceeded) {
    case(out, LIMITS.iter().position(|name| *name == limit.name).unwrap_or(LIMITS.len()) as u8);
    text(out, &limit.problem);
}

impl Unpack for LimitExceeded {
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let name = *LIMITS.get(usize::from(u8::unpack(from)?)).ok_or(Malformed)?;
        Ok(Self::new(name, words(from)?))
    }
}

const LEVELS: [&str; 4] = ["debug", "info", "warning", "error"];

pub(super) fn done(result: &ShardResult) -> Vec<u8> {
    let mut out = Vec::new();
    for number in [result.tasks, result.fuel, result.peak_memory] {
        u64(&mut out, number);
    }
    let codes: Vec<_> = result.losses.iter().collect();
    list(&mut out, &codes, |out, (code, count, examples)| {
        text(out, code);
        u64(out, *count);
        list(out, examples, |out, loss: &Loss| {
            u64(out, loss.task);
            option(out, loss.object.as_deref(), text);
            text(out, &loss.detail);
        });
    });
    list(&mut out, &result.log, |out, line: &LogLine| {
        case(out, LEVELS.iter().position(|level| *level == line.level).unwrap_or_default() as u8);
        text(out, &line.message);
    });
    out
}

/// Bytes that [`done`] can make of an honest run: every code with all of its examples, and every byte of the log as a character of three.
pub(super) fn longest_done(limits: &Limits) -> u64 {
    (64 << 20) + limits.log_bytes.saturating_mul(4)
}

impl Unpack for ShardResult {
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let (tasks, fuel, peak_memory) = (u64::unpack(from)?, u64::unpack(from)?, u64::unpack(from)?);
        let mut losses = Losses::default();
        let codes = u32::unpack(from)? as usize;
        if codes > MAX_CODES {
            return Err(Malformed);
        }
        for _ in 0..codes {
            let code = String::unpack(from)?;
            if !is_code(&code) {
                return Err(Malformed);
            }
            let count = u64::unpack(from)?;
            let examples = several::<Loss>(from, EXAMPLES)?;
            // Each example is one of those that are counted.
            let more = count.checked_sub(examples.len() as u64).ok_or(Malformed)?;
            examples.into_iter().for_each(|loss| losses.add(code.clone(), || loss));
            losses.count(code, more);
        }
        Ok(Self { tasks, losses, log: several(from, usize::MAX)?, fuel, peak_memory })
    }
}

impl Unpack for Loss {
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let task = u64::unpack(from)?;
        let object = Option::<String>::unpack(from)?.map(|id| printable_line(&id, 300));
        Ok(Self { task, object, detail: line(from, MAX_DETAIL)? })
    }
}

impl Unpack for LogLine {
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let level = LEVELS.get(usize::from(u8::unpack(from)?)).ok_or(Malformed)?;
        Ok(Self { level, message: words(from)? })
    }
}

pub(super) fn failed(failure: &ShardFailure) -> Vec<u8> {
    let mut out = Vec::new();
    u64(&mut out, failure.fuel);
    u64(&mut out, failure.peak_memory);
    run_error(&mut out, &failure.error);
    out
}

impl Unpack for ShardFailure {
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let (fuel, peak_memory) = (u64::unpack(from)?, u64::unpack(from)?);
        Ok(Self { error: Unpack::unpack(from)?, fuel, peak_memory })
    }
}

/// Whether something may be done.
pub(super) fn answer(allowed: Result<(), LimitExceeded>) -> Vec<u8> {
    let mut out = Vec::new();
    option(&mut out, allowed.err(), |out, limit| limit_exceeded(out, &limit));
    out
}

/// What came of a question about an asset: one byte that says it, and the asset's size or bytes.
pub(super) fn asset(result: Result<Vec<u8>, AssetError>) -> Vec<u8> {
    match result {
        Ok(mut value) => {
            value.insert(0, 0);
            value
        }
        Err(AssetError::Denied) => vec![1],
        Err(AssetError::NotFound) => vec![2],
        Err(AssetError::TooLarge) => vec![3],
        Err(AssetError::Unsupported) => vec![4],
        Err(AssetError::Failed(reason)) => [&[5], cut(&reason, 4 * MAX_REASON).as_bytes()].concat(),
    }
}

/// The same, read.
pub(super) fn read_asset(answer: &[u8]) -> Result<&[u8], AssetError> {
    match answer {
        [0, value @ ..] => Ok(value),
        [1] => Err(AssetError::Denied),
        [2] => Err(AssetError::NotFound),
        [3] => Err(AssetError::TooLarge),
        [4] => Err(AssetError::Unsupported),
        [_, reason @ ..] => Err(AssetError::Failed(String::from_utf8_lossy(reason).into_owned())),
        [] => Err(AssetError::Failed(Malformed.to_string())),
    }
}

/// Width and height.
pub(super) fn size((width, height): (u32, u32)) -> Vec<u8> {
    [width.to_le_bytes(), height.to_le_bytes()].concat()
}

/// The same, read.
pub(super) fn read_size(bytes: &[u8]) -> Result<(u32, u32), Malformed> {
    let mut reader = Reader::new(bytes);
    Ok((Unpack::unpack(&mut reader)?, Unpack::unpack(&mut reader)?))
}
