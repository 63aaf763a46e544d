//! Files of this machine.

use crate::worker::{Work, stable};
use std::path::Path;

fn origin(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_file_and_the_signatures_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a plugin.wasm");
    std::fs::write(&file, b"\0asm").unwrap();
    let fetched = Work::fetch(origin(&file)).fetched();
    assert_eq!((fetched.wasm.as_slice(), fetched.signatures.len(), fetched.manifest_digest.as_deref()), (&b"\0asm"[..], 0, None));
    assert_eq!(fetched.origin, origin(&file));
    std::fs::write(folder.path().join("a plugin.wasm.sig"), "{\"key\":\"a\"}\n{\"key\":\"b\"}\n").unwrap();
    let fetched = Work::fetch(format!("file://{}", file.display().to_string().replace(' ', "%20"))).fetched();
    assert_eq!(fetched.signatures, [b"{\"key\":\"a\"}", b"{\"key\":\"b\"}"]);
    // A mirror is for what is not on this machine.
    assert_eq!(Work::fetch(origin(&file)).from(folder.path()).fetched(), Work::fetch(origin(&file)).fetched());
}

#[test]
fn what_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let large = dir.join("large.wasm");
    std::fs::File::create(&large).unwrap().set_len(3 << 20).unwrap();
    let signed = dir.join("signed.wasm");
    std::fs::write(&signed, b"w").unwrap();
    std::fs::write(dir.join("signed.wasm.sig"), "<html>").unwrap();
    let pipe = dir.join("pipe.wasm");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let mut all = String::new();
    for path in [&dir.join("gone.wasm"), dir, &signed.join("below.wasm"), &pipe, Path::new("/dev/zero"), &large, &signed] {
        all.push_str(&stable(&Work::fetch(origin(path)).limit("max-bytes", 2 << 20).error(), &[(&origin(dir), "DIR")]));
        all.push('\n');
    }
    all.push_str(&stable(&Work::copy(origin(&signed), &dir.join("mirror")).error(), &[(&origin(dir), "DIR")]));
    insta::assert_snapshot!(all);
    assert!(!dir.join("mirror").exists());
}
