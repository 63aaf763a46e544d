//! What a component says of itself.

use super::ended::run_error;
use super::{several, words};
use crate::bindings::ango::converter::description as wit;
use crate::error::RunError;
use crate::stderr::printable_line;
use ango_packed::write::{case, flag, list, text};
use ango_packed::{Malformed, Reader, Unpack};

/// Interfaces that a component imports, at most. There are not that many.
const MAX_IMPORTS: usize = 1_000;

/// What a component says of itself, and what it imports.
pub(in crate::isolate) struct Described {
    pub(in crate::isolate) info: wit::Info,
    pub(in crate::isolate) imports: Vec<String>,
}

pub(in crate::isolate) fn described(described: &Described) -> Vec<u8> {
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

pub(in crate::isolate) fn not_described(error: &NotDescribed) -> Vec<u8> {
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
