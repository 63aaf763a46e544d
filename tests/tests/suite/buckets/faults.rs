//! Networks and servers that fail: what can be waited out is, nothing is half-visible, and nothing that was said to be saved is lost.

use super::everywhere_far;
use super::place::{Place, content, exists, noise, save, swept};
use ango_runtime::Cancel;
use ango_tests::proxy::{Fault, Kind};
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

everywhere_far!(
    a_storage_that_is_busy_is_waited_for,
    a_storage_that_stays_busy,
    a_storage_that_is_slow,
    a_connection_that_breaks_in_a_part,
    an_answer_that_is_lost,
    a_download_that_breaks,
);

/// Does something to the first requests of a kind alone.
fn first(place: &Place, kind: Kind, count: usize, fault: Fault) {
    let left = AtomicUsize::new(count);
    place.proxy().plan(move |seen| {
        let is_one = seen.kind() == kind && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        if is_one { fault } else { Fault::None }
    });
}

fn a_storage_that_is_busy_is_waited_for(place: &mut Place) {
    let bucket = place.bucket();
    for (name, status) in [("a.zip", 503), ("b.zip", 429)] {
        let started = Instant::now();
        first(place, Kind::Put, 2, Fault::Busy(status, Some(1)));
        save(&bucket, name, b"small").unwrap();
        assert!(started.elapsed() >= Duration::from_secs(2), "it asked for two seconds: {:?}", started.elapsed());
        assert_eq!(content(&bucket, name), b"small");
    }
    let bytes = noise(20 << 20);
    for (name, kind) in [("part.zip", Kind::Part), ("completion.zip", Kind::Completion)] {
        first(place, kind, 1, Fault::Busy(503, Some(1)));
        save(&bucket, name, &bytes).unwrap();
        assert!(content(&bucket, name) == bytes);
    }
    // Without a word about how long.
    first(place, Kind::Part, 2, Fault::Busy(503, None));
    save(&bucket, "c.zip", &bytes).unwrap();
    assert!(content(&bucket, "c.zip") == bytes);
}

fn a_storage_that_stays_busy(place: &mut Place) {
    let bucket = place.bucket();
    // It asks for more time than anybody waits.
    place.proxy().plan(|seen| if seen.kind() == Kind::Put { Fault::Busy(503, Some(100_000)) } else { Fault::None });
    let error = save(&bucket, "a.zip", b"small").unwrap_err().to_string();
    assert!(error.contains("the storage is too busy"), "{error}");
    place.tells_no_secret(&error);
    place.proxy().plan(|_| Fault::None);
    assert!(!exists(&bucket, "a.zip"));
}

fn a_storage_that_is_slow(place: &mut Place) {
    let bucket = place.bucket();
    place.proxy().plan(|_| Fault::Late(Duration::from_millis(150)));
    let bytes = noise(20 << 20);
    save(&bucket, "a.zip", &bytes).unwrap();
    assert!(content(&bucket, "a.zip") == bytes);
}

fn a_connection_that_breaks_in_a_part(place: &mut Place) {
    let bucket = place.bucket();
    let bytes = noise(20 << 20);
    for (name, count) in [("once.zip", 1), ("thrice.zip", 3)] {
        first(place, Kind::Part, count, Fault::Cut(1 << 20));
        save(&bucket, name, &bytes).unwrap();
        assert!(content(&bucket, name) == bytes);
    }
    first(place, Kind::Put, 1, Fault::Cut(100));
    save(&bucket, "small.zip", &bytes[..1000]).unwrap();
    assert!(content(&bucket, "small.zip") == bytes[..1000]);
    // For good: an error, and nothing visible.
    place.proxy().plan(|seen| if seen.kind() == Kind::Part { Fault::Cut(1 << 20) } else { Fault::None });
    let error = save(&bucket, "never.zip", &bytes).unwrap_err().to_string();
    place.tells_no_secret(&error);
    assert!(error.contains("never.zip") && error.lines().count() == 1, "{error}");
    place.proxy().plan(|_| Fault::None);
    assert!(!exists(&bucket, "never.zip"));
    assert_eq!(swept(bucket.sweep(Duration::ZERO, &|_| false)), 0, "the upload was aborted");
}

fn an_answer_that_is_lost(place: &mut Place) {
    let bucket = place.bucket();
    let bytes = noise(20 << 20);
    first(place, Kind::Put, 1, Fault::AnswerLost);
    save(&bucket, "small.zip", b"saved once").unwrap();
    assert_eq!(content(&bucket, "small.zip"), b"saved once");
    for (name, kind) in [("part.zip", Kind::Part), ("completion.zip", Kind::Completion)] {
        first(place, kind, 1, Fault::AnswerLost);
        let saved = save(&bucket, name, &bytes).unwrap();
        assert_eq!(saved.bytes, bytes.len() as u64);
        assert!(content(&bucket, name) == bytes);
    }
    // An object of somebody else's is not taken for the one whose answer was lost.
    save(&bucket, "theirs.zip", b"somebody else's").unwrap();
    first(place, Kind::Put, 1, Fault::AnswerLost);
    let error = save(&bucket, "theirs.zip", b"ours").unwrap_err().to_string();
    assert!(error.contains("exists already"), "{error}");
    assert_eq!(content(&bucket, "theirs.zip"), b"somebody else's");
}

fn a_download_that_breaks(place: &mut Place) {
    let bucket = place.bucket();
    save(&bucket, "a.zip", &noise(3 << 20)).unwrap();
    let left = AtomicUsize::new(2);
    place.proxy().plan(move |seen| {
        let is_one = seen.method == "GET" && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        if is_one { Fault::AnswerLost } else { Fault::None }
    });
    assert!(content(&bucket, "a.zip") == noise(3 << 20));
}

/// Kills the server in the middle of an upload, and starts it again a little later.
fn killed(place: &Place) {
    let bucket = place.bucket();
    save(&bucket, "before.zip", b"saved before").unwrap();
    place.server().settle("before.zip");
    let bytes = Arc::new(noise(40 << 20));
    let upload = {
        let (bucket, bytes) = (bucket.clone(), Arc::clone(&bytes));
        std::thread::spawn(move || save(&bucket, "a.zip", &bytes))
    };
    let started = Instant::now();
    while place.proxy().count(Kind::Part) < 2 {
        assert!(started.elapsed() < Duration::from_secs(60) && !upload.is_finished(), "no part comes");
        std::thread::sleep(Duration::from_millis(1));
    }
    place.server().kill();
    let seen = place.proxy().seen().len();
    // Somebody asks in vain, before it comes back.
    while place.proxy().seen().len() < seen + 2 && !upload.is_finished() {
        assert!(started.elapsed() < Duration::from_secs(60), "nobody asks");
        std::thread::sleep(Duration::from_millis(1));
    }
    place.server().start();
    match upload.join().unwrap() {
        Ok(saved) => {
            assert_eq!(saved.bytes, bytes.len() as u64);
            assert!(content(&bucket, "a.zip") == *bytes, "what was said to be saved is there, whole");
        }
        Err(error) => {
            place.tells_no_secret(&error.to_string());
            assert!(!exists(&bucket, "a.zip"), "{error}");
            // Again, as somebody would.
            swept(bucket.remove_leftovers("a", &Cancel::default()));
            save(&bucket, "a.zip", &bytes).unwrap();
            assert!(content(&bucket, "a.zip") == *bytes);
        }
    }
    assert_eq!(content(&bucket, "before.zip"), b"saved before");
    assert_eq!(swept(bucket.sweep(Duration::ZERO, &|_| false)), 0);
}

#[test]
fn s3_is_killed_and_comes_back() {
    killed(&Place::s3());
}

#[test]
fn google_is_killed_and_comes_back() {
    killed(&Place::google());
}

#[test]
fn azure_is_killed_and_comes_back() {
    killed(&Place::azure_alone());
}

/// Kills the server for good in the middle of an upload.
fn dead(place: &Place) {
    let bucket = place.bucket();
    let mut upload = bucket.upload("a.zip", &Cancel::default());
    upload.write_all(&noise(9 << 20)).unwrap();
    place.server().kill();
    let result = upload.write_all(&noise(30 << 20));
    let error = match result {
        Ok(()) => upload.complete().unwrap_err(),
        Err(_) => upload.take_failure().unwrap(),
    };
    let error = error.to_string();
    place.tells_no_secret(&error);
    assert!(error.contains("a.zip") && error.lines().count() == 1, "{error}");
    let steps = bucket.probe("test.txt", &Cancel::default());
    assert!(steps.len() == 1 && !steps[0].ok, "{steps:?}");
    // What it had not been told to keep is not there when it comes back.
    place.server().start();
    assert!(!exists(&bucket, "a.zip"));
}

#[test]
fn s3_is_killed_for_good() {
    dead(&Place::s3());
}

#[test]
fn google_is_killed_for_good() {
    dead(&Place::google());
}

#[test]
fn azure_is_killed_for_good() {
    dead(&Place::azure_alone());
}
