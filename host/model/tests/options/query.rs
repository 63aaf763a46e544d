//! Requests for exports: what the Python SDK sends, every parameter, every mistake, and any bytes at all.

use ango_model::options::query::{ExportKind, ExportQuery, QueryError, QueryFormat};
use ango_model::options::{ExportOptions, StageFilter, TaskType, TimeRange};
use ango_model::time::parse_iso;
use proptest::prelude::*;

fn parse(query: &str) -> ExportQuery {
    ExportQuery::parse(query).unwrap_or_else(|error| panic!("{error} in {query}"))
}

fn error(query: &str) -> QueryError {
    ExportQuery::parse(query).err().unwrap_or_else(|| panic!("{query} was accepted"))
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// As sent by `SDK('KEY').export('P1')`.
const SDK: &str = "sendEmail=false&includeMetadata=true&includeHistory=true&doNotNotify=true&format=json&type=task\
    &includeOnlyKeyFrames=false&includeIdleBlurDurations=false&taskTypes=%5B%22default%22%5D&stage=%5B%22Complete%22%5D&project=P1";

#[test]
fn what_the_sdk_sends_is_understood() {
    let expected = ExportQuery {
        project: Some("P1".into()),
        options: ExportOptions {
            annotation_metadata: true,
            stage_history: true,
            task_types: Some(vec![TaskType::Default]),
            ..ExportOptions::default()
        },
        notify: false,
        ..ExportQuery::default()
    };
    assert_eq!(parse(SDK), expected);

    let range = "%7B%22%24gt%22%3A+%222024-01-01T00%3A00%3A00.000000Z%22%2C+%22%24lt%22%3A+%222024-02-01T12%3A30%3A00.123999Z%22%7D";
    let full =
        format!("{SDK}&batches=%5B%22b1%22%2C+%22b2%22%5D&updatedAt={range}&createdAt=%7B%22%24gt%22%3A+%222024-01-01T00%3A00%3A00.000000Z%22%7D");
    let start = parse_iso("2024-01-01T00:00:00Z");
    let options = ExportOptions {
        batches: Some(strings(&["b1", "b2"])),
        updated: TimeRange { after: start, before: parse_iso("2024-02-01T12:30:00.123Z") },
        created: TimeRange { after: start, before: None },
        ..expected.options.clone()
    };
    assert_eq!(parse(&full), ExportQuery { options, ..expected });
}

#[test]
fn without_parameters_tasks_of_all_stages_are_exported_bare() {
    let bare = parse("");
    assert_eq!(bare, ExportQuery::default());
    assert_eq!(bare.options, ExportOptions { stages: StageFilter::All, ..ExportOptions::default() });
    assert!(bare.options.selects_all() && bare.notify && !bare.send_email && !bare.options.store_keys);
    assert_eq!((bare.format, bare.kind), (QueryFormat::Json, ExportKind::Task));
    assert_eq!(parse("&&"), bare);
}

#[test]
fn every_parameter_sets_its_own_field() {
    let set = |change: fn(&mut ExportQuery)| {
        let mut query = ExportQuery::default();
        change(&mut query);
        query
    };
    for (query, expected) in [
        ("project=a%2Fb+c%C3%A9", set(|q| q.project = Some("a/b cé".into()))),
        ("format=json", set(|_| {})),
        ("format=ndjson", set(|q| q.format = QueryFormat::Ndjson)),
        ("format=split", set(|q| q.format = QueryFormat::Split)),
        ("type=task", set(|_| {})),
        ("type=issue", set(|q| q.kind = ExportKind::Issue)),
        ("stage=Complete,+Review+1,", set(|q| q.options.stages = StageFilter::Only(strings(&["Complete", "Review 1"])))),
        (r#"stage=["a,b","\u0041%26"]"#, set(|q| q.options.stages = StageFilter::Only(strings(&["a,b", "A&"])))),
        ("stage=[]", set(|_| {})),
        ("stage=", set(|_| {})),
        ("stage", set(|_| {})),
        ("batches=b1", set(|q| q.options.batches = Some(strings(&["b1"])))),
        ("batches=%20[%20]", set(|_| {})),
        ("taskTypes=consensus,benchmark", set(|q| q.options.task_types = Some(vec![TaskType::Consensus, TaskType::Benchmark]))),
        (r#"createdAt={"$lt":"1970-01-01","$gt":null}"#, set(|q| q.options.created.before = Some(0))),
        (r#"updatedAt={"\u0024gt":"1970-01-01T00:00:01%2B00:00"}"#, set(|q| q.options.updated.after = Some(1000))),
        ("updatedAt={}", set(|_| {})),
        ("includeMetadata=true", set(|q| q.options.annotation_metadata = true)),
        ("includeHistory=True", set(|q| q.options.stage_history = true)),
        ("includeIdleBlurDurations=true", set(|q| q.options.idle_blur_durations = true)),
        ("includeOnlyKeyFrames=true", set(|q| q.options.only_key_frames = true)),
        ("sendEmail=true", set(|q| q.send_email = true)),
        ("doNotNotify=true", set(|q| q.notify = false)),
        ("doNotNotify=false", set(|_| {})),
        ("%66ormat=%6Edjson", set(|q| q.format = QueryFormat::Ndjson)),
    ] {
        assert_eq!(parse(query), expected, "{query}");
    }
}

#[test]
fn parameters_of_older_clients_have_no_effect_and_are_told_of() {
    let old = "includeSegmentationPoints=true&includeMask=&assignee=x%40y&completedAt[gt]=1&completedAt%5Blt%5D=1&updatedAt[gt]=2&updatedAt[lt]=3&assignee=z";
    let query = parse(&format!("{old}&status=x&includeAssets=true"));
    let names = ["includeSegmentationPoints", "includeMask", "assignee", "completedAt[gt]", "completedAt[lt]", "updatedAt[gt]", "updatedAt[lt]"];
    let ignored = names.into_iter().chain(["status", "includeAssets"]).collect();
    assert_eq!(query, ExportQuery { ignored, ..ExportQuery::default() });
}

#[test]
fn mistakes_name_the_parameter_the_value_and_what_is_allowed() {
    let long = format!("format={}", "ä".repeat(100));
    let shown = format!("'{}...'", "ä".repeat(80));
    for (query, parts) in [
        ("format=xml", &["'format'", "'xml'", "json or ndjson or split"][..]),
        (&long, &["'format'", &shown, "ndjson"]),
        ("format=%0A%22", &[r#"'\n\"'"#]),
        ("type=tasks", &["'type'", "'tasks'", "task or issue"]),
        ("includeHistory=yes", &["'includeHistory'", "'yes'", "true or false"]),
        ("sendEmail", &["'sendEmail'", "''", "true or false"]),
        ("project=", &["'project'", "id of a project"]),
        ("stages=x", &["'stages'", "'x'", "no such parameter", "stage,"]),
        ("=", &["''", "no such parameter"]),
        ("stage=a&stage=b", &["'stage'", "'b'", "second time", "JSON array"]),
        ("format=json&%66ormat=json", &["'format'", "second time"]),
        ("stage=[1]", &["'stage'", "'[1]'", "array of strings", "a number"]),
        ("stage=[\"a\"", &["'stage'", "array of strings", "at byte 4"]),
        ("batches=[[\"a\"]]", &["'batches'", "an array in the array"]),
        ("taskTypes=[\"default\",\"gold\"]", &["'taskTypes'", "'gold'", "default, consensus, benchmark"]),
        ("createdAt=2024-01-01", &["'createdAt'", "'2024-01-01'", "$gt", "at byte 4"]),
        ("createdAt=[]", &["'createdAt'", "$gt", "found an array"]),
        ("createdAt={\"$gte\":\"2024-01-01\"}", &["'createdAt'", "$gt", "'$gte'"]),
        ("createdAt={\"$gt\":1704067200000}", &["'createdAt'", "'1704067200000' is not such a time"]),
        ("updatedAt={\"$gt\":\"soon\"}", &["'updatedAt'", "$lt", "'soon' is not such a time"]),
        ("updatedAt={\"$gt\":null,\"$gt\":\"2024-01-01\"}", &["'updatedAt'", "'$gt' twice"]),
        ("project=%4", &["'project'", "'%4'", "two hexadecimal digits", "%25"]),
        ("project=%+1", &["'project'", "two hexadecimal digits"]),
        ("project=%ff", &["'project'", "'%ff'", "not UTF-8"]),
    ] {
        let message = error(query).to_string();
        assert!(message.starts_with("parameter '"), "{message}");
        for part in parts {
            assert!(message.contains(part), "{query}: '{part}' is not in: {message}");
        }
    }
}

/// Percent-encodes every byte.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

proptest! {
    #[test]
    fn any_bytes_are_a_query_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = ExportQuery::parse(&bytes);
    }

    #[test]
    fn any_value_is_accepted_or_named(
        name in prop::sample::select(&["project", "format", "stage", "batches", "taskTypes", "createdAt", "updatedAt", "includeMetadata", "assignee"][..]),
        value in prop_oneof![".{0,100}", "[\\[\\]{}\",:$a-z0-9 \\\\]{0,40}", r#"\{"\$(gt|lt)": ?"[0-9TZ:.+-]{0,30}"\}"#, "\\[\"\\PC{0,9}\"[,\\]]{0,2}"],
    ) {
        if let Err(error) = ExportQuery::parse(format!("{name}={}", encoded(&value))) {
            prop_assert_eq!(&error.parameter, name);
            prop_assert!(error.value.chars().count() <= 80 * 10 + 3);
            prop_assert!(!error.to_string().chars().any(char::is_control));
        }
    }

    #[test]
    fn a_change_of_any_byte_of_what_the_sdk_sends_does_no_harm(position in 0..SDK.len(), byte in any::<u8>()) {
        let mut query = SDK.as_bytes().to_vec();
        query[position] = byte;
        let _ = ExportQuery::parse(&query);
        let _ = ExportQuery::parse(&query[..position]);
    }

    #[test]
    fn any_names_in_a_json_array_come_through(names in prop::collection::vec(".{0,20}", 1..5)) {
        let query = parse(&format!("stage={}", encoded(&serde_json::to_string(&names).unwrap())));
        prop_assert_eq!(query.options.stages, StageFilter::Only(names));
    }
}
