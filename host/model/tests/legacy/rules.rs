//! What becomes of each part of a record.

use super::{AsTheyAre, converted, legacy, with_task};
use ango_model::json::{Document, unescape};
use ango_model::legacy::{LeftOut, write_asset};
use ango_model::sink::Sink;
use serde_json::{Value, json};

fn visit(stage: &str, duration: u64, at: &str, members: &str) -> String {
    format!(r#"{{"stage":"{stage}","duration":{duration},"completedAt":"2024-01-01T{at}:00.000Z"{members}}}"#)
}

/// The asset and its task, after these visits and with these members.
fn after(visits: &[String], members: &str) -> (Value, Value) {
    let asset = legacy(&with_task(&format!(r#""taskId":"t",{members}"stageHistory":[{}]"#, visits.join(","))));
    let task = asset["tasks"][0].clone();
    (asset, task)
}

const ANNA: &str = r#","completedBy":"anna@x.test""#;
const BERT: &str = r#","completedBy":"bert@x.test""#;
const ACCEPTED: &str = r#","completedBy":"rita@x.test","reviewStatus":"Accepted""#;
const REJECTED: &str = r#","completedBy":"rolf@x.test","reviewStatus":"Rejected""#;

#[test]
fn the_last_labelling_pass_says_who_completed_the_task() {
    let visits = [
        visit("Start", 0, "10:00", ""),
        visit("Label", 100, "11:00", ANNA),
        visit("Review", 7, "12:00", REJECTED),
        visit("Label", 20, "13:00", BERT),
        visit("Review", 9, "14:00", ACCEPTED),
        visit("Plugin", 1000, "15:00", r#","completedBy":"","reviewStatus":null"#),
    ];
    let (asset, task) = after(&visits, r#""updatedAt":"2024-01-02T00:00:00.000Z","totalDuration":1136,"#);
    assert_eq!(asset["labeledAt"], "2024-01-01T13:00:00.000Z");
    assert_eq!(asset["reviewedAt"], "2024-01-01T14:00:00.000Z");
    assert_eq!((&asset["status"], &asset["labelDuration"]), (&json!("Labeled"), &json!(1136)));
    assert_eq!((&task["completedBy"], &task["completedAt"]), (&json!("bert@x.test"), &asset["labeledAt"]));
    assert_eq!((&task["status"], &task["duration"]), (&json!("Completed"), &json!(120)));
    let review = json!({"status": "Accepted", "completedBy": ["rita@x.test"], "completedAt": "2024-01-01T14:00:00.000Z", "duration": 9});
    assert_eq!(task["review"], review);
}

#[test]
fn without_a_time_of_completion_the_last_change_stands_in() {
    let (asset, task) = after(&[r#"{"completedBy":"anna@x.test","completedAt":null}"#.into()], r#""updatedAt":1686656626604,"#);
    assert_eq!((&asset["labeledAt"], &task["completedAt"]), (&json!(1_686_656_626_604u64), &json!(1_686_656_626_604u64)));
    let (asset, _) = after(&[], r#""stage":"Complete","updatedAt":"2024-01-02T00:00:00Z","#);
    assert_eq!(asset["labeledAt"], "2024-01-02T00:00:00Z");
    // What is not labelled was not labelled at any time.
    for unlabelled in [r#""updatedAt":"2024-01-02T00:00:00Z","#, ""] {
        let (asset, task) = after(&[], unlabelled);
        assert_eq!((&asset["labeledAt"], &task["completedAt"]), (&Value::Null, &Value::Null));
    }
}

#[test]
fn a_task_is_complete_after_a_labelling_pass_or_in_the_complete_stage() {
    for (visits, members, labelled) in [
        (vec![visit("Label", 1, "10:00", ANNA)], r#""stage":"Review","#, true),
        (vec![visit("Start", 1, "10:00", "")], r#""stage":"Label","stageId":"Label","#, false),
        (vec![visit("Review", 1, "10:00", ACCEPTED)], r#""stage":"Label","#, false),
        (vec![], r#""stage":"Fertig","stageId":"Complete","#, true),
        (vec![], r#""stage":"Complete","#, true),
        (vec![], "", false),
    ] {
        let (asset, task) = after(&visits, members);
        let expected = if labelled { ("Labeled", "Completed") } else { ("Unlabeled", "TODO") };
        assert_eq!((&asset["status"], &task["status"]), (&json!(expected.0), &json!(expected.1)), "{members}");
    }
}

#[test]
fn durations_stand_in_for_each_other() {
    // Without a history the time over all stages is all there is; without that time, the stages add up.
    let (asset, task) = after(&[], r#""totalDuration":18069.0,"#);
    assert_eq!((&asset["labelDuration"], &task["duration"]), (&json!(18069.0), &json!(18069.0)));
    let (asset, task) = after(&[visit("Label", 5, "10:00", ANNA), visit("Review", 3, "11:00", ACCEPTED)], "");
    assert_eq!((&asset["labelDuration"], &task["duration"]), (&json!(8), &json!(5)));
    // Nobody labelled, so the time over all stages is no time of labelling.
    let (_, task) = after(&[visit("Review", 3, "11:00", ACCEPTED)], r#""totalDuration":3,"#);
    assert_eq!(task["duration"], 0);
    // Sums do not overflow, and what is no duration is none.
    let many = vec![visit("Label", 8_999_999_999_999_999, "10:00", ANNA); 3000];
    assert_eq!(after(&many, r#""totalDuration":-4,"#).0["labelDuration"], u64::MAX);
}

#[test]
fn a_review_that_nobody_has_completed() {
    let visits = [visit("Review", 7, "12:00", ACCEPTED), visit("Review", 0, "13:00", r#","reviewStatus":"Fixed""#)];
    let (asset, task) = after(&visits, "");
    assert_eq!(asset.get("reviewedAt"), None);
    assert_eq!(task["review"], json!({"status": "Fixed", "completedBy": [], "completedAt": "2024-01-01T13:00:00.000Z", "duration": 0}));
}

#[test]
fn consensus_is_the_average_or_an_empty_text() {
    for (average, expected) in [("87", json!(87)), ("87.50", json!(87.5)), ("0", json!(0)), ("null", json!("")), ("\"87\"", json!(""))] {
        assert_eq!(legacy(&with_task(&format!(r#""consensusAverage":{average}"#)))["consensus"], expected, "{average}");
    }
    let (text, _) = converted(&with_task(r#""consensusAverage":87.50"#));
    assert!(text.contains(r#""consensus":87.50,"#), "{text}");
}

#[test]
fn the_type_says_whether_a_task_is_a_benchmark() {
    for (kind, expected) in [
        (r#""type":"benchmark""#, Some(true)),
        (r#""type":"default""#, Some(false)),
        (r#""type":"consensus""#, Some(false)),
        (r#""type":"gold""#, None),
        (r#""type":null"#, None),
        (r#""taskId":"t""#, None),
    ] {
        let asset = legacy(&with_task(kind));
        assert_eq!(asset["tasks"][0].get("isBenchmark").and_then(Value::as_bool), expected, "{kind}");
        assert_eq!(asset["tasks"][0].get("type"), None);
    }
}

fn relation(text: &str) -> String {
    let (text, _) = converted(&with_task(&format!(r#""relations":[{text}]"#)));
    let start = text.find(r#""relations":["#).unwrap() + 13;
    text[start..text.rfind(r#"]}],"batches""#).unwrap()].to_owned()
}

#[test]
fn a_reverse_relation_is_a_straight_one_the_other_way() {
    let reverse = r#"{"objectId":"r","direction":"reverse","to":"b","page":0,"from":"a"}"#;
    let straight = r#"{"objectId":"r","direction":"straight","to":"a","page":0,"from":"b"}"#;
    assert_eq!(relation(reverse), straight);
    assert_eq!(relation(&reverse.replace(":", " : ")), straight);
    for as_it_is in [
        straight,
        r#"{"from":"a","to":"b","direction":"bidirectional"}"#,
        r#"{"from":"a","to":"b","direction":"sideways"}"#,
        r#"{"from":"a","to":"b","direction":null}"#,
        r#"{"from":"a","to":"b"}"#,
        r#"{"group":["a","b"],"direction":"reverse"}"#,
        r#"{"from":"a","direction":"reverse"}"#,
        "null",
    ] {
        assert_eq!(relation(as_it_is), as_it_is);
    }
}

#[test]
fn links_are_asked_for_and_nothing_else_is() {
    let task = r#""brushDataUrl":"b","medicalBrushDataUrl":"m","note":"n""#;
    let asset = legacy(&format!(r#"{{"asset":"a","dataset":["d",null,7],"other":"o","task":{{{task}}}}}"#));
    assert_eq!(asset["asset"], "a#signed");
    assert_eq!(asset["dataset"], json!(["d#signed", null, 7]));
    assert_eq!((&asset["other"], &asset["tasks"][0]["note"]), (&json!("o"), &json!("n")));
    assert_eq!((&asset["tasks"][0]["brushDataUrl"], &asset["tasks"][0]["medicalBrushDataUrl"]), (&json!("b#signed"), &json!("m#signed")));
    // An empty link is none.
    let asset = legacy(r#"{"dataset":null,"task":{"brushDataUrl":"","medicalBrushDataUrl":null}}"#);
    assert_eq!((asset.get("dataset"), asset["tasks"][0].get("brushDataUrl"), asset["tasks"][0].get("medicalBrushDataUrl")), (None, None, None));
}

#[test]
fn unknown_keys_stay_in_their_order() {
    let task = r#""zeta":1.50,"taskId":"t","alpha":{"type":"x"},"createdAt":"2024-01-01T00:00:00Z","type":"default""#;
    let (text, _) = converted(&format!(r#"{{"z":[1, 2],"batches":["b",null],"task":{{{task}}},"asset":"u","y":null,"externalId":"e"}}"#));
    assert!(text.starts_with(r##"{"asset":"u#signed","externalId":"e","z":[1,2],"y":null,"metadata":{},"##), "{text}");
    assert!(text.ends_with(r#""relations":[],"zeta":1.50,"alpha":{"type":"x"}}],"batches":["b",null]}"#), "{text}");
}

#[test]
fn keys_of_old_exports_keep_their_place() {
    let (text, _) = converted(&with_task(r#""taskId":"t","issues":[1],"benchmark":"60","isSkipped":true,"type":"default""#));
    assert!(text.contains(r#""duration":0,"isSkipped":true,"review":{"#), "{text}");
    assert!(text.contains(r#""isBenchmark":false,"benchmark":"60","issues":[1],"taskId":"t","#), "{text}");
}

#[test]
fn no_key_occurs_twice() {
    let task = r#""duration":5,"status":"x","review":{},"objects":[1],"completedBy":"x","completedAt":"x","isBenchmark":true"#;
    let escaped = r#""\u006fbjects":[2],"\u0074askId":"t","taskId":"u""#;
    let (text, _) = converted(&format!(r#"{{"status":"x","labeledAt":1,"consensus":2,"\u0074asks":[],"task":{{{task},{escaped}}}}}"#));
    let document = Document::parse(&text).unwrap();
    let asset = document.root();
    let task = asset.get("tasks").unwrap().elements().next().unwrap();
    for object in [asset, task] {
        let mut keys: Vec<_> = object.members().map(|member| unescape(member.key).into_owned()).collect();
        let count = keys.len();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), count, "{text}");
    }
    // The last one counts, as for the typed reader.
    assert_eq!(task.get("taskId").unwrap().raw(), "u");
    assert_eq!(task.get("objects").unwrap().raw(), "[]");
}

/// A sink that gives away what it holds whenever it may.
#[derive(Default)]
struct Emptied {
    buffer: Vec<u8>,
    gone: Vec<u8>,
    most: usize,
}

impl Sink for Emptied {
    fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.buffer
    }

    fn checkpoint(&mut self) {
        self.most = self.most.max(self.buffer.len());
        self.gone.append(&mut self.buffer);
    }
}

#[test]
fn a_sink_may_be_emptied_on_the_way() {
    let relations = vec![r#"{"from":"a","to":"b","direction":"reverse"}"#; 1000].join(",");
    let links = vec![r#""https://x.test/0123456789""#; 1000].join(",");
    let record = format!(r#"{{"asset":"u","dataset":[{links}],"task":{{"relations":[{relations}],"tools":[{{}}],"x":1}},"batches":["b"]}}"#);
    let document = Document::parse(&record).unwrap();
    let mut sink = Emptied::default();
    write_asset(&mut sink, &document.root(), &AsTheyAre, &mut LeftOut::default());
    assert!(sink.most < 500, "{}", sink.most);
    sink.checkpoint();
    assert_eq!(String::from_utf8(sink.gone).unwrap(), converted(&record).0);
}
