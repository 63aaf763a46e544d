//! The configuration file: what it changes, what `config check` says, and what it refuses.

use ango_tests::archive::{list, original};
use ango_tests::cli::Cli;
use ango_tests::project::harbour;
use serde_json::{Value, json};

#[test]
fn storages_have_names_and_plugins_have_limits() {
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 20);
    let config = folder.path().join("c.toml");
    let bucket = folder.path().join("bucket");
    let text = format!(
        "[storages.exports]\nurl = {:?}\npath = \"a/b\"\n[limits]\nmemory = \"300MiB\"\n[plugins.yolo.limits]\nwall-time = 7\n[run]\nworkers = 1\n",
        bucket.display().to_string()
    );
    std::fs::write(&config, text).unwrap();
    let report = Cli::export(&project, "exports").arg("--config").arg(&config).args("--path c --plugin coco --plugin yolo").report(3);
    assert!(original(&bucket.join("a/b/c")).exists());
    let limits = |plugin: usize, name: &str| report["plugins"][plugin]["limits"][name].clone();
    assert_eq!((limits(0, "memory"), limits(0, "wallTime")), (json!(300 << 20), json!(1800.0)));
    assert_eq!((limits(1, "memory"), limits(1, "wallTime")), (json!(300 << 20), json!(7.0)));
    // The command line counts more, and a name that is none is a folder.
    let report = Cli::export(&project, folder.path().join("plain")).arg("--config").arg(&config).args("--plugin yolo --limit wall-time=9").report(3);
    assert_eq!(report["plugins"][0]["limits"]["wallTime"], 9.0);
    assert!(!list(&folder.path().join("plain")).is_empty());
}

#[test]
fn check_says_where_every_value_came_from() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("c.toml");
    std::fs::write(&config, "[limits]\n\nmemory = \"1GiB\"\n\n[storages.out]\nurl = \"/srv/exports\"\n").unwrap();
    let run = Cli::new(["config", "check", "--json", "--config"]).arg(&config).env("ANGO_EXPORT_CACHE", "/srv/cache").expect(0);
    let setting = |name: &str| -> (Value, String) {
        let event = run.events().into_iter().find(|event| event["name"] == name).unwrap_or_else(|| panic!("{name} in {run}"));
        (event["value"].clone(), event["origin"].as_str().unwrap().replace(&config.display().to_string(), "c.toml"))
    };
    assert_eq!(setting("limits.memory"), (json!("1073741824"), "c.toml:3".into()));
    assert_eq!(setting("limits.handles"), (json!("256"), "default".into()));
    assert_eq!(setting("storages.out.url"), (json!("/srv/exports"), "c.toml:5".into()));
    assert_eq!(setting("run.max-record-mib"), (json!("64"), "default".into()));
    assert_eq!(setting("run.cache"), (json!("/srv/cache"), "ANGO_EXPORT_CACHE".into()));
    let run = Cli::new(["config", "check"]).expect(0);
    assert!(run.stdout.starts_with("no configuration file: every value is the default"), "{run}");
}

#[test]
fn what_is_wrong_is_said_with_its_line_and_nothing_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 2);
    let config = folder.path().join("c.toml");
    for (text, problem) in [
        ("[limits]\nmemroy = \"1GiB\"\n", "c.toml: line 2: limit 'memroy' does not exist"),
        ("[storages.x]\nurl = \"s3://b\"\naws-secret = \"hush-hush\"\n", "c.toml: line 3: unknown field `aws-secret`"),
        ("[storage]\n", "c.toml: line 1: unknown field `storage`"),
    ] {
        std::fs::write(&config, text).unwrap();
        let run = Cli::export(&project, folder.path().join("out")).arg("--config").arg(&config).expect(2);
        assert!(run.stderr.contains(problem) && !run.text().contains("hush"), "{run}");
    }
    std::fs::write(&config, "[storages.x]\nurl = \"gopher://b\"\n").unwrap();
    let run = Cli::new(["config", "check", "--config"]).arg(&config).expect(2);
    assert!(run.stderr.contains("storage scheme 'gopher'"), "{run}");
    let run = Cli::new(["config", "check", "--config", "nowhere.toml"]).expect(2);
    assert!(run.stderr.contains("nowhere.toml: "), "{run}");
    assert!(!folder.path().join("out").exists());
}
