//! Each folder beside this file is a test: `input.ndjson` is converted with `options.json`, and the files in `expected` must come out, whether the tasks come in one shard or one by
//! one. `BLESS=1 cargo test` writes what comes out into `expected`.

use ango_plugin_sdk::testkit::TestKit;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use {{identifier}}::BoxesCsv;

#[test]
fn golden() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut folders: Vec<PathBuf> = fs::read_dir(tests).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    assert!(!folders.is_empty());
    for folder in folders {
        let input = fs::read_to_string(folder.join("input.ndjson")).unwrap();
        let options = fs::read_to_string(folder.join("options.json")).unwrap_or_else(|_| "{}".to_owned());
        let whole = converted(&input, &options, usize::MAX);
        assert_eq!(whole, converted(&input, &options, 1), "{}: the output depends on how tasks are cut into shards", folder.display());
        let expected = folder.join("expected");
        if std::env::var_os("BLESS").is_some() {
            for (path, bytes) in &whole {
                let file = expected.join(path);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, bytes).unwrap();
            }
        }
        let mut files = BTreeMap::new();
        read(&expected, "", &mut files);
        let text = |files: &BTreeMap<String, Vec<u8>>| -> BTreeMap<String, String> {
            files.iter().map(|(path, bytes)| (path.clone(), String::from_utf8_lossy(bytes).into_owned())).collect()
        };
        assert_eq!(text(&whole), text(&files), "{}", folder.display());
    }
}

/// The files that come out.
fn converted(input: &str, options: &str, shard: usize) -> BTreeMap<String, Vec<u8>> {
    let outcome = TestKit::from_json(input).unwrap().shard_size(shard).run::<BoxesCsv>(options);
    assert_eq!(outcome.result, Ok(()));
    outcome.files.into_iter().collect()
}

fn read(folder: &Path, inside: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let name = format!("{inside}{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() {
            read(&path, &format!("{name}/"), files);
        } else {
            files.insert(name, fs::read(path).unwrap());
        }
    }
}
