//! Who is not let in, and what is not there: said in one sentence that names the remedy and no secret.

use super::place::{Place, noise, save};
use super::{everywhere, everywhere_far};
use ango_pipeline::bucket::Step;
use ango_runtime::Cancel;
use ango_tests::archive::list;
use std::time::Duration;

everywhere!(a_test_of_the_connection);
everywhere_far!(wrong_credentials, a_bucket_that_is_not_there);

/// The steps of a test as words: `write`, or `write: what is wrong`.
fn said(steps: &[Step]) -> Vec<String> {
    steps
        .iter()
        .map(|step| if step.ok { step.step.to_owned() } else { format!("{}: {}", step.step, step.detail.as_deref().unwrap_or_default()) })
        .collect()
}

fn a_test_of_the_connection(place: &mut Place) {
    let bucket = place.bucket();
    let steps = bucket.probe("test.txt", &Cancel::default());
    assert_eq!(said(&steps), ["open", "write", "read", "link", "delete"]);
    assert!(!bucket.exists("test.txt", &Cancel::default()).unwrap());
    if place.is_local() {
        assert_eq!(list(&place.folder().join("bucket")), Vec::<String>::new());
    }
}

fn wrong_credentials(place: &mut Place) {
    let bucket = place.with_wrong_credentials();
    let variable = place.server().wrong()[0].0;
    let cancel = Cancel::default();
    let errors = [
        save(&bucket, "a.zip", b"small").unwrap_err().to_string(),
        save(&bucket, "a.zip", &noise(9 << 20)).unwrap_err().to_string(),
        bucket.download("a.zip", &cancel).unwrap_err().to_string(),
        bucket.exists("a.zip", &cancel).unwrap_err().to_string(),
        bucket.delete("a.zip").unwrap_err().to_string(),
        bucket.remove_leftovers("a", &cancel).unwrap_err().to_string(),
        said(&bucket.probe("test.txt", &cancel)).join("\n"),
    ];
    for error in errors {
        place.tells_no_secret(&error);
        assert!(error.contains("denied") && error.contains("check the credentials") && error.contains(variable), "{error}");
        assert!(error.contains(".env") && error.lines().count() == 1, "{error}");
    }
    // The same place with the right ones holds nothing.
    let bucket = place.bucket();
    assert!(!bucket.exists("a.zip", &cancel).unwrap());
}

fn a_bucket_that_is_not_there(place: &mut Place) {
    let bucket = place.with(&format!("{}://nowhere", place.scheme()), &place.settings());
    let cancel = Cancel::default();
    let small = save(&bucket, "a.zip", b"small").unwrap_err().to_string();
    let large = save(&bucket, "a.zip", &noise(9 << 20)).unwrap_err().to_string();
    let steps = said(&bucket.probe("test.txt", &cancel)).join("\n");
    for error in [small, large, steps] {
        place.tells_no_secret(&error);
        assert!(error.contains(&format!("{}://nowhere: there is no such bucket", place.scheme())), "{error}");
    }
    if let Err(error) = bucket.sweep(Duration::ZERO, &|_| false) {
        place.tells_no_secret(&error.to_string());
    }
}

#[test]
fn a_folder_that_may_be_read_only() {
    let place = Place::local();
    let bucket = place.bucket();
    save(&bucket, "a.zip", b"x").unwrap();
    let file = bucket.local_file("a.zip").unwrap();
    // A file where the folder should be cannot be written into, not even by who may do everything.
    let below = place.with(&file.display().to_string().replace("a.zip", "b"), &[]);
    std::fs::remove_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file.parent().unwrap(), "in the way").unwrap();
    let steps = said(&below.probe("test.txt", &Cancel::default()));
    assert!(steps.len() <= 2 && steps.last().unwrap().contains(": "), "{steps:?}");
}
