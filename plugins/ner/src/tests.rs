#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use ango_plugin_sdk::testkit::{Outcome, TestKit};
use ango_plugin_sdk::{FetchError, Geometry, Span};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// An entity of a class.
fn entity(start: usize, end: usize, selection: &str, class: &str) -> Value {
    json!({"ner": {"start": start, "end": end, "selection": selection}, "schemaId": format!("s-{class}"), "title": class})
}

/// One task about the text at `https://x.test/NAME`.
fn task(name: &str, tools: &[Value]) -> Value {
    let mut tools = tools.to_vec();
    for (at, tool) in tools.iter_mut().enumerate() {
        tool.as_object_mut().unwrap().entry("objectId").or_insert(format!("o{at}").into());
    }
    json!({"asset": format!("https://x.test/{name}"), "externalId": name, "metadata": {}, "batches": ["b"],
           "task": {"taskId": format!("t-{name}"), "stage": "Complete", "tools": tools}})
}

fn kit(tasks: &[Value], texts: &[(&str, &str)]) -> TestKit {
    let kit = TestKit::from_json(&json!(tasks).to_string()).unwrap();
    texts.iter().fold(kit, |kit, (name, text)| kit.asset_bytes(&format!("https://x.test/{name}"), Ok(text.as_bytes().to_vec())))
}

/// The outcome for one text.
fn run(text: &str, tools: &[Value], options: Value) -> Outcome {
    let outcome = kit(&[task("a.txt", tools)], &[("a.txt", text)]).run::<Ner>(&options.to_string());
    assert_eq!(outcome.result, Ok(()));
    outcome
}

fn lines(outcome: &Outcome) -> Vec<Value> {
    outcome.text("entities.jsonl").unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Tokens with their tags, sentences apart by `/`.
fn tags(outcome: &Outcome) -> String {
    let text = outcome.text("entities.conll").unwrap();
    let body = text.strip_prefix("-DOCSTART- -X- O O\n").unwrap();
    let rows = body.trim().lines().map(|line| if line.is_empty() { "/".to_owned() } else { line.replace(" -X- _ ", ":") });
    rows.collect::<Vec<_>>().join(" ")
}

#[test]
fn the_whole_files_are_as_written_here() {
    let tasks = [task("a.txt", &[entity(0, 4, "Anna", "PER"), entity(14, 22, "New York", "LOC")]), task("b.txt", &[])];
    let kit = kit(&tasks, &[("a.txt", "Anna lives in New York.\r\nYes!"), ("b.txt", "\u{feff}Nobody.")]);
    let conll = "-DOCSTART- -X- O O

Anna -X- _ B-PER
lives -X- _ O
in -X- _ O
New -X- _ B-LOC
York -X- _ I-LOC
. -X- _ O

Yes -X- _ O
! -X- _ O

-DOCSTART- -X- O O

Nobody -X- _ O
. -X- _ O

";
    let outcome = kit.run::<Ner>(r#"{"format":"conll"}"#);
    assert_eq!((outcome.text("entities.conll"), &outcome.lost), (Some(conll), &vec![]));
    let spacy = r#"{"text":"Anna lives in New York.\r\nYes!","entities":[[0,4,"PER"],[14,22,"LOC"]],"meta":{"task_id":"t-a.txt","file":"a.txt"}}
{"text":"Nobody.","entities":[],"meta":{"task_id":"t-b.txt","file":"b.txt"}}
"#;
    let outcome = kit.run::<Ner>(r#"{"format":"spacy"}"#);
    assert_eq!((outcome.text("entities.jsonl"), &outcome.lost), (Some(spacy), &vec![]));
    let outcome = kit.run::<Ner>(r#"{"format":"spacy","empty":"drop","split":{"by":"batch","val":["b"]}}"#);
    assert_eq!((outcome.text("train.jsonl"), outcome.text("val.jsonl").unwrap().lines().count()), (Some(""), 1));
    assert_eq!(outcome.codes(), [("image-empty", 1)].into());
}

#[test]
fn lines_of_json_hold_everything() {
    let mut first = entity(2, 6, "Anna", "PER");
    first["classifications"] = json!([{"objectId": "c", "schemaId": "q", "tool": "radio", "title": "Known", "answer": true,
        "classifications": [{"objectId": "d", "schemaId": "r", "tool": "checkbox", "title": "Where", "answer": ["TV"]}]}]);
    first["metadata"] = json!({"createdAt": "2023-06-13T11:43:46.604Z", "createdBy": "a@x.test"});
    let mut task = task("d/a.txt", &[first, entity(90, 95, "gone", "PER")]);
    task["task"]["relations"] = json!([
        {"from": "o0", "to": "o1", "objectId": "r1", "schemaId": "s-r", "title": "knows", "direction": "reverse"},
        {"group": ["o0"], "objectId": "r2", "schemaId": "s-g", "title": "all"}]);
    task["task"]["classifications"] = json!([{"objectId": "e", "schemaId": "m", "tool": "radio", "title": "Mood", "answer": "fine"}]);
    let kit = kit(&[task], &[("d/a.txt", "😀Anna")]);
    let outcome = kit.run::<Ner>(r#"{"names":"flat"}"#);
    let line = &lines(&outcome)[0];
    let want = json!({"task_id": "t-d/a.txt", "external_id": "d/a.txt", "file": "d__a.txt", "url": "https://x.test/d/a.txt", "stage": "Complete", "batches": ["b"],
        "text": "😀Anna", "unit": "code point",
        "entities": [
            {"id": "o0", "label": "PER", "start": 1, "end": 5, "text": "Anna", "exported": [2, 6], "created_at": "2023-06-13T11:43:46.604Z", "created_by": "a@x.test",
             "answers": [{"question": "Known", "answer": true}, {"question": "Where", "answer": ["TV"], "in": 0}]},
            {"id": "o1", "label": "PER", "start": null, "end": null, "text": "gone", "exported": [90, 95], "answers": []}],
        "relations": [{"id": "r1", "label": "knows", "from": "o1", "to": "o0", "both_ways": false}, {"id": "r2", "label": "all", "members": ["o0"]}],
        "answers": [{"question": "Mood", "answer": "fine"}]});
    assert_eq!(*line, want);
    assert_eq!(outcome.codes(), [("entity-mismatch", 1)].into());
    // Formats without a place for the rest say so.
    let outcome = kit.run::<Ner>(r#"{"format":"spacy"}"#);
    assert_eq!(outcome.codes(), [("classification-unsupported", 2), ("entity-mismatch", 1), ("relation-unsupported", 2)].into());
}

#[test]
fn without_a_text_only_json_lines_are_written() {
    let tools = [entity(3, 7, "Anna", "PER")];
    let mut image = task("a.jpg", &tools);
    image["metadata"] = json!({"width": 10, "height": 10});
    let tasks = [task("a.txt", &tools), task("b.html", &tools), task("c.txt", &tools), task("d.txt", &[]), image];
    let kit = kit(&tasks, &[("b.html", "<!DOCTYPE html>Anna")]).asset_bytes("https://x.test/c.txt", Err(FetchError::TooLarge));
    for (format, lost) in [("jsonl", 4), ("spacy", 5), ("conll", 5)] {
        let outcome = kit.run::<Ner>(&json!({"format": format}).to_string());
        assert_eq!(outcome.codes(), [("text-missing", lost)].into(), "{format}");
        if format == "jsonl" {
            let line = &lines(&outcome)[0];
            assert_eq!((&line["text"], &line["unit"], lines(&outcome).len()), (&Value::Null, &Value::Null, 5));
            assert_eq!(
                line["entities"][0],
                json!({"id": "o0", "label": "PER", "start": null, "end": null, "text": "Anna", "exported": [3, 7], "answers": []})
            );
        } else {
            assert!(outcome.files.values().all(Vec::is_empty));
        }
    }
    let denied = TestKit::from_json(&json!([tasks[0]]).to_string()).unwrap().run::<Ner>(r#"{"format":"conll"}"#);
    assert!(denied.lost[0].detail.contains("grant `assets`"), "{}", denied.lost[0].detail);
}

#[test]
fn texts_come_from_the_context_or_stand_in_place_of_a_link() {
    let mut context = task("a.txt", &[entity(0, 4, "Anna", "PER")]);
    context["contextData"] = json!({"body": "Anna \"A\""});
    let mut inline = task("b.md", &[entity(2, 5, "Bob", "PER")]);
    inline["asset"] = json!("# Bob");
    let outcome = kit(&[context, inline], &[]).run::<Ner>(r#"{"format":"spacy","context_key":"body"}"#);
    let texts: Vec<Value> = lines(&outcome).into_iter().map(|line| json!([line["text"], line["entities"]])).collect();
    assert_eq!(json!(texts), json!([["Anna \"A\"", [[0, 4, "PER"]]], ["# Bob", [[2, 5, "PER"]]]]));
    assert_eq!(outcome.lost, []);
}

#[test]
fn recordings_have_seconds() {
    let tools = [json!({"ner": {"start": 1, "end": 2.5}, "schemaId": "s", "title": "speech"})];
    for name in ["a.MP3", "a.bin"] {
        let kit = kit(&[task(name, &tools)], &[]);
        let outcome = kit.run::<Ner>("{}");
        let line = &lines(&outcome)[0];
        assert_eq!((&line["unit"], &line["entities"][0]["end"], &outcome.lost), (&json!("second"), &json!(2.5), &vec![]));
        let outcome = kit.run::<Ner>(r#"{"format":"conll"}"#);
        assert_eq!(outcome.codes(), [("geometry-unsupported", 1)].into());
    }
}

#[test]
fn every_unit_is_found_and_said() {
    let text = "👩‍🚀 Anna und 😀 Jörg";
    for (unit, tools, codes) in [
        ("utf-16", [entity(6, 10, "Anna", "PER"), entity(18, 22, "Jörg", "PER")], vec![]),
        ("code points", [entity(4, 8, "Anna", "PER"), entity(15, 19, "Jörg", "PER")], vec![("entity-offset-unit", 1)]),
        ("both", [entity(6, 10, "Anna", "PER"), entity(15, 19, "Jörg", "PER")], vec![("entity-offset-unit", 2)]),
    ] {
        let outcome = run(text, &tools, json!({"format": "spacy"}));
        assert_eq!(lines(&outcome)[0]["entities"], json!([[4, 8, "PER"], [15, 19, "PER"]]), "{unit}");
        assert_eq!(outcome.codes(), codes.into_iter().collect(), "{unit}");
    }
}

#[test]
fn entities_that_are_not_where_they_should_be_are_found_or_reported() {
    let tools = [
        entity(1, 5, "lives", "A"),
        entity(0, 2, "nn", "B"),
        entity(0, 4, "Bert", "C"),
        json!({"ner": {"start": 100, "end": 101}, "schemaId": "s", "title": "D"}),
        json!({"ner": {"start": 4, "end": 5}, "schemaId": "s", "title": "D"}),
        entity(4, 11, " lives\n", "A"),
        entity(5, 10, "lives", "A"),
    ];
    let outcome = run("Anna lives\nnn", &tools, json!({"format": "spacy"}));
    let codes = [("duplicate", 2), ("entity-empty", 1), ("entity-mismatch", 2), ("entity-relocated", 1), ("entity-trimmed", 1), ("out-of-bounds", 1)];
    assert_eq!(outcome.codes(), codes.into());
    assert_eq!(lines(&outcome)[0]["entities"], json!([[5, 10, "A"]]));
    let outcome = run("Anna lives", &[entity(4, 10, " lives", "A")], json!({"format": "spacy", "trim": false}));
    assert_eq!((&lines(&outcome)[0]["entities"], &outcome.lost), (&json!([[4, 10, "A"]]), &vec![]));
}

#[test]
fn overlapping_entities_are_counted_and_the_outermost_stay() {
    let text = "University of New York";
    let tools = [entity(14, 22, "New York", "LOC"), entity(0, 22, text, "ORG"), entity(0, 10, "University", "X"), entity(0, 22, text, "LOC")];
    let outcome = run(text, &tools, json!({"format": "conll"}));
    assert_eq!(tags(&outcome), "University:B-ORG of:I-ORG New:I-ORG York:I-ORG");
    assert_eq!(outcome.codes(), [("entity-overlap", 3)].into());
    let outcome = run(text, &tools, json!({"format": "spacy", "spans": true}));
    assert_eq!(lines(&outcome)[0]["entities"], json!([[0, 22, "ORG"]]));
    assert_eq!(lines(&outcome)[0]["spans"]["sc"], json!([[0, 22, "ORG"], [0, 22, "LOC"], [0, 10, "X"], [14, 22, "LOC"]]));
    assert_eq!(outcome.codes(), [("entity-overlap", 3)].into());
}

#[test]
fn tokens_are_cut_where_entities_begin_and_end() {
    let tools = [entity(0, 3, "Ber", "A"), entity(3, 6, "lin", "A"), entity(9, 10, "学", "B")];
    let outcome = run("Berlin 大大学の", &tools, json!({"format": "conll"}));
    assert_eq!(tags(&outcome), "Ber:B-A lin:B-A 大:O 大:O 学:B-B の:O");
    assert_eq!(outcome.codes(), [("entity-splits-token", 2)].into());
    let outcome = run("Berlin", &[entity(0, 3, "Ber", "A")], json!({"format": "spacy"}));
    assert_eq!(outcome.codes(), [("entity-splits-token", 1)].into());
    assert_eq!(lines(&outcome)[0]["entities"], json!([[0, 3, "A"]]));
}

#[test]
fn schemes_mark_beginnings_and_ends() {
    let tools = [entity(0, 3, "a b", "X"), entity(4, 5, "c", "X"), entity(6, 7, "d", "Y"), entity(10, 11, "f", "Y")];
    for (scheme, want) in [
        ("iob2", "a:B-X b:I-X c:B-X d:B-Y / e:O f:B-Y"),
        ("iob1", "a:I-X b:I-X c:B-X d:I-Y / e:O f:I-Y"),
        ("bioes", "a:B-X b:E-X c:S-X d:S-Y / e:O f:S-Y"),
        ("bilou", "a:B-X b:L-X c:U-X d:U-Y / e:O f:U-Y"),
    ] {
        assert_eq!(tags(&run("a b c d\ne f", &tools, json!({"format": "conll", "scheme": scheme}))), want);
    }
    // Where a sentence begins, a beginning can be seen.
    let tools = [entity(0, 1, "a", "X"), entity(2, 3, "b", "X")];
    assert_eq!(tags(&run("a\nb", &tools, json!({"format": "conll", "scheme": "iob1"}))), "a:I-X / b:I-X");
}

#[test]
fn sentences_do_not_end_within_entities() {
    let text = "Dr. Who came. He\nleft";
    let tools = [entity(0, 7, "Dr. Who", "P"), entity(14, 21, "He\nleft", "Q")];
    for (sentences, want) in
        [("unicode", "Dr:B-P .:I-P Who:I-P came:O .:O / He:B-Q left:I-Q"), ("lines", "Dr:B-P .:I-P Who:I-P came:O .:O He:B-Q left:I-Q")]
    {
        assert_eq!(tags(&run(text, &tools, json!({"format": "conll", "sentences": sentences}))), want);
    }
    assert_eq!(tags(&run("a\n\nb", &[], json!({"format": "conll"}))), "a:O / b:O");
    assert_eq!(tags(&run("a\n\nb", &[], json!({"format": "conll", "sentences": "none"}))), "a:O b:O");
    assert_eq!(run(" \n", &[], json!({"format": "conll"})).text("entities.conll"), Some("-DOCSTART- -X- O O\n\n"));
}

#[test]
fn labels_are_words_and_stay_different() {
    let tools =
        [entity(0, 1, "a", "Big City"), entity(2, 3, "b", "Big_City"), entity(4, 5, "c", "Big\tCity"), entity(6, 7, "d", ""), entity(8, 9, "e", "O")];
    let outcome = run("a b c d e", &tools, json!({"format": "conll"}));
    assert_eq!(tags(&outcome), "a:B-Big_City_2 b:B-Big_City c:B-Big_City_3 d:B-unnamed e:B-O");
    assert_eq!(outcome.codes(), [("name-changed", 3)].into());
}

#[test]
fn what_is_no_entity_of_a_class_is_reported() {
    let pdf = json!({"pdf": {"position": {"boundingRect": {"x1": 1, "y1": 1, "x2": 2, "y2": 2, "width": 9, "height": 9}, "rects": [], "pageNumber": 1}}, "schemaId": "p", "title": "p"});
    let tools = [pdf, json!({"point": [1, 2], "schemaId": "q", "title": "q"}), entity(0, 1, "a", "A"), entity(2, 3, "b", "B")];
    for format in ["jsonl", "spacy", "conll"] {
        let outcome = run("a b", &tools, json!({"format": format, "classes": {"exclude": ["A"], "rename": {"B": "C"}}}));
        assert_eq!(outcome.codes(), [("class-excluded", 1), ("geometry-unsupported", 2)].into(), "{format}");
    }
    let mut kit = kit(&[task("a.txt", &tools)], &[("a.txt", "a b")]).change_project(|project| project.tools.clear());
    assert_eq!(kit.run::<Ner>("{}").codes(), [("class-unmapped", 4)].into());
    kit.tasks_mut().iter_mut().for_each(|task| task.annotations.brush = Some("https://x.test/b.png".to_owned()));
    assert_eq!(kit.run::<Ner>("{}").codes()["brush-unsupported"], 1);
    let outcome = kit.run::<Ner>(r#"{"stage":"Review"}"#);
    assert_eq!(outcome.codes(), [("stage-missing", 1)].into());
}

#[test]
fn shards_do_not_change_a_byte() {
    let tools =
        [entity(0, 2, "ab", "A"), entity(1, 2, "b", "Big B"), entity(0, 3, "zz", "A"), json!({"point": [1, 2], "schemaId": "q", "title": "q"})];
    let tasks: Vec<Value> = (0..9).map(|at| task(&format!("{at}.txt"), &tools[..at % 5])).collect();
    let texts: Vec<(String, String)> = (0..8).map(|at| (format!("{at}.txt"), format!("ab\r\n😀 {at}"))).collect();
    let texts: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    for format in ["jsonl", "spacy", "conll"] {
        let options = json!({"format": format, "split": {"by": "ratio", "val_ratio": 0.4}}).to_string();
        let whole = kit(&tasks, &texts).run::<Ner>(&options);
        for size in [1, 4] {
            let cut = kit(&tasks, &texts).shard_size(size).run::<Ner>(&options);
            assert_eq!((&cut.files, &cut.lost), (&whole.files, &whole.lost), "{size} tasks a shard");
        }
    }
}

#[test]
fn hostile_offsets_are_survived() {
    for bad in [f64::NAN, f64::INFINITY, -1.0, 1e300, 9e15, 4_294_967_295.0] {
        let mut kit = kit(&[task("a.txt", &[entity(0, 1, "a", "A"), entity(0, 1, "a", "A")])], &[("a.txt", "a a")]);
        let objects = &mut kit.tasks_mut()[0].annotations.objects;
        objects[0].geometry = Geometry::Entity(Span { start: bad, end: 1.0, selection: None });
        objects[1].geometry = Geometry::Entity(Span { start: 0.0, end: bad, selection: Some("\u{0}".to_owned()) });
        for format in ["jsonl", "spacy", "conll"] {
            let outcome = kit.run::<Ner>(&json!({"format": format}).to_string());
            assert_eq!(outcome.codes(), [("entity-empty", 1), ("out-of-bounds", 1)].into(), "{bad} {format}");
            if format == "jsonl" {
                assert_eq!(lines(&outcome).len(), 1);
            }
        }
    }
}

#[test]
fn the_schema_says_the_defaults() {
    let schema: Value = serde_json::from_str(&Ner::describe().options_schema).unwrap();
    let defaults: serde_json::Map<String, Value> =
        schema["properties"].as_object().unwrap().iter().map(|(name, property)| (name.clone(), property["default"].clone())).collect();
    let tools = [entity(0, 2, "ab", "A"), entity(1, 2, "b", "B")];
    let (said, real) = (run("ab", &tools, defaults.into()), run("ab", &tools, json!({})));
    assert_eq!((said.files, said.lost), (real.files, real.lost));
}

/// Texts in which everything occurs that offsets and tokens stumble over.
fn texts() -> impl Strategy<Value = String> {
    "([ab.,'-]|é|e\u{301}|😀|👩‍🚀|大|の|ア|हिन्दी|\u{a0}|\u{200b}|[ \t\n]|\r\n){0,30}"
}

proptest! {
    /// Whoever reads CoNLL finds the same entities, and whoever reads spaCy's lines too.
    #[test]
    fn entities_are_read_back(text in texts(), picks in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..6, 0_usize..2), 0..6), in_points: bool) {
        let chars: Vec<char> = text.chars().collect();
        let count = |chars: &[char]| chars.iter().map(|c| if in_points { 1 } else { c.len_utf16() }).sum::<usize>();
        let classes = ["A", "B"];
        let tools: Vec<Value> = picks
            .iter()
            .map(|(start, length, class)| {
                let start = start.index(chars.len() + 1);
                let end = (start + length).min(chars.len());
                let selection: String = chars[start..end].iter().collect();
                entity(count(&chars[..start]), count(&chars[..end]), &selection, classes[*class])
            })
            .collect();
        let visible = |text: &str| text.chars().filter(|&c| !tokens::is_separator(c)).collect::<String>();
        let spacy = run(&text, &tools, json!({"format": "spacy"}));
        let line = &lines(&spacy)[0];
        let written: Vec<char> = line["text"].as_str().unwrap().chars().collect();
        let mut from_spacy = Vec::new();
        for entity in line["entities"].as_array().unwrap() {
            let (start, end) = (entity[0].as_u64().unwrap() as usize, entity[1].as_u64().unwrap() as usize);
            let slice: String = written[start..end].iter().collect();
            prop_assert_eq!(slice.trim(), slice.as_str());
            prop_assert!(tools.iter().any(|tool| visible(tool["ner"]["selection"].as_str().unwrap()) == visible(&slice)), "{slice:?}");
            from_spacy.push((visible(&slice), entity[2].as_str().unwrap().to_owned()));
        }
        let conll = run(&text, &tools, json!({"format": "conll"}));
        let mut from_conll: Vec<(String, String)> = Vec::new();
        for row in conll.text("entities.conll").unwrap().lines().skip(1).filter(|row| !row.is_empty()) {
            let cells: Vec<&str> = row.split_whitespace().collect();
            prop_assert_eq!(cells.len(), 4, "{:?}", row);
            match cells[3].split_once('-') {
                Some(("B", label)) => from_conll.push((cells[0].to_owned(), label.to_owned())),
                Some(("I", label)) => {
                    let last = from_conll.last_mut().unwrap();
                    prop_assert_eq!(&last.1, label);
                    last.0.push_str(cells[0]);
                }
                _ => prop_assert_eq!(cells[3], "O"),
            }
        }
        prop_assert_eq!(from_conll, from_spacy);
        // Whatever is not there was reported by its id.
        let gone = ["entity-overlap", "duplicate", "entity-empty", "entity-mismatch", "out-of-bounds"];
        let lost = spacy.lost.iter().filter(|lost| gone.contains(&lost.code.as_str())).count();
        prop_assert_eq!(line["entities"].as_array().unwrap().len() + lost, tools.len());
    }
}
