//! The table as a JSON Schema, draft 2020-12.

use super::format::{ANSWERS, ASSET};
use super::pretty::{Json, object};
use super::shape::{Fork, Key, Presence, Shape, Type};

/// The `$id` of the schema.
pub const SCHEMA_ID: &str = "urn:ango:export:v3";

/// Milliseconds beyond this are neither times nor durations.
const MOST_MILLISECONDS: i128 = 9_000_000_000_000_000;

/// The times that [`crate::time::parse_iso`] reads, and the empty string.
const TIME_PATTERN: &str = "^([0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([Tt ]([01][0-9]|2[0-4]):[0-5][0-9]\
    (:([0-5][0-9]|60)([.,][0-9]*)?)?([Zz]|[+-][0-9]{2}(:[0-9]{2}[\\s\\S]*|[^:][\\s\\S]*)?)?)?)?$";

/// A JSON Schema of an export: of a whole JSON export (an array), and also of one record, which is what a line of NDJSON is.
///
/// What it rejects is what the [`Checker`](super::Checker) calls an error; warnings are beyond what a schema can say. The text is the same every time.
pub fn json_schema() -> String {
    let mut shapes: Vec<&'static Shape> = Vec::new();
    collect(&ASSET, &mut shapes);
    let mut definitions: Vec<(String, Json)> = shapes.iter().map(|shape| (shape.name.to_owned(), definition(shape))).collect();
    definitions.push((
        "point".to_owned(),
        object([
            ("title", "Point".into()),
            ("description", "x and y in pixels from the top-left corner of the image; what follows is ignored.".into()),
            ("type", "array".into()),
            ("minItems", Json::Number(2)),
            ("prefixItems", Json::List(vec![typed("number"), typed("number")])),
        ]),
    ));
    object([
        ("$schema", "https://json-schema.org/draft/2020-12/schema".into()),
        ("$id", SCHEMA_ID.into()),
        ("title", "Ango Export V3".into()),
        ("description", "An export as one array of assets, or one asset of an NDJSON export. Unknown keys are allowed everywhere.".into()),
        ("if", typed("array")),
        ("then", object([("items", reference(&ASSET))])),
        ("else", reference(&ASSET)),
        ("$defs", Json::Object(definitions)),
    ])
    .pretty()
}

/// All shapes that a shape leads to, itself first, each once.
fn collect(shape: &'static Shape, shapes: &mut Vec<&'static Shape>) {
    if shapes.iter().any(|known| known.name == shape.name) {
        return;
    }
    shapes.push(shape);
    let forked = shape.fork.iter().flat_map(|fork| fork.with.iter().chain(fork.without));
    // What is not read is not part of the schema, only of the documentation.
    for key in shape.keys.iter().chain(forked).filter(|key| key.read) {
        collect_type(&key.value, shapes);
    }
}

fn collect_type(kind: &Type, shapes: &mut Vec<&'static Shape>) {
    match kind {
        Type::Object(shape) | Type::NullableObject(shape) | Type::LooseObject(shape) => collect(shape, shapes),
        Type::ObjectOr(shape, other) => {
            collect(shape, shapes);
            collect_type(other, shapes);
        }
        Type::List(element) => collect_type(element, shapes),
        _ => {}
    }
}

fn definition(shape: &Shape) -> Json {
    let mut schema = object([
        ("title", shape.title.into()),
        ("description", shape.about.into()),
        ("type", "object".into()),
        ("properties", properties(shape.keys)),
    ]);
    if let Some(required) = required(shape.keys) {
        schema = schema.with("required", required);
    }
    if let Some(fork) = &shape.fork {
        schema = schema.with("if", condition(fork)).with("then", branch(fork.with)).with("else", branch(fork.without));
    }
    schema.with("additionalProperties", Json::Bool(true))
}

fn condition(fork: &Fork) -> Json {
    let there = object([("required", Json::List(vec![fork.on.into()]))]);
    if fork.null_counts { there } else { there.with("properties", object([(fork.on, object([("not", typed("null"))]))])) }
}

fn branch(keys: &[Key]) -> Json {
    let schema = object([("properties", properties(keys))]);
    match required(keys) {
        Some(required) => schema.with("required", required),
        None => schema,
    }
}

fn properties(keys: &[Key]) -> Json {
    Json::Object(keys.iter().map(|key| (key.name.to_owned(), property(key))).collect())
}

fn required(keys: &[Key]) -> Option<Json> {
    let names: Vec<Json> = keys.iter().filter(|key| key.presence != Presence::Optional).map(|key| key.name.into()).collect();
    (!names.is_empty()).then_some(Json::List(names))
}

fn property(key: &Key) -> Json {
    let schema = match (key.value, key.presence) {
        (Type::Forbidden(reason), _) => {
            return object([("description", format!("{} Rejected: {reason}.", key.about).as_str().into()), ("not", object([]))]);
        }
        // What it is, the shape itself says.
        (Type::Any, Presence::Filled) => types(&["string", "array"]).with("minLength", Json::Number(1)),
        (_, Presence::Filled) => typed("string").with("minLength", Json::Number(1)),
        _ if !key.read => object([]),
        (kind, _) => schema(&kind),
    };
    let mut about = key.about.to_owned();
    if matches!(key.value, Type::Answer) {
        let answers: Vec<String> = ANSWERS.iter().map(|(tool, answer)| format!("{tool}: {}", answer.name())).collect();
        about.push_str(&format!(" By tool: {}.", answers.join("; ")));
    }
    match schema {
        Json::Object(mut members) => {
            members.insert(0, ("description".to_owned(), Json::Text(about)));
            Json::Object(members)
        }
        other => other,
    }
}

fn schema(kind: &Type) -> Json {
    match kind {
        Type::Any | Type::Answer => object([]),
        Type::Text => typed("string"),
        Type::NullableText => types(&["string", "null"]),
        Type::OneOrMoreTexts => types(&["string", "array", "null"]).with("items", schema(&Type::NullableText)),
        Type::Id => types(&["string", "integer"]).with("minimum", Json::Number(0)).with("maximum", Json::Number(u64::MAX.into())),
        Type::Number => typed("number"),
        Type::NullableNumber => types(&["number", "null"]),
        Type::Count => types(&["integer", "null"]).with("minimum", Json::Number(0)).with("maximum", Json::Number(u32::MAX.into())),
        Type::Duration => types(&["number", "null"]).with("minimum", Json::Number(0)).with("exclusiveMaximum", Json::Number(MOST_MILLISECONDS)),
        Type::Time => types(&["string", "number", "null"])
            .with("pattern", TIME_PATTERN.into())
            .with("exclusiveMinimum", Json::Number(-MOST_MILLISECONDS))
            .with("exclusiveMaximum", Json::Number(MOST_MILLISECONDS)),
        Type::Flag => types(&["boolean", "null"]),
        Type::OneOf(choices) => object([(
            "anyOf",
            Json::List(vec![object([("enum", Json::List(choices.iter().map(|choice| (*choice).into()).collect()))]), typed("null")]),
        )]),
        Type::Point => object([("$ref", "#/$defs/point".into())]),
        Type::Points => types(&["array", "null"]).with("items", schema(&Type::Point)),
        Type::Corners => schema(&Type::Points).with("minItems", Json::Number(4)).with("maxItems", Json::Number(4)),
        Type::Object(shape) => reference(shape),
        Type::NullableObject(shape) => either(reference(shape), typed("null")),
        Type::LooseObject(shape) => object([("if", typed("object")), ("then", reference(shape))]),
        Type::ObjectOr(shape, other) => object([("if", typed("object")), ("then", reference(shape)), ("else", schema(other))]),
        Type::List(element) => {
            let element = match element {
                Type::Text => schema(&Type::NullableText),
                Type::Any | Type::Points => schema(element),
                _ => either(schema(element), typed("null")),
            };
            types(&["array", "null"]).with("items", element)
        }
        Type::Forbidden(_) => Json::Bool(false),
    }
}

fn typed(name: &str) -> Json {
    object([("type", name.into())])
}

fn types(names: &[&str]) -> Json {
    object([("type", Json::List(names.iter().map(|name| (*name).into()).collect()))])
}

fn either(one: Json, other: Json) -> Json {
    object([("anyOf", Json::List(vec![one, other]))])
}

fn reference(shape: &Shape) -> Json {
    object([("$ref", format!("#/$defs/{}", shape.name).as_str().into())])
}
