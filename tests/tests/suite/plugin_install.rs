//! A stranger's component from its arrival to its end: installed, looked at, approved, run, upgraded, rolled back, revoked; and whatever somebody changes behind the program's back.

use ango_tests::archive::list;
use ango_tests::cli::{Cli, Run};
use ango_tests::project::harbour;
use ango_tests::wasm::{boxes, describing, marked};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder with a plugin store, a project and components.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        harbour(&place.path("project"), 20);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a component and returns its path.
    fn component(&self, name: &str, wasm: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, wasm).unwrap();
        path
    }

    fn cli(&self, args: &str) -> Cli {
        Cli::new(args.split_whitespace()).env("ANGO_EXPORT_PLUGINS", self.path("plugins")).env("USER", "ada")
    }

    fn install(&self, file: &Path) -> Value {
        let run = self.cli("plugin install --json").arg(file).expect(0);
        run.events().into_iter().find(|event| event["event"] == "installed").unwrap_or_else(|| panic!("{run}"))
    }

    fn approve(&self, wasm: &[u8], more: &str) -> Run {
        self.cli("plugin approve").arg(at(wasm)).args(more).expect(0)
    }

    /// An export with the plugin of this name, which must end with this code.
    fn export(&self, plugin: &str, code: i32) -> Run {
        static COUNT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        let out = self.path(&format!("out-{}", COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)));
        let cli = Cli::export(&self.path("project"), &out).arg("--all-stages").arg("--plugin").arg(plugin);
        let run = cli.env("ANGO_EXPORT_PLUGINS", self.path("plugins")).expect(code);
        let converted = list(&out).iter().any(|name| name.ends_with(".boxes-csv.zip"));
        assert_eq!(converted, code == 3 || code == 0, "{run}");
        run
    }

    /// The only file in a folder of the store.
    fn stored(&self, folder: &str) -> PathBuf {
        let folder = self.path("plugins").join(folder);
        let names = list(&folder);
        assert_eq!(names.len(), 1, "{names:?}");
        folder.join(&names[0])
    }
}

fn digest(wasm: &[u8]) -> String {
    Sha256::digest(wasm).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `boxes-csv@DIGEST`, with the beginning of the digest.
fn at(wasm: &[u8]) -> String {
    format!("boxes-csv@{}", &digest(wasm)[..12])
}

#[test]
fn nothing_runs_before_it_is_approved_and_nothing_after_it_is_revoked() {
    let place = Place::new();
    let wasm = boxes();
    let file = place.component("boxes.wasm", &wasm);
    let refused = place.export("boxes-csv", 2);
    assert!(refused.stderr.contains("plugin 'boxes-csv' does not exist: there are ") && refused.stderr.contains(", yolo, "), "{refused}");

    let installed = place.install(&file);
    assert_eq!((&installed["plugin"]["state"], &installed["plugin"]["installed-by"]), (&json!("waiting"), &json!("ada")));
    let report = &installed["report"];
    assert_eq!(report["digest"], format!("sha256:{}", digest(&wasm)));
    assert_eq!((&report["verdict"]["failed"], &report["verdict"]["deterministic"]), (&json!([]), &json!(true)), "{report}");
    assert!(report["cost"]["fuel"].as_u64().unwrap() > 0 && report["imports"].as_array().unwrap().len() > 2);
    let refused = place.export("boxes-csv", 2);
    assert!(refused.stderr.contains("may not run: nobody has approved it: look at `ango-export plugin inspect boxes-csv@"), "{refused}");
    // A name alone is not approved: it may be another component tomorrow.
    let refused = place.cli("plugin approve boxes-csv").expect(2);
    assert!(refused.stderr.contains(&format!("say {}", at(&wasm))), "{refused}");

    place.approve(&wasm, "--note tried-it --memory 200MiB");
    place.export("boxes-csv", 3);
    place.export(&at(&wasm), 3);
    let listed = place.cli("plugin list").expect(0);
    assert!(listed.stdout.contains("(active, boxes-csv@"), "{listed}");
    let shown = place.cli("plugin inspect boxes-csv").expect(0);
    for part in [
        "conformance  1",
        "state        approved by ada at ",
        "note         tried-it",
        "memory 200 MiB",
        "signed by    nobody who is trusted here",
        "delimiter: ",
    ] {
        assert!(shown.stdout.contains(part), "{part} in {shown}");
    }
    place.cli("plugin revoke boxes-csv --note hole-found").expect(0);
    let refused = place.export("boxes-csv", 2);
    assert!(refused.stderr.contains("ada revoked it at 20") && refused.stderr.contains(": hole-found"), "{refused}");
    place.approve(&wasm, "");
    place.export("boxes-csv", 3);
    place.cli("plugin remove boxes-csv").expect(0);
    let refused = place.export("boxes-csv", 2);
    assert!(refused.stderr.contains("plugin 'boxes-csv' does not exist"), "{refused}");
    assert_eq!(list(&place.path("plugins/components")), Vec::<String>::new());
    // The record remembers all of it.
    let record = std::fs::read_to_string(place.path("plugins/approvals.jsonl")).unwrap();
    let actions: Vec<String> =
        record.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["event"]["action"].as_str().unwrap().to_owned()).collect();
    assert_eq!(actions, ["install", "compile", "approve", "revoke", "approve", "remove"]);
}

#[test]
fn limits_that_were_granted_are_the_most_that_a_run_gets() {
    let place = Place::new();
    let wasm = boxes();
    place.install(&place.component("boxes.wasm", &wasm));
    place.approve(&wasm, "--memory 100MiB --limit wall-time=60");
    let run = |limit: &str, code| {
        let out = place.path(limit);
        Cli::export(&place.path("project"), out)
            .args("--all-stages --plugin boxes-csv --json --limit")
            .arg(limit)
            .env("ANGO_EXPORT_PLUGINS", place.path("plugins"))
            .expect(code)
    };
    assert_eq!(run("wall-time=50", 3).report()["plugins"][0]["limits"]["memory"], 100 << 20);
    let refused = run("memory=101MiB", 2);
    assert!(refused.stdout.contains("limit memory: is more than was approved for boxes-csv@"), "{refused}");
    let refused = place.cli("plugin approve").arg(at(&wasm)).args("--limit speed=1").expect(2);
    assert!(refused.stderr.contains("limit 'speed' does not exist"), "{refused}");
    let refused = place.cli("plugin approve").arg(at(&wasm)).args("--grant assets").expect(2);
    assert!(refused.stderr.contains("it does not ask for assets"), "{refused}");
}

#[test]
fn an_approval_ends_when_it_says_so() {
    let place = Place::new();
    let wasm = boxes();
    place.install(&place.component("boxes.wasm", &wasm));
    let refused = place.cli("plugin approve").arg(at(&wasm)).args("--until 2020-01-01T00:00:00Z").expect(2);
    assert!(refused.stderr.contains("would have ended already"), "{refused}");
    place.approve(&wasm, "--until 2090-01-01T00:00:00Z");
    place.export("boxes-csv", 3);
    // What a run checks is what the record says; here the record is of somebody who approved it long ago.
    forge(&place, |event| {
        if event["action"] == "approve" {
            event["until"] = json!("2020-01-01T00:00:00.000Z");
        }
    });
    let refused = place.export("boxes-csv", 2);
    assert!(refused.stderr.contains("its approval by ada ended at 2020-01-01"), "{refused}");
}

/// Writes the record anew with other events, well chained, and the lock file after it: what only somebody who owns the folder can do.
fn forge(place: &Place, change: impl Fn(&mut Value)) {
    let path = place.path("plugins/approvals.jsonl");
    let mut previous: Option<String> = None;
    let mut text = String::new();
    for line in std::fs::read_to_string(&path).unwrap().lines() {
        let mut entry: Value = serde_json::from_str(line).unwrap();
        change(&mut entry["event"]);
        entry["previous"] = json!(previous);
        let line = entry.to_string();
        previous = Some(format!("sha256:{}", digest(line.as_bytes())));
        text += &line;
        text += "\n";
    }
    std::fs::write(&path, text).unwrap();
    place.cli("plugin verify --accept-record").run();
}

#[test]
fn an_upgrade_says_what_is_different_and_the_old_one_runs_until_the_new_one_is_approved() {
    let place = Place::new();
    let (old, new) = (boxes(), marked("second"));
    let file = place.component("boxes.wasm", &old);
    place.install(&file);
    place.approve(&old, "");
    let same = place.cli("plugin upgrade boxes-csv").expect(0);
    assert!(same.stdout.contains("holds the same component, nothing changes"), "{same}");
    std::fs::write(&file, &new).unwrap();
    let upgrade = place.cli("plugin upgrade boxes-csv").expect(0);
    assert!(
        upgrade.stdout.contains("changes      none that can be seen from outside") && upgrade.stdout.contains("state        waiting"),
        "{upgrade}"
    );
    let used = |place: &Place| {
        let out = place.path("used").join(digest(format!("{:?}", list(&place.path("used"))).as_bytes()));
        let report = Cli::export(&place.path("project"), out)
            .args("--all-stages --plugin boxes-csv")
            .env("ANGO_EXPORT_PLUGINS", place.path("plugins"))
            .report(3);
        report["plugins"][0]["plugin"]["digest"].as_str().unwrap().to_owned()
    };
    std::fs::create_dir(place.path("used")).unwrap();
    assert_eq!(used(&place), digest(&old));
    place.approve(&new, "");
    assert_eq!(used(&place), digest(&new));
    // And back.
    let revoked = place.cli("plugin revoke boxes-csv").expect(0);
    assert!(revoked.stdout.contains(&format!("to go back to another one, approve it: {}", at(&old))), "{revoked}");
    place.approve(&old, "");
    assert_eq!(used(&place), digest(&old));
    // One that asks for more says so.
    let wants = place.component("wants.wasm", &describing("boxes-csv", "3.0.0", r#"{"properties":{"header":{"type":"integer"}}}"#, true));
    let upgrade = place.cli("plugin upgrade boxes-csv").arg(&wants).expect(0);
    for part in [
        "version 0.1.0 -> 3.0.0",
        "asks for the grant assets now",
        "option delimiter is gone",
        "option header: default true -> none",
        "it asks for more than the one that runs now",
        "FAIL every tool",
    ] {
        assert!(upgrade.stdout.contains(part), "{part} in {upgrade}");
    }
    assert_eq!(used(&place), digest(&old));
}

#[test]
fn whatever_was_changed_is_found_and_does_not_run() {
    let change = |what: &str, change: &dyn Fn(&Place), problem: &str, remedy: &str| {
        let place = Place::new();
        let wasm = boxes();
        place.install(&place.component("boxes.wasm", &wasm));
        place.approve(&wasm, "");
        place.export("boxes-csv", 3);
        change(&place);
        let refused = place.export("boxes-csv", 2);
        assert!(refused.stderr.contains(problem), "{what}: {refused}");
        let verified = place.cli("plugin verify").run();
        assert!(verified.code != 0 && verified.text().contains(problem), "{what}: {verified}");
        if !remedy.is_empty() {
            place.cli(&remedy.replace("PLACE", place.0.path().to_str().unwrap())).expect(0);
            place.export("boxes-csv", 3);
            place.cli("plugin verify").expect(0);
        }
    };
    let flip = |path: &Path, at: usize| {
        let mut bytes = std::fs::read(path).unwrap();
        let at = at.min(bytes.len() - 1);
        bytes[at] ^= 1;
        std::fs::write(path, bytes).unwrap();
    };
    let edit = |path: &Path, from: &str, to: &str| {
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.contains(from), "{from} in {text}");
        std::fs::write(path, text.replace(from, to)).unwrap();
    };
    change("component", &|place| flip(&place.stored("components"), 5000), "the component of boxes-csv@", "plugin install PLACE/boxes.wasm");
    change("compiled code", &|place| flip(&place.stored("compiled"), 100_000), "the compiled code of boxes-csv@", "plugin verify --recompile");
    change(
        "lock file",
        &|place| edit(&place.path("plugins/plugins.lock"), "grants = []", "grants = [\"assets\"]"),
        "plugins.lock was changed: it does not say what approvals.jsonl says",
        "plugin verify --accept-record",
    );
    change(
        "lock file, unknown",
        &|place| edit(&place.path("plugins/plugins.lock"), "grants = []", "gifts = []"),
        "plugins.lock was changed: it unknown field",
        "",
    );
    change(
        "an approval",
        &|place| edit(&place.path("plugins/approvals.jsonl"), "\"by\":\"ada\"", "\"by\":\"eve\""),
        "approvals.jsonl was changed: line 2: does not follow from the line before",
        "",
    );
    change(
        "the last approval",
        &|place| {
            let path = place.path("plugins/approvals.jsonl");
            let text = std::fs::read_to_string(&path).unwrap();
            let (before, last) = text.trim_end().rsplit_once('\n').unwrap();
            std::fs::write(&path, format!("{before}\n{}\n", last.replace("ada", "eve"))).unwrap();
        },
        "plugins.lock was changed: it does not say what approvals.jsonl says",
        "",
    );
    change(
        "an approval less",
        &|place| {
            let path = place.path("plugins/approvals.jsonl");
            let text = std::fs::read_to_string(&path).unwrap();
            std::fs::write(&path, text.lines().take(2).map(|line| format!("{line}\n")).collect::<String>()).unwrap();
        },
        "it follows from 3 entries of approvals.jsonl, which holds 2",
        "",
    );
    change(
        "a folder that others can write",
        &|place| {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(place.path("plugins"), std::fs::Permissions::from_mode(0o777)).unwrap();
        },
        "others may write into the folder",
        "",
    );
}

#[test]
fn a_report_that_was_changed_is_found_and_made_again() {
    let place = Place::new();
    let wasm = boxes();
    place.install(&place.component("boxes.wasm", &wasm));
    let report = place.stored("reports");
    let text = std::fs::read_to_string(&report).unwrap();
    std::fs::write(&report, text.replace("boxes-csv", "boxes-xls")).unwrap();
    let refused = place.cli("plugin install").arg(place.path("boxes.wasm")).expect(2);
    let remedy = format!("`ango-export plugin remove {}`, and install it again", at(&wasm));
    assert!(refused.stderr.contains("has another digest than when it was written") && refused.stderr.contains(&remedy), "{refused}");
    place.cli("plugin remove").arg(at(&wasm)).expect(0);
    place.install(&place.path("boxes.wasm"));
    place.cli("plugin verify").expect(0);
}

#[test]
fn what_is_missing_costs_time_or_is_named() {
    let place = Place::new();
    let wasm = boxes();
    place.install(&place.component("boxes.wasm", &wasm));
    place.approve(&wasm, "");
    std::fs::remove_file(place.stored("compiled")).unwrap();
    place.export("boxes-csv", 3);
    place.stored("compiled");
    place.cli("plugin verify").expect(0);
    std::fs::remove_file(place.stored("components")).unwrap();
    let refused = place.export("boxes-csv", 2);
    assert!(refused.stderr.contains("components/") && refused.stderr.contains("No such file"), "{refused}");
    place.install(&place.path("boxes.wasm"));
    place.export("boxes-csv", 3);
    // A line that was being written when the plug was pulled counts for nothing.
    let place = Place::new();
    place.install(&place.component("boxes.wasm", &wasm));
    let record = place.path("plugins/approvals.jsonl");
    let whole = std::fs::read_to_string(&record).unwrap();
    std::fs::write(&record, format!("{whole}{{\"entry\":3,\"at\"")).unwrap();
    place.approve(&wasm, "");
    place.export("boxes-csv", 3);
}

#[test]
fn names_of_bundled_plugins_are_taken_and_files_can_be_forbidden() {
    let place = Place::new();
    let file = place.component("coco.wasm", &describing("coco", "1.0.0", "{}", false));
    let refused = place.cli("plugin install").arg(&file).expect(2);
    assert!(refused.stderr.contains("it calls itself coco, which is the name of a plugin that comes with the program"), "{refused}");
    assert_eq!(place.cli("plugin lock").expect(0).stdout.matches("[[plugin]]").count(), 0);
    let config = place.path("c.toml");
    std::fs::write(&config, "[policy]\nfiles = \"refuse\"\n").unwrap();
    let file = place.component("boxes.wasm", &boxes());
    let run =
        |plugin: &str| Cli::export(&place.path("project"), place.path("x")).arg("--config").arg(&config).args("--all-stages --plugin").arg(plugin);
    let refused = run(&file.display().to_string()).expect(2);
    assert!(refused.stderr.contains("the policy lets no component run by its path"), "{refused}");
    run("coco").expect(3);
}

/// Runs take what was approved when they began, whole: never half of one component and half of another, and never none.
#[test]
fn exports_go_on_while_a_plugin_is_upgraded() {
    let place = Place::new();
    let (old, new) = (boxes(), marked("second"));
    place.install(&place.component("old.wasm", &old));
    place.install(&place.component("new.wasm", &new));
    place.approve(&old, "");
    let done = std::sync::atomic::AtomicBool::new(false);
    let digests: Vec<String> = std::thread::scope(|scope| {
        let switching = scope.spawn(|| {
            for round in 0..10 {
                place.approve(if round % 2 == 0 { &new } else { &old }, "");
            }
            done.store(true, std::sync::atomic::Ordering::Relaxed);
        });
        let mut digests = Vec::new();
        while !done.load(std::sync::atomic::Ordering::Relaxed) || digests.len() < 4 {
            let out = place.path(&format!("during-{}", digests.len()));
            let cli =
                Cli::export(&place.path("project"), out).args("--all-stages --plugin boxes-csv").env("ANGO_EXPORT_PLUGINS", place.path("plugins"));
            digests.push(cli.report(3)["plugins"][0]["plugin"]["digest"].as_str().unwrap().to_owned());
        }
        switching.join().unwrap();
        digests
    });
    assert!(digests.iter().all(|used| *used == digest(&old) || *used == digest(&new)), "{digests:?}");
}
