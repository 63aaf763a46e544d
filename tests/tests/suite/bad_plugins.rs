//! Files that are no plugin, or not one for this host: refused before anything runs, in words that say what to do.

use ango_tests::archive::list;
use ango_tests::cli::Cli;
use ango_tests::project::harbour;
use ango_tests::text::stable;
use std::path::{Path, PathBuf};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/bad-plugins");

/// Tries a file in each way in which a plugin can be named, and gives what the program says.
fn refused(folder: &Path, file: &Path) -> String {
    let project = harbour(&folder.join("project"), 2);
    let storage = folder.join("out");
    let exported = Cli::export(&project, &storage).arg("--plugin").arg(file).expect(2);
    let inspected = Cli::new(["plugin", "inspect"]).arg(file).expect(2);
    assert_eq!(exported.text(), inspected.text());
    assert_eq!(list(&storage), Vec::<String>::new(), "not even the original: the run was asked for wrongly");
    stable(&exported.text(), file.parent().unwrap())
}

fn table(cases: impl IntoIterator<Item = (PathBuf, Vec<u8>)>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let refuse = |(name, bytes): (PathBuf, Vec<u8>)| {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        refused(folder.path(), &file)
    };
    cases.into_iter().map(refuse).collect()
}

#[test]
fn files_of_another_kind() {
    let cases: [(&str, &[u8]); 10] = [
        ("empty.wasm", b""),
        ("text.wasm", b"(component)"),
        ("prose.wasm", b"hello"),
        ("module.wasm", b"\0asm\x01\0\0\0"),
        ("future.wasm", b"\0asm\x0e\0\x01\0"),
        ("compiled.wasm", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0"),
        ("zip.wasm", b"PK\x03\x04"),
        ("cut-off.wasm", b"\0asm\x0d\0\x01\0\x01\xff"),
        ("nonsense.wasm", b"\0asm\x0d\0\x01\0\xee\xee\xee\xee"),
        ("component-of-nothing.wasm", b"\0asm\x0d\0\x01\0"),
    ];
    insta::assert_snapshot!(table(cases.map(|(name, bytes)| (name.into(), bytes.to_vec()))));
}

#[test]
fn components_that_do_not_fit_the_contract() {
    let names = list(Path::new(FIXTURES));
    assert!(names.len() >= 10, "{names:?}");
    let encoded = names.iter().map(|name| {
        let file = Path::new(FIXTURES).join(name);
        let bytes = wat::parse_file(&file).unwrap_or_else(|error| panic!("{error}"));
        (Path::new(name).with_extension("wasm"), bytes)
    });
    insta::assert_snapshot!(table(encoded));
}

#[test]
fn a_component_that_is_too_large() {
    let folder = tempfile::tempdir().unwrap();
    // A custom section may hold anything.
    let mut bytes = b"\0asm\x0d\0\x01\0\0\x80\x80\x80\x28\x04name".to_vec();
    bytes.resize(80 << 20, b'x');
    let file = folder.path().join("large.wasm");
    std::fs::write(&file, bytes).unwrap();
    insta::assert_snapshot!(refused(folder.path(), &file), @"error: plugin DIR/large.wasm: is 80 MB large, allowed are 64 MB");
}
