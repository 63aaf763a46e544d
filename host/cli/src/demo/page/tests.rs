//! The page as a browser will find it, from archives as a hostile converter could write them.

#![allow(clippy::unwrap_used)]

use super::*;
use std::fs::File;
use std::io::Write;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn archive(path: &Path, entries: &[(&str, &str)]) {
    let mut zip = ZipWriter::new(File::create(path).unwrap());
    for (name, text) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
}

#[test]
fn a_page_stands_alone_and_hostile_names_stay_text() {
    let folder = std::env::temp_dir().join(format!("ango-page-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let at = |name: &str| folder.join(name);
    let evil = "<script>alert(1)</script>";
    fs::write(at("project.json"), format!(r#"{{"name":"{evil}","ontology":{{"tools":[{{"title":"{evil}","color":"red;}}"}}]}}}}"#)).unwrap();
    fs::write(at("a.png"), b"\x89PNG\r\n\x1a\nrest").unwrap();
    fs::write(at("report.json"), format!(r#"{{"losses":{{"total":1,"codes":[{{"code":"{evil}","count":1}}]}}}}"#)).unwrap();
    let coco = format!(
        r#"{{"images":[{{"id":1,"width":10,"height":10,"file_name":"{evil}.png","coco_url":"a.png"}},
            {{"id":2,"width":10,"height":10,"file_name":"b.png","coco_url":"../../b.png"}}],
            "categories":[{{"id":1,"name":"{evil}"}}],
            "annotations":[{{"id":1,"image_id":1,"category_id":1,"bbox":[1,1,4,4],"segmentation":[],"attributes":{{"x":"{evil}"}}}}]}}"#
    );
    archive(&at("coco.zip"), &[("annotations/instances_default.json", &coco)]);
    let list = format!("./images/train/{evil}.png\n./images/train/b.png\n");
    let label = format!("labels/train/{evil}.txt");
    archive(
        &at("yolo.zip"),
        &[("data.yaml", &format!("names:\n  0: \"{evil}\"\n")), ("train.txt", &list), (&label, "0 0.3 0.3 0.4 0.4\n7 0 0 1 1\n")],
    );
    let input = PageInput {
        project: &folder,
        coco_zip: &at("coco.zip"),
        yolo_zip: &at("yolo.zip"),
        coco_report: &at("report.json"),
        yolo_report: &at("report.json"),
    };
    write_page(&input, &at("page.html")).unwrap();
    let html = fs::read_to_string(at("page.html")).unwrap();
    assert!(!html.contains("<script>alert"), "a name became markup");
    assert_eq!(html.matches("<script>").count(), 1);
    assert!(html.contains("data:image/png;base64,iVBORw0KGgpyZXN0"));
    assert!(!html.contains("http://") && !html.contains("https://") && !html.contains("src="), "the page needs the network");
    assert!(html.contains("1 in both, boxes agree to 100.0 %"));
    // The second row names no class, the second picture has no label file and lies outside of the project.
    assert!(html.contains("class `7` is not in data.yaml"));
    assert!(html.contains("has no label file labels/train/b.txt"));
    assert!(html.contains("`../../b.png` is not a path within the project"));

    let missing = PageInput { coco_zip: &at("yolo.zip"), ..input };
    let error = write_page(&missing, &at("page.html")).unwrap_err().to_string();
    assert!(error.contains("instances_default.json"), "{error}");
    fs::remove_dir_all(&folder).unwrap();
}
