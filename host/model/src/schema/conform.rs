//! Holding a record against the table.

use super::problem::{Log, Severity, shown};
use super::shape::{Key, Presence, Repeats, Shape, Type};
use crate::json::{Kind, Value, unescape};
use crate::time::parse_iso;
use std::borrow::Cow;

/// Objects with more members than this are searched for repeated keys by sorting.
const FEW_MEMBERS: usize = 24;

/// Reports what in `record` is not as `kind` says, and keys that occur twice.
pub(super) fn conform<'a>(log: &mut Log<'a, '_>, kind: &Type, record: &Value<'a, '_>) {
    Conform { log, lenient: 0 }.value(kind, record);
}

struct Conform<'l, 'a, 'r> {
    log: &'l mut Log<'a, 'r>,
    /// How many keys around this place the reader does not look at.
    lenient: usize,
}

impl<'a> Conform<'_, 'a, '_> {
    fn fault(&mut self, value: &Value<'_, '_>, code: &'static str, text: impl FnOnce() -> String) {
        let (severity, code) = if self.lenient > 0 { (Severity::Warning, "unexpected-type") } else { (Severity::Error, code) };
        self.log.found(severity, value.offset(), code, text);
    }

    fn expected(&mut self, value: &Value<'_, '_>, what: &str) {
        self.fault(value, "wrong-type", || format!("expected {what}, found {}", value.kind().name()));
    }

    fn value(&mut self, kind: &Type, value: &Value<'a, '_>) {
        let is_null = value.is_null();
        match kind {
            Type::Any => self.unknown(value),
            Type::Text if value.kind() != Kind::String => self.expected(value, "a string"),
            Type::NullableText if !is_null && value.kind() != Kind::String => self.expected(value, "a string"),
            Type::OneOrMoreTexts if value.kind() == Kind::Array => self.value(&Type::List(&Type::Text), value),
            Type::OneOrMoreTexts if !is_null && value.kind() != Kind::String => self.expected(value, "a string or a list of strings"),
            Type::Id if value.kind() != Kind::String && value.as_u64().is_none() => self.expected(value, "a string or a whole number"),
            Type::Number => self.number(value),
            Type::NullableNumber if !is_null => self.number(value),
            Type::Count if !is_null => self.count(value),
            Type::Duration if !is_null => self.duration(value),
            Type::Time if !is_null => self.time(value),
            Type::Flag if !is_null && value.kind() != Kind::Bool => self.expected(value, "true or false"),
            Type::OneOf(choices) if !is_null && !value.as_str().is_some_and(|text| choices.contains(&text.as_ref())) => {
                self.fault(value, "unexpected-value", || format!("expected {}, found {}", choices.join(" or "), shown(value.literal())));
            }
            Type::Answer if value.kind() == Kind::Number => self.number(value),
            Type::Answer => self.unknown(value),
            Type::Point => {
                self.point(value);
            }
            Type::Points => {
                self.points(value);
            }
            Type::Corners => self.corners(value),
            Type::Object(shape) => self.object(shape, value),
            Type::NullableObject(shape) if !is_null => self.object(shape, value),
            Type::LooseObject(shape) if value.kind() == Kind::Object => self.object(shape, value),
            Type::LooseObject(_) if !is_null => {
                self.log.warn(value, "unexpected-type", || format!("expected an object, found {}", value.kind().name()));
            }
            Type::ObjectOr(shape, _) if value.kind() == Kind::Object => self.object(shape, value),
            Type::ObjectOr(_, other) => self.value(other, value),
            Type::List(_) if !is_null && value.kind() != Kind::Array => self.expected(value, "a list"),
            Type::List(element) => {
                for (index, item) in value.elements().enumerate().filter(|(_, item)| !item.is_null()) {
                    self.log.enter_index(index);
                    self.value(element, &item);
                    self.log.leave();
                }
            }
            Type::Forbidden(reason) => self.fault(value, "legacy-format", || (*reason).to_owned()),
            _ => {}
        }
    }

    fn number(&mut self, value: &Value<'_, '_>) {
        if value.kind() != Kind::Number {
            self.expected(value, "a number");
        } else if value.as_f64().is_none() {
            self.fault(value, "out-of-range", || format!("the number {} is out of range", shown(value.raw())));
        }
    }

    fn count(&mut self, value: &Value<'_, '_>) {
        if value.kind() != Kind::Number {
            self.expected(value, "a whole number");
        } else if value.as_u64().is_none_or(|count| u32::try_from(count).is_err()) {
            self.fault(value, "out-of-range", || format!("expected a whole number from 0 to {}, found {}", u32::MAX, shown(value.raw())));
        }
    }

    fn duration(&mut self, value: &Value<'_, '_>) {
        if value.kind() == Kind::Number && value.as_f64().is_some_and(|duration| !(0.0..9.0e15).contains(&duration)) {
            self.fault(value, "out-of-range", || format!("{} is not a duration in milliseconds", shown(value.raw())));
        } else {
            self.number(value);
        }
    }

    fn time(&mut self, value: &Value<'_, '_>) {
        match value.kind() {
            Kind::Number if value.as_f64().is_some_and(|time| time.abs() >= 9.0e15) => {
                self.fault(value, "out-of-range", || format!("{} is not a time in milliseconds", shown(value.raw())));
            }
            Kind::Number => self.number(value),
            Kind::String => {
                if value.as_str().is_some_and(|text| !text.is_empty() && parse_iso(&text).is_none()) {
                    self.fault(value, "bad-time", || format!("{} is not a time like 2023-09-01T13:02:49.271Z", shown(value.literal())));
                }
            }
            _ => self.expected(value, "a time"),
        }
    }

    /// Whether the point is one.
    fn point(&mut self, value: &Value<'a, '_>) -> bool {
        let mut elements = value.elements();
        let (Some(x), Some(y)) = (elements.next(), elements.next()) else {
            self.fault(value, "bad-point", || "expected a point as [x, y]".to_owned());
            return false;
        };
        let mut good = true;
        for (index, number) in [x, y].iter().enumerate().filter(|(_, number)| number.as_f64().is_none()) {
            good = false;
            self.log.enter_index(index);
            self.number(number);
            self.log.leave();
        }
        good
    }

    /// Whether the points are all good.
    fn points(&mut self, value: &Value<'a, '_>) -> bool {
        if !matches!(value.kind(), Kind::Array | Kind::Null) {
            self.expected(value, "a list of points");
            return false;
        }
        let mut good = true;
        for (index, point) in value.elements().enumerate() {
            self.log.enter_index(index);
            good &= self.point(&point);
            self.log.leave();
        }
        good
    }

    fn corners(&mut self, value: &Value<'a, '_>) {
        if self.points(value) && !value.is_null() && value.elements().count() != 4 {
            let count = value.elements().count();
            self.fault(value, "corner-count", || format!("expected four corners, found {count}"));
        }
    }

    fn object(&mut self, shape: &Shape, object: &Value<'a, '_>) {
        if object.kind() != Kind::Object {
            self.expected(object, "an object");
            return;
        }
        self.repeated_keys(object);
        let forked: &[Key] = match &shape.fork {
            Some(fork) if object.get(fork.on).is_some_and(|value| fork.null_counts || !value.is_null()) => fork.with,
            Some(fork) => fork.without,
            None => &[],
        };
        // Bits of the keys: which were there, and which held something the last time.
        let (mut present, mut filled) = (0u64, 0u64);
        for member in object.members() {
            let mut known = false;
            for (index, key) in shape.keys.iter().chain(forked).enumerate().filter(|(_, key)| key.name == member.key) {
                known = true;
                let bit = 1u64 << index;
                if present & bit != 0 && shape.repeats == Repeats::First {
                    continue;
                }
                present |= bit;
                filled &= !bit;
                if !member.value.is_null() && member.value.literal() != "\"\"" {
                    filled |= bit;
                }
                self.log.enter(member.key);
                self.lenient += usize::from(!key.read);
                self.value(&key.value, &member.value);
                self.lenient -= usize::from(!key.read);
                self.log.leave();
            }
            if !known && matches!(member.value.kind(), Kind::Object | Kind::Array) {
                self.log.enter(member.key);
                self.unknown(&member.value);
                self.log.leave();
            }
        }
        for (index, key) in shape.keys.iter().chain(forked).enumerate() {
            let bit = 1u64 << index;
            if key.presence != Presence::Optional && present & bit == 0 {
                self.fault(object, "missing-key", || format!("the key '{}' is missing", key.name));
            } else if key.presence == Presence::Filled && filled & bit == 0 {
                self.fault(object, "missing-key", || format!("the key '{}' is empty", key.name));
            }
        }
    }

    /// Looks through what the table says nothing of.
    fn unknown(&mut self, value: &Value<'a, '_>) {
        match value.kind() {
            Kind::Object => {
                self.repeated_keys(value);
                for member in value.members().filter(|member| matches!(member.value.kind(), Kind::Object | Kind::Array)) {
                    self.log.enter(member.key);
                    self.unknown(&member.value);
                    self.log.leave();
                }
            }
            Kind::Array => {
                for (index, element) in value.elements().enumerate().filter(|(_, element)| matches!(element.kind(), Kind::Object | Kind::Array)) {
                    self.log.enter_index(index);
                    self.unknown(&element);
                    self.log.leave();
                }
            }
            _ => {}
        }
    }

    /// Keys are the same when they stand for the same string, however they are spelled.
    fn repeated_keys(&mut self, object: &Value<'a, '_>) {
        let mut count = 0;
        let mut escaped = false;
        for member in object.members() {
            count += 1;
            escaped |= member.key.contains('\\');
        }
        if count > FEW_MEMBERS || escaped {
            let mut keys: Vec<(Cow<'a, str>, usize)> = object.members().map(|member| unescape(member.key)).zip(0..).collect();
            keys.sort_unstable();
            let mut repeats: Vec<usize> = keys.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(|pair| pair[1].1).collect();
            repeats.sort_unstable();
            let mut repeats = repeats.into_iter().peekable();
            for (index, member) in object.members().enumerate() {
                if repeats.next_if_eq(&index).is_some() {
                    self.repeated_key(member.key, &member.value);
                }
            }
        } else {
            for (index, member) in object.members().enumerate() {
                if object.members().take(index).any(|earlier| earlier.key == member.key) {
                    self.repeated_key(member.key, &member.value);
                }
            }
        }
    }

    fn repeated_key(&mut self, key: &'a str, value: &Value<'_, '_>) {
        self.log.enter(key);
        self.log.warn(value, "duplicate-key", || format!("the key '{}' occurs again: programs differ on which one counts", shown(key)));
        self.log.leave();
    }
}
