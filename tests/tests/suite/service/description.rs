//! The API and its description. Whatever any test asks of `/v1` is held against the description; here is that this would find what is wrong, and requests that nobody thought of.

use ango_tests::description::{Description, Exchange};
use ango_tests::postgres::Postgres;
use ango_tests::project::harbour;
use ango_tests::python::service_tools;
use ango_tests::service::{DESCRIPTION, Home};
use serde_json::{Value, json};
use std::process::Command;

fn home() -> Home {
    let home = Home::new();
    harbour(&home.projects().join("harbour"), 10);
    home
}

#[test]
fn what_is_not_as_described_is_found() {
    let home = home();
    let key = home.key("admin");
    let service = home.start();
    let order = json!({ "project": "harbour", "plugins": [{ "name": "yolo" }] });
    let export = service.export(&key, &order);
    let target = format!("/v1/exports/{}", export["id"].as_str().unwrap());
    let description = Description::new(service.ask(&key, "GET", DESCRIPTION, None).json);
    let text = export.to_string();
    let good = Exchange { method: "GET", target: &target, sent: None, status: 200, kind: "application/json", text: &text };
    assert_eq!(description.check(&good), Ok(()));
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut export = export.clone();
        change(&mut export);
        export.to_string()
    };
    for (text, problem) in [
        (changed(&|export| drop(export.as_object_mut().unwrap().remove("state"))), "\"state\" is a required property"),
        (changed(&|export| export["progress"]["taks"] = json!(1)), "'taks' was unexpected"),
        (changed(&|export| export["result"]["conversions"][0]["output"]["size"] = json!(1)), "'size' was unexpected"),
        (changed(&|export| export["attempt"] = json!("1")), "is not of type"),
        (changed(&|export| export["attempt"] = json!(-1)), "less than the minimum"),
        (changed(&|export| export["state"] = json!("done")), "is not one of"),
        (changed(&|export| export["createdAt"] = json!("yesterday")), "date-time"),
        ("<html>".to_owned(), "no JSON"),
    ] {
        let problems = description.check(&Exchange { text: &text, ..good }).expect_err(problem);
        assert!(problems.contains(problem), "{problem}: {problems}");
    }
    let surprise = json!({ "project": "harbour", "surprise": 1 });
    for (exchange, problem) in [
        (Exchange { target: "/v1/exprots/1", ..good }, "/v1/exprots/1 is not described"),
        (Exchange { method: "PUT", ..good }, "put is not described"),
        (Exchange { status: 418, ..good }, "status 418 is not described"),
        (Exchange { status: 404, ..good }, "Additional properties are not allowed"),
        (Exchange { kind: "text/html", ..good }, "'text/html' is not described"),
        (Exchange { method: "POST", target: "/v1/exports", sent: Some(&surprise), status: 202, ..good }, "what was sent and taken"),
        (Exchange { sent: Some(&order), ..good }, "a body was taken"),
        (Exchange { method: "DELETE", target: "/v1/keys/1", status: 204, ..good }, "described without a body"),
        (
            Exchange { target: "/v1/exports/1/events", kind: "text/event-stream", text: "event: log\ndata: {}\n\n", ..good },
            "'seq' is a required property",
        ),
    ] {
        let problems = description.check(&exchange).expect_err(problem);
        assert!(problems.replace('"', "'").contains(problem), "{problem}: {problems}");
    }
}

/// Lets schemathesis ask what the description allows, and what it does not. What it sets on fire is in the folder of the service alone.
fn made_up_requests(home: &Home) {
    let key = home.key("admin");
    let service = home.start();
    let export = service.export(&key, &json!({ "project": "harbour" }));
    let folder = tempfile::tempdir().unwrap();
    // Ids that are there: without them nearly everything would be about things that are not.
    let known = format!(
        "[parameters]\n\"path.project\" = \"harbour\"\n\"path.id\" = {}\n\"path.name\" = \"coco\"\n[[operations]]\ninclude-path = \"/v1/notifications/{{id}}/read\"\nparameters = {{ \"path.id\" = 1 }}\n",
        export["id"]
    );
    for (config, phases) in [(known.as_str(), "examples,coverage,fuzzing"), ("", "fuzzing")] {
        std::fs::write(folder.path().join("schemathesis.toml"), config).unwrap();
        let mut command = Command::new(service_tools());
        command.current_dir(folder.path()).args(["-m", "schemathesis.cli"]).args(["run", &service.url(DESCRIPTION)]);
        command.args(["--header", &format!("Authorization: Bearer {key}"), "--phases", phases, "--max-examples", "12", "--seed", "1"]);
        // Keys that are none are asked with elsewhere: after some of them nobody here would be let in any more.
        command.args(["--exclude-checks", "ignored_auth,missing_required_header,positive_data_acceptance,negative_data_rejection"]);
        command.args(["--generation-database", "none", "--request-timeout", "60", "--no-color"]);
        command.env("SCHEMATHESIS_HOOKS", "hooks").env("PYTHONPATH", concat!(env!("CARGO_MANIFEST_DIR"), "/made-up"));
        command.env("PYTHONDONTWRITEBYTECODE", "1").env("HOME", folder.path()).env("NO_PROXY", "127.0.0.1");
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}\n{}\n{}", String::from_utf8_lossy(&output.stderr), service.log());
    }
}

#[test]
fn requests_that_nobody_thought_of_are_answered_as_described() {
    made_up_requests(&home());
}

#[test]
fn requests_that_nobody_thought_of_are_answered_as_described_with_postgresql() {
    let Some(postgres) = Postgres::start() else { return };
    let home = home().env("ANGO_EXPORT_DATABASE_URL", &postgres.database());
    home.configure("database = \"postgres\"\n");
    made_up_requests(&home);
}
