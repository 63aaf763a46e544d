//! Looking at the fields of a record that the typed reader has let through.
//!
//! What the format does not allow is absent here, as `null` is: there is no error to report, and no value is better than a wrong one.

use crate::json::{Kind, Member, Value, unescape};
use crate::v3::read_time;
use std::borrow::Cow;

/// The key of a member as text. An escape in it must not let the same key into the output twice.
pub(super) fn key<'a>(member: &Member<'a, '_>) -> Cow<'a, str> {
    unescape(member.key)
}

/// The value unless it is `null`.
pub(super) fn present<'a, 'd>(value: Value<'a, 'd>) -> Option<Value<'a, 'd>> {
    (!value.is_null()).then_some(value)
}

/// A string that says something.
pub(super) fn text<'a, 'd>(value: Value<'a, 'd>) -> Option<Value<'a, 'd>> {
    (value.kind() == Kind::String && !value.raw().is_empty()).then_some(value)
}

pub(super) fn number<'a, 'd>(value: Value<'a, 'd>) -> Option<Value<'a, 'd>> {
    value.as_f64().map(|_| value)
}

/// A duration in milliseconds.
pub(super) fn duration<'a, 'd>(value: Value<'a, 'd>) -> Option<Value<'a, 'd>> {
    milliseconds(&value).map(|_| value)
}

/// The milliseconds of a duration, without fractions.
pub(super) fn milliseconds(value: &Value<'_, '_>) -> Option<u64> {
    value.as_f64().filter(|duration| (0.0..9.0e15).contains(duration)).map(|duration| duration as u64)
}

/// A time, as text or as milliseconds since 1970.
pub(super) fn time<'a, 'd>(value: Value<'a, 'd>) -> Option<Value<'a, 'd>> {
    matches!(read_time(&value), Ok(Some(_))).then_some(value)
}

pub(super) fn list<'a, 'd>(value: Value<'a, 'd>) -> Option<Value<'a, 'd>> {
    (value.kind() == Kind::Array).then_some(value)
}

pub(super) fn object<'a, 'd>(value: Value<'a, 'd>) -> Option<Value<'a, 'd>> {
    (value.kind() == Kind::Object).then_some(value)
}
