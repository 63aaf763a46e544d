use super::*;

fn relation(title: &str, members: Value) -> Value {
    let mut relation = json!({"objectId": format!("r-{title}"), "schemaId": format!("s-{title}"), "title": title});
    relation.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    relation
}

/// Text, box, links and words of an entity.
type Entity = (String, Value, Value, Vec<(String, Value)>);

fn form(outcome: &Outcome, path: &str) -> Vec<Entity> {
    let value = json_of(outcome, path);
    let text = |value: &Value| value["text"].as_str().unwrap().to_owned();
    let words = |entity: &Value| entity["words"].as_array().unwrap().iter().map(|word| (text(word), word["box"].clone())).collect();
    let entities = value["form"].as_array().unwrap();
    assert!(entities.iter().enumerate().all(|(at, entity)| entity["id"] == json!(at)));
    entities.iter().map(|entity| (text(entity), entity["box"].clone(), entity["linking"].clone(), words(entity))).collect()
}

#[test]
fn the_whole_of_a_page_is_as_written_here() {
    let mut answer = area(1, [100.0, 10.0, 150.0, 30.0], &[], Some("Anna \"B\""));
    answer["schemaId"] = json!("s-answer");
    answer["title"] = json!("answer");
    let question = area(1, [10.4, 10.0, 60.6, 30.0], &[[10.4, 10.0, 30.0, 30.0], [35.0, 10.0, 60.6, 30.0]], Some("Full name:"));
    let mut task = document(&[question, answer, area(3, [0.0, 0.0, 200.0, 400.0], &[], None)]);
    task["task"]["relations"] = json!([relation("is", json!({"from": "o0", "to": "o1", "direction": "straight"}))]);
    let outcome = run(&kit(&[task]), &json!({}));
    let want = r#"{"form":[
{"id":0,"text":"Full name:","box":[10,10,61,30],"linking":[[0,1]],"label":"question","words":[{"text":"Full","box":[10,10,30,30]},{"text":"name:","box":[35,10,61,30]}]},
{"id":1,"text":"Anna \"B\"","box":[100,10,150,30],"linking":[[0,1]],"label":"answer","words":[{"text":"Anna \"B\"","box":[100,10,150,30]}]}
]}
"#;
    assert_eq!(outcome.text("annotations/form.pdf/000001.json"), Some(want));
    let last = "{\"form\":[\n{\"id\":0,\"text\":\"\",\"box\":[0,0,200,400],\"linking\":[],\"label\":\"question\",\"words\":[{\"text\":\"\",\"box\":[0,0,200,400]}]}\n]}\n";
    assert_eq!(outcome.text("annotations/form.pdf/000003.json"), Some(last));
    let list = "file,url,width,height\r\nimages/form.pdf/000001.jpg,https://x.test/form.pdf,200,400\r\nimages/form.pdf/000003.jpg,https://x.test/form.pdf,200,400\r\n";
    assert_eq!((outcome.text("images.csv"), outcome.files.len(), outcome.lost.len()), (Some(list), 3, 0));
}

#[test]
fn areas_are_scaled_to_the_image_of_their_page() {
    let tools = [area(1, [20.0, 40.0, 100.0, 80.0], &[[20.0, 40.0, 60.0, 80.0]], Some("x"))];
    let mut sized = document(&tools);
    sized["metadata"] = json!({"width": 1000, "height": 800});
    let outcome = run(&kit(&[sized.clone()]), &json!({}));
    assert_eq!(form(&outcome, "annotations/form.pdf/000001.json")[0].1, json!([100, 80, 500, 160]));
    let outcome = run(&kit(&[sized]), &json!({"page_size": [1025, 1025]}));
    let entities = form(&outcome, "annotations/form.pdf/000001.json");
    assert_eq!((&entities[0].1, &entities[0].3[0].1), (&json!([103, 103, 513, 205]), &json!([103, 103, 308, 205])));
    assert!(outcome.text("images.csv").unwrap().ends_with("form.pdf/000001.jpg,https://x.test/form.pdf,1025,1025\r\n"));
    // Other shapes are scaled with their image, if its size is known.
    let boxed = json!({"bounding-box": {"x": 10, "y": 8, "width": 50, "height": 40}});
    let mut unsized_task = image("b.jpg", std::slice::from_ref(&boxed));
    unsized_task["metadata"] = json!({});
    let outcome = run(&kit(&[image("a.jpg", &[boxed]), unsized_task.clone()]), &json!({"page_size": [1000, 1000]}));
    assert_eq!((form(&outcome, "annotations/a.json")[0].1.clone(), lost(&outcome)), (json!([100, 100, 600, 600]), vec![("size-missing", "")]));
    // Without scaling none is needed.
    let outcome = run(&kit(&[unsized_task]), &json!({"images_csv": false}));
    assert_eq!((form(&outcome, "annotations/b.json")[0].1.clone(), outcome.files.len(), outcome.lost.len()), (json!([10, 8, 60, 48]), 1, 0));
    // A page of no size is none.
    let mut broken = document(&tools);
    broken["task"]["tools"][0]["pdf"]["position"]["boundingRect"]["width"] = json!(0);
    assert_eq!(lost(&run(&kit(&[broken]), &json!({}))), [("size-missing", "o0")]);
}

#[test]
fn texts_come_from_people_and_machines() {
    let boxed = json!({"bounding-box": {"x": 1, "y": 2, "width": 30, "height": 4}, "ocr": {"text": "read"}});
    let drawn = area(1, [1.0, 1.0, 9.0, 9.0], &[], Some("drawn"));
    let both = &[("Sure", "radio", "yes"), ("Note", "text", "noted"), ("Text", "text", "typed")][..];
    let bare = json!({"bounding-box": {"x": 1, "y": 2, "width": 30, "height": 4}});
    let tools = [answered(boxed, both), answered(drawn, &both[1..2]), answered(bare.clone(), both), answered(bare.clone(), &both[2..]), bare];
    let texts = |options: Value| -> (Vec<String>, usize) {
        let outcome = run(&kit(&[image("a.png", &tools)]), &options);
        let codes = outcome.codes();
        assert!(codes.keys().all(|code| *code == "classification-unsupported"), "{codes:?}");
        (form(&outcome, "annotations/a.png/000001.json").into_iter().map(|entity| entity.0).collect(), codes["classification-unsupported"])
    };
    assert_eq!(texts(json!({})), (["read", "drawn", "noted", "typed", ""].map(str::to_owned).to_vec(), 3));
    assert_eq!(texts(json!({"text": ["Text"]})), (["typed", "drawn", "typed", "typed", ""].map(str::to_owned).to_vec(), 3));
    assert_eq!(texts(json!({"text": ["q-Text", "Sure"]})).0[0], "yes");
}

#[test]
fn words_are_where_the_parts_are() {
    let lines = &[[0.0, 0.0, 60.0, 10.0], [0.0, 20.0, 60.0, 30.0]];
    let tools = [
        area(1, [0.0, 0.0, 60.0, 30.0], lines, Some("ab cde fgh")),
        area(1, [0.0, 0.0, 60.0, 30.0], lines, Some("  ab\n cde ")),
        area(1, [0.0, 0.0, 60.0, 30.0], lines, None),
    ];
    let outcome = run(&kit(&[document(&tools)]), &json!({}));
    let words: Vec<_> = form(&outcome, "annotations/form.pdf/000001.json").into_iter().map(|entity| entity.3).collect();
    let word = |text: &str, place: [i32; 4]| (text.to_owned(), json!(place));
    // 120 units for ten letters and spaces.
    assert_eq!(words[0], [word("ab", [0, 0, 24, 10]), word("cde", [36, 0, 60, 10]), word("fgh", [24, 20, 60, 30])]);
    assert_eq!(words[1], [word("ab", [0, 0, 60, 10]), word("cde", [0, 20, 60, 30])]);
    assert_eq!(words[2], [word("", [0, 0, 60, 30])]);
    assert_eq!(lost(&outcome), [("words-estimated", "o0")]);
}

#[test]
fn links_follow_the_direction_and_stay_on_a_page() {
    let boxes: Vec<Value> =
        (0..5).map(|at| area(if at == 4 { 2 } else { 1 }, [0.0, f64::from(at) * 10.0, 9.0, f64::from(at) * 10.0 + 9.0], &[], Some("x"))).collect();
    let mut tools = boxes;
    tools.push(json!({"ner": {"start": 1, "end": 2}, "page": 0}));
    let mut task = document(&tools);
    let pair = |name: &str, from: &str, to: &str, direction: &str| relation(name, json!({"from": from, "to": to, "direction": direction}));
    task["task"]["relations"] = json!([
        pair("reverse", "o0", "o1", "reverse"),
        pair("both", "o1", "o2", "bidirectional"),
        pair("across", "o3", "o4", "straight"),
        pair("gone", "o0", "zz", "straight"),
        pair("lost", "o0", "o5", "straight"),
        relation("group", json!({"group": ["o3", "o0", "o4"]})),
        relation("one", json!({"group": ["o3"]}))
    ]);
    let outcome = run(&kit(&[task]), &json!({}));
    let links: Vec<Value> = form(&outcome, "annotations/form.pdf/000001.json").into_iter().map(|entity| entity.2).collect();
    assert_eq!(links, [json!([[1, 0], [3, 0]]), json!([[1, 0], [1, 2], [2, 1]]), json!([[1, 2], [2, 1]]), json!([[3, 0]])]);
    let unsupported: Vec<&str> = lost(&outcome).into_iter().filter(|(code, _)| *code == "relation-unsupported").map(|(_, id)| id).collect();
    assert_eq!(unsupported, ["r-across", "r-gone", "r-group", "r-one", "r-lost"]);
    let codes = outcome.codes();
    assert_eq!((codes["geometry-unsupported"], codes["relation-name-dropped"]), (1, 4));
}

#[test]
fn other_shapes_are_boxes_and_boxes_are_whole_pixels_in_the_page() {
    let turned = json!({"rotated-bounding-box": {"x": 20, "y": 10, "width": 4, "height": 2, "rotation": 90, "corners": [[20, 10], [18, 10], [18, 14], [20, 14]]}});
    let tools = [
        turned,
        json!({"polygon": [[0, 0], [10, 0], [10, 10]]}),
        json!({"bounding-box": {"x": 99.8, "y": 79.9, "width": 5, "height": 5}}),
        json!({"bounding-box": {"x": 5.1, "y": 5.1, "width": 0.2, "height": 20}}),
        json!({"point": [1, 2]}),
        json!({"bounding-box": {"x": 200, "y": 5, "width": 2, "height": 20}}),
    ];
    let outcome = run(&kit(&[image("a.png", &tools)]), &json!({}));
    let boxes: Vec<Value> = form(&outcome, "annotations/a.json").into_iter().map(|entity| entity.1).collect();
    assert_eq!(boxes, [json!([18, 10, 20, 14]), json!([0, 0, 10, 10]), json!([99, 79, 100, 80]), json!([5, 5, 6, 25])]);
    let codes = [("clipped", 1), ("geometry-unsupported", 1), ("out-of-bounds", 1), ("rotation-dropped", 1), ("shape-reduced-to-box", 1)];
    assert_eq!(outcome.codes(), codes.into());
    let outcome = run(&kit(&[image("a.png", &tools[5..])]), &json!({"outside": "keep"}));
    assert_eq!(form(&outcome, "annotations/a.json")[0].1, json!([200, 5, 202, 25]));
}

#[test]
fn pages_go_into_the_folders_of_their_part() {
    let tasks: Vec<Value> = (0..3)
        .map(|at| {
            let mut task = image(&format!("d/{at}.png"), &[]);
            task["batches"] = json!([format!("b{at}")]);
            task
        })
        .collect();
    let outcome = run(&kit(&tasks), &json!({"split": {"by": "batch", "val": ["b1"], "test": ["b2"]}, "names": "flat"}));
    let paths: Vec<&str> = outcome.files.keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        ["images.csv", "testing_data/annotations/d__2.json", "training_data/annotations/d__0.json", "validation_data/annotations/d__1.json"]
    );
    assert!(outcome.text("images.csv").unwrap().contains("validation_data/images/d__1.png,"));
    // A document on which nothing is has its first page.
    let outcome = run(&kit(&[document(&[])]), &json!({}));
    assert_eq!(outcome.text("annotations/form.pdf/000001.json"), Some("{\"form\":[\n]}\n"));
    assert!(outcome.text("images.csv").unwrap().ends_with("images/form.pdf/000001.jpg,https://x.test/form.pdf,,\r\n"));
    let outcome = run(&kit(&tasks), &json!({"empty": "drop"}));
    assert_eq!((outcome.files.len(), outcome.codes()), (1, [("image-empty", 3)].into()));
}

#[test]
fn answers_about_documents_have_no_place() {
    let mut task = document(&[area(1, [0.0, 0.0, 9.0, 9.0], &[], Some("x"))]);
    task["task"]["classifications"] = json!([{"objectId": "c", "schemaId": "q", "tool": "radio", "title": "Kind", "answer": "bill"}]);
    assert_eq!(lost(&run(&kit(&[task]), &json!({}))), [("classification-unsupported", "c")]);
}
