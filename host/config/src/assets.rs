//! `[assets]`: what plugins that were granted assets may have.

use crate::file::{Assets, setting};
use ango_pipeline::AssetRules;
use ango_runtime::parse_size;
use std::collections::BTreeMap;
use std::time::Duration;
use toml::{Spanned, Value};

/// The rules, and where in the file each value begins.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) rules: AssetRules,
    pub(crate) places: BTreeMap<&'static str, usize>,
}

/// What is wrong, and where.
pub(crate) type Wrong = (usize, String);

/// Reads and checks the section.
pub(crate) fn read(file: Assets) -> Result<Read, Wrong> {
    let mut read = Read::default();
    let Read { rules, places } = &mut read;
    let mut at = |name: &'static str, offset: usize| {
        places.insert(name, offset);
        offset
    };
    if let Some(private) = file.allow_private {
        at("allow-private", private.span().start);
        rules.allow_private = private.into_inner();
    }
    if let Some(allow) = file.allow {
        at("allow", allow.span().start);
        for place in allow.into_inner() {
            let one = AssetRules { allow: vec![place.get_ref().clone()], ..rules.clone() };
            one.check().map_err(|error| (place.span().start, error.to_string()))?;
            rules.allow.push(place.into_inner());
        }
    }
    for (name, value, into) in
        [("max-bytes", file.max_bytes, &mut rules.max_bytes), ("max-total-bytes", file.max_total_bytes, &mut rules.max_total_bytes)]
    {
        if let Some(value) = value {
            let offset = at(name, value.span().start);
            let size = setting(value.get_ref()).ok_or_else(|| "expected a number or a text".to_owned()).and_then(|text| parse_size(&text));
            *into = size.map_err(|problem| (offset, format!("assets: {name}: {problem}")))?;
        }
    }
    if let Some(value) = file.timeout {
        let offset = at("timeout", value.span().start);
        rules.timeout = timeout(&value).ok_or_else(|| (offset, "assets: timeout: expected seconds, more than 0".to_owned()))?;
    }
    Ok(read)
}

fn timeout(value: &Spanned<Value>) -> Option<Duration> {
    let seconds: f64 = setting(value.get_ref())?.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok().filter(|time| !time.is_zero())
}
