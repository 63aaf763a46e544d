//! Lists that come page by page, the newest first.

use crate::auth::Caller;
use crate::error::ApiError;
use ango_jobs::Role;

/// Entries of a page, and of the longest.
const PAGE: u32 = 50;
const MAX_PAGE: u32 = 200;

/// How many entries a page has.
pub(super) fn limit(asked: Option<u32>) -> u32 {
    asked.unwrap_or(PAGE).clamp(1, MAX_PAGE)
}

/// Where a page begins: what `next` of the page before said.
///
/// # Errors
/// When it is not what it said.
pub(super) fn before(text: Option<&str>) -> Result<Option<(i64, String)>, ApiError> {
    let cursor = |text: &str| {
        let (time, id) = text.split_once('.')?;
        Some((time.parse().ok()?, id.to_owned()))
    };
    text.map(|text| cursor(text).ok_or_else(|| ApiError::bad_request("before: is not what `next` of a page was"))).transpose()
}

/// Where the next page begins, when this one is full: after its last entry, by time and id.
pub(super) fn next(count: usize, limit: u32, last: Option<(i64, &str)>) -> Option<String> {
    last.filter(|_| count == limit as usize).map(|(time, id)| format!("{time}.{id}"))
}

/// Of which projects something is listed: of the one that was asked for, or of all that the caller may look at; `None` stands for all.
///
/// # Errors
/// When the caller may not look at the one.
pub(super) fn projects(caller: &Caller, asked: Option<&String>) -> Result<Option<Vec<String>>, ApiError> {
    let Some(project) = asked else { return Ok(caller.projects()) };
    caller.may(project, Role::Viewer)?;
    Ok(Some(vec![project.clone()]))
}
