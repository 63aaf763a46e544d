use super::*;

fn entity(start: f64, end: f64, selection: Option<&str>) -> Value {
    let mut span = json!({"start": start, "end": end});
    if let Some(selection) = selection {
        span["selection"] = json!(selection);
    }
    json!({"ner": span})
}

fn run(tools: &[Value]) -> (Vec<Value>, Outcome) {
    let mut text = task("a.txt", tools);
    text["metadata"] = json!({});
    text["task"]["relations"] = json!([{"objectId": "r", "schemaId": "r", "title": "of", "from": "o1", "to": "o0", "direction": "straight"}]);
    let outcome = kit(&[text]).run::<LabelStudio>(r#"{"tasks":"texts"}"#);
    (results(&outcome), outcome)
}

#[test]
fn entities_are_labelled_spans() {
    let mut first = entity(3.0, 8.0, Some("Li \"x\""));
    first["classifications"] = json!([answer("q", "Role", "text", json!("boss"), &[])]);
    let (found, outcome) = run(&[first, entity(0.0, 2.0, None)]);
    assert_eq!(found[0]["value"], json!({"start": 3, "end": 8, "text": "Li \"x\"", "labels": ["cat"]}));
    assert_eq!((&found[0]["from_name"], &found[0]["to_name"], &found[0]["type"]), (&json!("labels"), &json!("text"), &json!("labels")));
    assert_eq!((&found[1]["id"], &found[1]["value"]), (&json!("o0"), &json!({"text": ["boss"]})));
    assert_eq!(found[2]["value"], json!({"start": 0, "end": 2, "labels": ["cat"]}));
    assert_eq!((&found[3]["from_id"], &found[3]["to_id"]), (&json!("o1"), &json!("o0")));
    assert_eq!(tasks(&outcome)[0]["data"], json!({"text": "https://x.test/a.txt"}));
    let tags = tags(&outcome);
    assert_eq!(tags[1..4], ["Relations", "Relation value=of", "Text name=text value=$text valueType=url"]);
    assert_eq!(tags[4..6], ["Labels name=labels toName=text", "Label value=cat"]);
    assert_eq!(outcome.lost, []);
}

#[test]
fn spans_that_are_none_are_told() {
    let spans = [entity(5.0, 5.0, None), entity(7.0, 4.0, None), entity(-1.0, 4.0, None), entity(0.0, 1e300, None), boxed(1.0, 1.0, 5.0, 5.0)];
    let (found, outcome) = run(&spans);
    assert_eq!(found, [] as [Value; 0]);
    assert_eq!(outcome.codes(), [("entity-empty", 1), ("coordinates-unusable", 3), ("geometry-unsupported", 1), ("relation-unsupported", 1)].into());
}

#[test]
fn only_texts_are_tasks() {
    let tasks_of = [
        task("a.jpg", &[]),
        task("b.TXT", &[]),
        task("c.pdf", &[entity(0.0, 1.0, None)]),
        // Seconds of recordings.
        task("d.mp3", &[entity(0.0, 1.0, None)]),
        task("e", &[entity(1.0, 2.0, None), entity(0.5, 1.0, None)]),
    ];
    let outcome = kit(&tasks_of).run::<LabelStudio>(r#"{"tasks":"texts"}"#);
    let names: Vec<Value> = tasks(&outcome).iter().map(|task| task["meta"]["file_name"].clone()).collect();
    assert_eq!(names, [json!("b.TXT"), json!("c.pdf")]);
    assert_eq!(outcome.codes(), [("not-a-text", 3)].into());
    let dropped = kit(&[task("b.txt", &[])]).run::<LabelStudio>(r#"{"tasks":"texts","empty":"drop"}"#);
    assert_eq!((tasks(&dropped).len(), dropped.codes()), (0, [("image-empty", 1)].into()));
}
