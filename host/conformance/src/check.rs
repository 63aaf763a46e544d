//! The conformance kit: what every converter must bear.
//!
//! Each export of the kit must be converted, with or without losses: a converter that fails on one ends an export of a hundred thousand tasks because of one of them. It must make the
//! same files, with the same fuel, when it is run again, and the same files when tasks are cut into shards.

use crate::kit::{Case, cases};
use crate::once::{Files, Once};
use crate::{ConformanceError, difference};
use ango_runtime::{Cancel, Limits, Parallelism, Plugin};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use tokio::runtime::Handle;

/// One check that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What was converted, and how.
    pub name: String,
    /// What is wrong, if anything.
    pub problem: Option<String>,
}

/// How a plugin stood the kit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// Checks that passed.
    pub passed: u32,
    /// Those that did not.
    pub failed: Vec<Check>,
    /// Whether the second runs were equal to the first in files and fuel.
    pub deterministic: bool,
}

/// Converts the kit, and tells of each check as it is made.
///
/// # Errors
/// When the machine fails, or somebody cancels.
pub fn check(
    plugin: &Arc<Plugin>,
    options: &Value,
    limits: &Limits,
    cancel: &Cancel,
    runtime: &Handle,
    mut tell: impl FnMut(&Check),
) -> Result<Verdict, ConformanceError> {
    let convert = |case: &Case, chunk_bytes| {
        let once = Once { plugin, options, limits: limits.clone(), chunk_bytes, cancel: cancel.clone(), progress: Arc::default(), runtime };
        once.convert_text(&case.text)
    };
    let mut verdict = Verdict { deterministic: true, ..Verdict::default() };
    let mut note = |name: String, problem: Option<String>, verdict: &mut Verdict| {
        let check = Check { name, problem };
        tell(&check);
        if check.problem.is_some() { verdict.failed.push(check) } else { verdict.passed += 1 }
    };
    for case in cases() {
        let first = match convert(&case, None)? {
            Err(problem) => {
                note(case.name.to_owned(), Some(problem), &mut verdict);
                continue;
            }
            Ok(first) => first,
        };
        let again = compare(&first, &convert(&case, None)?, true).map(|difference| format!("a second run differs: {difference}"));
        verdict.deterministic &= again.is_none();
        note(case.name.to_owned(), again, &mut verdict);
        if plugin.info().parallelism == Parallelism::IndependentTasks {
            let cut = compare(&first, &convert(&case, Some(1))?, false);
            note(format!("{}, cut into shards", case.name), cut, &mut verdict);
        }
    }
    Ok(verdict)
}

/// How another run differs: in its files, and in its fuel where that has to be the same.
fn compare(first: &(Files, u64), other: &Result<(Files, u64), String>, same_fuel: bool) -> Option<String> {
    match other {
        Err(problem) => Some(problem.clone()),
        Ok((files, fuel)) => difference(&first.0, files)
            .or_else(|| (same_fuel && *fuel != first.1).then(|| format!("{} and {fuel} fuel: does it depend on something but its input?", first.1))),
    }
}
