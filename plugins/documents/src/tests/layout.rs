use super::*;

#[test]
fn the_whole_file_is_as_written_here() {
    let title = answered(area(2, [10.0, 20.0, 110.5, 40.0], &[], Some("Report")), &[("Sure", "radio", "yes")]);
    let mut task = document(&[title]);
    task["batches"] = json!(["finance", "b"]);
    task["contextData"] = json!({"doc_category": "financial_reports"});
    let figure = json!({"polygon": [[0, 0], [10, 0], [10, 10]], "schemaId": "s-figure", "title": "figure", "ocr": {"text": "Fig"}});
    let outcome = run(&kit(&[task, image("scans/a.png", &[figure])]), &json!({"format": "coco"}));
    let want = r#"{"info":{"description":""},
"licenses":[],
"categories":[
{"id":1,"name":"question","supercategory":"question"},
{"id":2,"name":"figure","supercategory":"figure"}],
"images":[
{"id":4294967297,"width":200,"height":400,"file_name":"form.pdf/000002.jpg","coco_url":"https://x.test/form.pdf","doc_category":"financial_reports","collection":"finance","doc_name":"form.pdf","page_no":2,"precedence":0,"attributes":{"taskId":"t-form.pdf","externalId":"form.pdf","stage":"Complete","batches":["finance","b"],"contextData":{"doc_category":"financial_reports"},"page":1}},
{"id":2,"width":100,"height":80,"file_name":"scans/a.png","coco_url":"https://x.test/scans/a.png","doc_category":"","collection":"","doc_name":"a.png","page_no":1,"precedence":0,"attributes":{"taskId":"t-scans/a.png","stage":"Complete"}}
],
"annotations":[
{"id":1,"image_id":4294967297,"category_id":1,"bbox":[10,20,100.5,20],"area":2010,"iscrowd":0,"segmentation":[[10,20,110.5,20,110.5,40,10,40]],"precedence":0,"text":"Report","attributes":{"objectId":"o0","Sure":"yes"}},
{"id":2,"image_id":2,"category_id":2,"bbox":[0,0,10,10],"area":50,"iscrowd":0,"segmentation":[[0,0,10,0,10,10]],"precedence":0,"text":"Fig","attributes":{"objectId":"o0","ocr":"Fig"}}
]}
"#;
    assert_eq!((outcome.text("COCO/default.json"), outcome.files.len(), outcome.lost.len()), (Some(want), 1, 0));
}

#[test]
fn pages_are_scaled_to_a_chosen_size() {
    let zones =
        json!({"segmentation": {"zones": [{"region": [[10, 8], [50, 8], [50, 40], [10, 40]], "holes": [[[20, 16], [30, 16], [30, 24], [20, 24]]]}]}});
    let turned = json!({"rotated-bounding-box": {"x": 20, "y": 10, "width": 4, "height": 2, "rotation": 90, "corners": [[20, 10], [18, 10], [18, 14], [20, 14]]}});
    let boxed = json!({"bounding-box": {"x": 90, "y": 70, "width": 20, "height": 20}});
    let tasks = [document(&[area(1, [20.0, 40.0, 100.0, 80.0], &[], None)]), image("a.png", &[zones, turned, boxed])];
    let outcome = run(&kit(&tasks), &json!({"format": "coco", "page_size": [1000, 1600], "holes": "fill"}));
    let value = json_of(&outcome, "COCO/default.json");
    let boxes: Vec<Value> = value["annotations"].as_array().unwrap().iter().map(|row| row["bbox"].clone()).collect();
    assert_eq!(boxes, [json!([100, 160, 400, 160]), json!([100, 160, 400, 640]), json!([180, 200, 20, 80]), json!([900, 1400, 100, 200])]);
    assert!(value["images"].as_array().unwrap().iter().all(|image| image["width"] == json!(1000) && image["height"] == json!(1600)));
    assert_eq!(outcome.codes(), [("clipped", 1), ("hole-filled", 1)].into());
}

#[test]
fn a_document_has_the_category_that_was_answered() {
    let mut task = document(&[area(1, [1.0, 1.0, 9.0, 9.0], &[], None), area(2, [1.0, 1.0, 9.0, 9.0], &[], None)]);
    let answer = |title: &str, page: Option<u32>, answer: Value| json!({"objectId": "c", "schemaId": "q", "tool": "radio", "title": title, "answer": answer, "page": page});
    task["task"]["classifications"] = json!([answer("Kind", None, json!("law")), answer("Page kind", Some(1), json!(["cover", "x"]))]);
    task["contextData"] = json!({"n": 7});
    let categories = |asked: &str| -> Vec<String> {
        let outcome = run(&kit(&[task.clone()]), &json!({"format": "coco", "doc_category": asked, "attributes": false}));
        let value = json_of(&outcome, "COCO/default.json");
        value["images"].as_array().unwrap().iter().map(|image| image["doc_category"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(categories("Kind"), ["law", "law"]);
    assert_eq!(categories("Page kind"), ["", "cover"]);
    assert_eq!((categories("n"), categories("none")), (vec!["7".to_owned(); 2], vec![String::new(); 2]));
}

#[test]
fn what_is_no_layout_is_reported() {
    let mut task = document(&[
        area(1, [1.0, 1.0, 1.0, 9.0], &[], None),
        json!({"point": [1, 2]}),
        area(1, [f64::from(u16::MAX) * 1e9, 0.0, 9.0, 9.0], &[], None),
    ]);
    task["task"]["relations"] = json!([{"from": "o0", "to": "o1", "direction": "straight", "objectId": "r", "schemaId": "s", "title": "t"}]);
    let outcome = run(&kit(&[task]), &json!({"format": "coco"}));
    assert_eq!(lost(&outcome), [("relation-unsupported", "r"), ("zero-area", "o0"), ("geometry-unsupported", "o1"), ("coordinates-unusable", "o2")]);
    let mut unsized_task = image("a.png", &[json!({"bounding-box": {"x": 1, "y": 2, "width": 3, "height": 4}})]);
    unsized_task["metadata"] = json!({});
    assert_eq!(lost(&run(&kit(&[unsized_task]), &json!({"format": "coco"}))), [("size-missing", "")]);
}

#[test]
fn each_part_of_a_split_has_a_file() {
    let outcome = run(&kit(&[]), &json!({"format": "coco", "split": {"by": "ratio"}}));
    assert_eq!(outcome.files.keys().collect::<Vec<_>>(), ["COCO/train.json", "COCO/val.json"]);
}
