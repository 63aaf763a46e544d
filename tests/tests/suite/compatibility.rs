//! Components of other times and places: each runs, or is refused in words that say what to do.

use ango_tests::archive::{by_name, list, only};
use ango_tests::cli::Cli;
use ango_tests::project::harbour;
use std::path::Path;

const GOOD: &str = include_str!("../../fixtures/bad-plugins/good.wat");
const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/contracts");
const CONTRACTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../wit");

/// For every version of the contract that was published, a component that was built against it then: it loads, and converts what it converted then.
#[test]
fn components_of_every_published_contract_run_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let versions: Vec<String> = std::fs::read_dir(CONTRACTS)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("converter.wit").is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    assert!(versions.contains(&"0.1".to_owned()), "{versions:?}");
    for version in versions {
        let fixtures = Path::new(FIXTURES).join(&version);
        let components: Vec<String> = list(&fixtures).into_iter().filter(|name| name.ends_with(".wasm")).collect();
        assert!(!components.is_empty(), "contract {version} has no component that was built against it");
        for name in components {
            let out = folder.path().join(format!("{version}-{name}"));
            let run = Cli::convert(fixtures.join("input.ndjson"), &out).arg("--plugin").arg(fixtures.join(&name)).expect(3);
            let converted = by_name(&only(&out, ".boxes-csv.zip"));
            let expected = std::fs::read_to_string(fixtures.join("boxes.csv")).unwrap();
            assert_eq!(String::from_utf8_lossy(&converted["boxes.csv"]), expected, "{run}");
        }
    }
}

/// Machine code that the program itself made: valid, and not to be taken from anybody.
fn precompiled(folder: &Path) -> Vec<u8> {
    let cache = folder.join("cache");
    Cli::new(["plugin", "inspect", "coco", "--cache"]).arg(&cache).expect(0);
    std::fs::read(cache.join(&list(&cache)[0])).unwrap()
}

#[test]
fn what_is_no_component_of_ours_is_refused_in_words_that_help() {
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 2);
    let wat = |text: &str| wat::parse_str(text).unwrap();
    let http = GOOD.replacen("(component", "(component (import \"wasi:http/types@0.2.0\" (instance))", 1);
    let cases: [(&str, Vec<u8>, &str); 9] = [
        ("older", wat(&GOOD.replace("@0.1.0", "@0.0.3")), "it is built for version 0.0.3 of the contract, this host offers 0.1"),
        ("newer", wat(&GOOD.replace("@0.1.0", "@0.2.0")), "it is built for version 0.2.0 of the contract, this host offers 0.1"),
        ("next-major", wat(&GOOD.replace("@0.1.0", "@7.0.0")), "it is built for version 7.0.0 of the contract, this host offers 0.1"),
        ("core-module", b"\0asm\x01\0\0\0".to_vec(), "wasm32-wasip2"),
        ("http", wat(&http), "plugins have no network: build it without HTTP"),
        ("precompiled", precompiled(folder.path()), "is machine code: only WebAssembly components are accepted"),
        ("empty", Vec::new(), "is an empty file"),
        ("text", b"(component)".to_vec(), "is WebAssembly text: build a binary component"),
        ("page", b"<!DOCTYPE html><html><body>404 Not Found</body></html>".to_vec(), "is a web page or another document"),
    ];
    for (name, wasm, problem) in cases {
        let file = folder.path().join(format!("{name}.wasm"));
        std::fs::write(&file, wasm).unwrap();
        let storage = folder.path().join("out");
        let run = Cli::export(&project, &storage).arg("--plugin").arg(&file).expect(2);
        assert!(run.stderr.contains(problem), "{name}: {run}");
        assert_eq!(list(&storage), Vec::<String>::new(), "{name}");
        let installed = Cli::new(["plugin", "install"]).arg(&file).env("ANGO_EXPORT_PLUGINS", folder.path().join("plugins")).expect(2);
        assert!(installed.stderr.contains(problem), "{name}: {installed}");
    }
    // Nothing of all this is installed.
    let run = Cli::new(["plugin", "lock"]).env("ANGO_EXPORT_PLUGINS", folder.path().join("plugins")).expect(0);
    assert!(!run.stdout.contains("[[plugin]]"), "{run}");
}

/// A component that was built for a later patch of the contract, and uses nothing of what that added, runs.
#[test]
fn a_later_patch_of_the_contract_is_no_obstacle() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("later.wasm");
    std::fs::write(&file, wat::parse_str(GOOD.replace("@0.1.0", "@0.1.7")).unwrap()).unwrap();
    Cli::new(["plugin", "inspect"]).arg(&file).expect(0);
}
