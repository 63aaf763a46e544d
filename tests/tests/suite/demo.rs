//! `demo`: one command from nothing to a page that shows both formats.

use ango_tests::archive::{list, only, original};
use ango_tests::cli::Cli;

#[test]
fn the_demo_makes_a_project_its_exports_and_a_page() {
    let folder = tempfile::tempdir().unwrap();
    let demo = folder.path().join("demo");
    let run = Cli::new(["demo"]).arg(&demo).expect(0);
    assert!(run.stdout.contains(&format!("file://{}", demo.join("index.html").display())), "{run}");
    let page = std::fs::read_to_string(demo.join("index.html")).unwrap();
    assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"));
    assert!(page.contains("COCO") && page.contains("YOLO"));
    // Nobody needs a network to look at it.
    for address in ["src=\"http", "href=\"http", "src=\"//", "@import", "url(http"] {
        assert!(!page.contains(address), "the page loads something: {address}");
    }
    original(&demo.join("exports"));
    only(&demo.join("exports"), ".coco.zip");
    only(&demo.join("exports"), ".yolo.zip");
    // What it made is a project like any other, without a fault.
    let check = Cli::new(["project", "check"]).arg(demo.join("project")).expect(0);
    assert!(check.text().contains(", 0 problems"), "{check}");

    let again = Cli::new(["demo"]).arg(&demo).expect(2);
    assert!(again.stderr.contains("is not empty: the demo wants a new folder"), "{again}");
}

#[test]
fn its_images_are_pngs_of_the_size_that_the_records_tell() {
    let folder = tempfile::tempdir().unwrap();
    Cli::new(["demo", "--quiet"]).arg(folder.path()).expect(0);
    let project = folder.path().join("project");
    let records = std::fs::read_to_string(project.join("records.ndjson")).unwrap();
    let mut checked = 0;
    for record in records.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()) {
        let file = std::fs::File::open(project.join(record["asset"].as_str().unwrap())).unwrap();
        let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().unwrap();
        let (width, height) = (reader.info().width, reader.info().height);
        let metadata = &record["metadata"];
        assert_eq!((metadata["width"].as_u64(), metadata["height"].as_u64()), (Some(width.into()), Some(height.into())), "{record}");
        // Reads every pixel, so that checksums are checked.
        while reader.next_row().unwrap().is_some() {}
        checked += 1;
    }
    assert!(checked >= 10);
    assert_eq!(list(&project.join("images")).len(), checked);
}
