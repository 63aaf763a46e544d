//! Objects: whole, never replaced, and not there until they are whole.

use super::everywhere;
use super::place::{Place, content, exists, noise, save, swept};
use ango_runtime::Cancel;
use sha2::{Digest, Sha256};
use std::io::Write;
use std::time::Duration;

everywhere!(a_small_object, a_large_object, what_was_not_completed, names, a_part_of_an_object);

fn a_small_object(place: &mut Place) {
    let bucket = place.bucket();
    assert!(!exists(&bucket, "a.zip"));
    for (name, bytes) in [("a.zip", &b"the first"[..]), ("empty.zip", b"")] {
        let saved = save(&bucket, name, bytes).unwrap();
        assert_eq!(saved.bytes, bytes.len() as u64);
        assert!(exists(&bucket, name) && content(&bucket, name) == bytes);
    }
    let error = save(&bucket, "a.zip", b"the second").unwrap_err().to_string();
    assert!(error.contains("a.zip exists already, and nothing is ever overwritten"), "{error}");
    assert_eq!(content(&bucket, "a.zip"), b"the first");
    assert!(bucket.url("a.zip").starts_with(&format!("{}://", place.scheme())) && bucket.url("a.zip").ends_with("/a.zip"));
    assert_eq!(bucket.local_file("a.zip").map(|file| std::fs::read(file).unwrap()), place.is_local().then(|| b"the first".to_vec()));
    bucket.delete("a.zip").unwrap();
    assert!(!exists(&bucket, "a.zip"));
    bucket.delete("a.zip").unwrap();
    let error = bucket.download("a.zip", &Cancel::default()).unwrap_err().to_string();
    assert!(error.contains("a.zip does not exist"), "{error}");
}

fn a_large_object(place: &mut Place) {
    let bucket = place.bucket();
    let bytes = noise((20 << 20) + 12_345);
    let mut upload = bucket.upload("a.zip", &Cancel::default());
    upload.write_all(&bytes).unwrap();
    assert!(!exists(&bucket, "a.zip"), "a part of an object is visible");
    let saved = upload.complete().unwrap();
    let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!((saved.bytes, saved.sha256), (bytes.len() as u64, digest));
    assert!(content(&bucket, "a.zip") == bytes);
    let error = save(&bucket, "a.zip", &noise(9 << 20)).unwrap_err().to_string();
    assert!(error.contains("a.zip exists already, and nothing is ever overwritten"), "{error}");
    assert!(content(&bucket, "a.zip") == bytes);
}

fn what_was_not_completed(place: &mut Place) {
    let bucket = place.bucket();
    let cancel = Cancel::default();
    let mut dropped = bucket.upload("dropped.zip", &Cancel::default());
    let mut cancelled = bucket.upload("cancelled.zip", &cancel);
    for upload in [&mut dropped, &mut cancelled] {
        upload.write_all(&noise(17 << 20)).unwrap();
    }
    drop(dropped);
    cancel.cancel();
    let error = cancelled.complete().unwrap_err().to_string();
    assert!(error.contains("cancelled"), "{error}");
    assert!(!exists(&bucket, "dropped.zip") && !exists(&bucket, "cancelled.zip"));
    assert_eq!(swept(bucket.sweep(Duration::ZERO, &|_| false)), 0, "nothing is left of them");
}

fn names(place: &mut Place) {
    let bucket = place.bucket();
    for name in ["Harbour & Sea-task-export (1)+2.zip", "100%25 ä 日本.zip", "a=b&c;d'e.zip", "~!@$^.zip", "what?.zip"] {
        save(&bucket, name, name.as_bytes()).unwrap();
        assert!(exists(&bucket, name), "{name}");
        assert_eq!(content(&bucket, name), name.as_bytes());
        if let Some(url) = bucket.signed_url(name, Duration::from_secs(60)).unwrap() {
            assert_eq!(super::links::get(&url), (200, name.as_bytes().to_vec()), "{url}");
        }
        bucket.delete(name).unwrap();
        assert!(!exists(&bucket, name), "{name}");
    }
}

fn a_part_of_an_object(place: &mut Place) {
    let bucket = place.bucket();
    save(&bucket, "a.zip", b"0123456789").unwrap();
    assert_eq!(bucket.read_range("a.zip", 2..5).unwrap(), b"234");
    assert_eq!(bucket.read_range("a.zip", 8..100).unwrap(), b"89");
    let error = bucket.read_range("b.zip", 0..1).unwrap_err().to_string();
    assert!(error.contains("b.zip does not exist"), "{error}");
}
