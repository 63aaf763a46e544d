//! Links: they open for anybody, for their time, and only as they were signed.

use super::everywhere_far;
use super::place::{Place, content, noise, save, swept};
use ango_runtime::Cancel;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

everywhere_far!(a_link_opens_for_anybody, a_link_that_is_over, a_link_that_was_changed);

const TIME: Duration = Duration::from_secs(600);

/// What somebody gets who is given nothing but the link: status and body.
pub fn get(url: &str) -> (u16, Vec<u8>) {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, answer[end..].to_vec())
}

fn a_link_opens_for_anybody(place: &mut Place) {
    let bucket = place.bucket();
    save(&bucket, "a.zip", b"the archive").unwrap();
    let url = bucket.signed_url("a.zip", TIME).unwrap().unwrap();
    assert_eq!(get(&url), (200, b"the archive".to_vec()));
    let unsigned = url.split('?').next().unwrap();
    assert!([401, 403, 404].contains(&get(unsigned).0), "{unsigned}");
    // Whether there is such an object is not asked.
    let nothing = bucket.signed_url("b.zip", TIME).unwrap().unwrap();
    assert_eq!(get(&nothing).0, 404);
}

fn a_link_that_is_over(place: &mut Place) {
    let bucket = place.bucket();
    save(&bucket, "a.zip", b"the archive").unwrap();
    let url = bucket.signed_url("a.zip", Duration::from_secs(1)).unwrap().unwrap();
    let started = Instant::now();
    while get(&url).0 == 200 {
        assert!(started.elapsed() < Duration::from_secs(20), "it still opens");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!([400, 401, 403].contains(&get(&url).0));
}

fn a_link_that_was_changed(place: &mut Place) {
    let bucket = place.bucket();
    save(&bucket, "a.zip", b"the archive").unwrap();
    save(&bucket, "b.zip", b"another").unwrap();
    let url = bucket.signed_url("a.zip", TIME).unwrap().unwrap();
    assert_eq!(get(&url).0, 200);
    let other = url.replacen("a.zip", "b.zip", 1);
    assert!([401, 403].contains(&get(&other).0), "a link to one object opens another");
    // One character of the signature, at its beginning, in the middle and towards its end.
    let start = ["X-Amz-Signature=", "X-Goog-Signature=", "sig="].iter().find_map(|mark| Some(url.find(mark)? + mark.len())).unwrap();
    let length = url[start..].find('&').unwrap_or(url.len() - start);
    for at in [start, start + length / 2, start + length - 8] {
        let mut changed = url.clone().into_bytes();
        changed[at] = if changed[at] == b'1' { b'2' } else { b'1' };
        let changed = String::from_utf8(changed).unwrap();
        assert!([400, 401, 403].contains(&get(&changed).0), "{changed}");
    }
    // More time than was given.
    let longer = url.replacen("Expires=600", "Expires=6000", 1);
    if longer != url {
        assert!([401, 403].contains(&get(&longer).0));
    }
}

#[test]
fn of_a_folder_the_service_signs_its_own() {
    let place = Place::local();
    let bucket = place.bucket();
    save(&bucket, "a.zip", b"the archive").unwrap();
    assert_eq!(bucket.signed_url("a.zip", TIME).unwrap(), None);
}

#[test]
fn no_longer_than_a_provider_signs() {
    for (place, week) in [(Place::s3(), true), (Place::google(), true), (Place::azure(), false)] {
        let bucket = place.bucket();
        let signed = bucket.signed_url("a.zip", Duration::from_secs(7 * 86_400 + 1));
        assert_eq!(signed.is_err_and(|error| error.to_string().contains("the provider signs for 168 hours at most")), week, "{}", place.scheme());
        assert!(bucket.signed_url("a.zip", Duration::from_secs(7 * 86_400)).is_ok());
    }
}

/// A token of Azure's lets somebody in, and signs nothing.
#[test]
fn what_cannot_sign() {
    let place = Place::azure();
    let mut settings = place.settings();
    settings.retain(|(name, _)| *name != "AZURE_STORAGE_ACCOUNT_KEY");
    let token = place.server().token().unwrap();
    settings.push(("AZURE_STORAGE_SAS_TOKEN", token.clone()));
    let bucket = place.with(&place.url(), &settings);
    for (name, bytes) in [("a.zip", &b"small"[..]), ("b.zip", &noise(20 << 20))] {
        save(&bucket, name, bytes).unwrap();
        assert!(content(&bucket, name) == bytes);
    }
    assert_eq!(swept(bucket.remove_leftovers("b", &Cancel::default())), 1);
    let error = bucket.signed_url("a.zip", TIME).unwrap_err().to_string();
    assert!(error.contains("a SAS token signs no links: set AZURE_STORAGE_ACCOUNT_KEY") && !error.contains(&token[token.len() - 20..]), "{error}");
    let steps = bucket.probe("test.txt", &Cancel::default());
    assert_eq!(
        steps.iter().map(|step| (step.step, step.ok)).collect::<Vec<_>>(),
        [("open", true), ("write", true), ("read", true), ("link", false), ("delete", true)]
    );
    // One that was changed lets nobody in, and is not told.
    let changed = token.replacen("rwdlc", "rwdlx", 1);
    settings.last_mut().unwrap().1.clone_from(&changed);
    let error = save(&place.with(&place.url(), &settings), "c.zip", b"small").unwrap_err().to_string();
    assert!(error.contains("denied") && !error.contains("sig=") && !error.contains(&changed[changed.len() - 20..]), "{error}");
}
