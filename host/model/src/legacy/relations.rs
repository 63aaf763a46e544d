//! Relations: the legacy format has no `reverse`, so that the ends change places instead.

use super::field;
use super::write::ObjectWriter;
use crate::json::Value;
use crate::sink::Sink;

/// Writes one relation. `reverse` (from the second to the first) becomes `straight` with `from` and `to` swapped; everything else stays as it is, also a
/// direction that is not known and the members of a group.
pub(super) fn write_relation<S: Sink>(sink: &mut S, relation: &Value<'_, '_>) {
    let (mut from, mut to, mut direction) = (None, None, None);
    for member in relation.members() {
        match field::key(&member).as_ref() {
            "from" => from = Some(member.value),
            "to" => to = Some(member.value),
            "direction" => direction = member.value.as_str(),
            _ => {}
        }
    }
    let (Some(from), Some(to), Some("reverse")) = (from, to, direction.as_deref()) else {
        relation.write(sink.buffer());
        return;
    };
    let mut object = ObjectWriter::open(sink);
    for member in relation.members() {
        match field::key(&member).as_ref() {
            "from" => object.value_or(member.key, Some(to), "null"),
            "to" => object.value_or(member.key, Some(from), "null"),
            "direction" => object.json(member.key, "\"straight\""),
            _ => object.value_or(member.key, Some(member.value), "null"),
        }
    }
    object.close();
}
