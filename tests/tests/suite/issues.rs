//! Issues: what a project folder or a store holds of them comes out as it is, filtered by what issues have, and nothing is half-written.

use ango_tests::archive::{by_name, entries, list, only, original, payload};
use ango_tests::cli::{Cli, Run};
use ango_tests::json::elements;
use ango_tests::project::{PROJECT, records, write};
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Five issues that differ in everything that can be asked for, with unknown keys and numbers in a spelling of their own.
const ISSUES: &str = r#"{"_id":"i1","labelTask":"t1","asset":{"externalId":"1.jpg","batches":["North"]},"stage":"Review","createdBy":"r@x.test","createdAt":"2024-01-01T00:00:00.000Z","updatedAt":"2024-02-01T00:00:00.000Z","status":"Open","content":"too \"wide\"","comments":[{"createdBy":"a@x.test","content":"é"}],"position":"[1.50, 2]","zoom":1.50}
{ "status" : "Resolved", "_id":"i2", "labelTask":"t1", "asset":{"batches":[null,"South"]}, "createdAt":"2024-01-02T00:00:00.000Z", "updatedAt":"2024-02-02T00:00:00.000Z", "resolvedAt":1706832000000, "page":0, "weight":1E+2 }

{"_id":"i3","labelTask":"t2","asset":{"batches":["North","b2"]},"createdAt":"2024-01-03T00:00:00.000Z","updatedAt":"2024-02-03T00:00:00.000Z","status":"Closed"}
{"_id":"i4","labelTask":null,"asset":{"batches":null},"createdAt":"2024-01-04T00:00:00.000Z","updatedAt":null,"status":"Reopened"}
{"_id":"i5","asset":"a5","createdAt":"","updatedAt":"2024-02-05T00:00:00.000Z"}
"#;

/// A project of a few tasks; issues are for the test to add.
fn project(folder: &Path) -> PathBuf {
    let mut project: Value = serde_json::from_str(PROJECT).unwrap();
    project["batches"] = json!([{"id": "b1", "name": "North"}, {"id": "b2", "name": "South"}]);
    write(&folder.join("project"), &project.to_string(), records(3).replace("\"north\"", "\"North\"").replace("\"south\"", "\"South\"").as_bytes())
}

fn with_issues(folder: &Path, issues: impl AsRef<[u8]>) -> PathBuf {
    let project = project(folder);
    std::fs::write(project.join("issues.ndjson"), issues).unwrap();
    project
}

fn export(project: &Path, storage: &Path, args: &str) -> Cli {
    Cli::export(project, storage).args("--type issue").args(args)
}

fn run(project: &Path, args: &str) -> (Run, PathBuf) {
    let storage = project.with_file_name(format!("out {}", args.replace([':', '/'], "_")));
    (export(project, &storage, args).run(), storage)
}

fn import(project: &Path, into: &Path) -> Cli {
    Cli::new(["project", "import"]).arg(project).arg("--into").arg(into)
}

/// Numbers of the issues in an export.
fn ids(storage: &Path) -> String {
    let issues: Vec<Value> = serde_json::from_str(&payload(&original(storage)).1).unwrap();
    issues.iter().map(|issue| issue["_id"].as_str().unwrap().trim_start_matches('i')).collect()
}

/// Enough issues for several chunks, ids in no order.
fn many(count: u64) -> Vec<String> {
    let issue = |number: u64| {
        let (id, weight) = (number * 7919 % count, number as f64 / 4.0);
        format!(
            r#"{{"_id":"{id:024x}","weight":{weight:.2},"labelTask":"{number:024x}","content":"{}","asset":{{"batches":["North"]}}}}"#,
            "wide ".repeat(20)
        )
    };
    (0..count).map(issue).collect()
}

#[test]
fn issues_come_out_as_they_are_with_a_report_beside_them() {
    let folder = tempfile::tempdir().unwrap();
    let project = with_issues(folder.path(), ISSUES);
    let storage = folder.path().join("out");
    let report = export(&project, &storage, "--path a/b").report(0);
    let zip = original(&storage);
    assert_eq!(list(&storage).len(), 2, "{:?}", list(&storage));
    let name = zip.file_name().unwrap().to_string_lossy().into_owned();
    assert!(name.starts_with("Harbour-issue-export-2024-05-01-00_00_00_GMT-"), "{name}");
    let (entry, text) = payload(&zip);
    assert_eq!((entry.as_str(), entries(&zip).len()), ("Harbour-issue-export-2024-05-01-00_00_00_GMT.json", 1));
    let lines: Vec<String> = ISSUES.lines().filter(|line| !line.is_empty()).map(ango_tests::json::compact).collect();
    assert_eq!(elements(&text), lines);
    assert_eq!(text, format!("[{}]", lines.join(",\n")));

    let saved: Value = serde_json::from_slice(&std::fs::read(only(&storage, ".report.json")).unwrap()).unwrap();
    assert_eq!(saved, report);
    assert_eq!((report["input"]["read"].as_u64(), report["input"]["issues"].as_u64()), (Some(5), Some(5)));
    assert_eq!(report["original"]["bytes"].as_u64(), Some(std::fs::metadata(&zip).unwrap().len()));
    // A status that is not documented goes through, and is told.
    assert_eq!(report["warnings"], json!(["1 issue has a status that is none of Open, Resolved, Closed: 'Reopened'; exported as it is"]));
}

#[test]
fn a_plugin_that_wants_issues_gets_those_of_each_task() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let project = project(folder.path());
    let ids: Vec<String> = {
        let records = std::fs::read_to_string(project.join("records.ndjson")).unwrap();
        records.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["task"]["taskId"].as_str().unwrap().to_owned()).collect()
    };
    let issue = |id: &str, task: &str, content: &str| json!({"_id": id, "labelTask": task, "status": "Open", "content": content}).to_string();
    let issues = [issue("i1", &ids[1], "too wide"), issue("i2", "elsewhere", "?"), issue("i3", &ids[0], "a, \"b\""), issue("i4", &ids[1], "no")];
    let table = |project: &Path, storage: &Path, code: i32| {
        let report = Cli::export(project, storage).args("--all-stages --plugin table -o what=[\"issues\"]").report(code);
        let zip = list(storage).into_iter().find(|name| name.contains("table") && name.ends_with(".zip")).unwrap();
        let text = String::from_utf8(by_name(&storage.join(zip))["issues.csv"].clone()).unwrap();
        let column = |row: &str, at: usize| row.split(',').nth(at).unwrap_or_default().to_owned();
        let titles: Vec<&str> = text.lines().next().unwrap().split(',').collect();
        let place = |title: &str| titles.iter().position(|found| *found == title).unwrap();
        let rows: Vec<(String, String)> = text.lines().skip(1).map(|row| (column(row, place("task_id")), column(row, place("issue_id")))).collect();
        (rows, report["plugins"][0]["losses"].clone())
    };
    // A project that does not say what issues there are: one loss for each task.
    let (rows, losses) = table(&project, &path("unknown"), 3);
    assert_eq!((rows.len(), &losses["codes"][0]["code"], &losses["codes"][0]["count"]), (0, &json!("issues-missing"), &json!(3)));
    std::fs::write(project.join("issues.ndjson"), issues.join("\n")).unwrap();
    let wanted: Vec<(String, String)> = [(&ids[0], "i3"), (&ids[1], "i1"), (&ids[1], "i4")].map(|(task, id)| (task.clone(), id.to_owned())).into();
    assert_eq!(table(&project, &path("folder"), 0).0, wanted);
    import(&project, &path("project.db")).expect(0);
    assert_eq!(table(&path("project.db"), &path("store"), 0).0, wanted);
    // Others do not get them, and a malformed one ends the run before anything is saved.
    std::fs::write(project.join("issues.ndjson"), [&*issues.join("\n"), "{\"labelTask\":7}"].join("\n")).unwrap();
    assert!(matches!(Cli::export(&project, path("coco")).args("--all-stages --plugin coco").run().code, 0 | 3));
    let error = Cli::export(&project, path("malformed")).args("--all-stages --plugin table").expect(5).text();
    assert!(error.contains("issues.ndjson: line 5, byte ") && error.contains("field labelTask: expected a string, found a number"), "{error}");
    assert!(!path("malformed").exists() || list(&path("malformed")).is_empty());
}

#[test]
fn an_issue_must_pass_every_filter() {
    let folder = tempfile::tempdir().unwrap();
    let project = with_issues(folder.path(), ISSUES);
    let store = folder.path().join("project.db");
    import(&project, &store).expect(0);
    for (args, expected) in [
        ("", "12345"),
        ("--batch North", "13"),
        ("--batch b2", "23"),
        ("--batch North --batch South", "123"),
        ("--task t1", "12"),
        ("--task t2 --task nobody", "3"),
        ("--created-after 2024-01-01T00:00:00Z", "234"),
        ("--created-before 2024-01-03T00:00:00Z", "12"),
        // What has no time was changed at no time.
        ("--updated-after 2024-02-02T00:00:00Z", "35"),
        ("--updated-before 2024-02-05T00:00:00.001Z", "1235"),
        ("--batch South --task t1 --created-after 2024-01-01T00:00:00Z --updated-before 2024-02-03T00:00:00Z", "2"),
    ] {
        for source in [&project, &store] {
            let storage = folder.path().join(format!("{} {}", source.file_name().unwrap().display(), args.replace(':', "_")));
            export(source, &storage, args).expect(0);
            assert_eq!(ids(&storage), expected, "{args}");
        }
    }
}

#[test]
fn an_export_of_nothing_is_valid_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let project = with_issues(folder.path(), ISSUES);
    for (args, words) in [
        ("--created-after 2030-01-01T00:00:00Z", "no issue of 5 passes all filters: the export is valid and empty"),
        ("--task nobody --format json", "no issue of 5 passes all filters"),
    ] {
        let (run, storage) = run(&project, args);
        assert_eq!((run.code, payload(&original(&storage)).1.as_str()), (0, "[]"), "{args}: {run}");
        assert!(run.text().contains(words), "{args}: {run}");
    }
    std::fs::write(project.join("issues.ndjson"), "").unwrap();
    let (empty, storage) = run(&project, "");
    assert_eq!((empty.code, payload(&original(&storage)).1.as_str()), (0, "[]"), "{empty}");
    assert!(empty.text().contains("there is no issue: the export is valid and empty"), "{empty}");
    let store = folder.path().join("project.db");
    assert!(import(&project, &store).expect(0).text().contains("0 new issues, 0 updated, 0 unchanged, 0 malformed"));
    let storage = folder.path().join("of store");
    assert!(export(&store, &storage, "--format ndjson").expect(0).text().contains("there is no issue"));
    assert_eq!(payload(&original(&storage)).1, "");
}

#[test]
fn every_format_holds_the_same_issues_and_the_same_bytes_each_time() {
    let folder = tempfile::tempdir().unwrap();
    let all = many(30_000);
    assert!(all.iter().map(String::len).sum::<usize>() > 5 << 20, "several chunks");
    let project = with_issues(folder.path(), all.join("\n"));
    let to = |name: &str, args: &str| {
        let storage = folder.path().join(name);
        export(&project, &storage, args).expect(0);
        original(&storage)
    };
    let ndjson = to("ndjson", "--format ndjson");
    let (name, text) = payload(&ndjson);
    assert!(name.ends_with("_GMT.ndjson") && text == all.join("\n"), "{name}");
    assert!(payload(&to("json", "")).1 == format!("[{}]", all.join(",\n")));
    assert!(std::fs::read(&ndjson).unwrap() == std::fs::read(to("one worker", "--format ndjson --workers 1")).unwrap());

    let parts = entries(&to("split", "--format split --split-tasks 7000"));
    assert_eq!(parts.len(), 5);
    let lines: Vec<String> =
        parts.iter().flat_map(|(_, data)| String::from_utf8_lossy(data).lines().map(str::to_owned).collect::<Vec<_>>()).collect();
    assert!(lines == all);
    assert_eq!(String::from_utf8_lossy(&parts[0].1).lines().count(), 7000);
    assert!(parts[4].0.starts_with("Harbour-issue-export-") && parts[4].0.ends_with("_GMT-part-0005.ndjson"), "{}", parts[4].0);
}

#[test]
fn files_of_issues_are_read_in_every_way_that_records_are() {
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path());
    let lines: Vec<&str> = ISSUES.lines().filter(|line| !line.is_empty()).collect();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(lines[..2].join("\n").as_bytes()).unwrap();
    std::fs::write(project.join("issues-00001.ndjson.gz"), gzip.finish().unwrap()).unwrap();
    std::fs::write(project.join("issues-00002.ndjson"), "").unwrap();
    std::fs::write(project.join("issues-00003.json"), format!("[{}]", lines[2..].join(" ,\n"))).unwrap();
    std::fs::write(project.join("issuesandmore.ndjson"), "not ours").unwrap();
    let (done, storage) = run(&project, "");
    assert_eq!((done.code, ids(&storage).as_str()), (0, "12345"), "{done}");
}

#[test]
fn a_malformed_issue_is_named_and_nothing_is_saved() {
    let folder = tempfile::tempdir().unwrap();
    for (line, place, problem) in [
        (r#"{"_id":"i9","labelTask":"t9","createdAt":"soon"}"#, ", issue i9, task t9, field createdAt: ", "'soon' is not a time"),
        (r#"{"_id":"i9","updatedAt":true}"#, ", issue i9, field updatedAt: ", "expected a time, found a boolean"),
        (r#"{"_id":"i9","resolvedAt":"soon"}"#, ", issue i9, field resolvedAt: ", "'soon' is not a time"),
        (r#"{"_id":"i9","labelTask":7}"#, ", issue i9, field labelTask: ", "expected a string, found a number"),
        (r#"{"_id":"i9","asset":{"batches":[{}]}}"#, ", issue i9, field asset.batches[0]: ", "expected a string, found an object"),
        (r#"{"_id":""}"#, ": ", "the key '_id' is missing"),
        (r#"{"labelTask":"t9"}"#, ", task t9: ", "the key '_id' is missing"),
        (r#"[]"#, ": ", "expected an object, found an array"),
        (r#"{"_id":"i9","labelTask":"t9","page":01}"#, ", issue i9, task t9, field page: ", "start with 0"),
        (r#"{"_id":"i9","page":1"#, ", issue i9, field ", "truncated"),
    ] {
        let spoilt = format!("{ISSUES}{line}\n");
        let project = with_issues(folder.path(), &spoilt);
        // Also where the filters leave it out, and where much comes before it.
        for args in ["--quiet", "--quiet --workers 4 --task t1"] {
            let (run, storage) = run(&project, args);
            assert_eq!(run.code, 5, "{line}: {run}");
            let start = format!("error: {}: line 7, byte ", project.join("issues.ndjson").display());
            assert!(run.stderr.starts_with(&start) && run.stderr.contains(place) && run.stderr.contains(problem), "{line}: {run}");
            assert_eq!(list(&storage), Vec::<String>::new(), "{line}");
        }
        let checked = Cli::new(["project", "check"]).arg(&project).expect(5);
        assert!(checked.stdout.lines().any(|found| found.contains("line 7, byte ") && found.contains(problem)), "{line}: {checked}");
    }
    let late = many(30_000).join("\n") + "\n{\"_id\":7}\n";
    let (late, storage) = run(&with_issues(folder.path(), late), "--quiet --format ndjson");
    assert_eq!((late.code, list(&storage).len()), (5, 0), "{late}");
    assert!(late.stderr.contains("line 30001, byte ") && late.stderr.contains("field _id: expected a string"), "{late}");
}

#[test]
fn what_is_about_tasks_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let project = with_issues(folder.path(), ISSUES);
    for (args, message) in [
        ("--stage Complete", "--stage has no meaning for issues"),
        ("--all-stages", "--all-stages has no meaning for issues"),
        ("--task-type default", "--task-type has no meaning for issues"),
        ("--metadata", "--metadata has no meaning for issues"),
        ("--history --idle", "--history, --idle have no meaning for issues"),
        ("--plugin coco -o a=1 --limit memory=1GiB", "--plugin, --option, --limit have no meaning for issues"),
        ("--batch East", "batch 'East' does not exist: there are North (b1), South (b2)"),
        ("--split-tasks 5", "--split-tasks goes with --format split"),
        ("--type remark", "possible values: task, issue"),
    ] {
        let (run, storage) = match args {
            "--type remark" => (Cli::export(&project, folder.path().join("x")).args(args).run(), folder.path().join("x")),
            _ => run(&project, args),
        };
        assert_eq!(run.code, 2, "{args}: {run}");
        assert!(run.text().contains(message), "{args}: {run}");
        assert!(list(&storage).is_empty(), "{args}");
    }
}

#[test]
fn a_project_that_says_nothing_of_issues_is_not_one_without() {
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path());
    let (run, storage) = run(&project, "");
    assert_eq!((run.code, list(&storage).len()), (2, 0), "{run}");
    assert!(
        run.text().contains("there is no issues.ndjson (or .gz, .zst, or parts issues-00001.ndjson): a project without issues has an empty one"),
        "{run}"
    );
    let store = folder.path().join("project.db");
    let imported = import(&project, &store).expect(0);
    assert!(!imported.text().contains("issues"), "{imported}");
    assert!(export(&store, &storage, "").expect(2).text().contains("no issues were ever imported into this store"));
    let bare = folder.path().join("bare.ndjson");
    std::fs::copy(project.join("records.ndjson"), &bare).unwrap();
    assert!(export(&bare, &storage, "").expect(2).text().contains("is an export, not a project"));
    assert!(export(&folder.path().join("nowhere"), &storage, "").expect(2).text().contains("nowhere: "));
    // Known now, in the store that was there.
    std::fs::write(project.join("issues.ndjson"), ISSUES).unwrap();
    import(&project, &store).expect(0);
    export(&store, &storage, "").expect(0);
    assert_eq!(ids(&storage), "12345");
}

#[test]
fn a_store_gives_issues_back_in_the_order_of_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let mut all = many(6000);
    let project = with_issues(folder.path(), all.join("\n"));
    let of_store = |name: &str| {
        let storage = path(name);
        export(&path("project.db"), &storage, "--format ndjson").expect(0);
        payload(&original(&storage)).1
    };
    let first = import(&project, &path("project.db")).expect(0);
    assert!(first.text().contains("6000 new issues, 0 updated, 0 unchanged, 0 malformed ones left out"), "{first}");
    assert!(of_store("first") == all.join("\n"));
    assert!(import(&project, &path("project.db")).expect(0).text().contains("0 new issues, 0 updated, 6000 unchanged"));
    // A changed one keeps its place, a new one comes last, and one that is gone from the folder stays: as it is with tasks.
    all[10] = all[10].replace("wide wide", "narrow");
    all.push(r#"{"_id":"new"}"#.into());
    std::fs::write(project.join("issues.ndjson"), all[1..].join("\n")).unwrap();
    let event = import(&project, &path("project.db")).arg("--json").expect(0).events().pop().unwrap();
    assert_eq!(event["issues"], json!({"inserted": 1, "updated": 1, "unchanged": 5998, "malformed": 0}));
    assert!(of_store("again") == all.join("\n"));
    // Its tasks are what they were.
    let of_tasks = |project: &Path, name: &str| {
        Cli::export(project, path(name)).args("--all-stages").expect(0);
        payload(&original(&path(name))).1
    };
    assert_eq!(of_tasks(&path("project.db"), "t1"), of_tasks(&project, "t2"));
    import(&path("project.db"), &path("copy.db")).expect(0);
    export(&path("copy.db"), &path("copy"), "--format ndjson").expect(0);
    assert!(payload(&original(&path("copy"))).1 == all.join("\n"));
}

#[test]
fn malformed_issues_are_left_out_of_a_store_and_listed() {
    let folder = tempfile::tempdir().unwrap();
    let project = with_issues(folder.path(), format!("{ISSUES}{}\n", r#"{"_id":"i9","labelTask":"t9","createdAt":"soon"}"#));
    let store = folder.path().join("project.db");
    let run = import(&project, &store).expect(5);
    assert!(
        run.stdout.contains("issues.ndjson: line 7, byte ") && run.stdout.contains(", issue i9, task t9, field createdAt: 'soon' is not a time"),
        "{run}"
    );
    assert!(run.text().contains("5 new issues, 0 updated, 0 unchanged, 1 malformed ones left out"), "{run}");
    let storage = folder.path().join("out");
    export(&store, &storage, "").expect(0);
    assert_eq!(ids(&storage), "12345");
}

#[test]
fn check_finds_what_is_wrong_with_issues() {
    let folder = tempfile::tempdir().unwrap();
    let good = ISSUES.replace("Reopened", "Open");
    let project = with_issues(folder.path(), &good);
    assert_eq!(Cli::new(["project", "check"]).arg(&project).expect(0).text(), "3 tasks, 5 issues, 0 problems\n");
    let spoilt = good.replacen("\"South\"", "\"East\"", 1) + r#"{"_id":"i1","labelTask":"t1","status":"Stuck"}"#;
    let project = with_issues(folder.path(), spoilt);
    let run = Cli::new(["project", "check", "--json"]).arg(&project).expect(5);
    let events = run.events();
    let found: Vec<(u64, &str, &str, &str)> = events[..events.len() - 1]
        .iter()
        .map(|event| {
            (event["line"].as_u64().unwrap(), event["issue"].as_str().unwrap(), event["field"].as_str().unwrap(), event["problem"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        found,
        [
            (2, "i2", "asset.batches", "the project has no batch 'East'"),
            (7, "i1", "status", "the status 'Stuck' is none of Open, Resolved, Closed"),
            (7, "i1", "_id", "the issue id occurred before"),
        ]
    );
    assert_eq!(events[events.len() - 1], json!({"event": "checked", "tasks": 3, "issues": 6, "problems": 3}));
}
