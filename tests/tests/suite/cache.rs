//! Compiled plugins are kept: the second run compiles nothing.

use ango_tests::archive::list;
use ango_tests::cli::Cli;
use ango_tests::project::records;
use std::path::Path;
use std::time::SystemTime;

fn state(cache: &Path) -> Vec<(String, SystemTime)> {
    let modified = |name: String| {
        let time = std::fs::metadata(cache.join(&name)).unwrap().modified().unwrap();
        (name, time)
    };
    list(cache).into_iter().map(modified).collect()
}

#[test]
fn the_second_run_compiles_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("harbour.ndjson");
    std::fs::write(&export, records(3)).unwrap();
    let cache = folder.path().join("a/cache");
    let run = || Cli::convert(&export, folder.path().join("out")).args("--plugin coco --cache").arg(&cache).expect(3);
    run();
    let first = state(&cache);
    assert_eq!(first.len(), 1, "{first:?}");
    assert!(first[0].0.ends_with(".cwasm"));
    run();
    assert_eq!(state(&cache), first);

    // A damaged file is made again, and nobody is told to mend it.
    std::fs::write(cache.join(&first[0].0), b"not code").unwrap();
    run();
    let again = state(&cache);
    assert_eq!(again[0].0, first[0].0);
    assert!(std::fs::metadata(cache.join(&again[0].0)).unwrap().len() > 10_000);
    assert!(Cli::new(["plugin", "inspect", "coco", "--cache"]).arg(&cache).expect(0).stdout.contains("outside"));
}

#[cfg(unix)]
#[test]
fn a_cache_that_others_can_write_is_not_used_and_the_run_goes_on() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("harbour.ndjson");
    std::fs::write(&export, records(3)).unwrap();
    let cache = folder.path().join("cache");
    std::fs::create_dir(&cache).unwrap();
    std::fs::set_permissions(&cache, std::fs::Permissions::from_mode(0o777)).unwrap();
    let run = Cli::convert(&export, folder.path().join("out")).args("--plugin coco --cache").arg(&cache).expect(3);
    assert!(run.stderr.contains("warning: compiled plugins are not kept") && run.stderr.contains("compiled code is not safe there"), "{run}");
    assert!(list(&cache).is_empty());
}
