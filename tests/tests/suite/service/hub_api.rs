//! The API that Hub's clients call.

use ango_tests::archive::{original, payload};
use ango_tests::cli::Cli;
use ango_tests::hub::script;
use ango_tests::project::harbour;
use ango_tests::service::{Home, fetch};

fn home() -> Home {
    let home = Home::new();
    let project = harbour(&home.projects().join("harbour"), 20);
    std::fs::write(
        project.join("issues.ndjson"),
        "{\"_id\":\"1\",\"status\":\"Open\",\"content\":\"blurred\",\"createdAt\":\"2024-01-01T00:00:00.000Z\"}\n",
    )
    .unwrap();
    home
}

#[test]
fn an_export_is_ready_when_the_answer_comes_and_its_link_opens_twice() {
    let home = home();
    let key = home.key("manager");
    let service = home.start();
    for (path, args) in [
        // What version 1.4.10 of the SDK sends for `export('harbour')`.
        (
            "/v2/export?sendEmail=false&includeMetadata=true&includeHistory=true&doNotNotify=true&format=json&type=task&includeOnlyKeyFrames=false&includeIdleBlurDurations=false&taskTypes=%5B%22default%22%5D&stage=%5B%22Complete%22%5D&project=harbour",
            "--metadata --history --task-type default",
        ),
        (
            "/v2/exportV3?format=ndjson&type=task&project=harbour&batches=%5B%22dddddddddddddddddddddd01%22%5D",
            "--all-stages --format ndjson --batch north",
        ),
        ("/v2/export?type=issue&format=json&project=harbour&stage=%5B%22Complete%22%5D&taskTypes=%5B%22default%22%5D", "--type issue"),
    ] {
        let answer = service.ask_with(&[("apikey", &key)], "GET", path, None);
        assert_eq!((answer.status, answer.json["status"].as_str()), (200, Some("success")), "{}", answer.text);
        let link = answer.json["data"]["exportPath"].as_str().unwrap();
        let (first, second) = (fetch(link, &[]), fetch(link, &[]));
        assert_eq!(first.0, 200);
        assert_eq!(first, second);
        let file = home.path().join("fetched.zip");
        std::fs::write(&file, &first.1).unwrap();
        let out = tempfile::tempdir().unwrap();
        Cli::new(["export", "--project"]).arg(home.projects().join("harbour")).arg("--storage").arg(out.path()).args(args).expect(0);
        assert_eq!(payload(&file).1, payload(&original(out.path())).1, "{path}");
    }
}

#[test]
fn what_goes_wrong_is_said_in_hubs_words() {
    let home = home();
    let key = home.key("manager");
    let service = home.start();
    for (path, status, problem) in [
        ("/v2/export?format=json", 400, "project"),
        ("/v2/export?project=nowhere", 404, "does not exist"),
        ("/v2/export?project=harbour&format=xml", 400, "format"),
        ("/v2/export?project=harbour&surprise=1", 400, "surprise"),
        ("/v2/export?project=harbour&stage=%5B%22Nonsense%22%5D", 422, "Nonsense"),
        ("/v2/project/nowhere", 404, "does not exist"),
        ("/v2/project/harbour/assets?page=x", 400, "page"),
    ] {
        let answer = service.ask_with(&[("apikey", &key)], "GET", path, None);
        assert_eq!((answer.status, answer.json["status"].as_str()), (status, Some("fail")), "{path}: {}", answer.text);
        assert!(answer.json["message"].as_str().unwrap().contains(problem), "{path}: {}", answer.text);
    }
}

#[test]
fn what_plugins_ask_about_a_project() {
    let home = home();
    let key = home.key("viewer");
    let service = home.start();
    let ask = |path: &str| service.ask_with(&[("apikey", &key)], "GET", path, None).json["data"].clone();
    let project = &ask("/v2/project/harbour")["project"];
    assert_eq!(project["name"], "Harbour");
    assert_eq!(project["categorySchema"]["tools"][0]["title"], "Ship");
    assert_eq!(project["batches"][0]["_id"], "dddddddddddddddddddddd01");
    assert_eq!(project["stages"][1]["name"], "Review");
    let assets = ask("/v2/project/harbour/assets?page=2&limit=8");
    assert_eq!(assets["total"], 20);
    let rows = assets["assets"].as_array().unwrap();
    assert_eq!((rows.len(), rows[0]["externalId"].as_str()), (8, Some("north/8.png")));
    assert_eq!(rows[1]["labelTasks"][0]["stage"], "Review");
    assert_eq!(ask("/v2/listProjects")["projects"][0]["_id"], "harbour");
    assert_eq!(ask("/v2/issues?project=harbour")["issues"][0]["content"], "blurred");
}

/// The client itself, unmodified, in every form of its export.
#[test]
fn the_real_client() {
    let home = home();
    let key = home.key("manager");
    let service = home.start();
    let output = script("client.py", &[&service.url(""), "harbour", &key]).output().unwrap();
    assert!(output.status.success(), "{}\n{}", String::from_utf8_lossy(&output.stderr), service.log());
    let out: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let count = |name: &str| out[name].as_array().unwrap().len();
    // Of twenty tasks, every tenth is in review; every other one is in the northern batch.
    assert_eq!((count("json"), count("all stages"), count("batches"), count("after")), (18, 20, 10, 0), "{out}");
    assert_eq!((&out["ndjson"], &out["zip ids"], &out["count"]), (&out["json"], &out["json"], &serde_json::json!(18)));
    assert_eq!((out["no history"].as_bool(), out["issues"][0]["content"].as_str()), (Some(false), Some("blurred")));
    assert_eq!(
        (out["project"].as_str(), &out["storages"], out["wrong key"].as_str()),
        (Some("Harbour"), &serde_json::json!(["main"]), Some("HTTPError"))
    );
    assert_eq!(count("zip"), 1);
    assert!(out["zip"][0].as_str().unwrap().starts_with("Harbour-task-export-"));
}
