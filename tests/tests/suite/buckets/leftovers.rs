//! What was never finished: parts of uploads whose writer died, and objects of an export that is done again.

use super::everywhere;
use super::place::{Place, content, exists, noise, save, swept};
use ango_pipeline::Bucket;
use ango_runtime::Cancel;
use ango_tests::proxy::{Fault, Kind};
use std::io::Write;
use std::time::Duration;

everywhere!(uploads_whose_writer_died, an_export_that_is_done_again);

const DAY: Duration = Duration::from_secs(86_400);

/// Begins an upload, and dies.
fn begin(bucket: &Bucket, name: &str) {
    let mut upload = bucket.upload(name, &Cancel::default());
    upload.write_all(&noise(9 << 20)).unwrap();
    // What runs in the background arrives first; after that nobody will say anything about it again.
    upload.write_all(&noise(8 << 20)).unwrap();
    std::mem::forget(upload);
}

fn uploads_whose_writer_died(place: &mut Place) {
    let bucket = place.bucket();
    let names = ["a.zip", "b.zip", "c.zip", "d.zip", "e.zip"];
    names.iter().for_each(|name| begin(&bucket, name));
    save(&bucket, "whole.zip", b"whole").unwrap();
    // Azure's blocks that were never committed vanish by themselves, and are no uploads that could be listed.
    let (all, one) = if place.scheme() == "az" { (0, 0) } else { (5, 1) };
    let below = place.with(&format!("{}/{}", place.url(), place.path()), &place.settings());
    assert_eq!(swept(below.sweep(Duration::ZERO, &|_| false)), 0, "those of another folder");
    assert_eq!(swept(bucket.sweep(DAY, &|_| false)), 0, "they are young");
    assert_eq!(swept(bucket.sweep(Duration::MAX, &|_| false)), 0);
    assert_eq!(swept(bucket.sweep(Duration::ZERO, &|_| true)), 0, "they are kept");
    assert_eq!(swept(bucket.sweep(Duration::ZERO, &|name| name != "c.zip")), one);
    assert_eq!(swept(bucket.sweep(Duration::ZERO, &|_| false)), all - one);
    assert_eq!(swept(bucket.sweep(Duration::ZERO, &|_| false)), 0);
    assert!(names.iter().all(|name| !exists(&bucket, name)));
    assert_eq!(content(&bucket, "whole.zip"), b"whole");
}

fn an_export_that_is_done_again(place: &mut Place) {
    let bucket = place.bucket();
    let own = ["x-1.zip", "x-1.report.json", "x-1.coco.zip", "x-1.coco.report.json"];
    let others = ["x-1", "x-10.zip", "x-2.zip", "x-1-1.zip", "X-1.zip", "a.zip", "y.zip"];
    for name in own.iter().chain(&others) {
        save(&bucket, name, name.as_bytes()).unwrap();
    }
    let deeper = place.with(&format!("{}/{}", place.url(), place.path()), &place.settings());
    save(&deeper, "x-1.zip", b"deeper").unwrap();
    begin(&bucket, "x-1.yolo.zip");
    begin(&bucket, "x-2.yolo.zip");
    let (gone, left) = if place.scheme() == "az" { (4, 0) } else { (5, 1) };
    assert_eq!(swept(bucket.remove_leftovers("x-1", &Cancel::default())), gone);
    assert_eq!(swept(bucket.remove_leftovers("x-1", &Cancel::default())), 0);
    assert!(own.iter().all(|name| !exists(&bucket, name)));
    assert!(others.iter().all(|name| content(&bucket, name) == name.as_bytes()));
    assert_eq!(content(&deeper, "x-1.zip"), b"deeper");
    assert_eq!(swept(bucket.sweep(Duration::ZERO, &|_| false)), left);
}

/// The server began an upload, and its answer was lost: nobody knows its id.
#[test]
fn an_upload_that_nobody_knows() {
    for place in [Place::s3(), Place::google()] {
        let bucket = place.bucket();
        place.proxy().plan(|seen| if seen.kind() == Kind::Begin && seen.count == 0 { Fault::AnswerLost } else { Fault::None });
        let _ = save(&bucket, "a.zip", &noise(9 << 20));
        assert_eq!(swept(bucket.sweep(Duration::ZERO, &|_| false)), 1);
        assert_eq!(swept(bucket.sweep(Duration::ZERO, &|_| false)), 0);
    }
}

/// A second, independent S3, whose uploads all began in 2010.
#[test]
fn another_s3() {
    let place = Place::moto();
    let bucket = place.bucket();
    let bytes = noise(20 << 20);
    save(&bucket, "whole.zip", &bytes).unwrap();
    assert!(content(&bucket, "whole.zip") == bytes);
    save(&bucket, "small.zip", b"small").unwrap();
    let error = save(&bucket, "small.zip", b"other").unwrap_err().to_string();
    assert!(error.contains("exists already"), "{error}");
    begin(&bucket, "a.zip");
    begin(&bucket, "b.zip");
    assert_eq!(swept(bucket.sweep(30 * 365 * DAY, &|_| false)), 0);
    assert_eq!(swept(bucket.sweep(DAY, &|name| name == "b.zip")), 1);
    assert_eq!(swept(bucket.remove_leftovers("b", &Cancel::default())), 1);
    assert_eq!(swept(bucket.remove_leftovers("small", &Cancel::default())), 1);
    assert_eq!(swept(bucket.sweep(Duration::ZERO, &|_| false)), 0);
    assert!(content(&bucket, "whole.zip") == bytes && !exists(&bucket, "a.zip") && !exists(&bucket, "small.zip"));
    let steps = bucket.probe("test.txt", &Cancel::default());
    assert!(steps.iter().all(|step| step.ok), "{steps:?}");
}
