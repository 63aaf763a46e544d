//! The guides in `docs`: every command in them runs, in order, in an empty folder, as a reader would type it; what they say about limits and errors is what the program says; and links lead
//! somewhere.

mod page;
mod said;
mod session;

use ango_tests::cli::build_folder;
use ango_tests::oci::{Door, Registry};
use ango_tests::python;
use session::Session;
use std::path::Path;

/// The project's sources.
fn sources() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the project")
}

fn text(file: &str) -> String {
    std::fs::read_to_string(sources().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Goes through a guide.
fn read(guide: &str, session: Session) {
    let left_out = session.read(guide, &text(&format!("docs/{guide}")));
    left_out.iter().for_each(|block| eprintln!("left out: {block}"));
    let required = std::env::var_os("ANGO_REQUIRE_REGISTRY").is_some_and(|value| value == "1");
    assert!(!required || left_out.is_empty(), "ANGO_REQUIRE_REGISTRY is set, and these were left out: {left_out:#?}");
}

/// A registry, where the program is there, and a session that knows it as its reader's own.
fn with_registry(session: Session) -> (Session, Option<Registry>) {
    let registry = Registry::start(Door::Open);
    let session = match &registry {
        Some(registry) => session.own("REGISTRY", registry.address()),
        None => session,
    };
    (session, registry)
}

#[test]
fn a_plugin_in_rust() {
    let (session, _registry) = with_registry(Session::new("rust"));
    read("write-a-plugin-rust.md", session);
}

#[test]
fn a_plugin_in_python() {
    // What the guide installs comes from a folder: a package index is asked once, and not at every test.
    let wheels = python::wheels(build_folder().parent().unwrap());
    let (session, _registry) = with_registry(Session::new("python").env("PIP_NO_INDEX", "1").env("PIP_FIND_LINKS", wheels));
    read("write-a-plugin-python.md", session);
}

#[test]
fn a_plugin_in_javascript() {
    // npm's own cache has what was installed once.
    let (session, _registry) = with_registry(Session::new("javascript").env("npm_config_prefer_offline", "true").env("npm_config_audit", "false"));
    read("write-a-plugin-javascript.md", session);
}

#[test]
fn the_admins_guide() {
    let (session, _registry) = with_registry(Session::new("admin").own("SOURCES", sources().display().to_string()));
    read("admin.md", session);
}

#[test]
fn the_guide_of_the_service() {
    read("service.md", Session::new("service"));
}

#[test]
fn the_guide_of_buckets() {
    read("buckets.md", Session::new("buckets"));
}

#[test]
fn the_guide_to_a_live_hub() {
    let hub = std::sync::Arc::new(ango_tests::hub::Hub::start(&ango_tests::project::records(20)));
    for id in ["65f0c0ffee", "65f0decade"] {
        hub.control("plugin", &serde_json::json!({ "id": id, "secret": "what-hub-shows" }));
    }
    // Somebody runs the plugin from a project, as soon as its light is green.
    let user = std::sync::Arc::clone(&hub);
    let run = std::thread::spawn(move || {
        user.wait_online("65f0c0ffee");
        user.run_to_end("65f0c0ffee", serde_json::json!({}))
    });
    read("connect.md", Session::new("connect").own("HUB", hub.url()));
    assert_eq!(run.join().unwrap()["response"]["export"], true);
}

/// What is said of a guide that is not true.
fn wrong(page: &str) -> String {
    let page = page.to_owned();
    let read = std::panic::catch_unwind(move || Session::new("wrong").read("wrong.md", &page));
    let said = read.expect_err("the guide is wrong");
    said.downcast_ref::<String>().cloned().or_else(|| said.downcast_ref::<&str>().map(|said| (*said).to_owned())).unwrap()
}

#[test]
fn a_guide_that_is_wrong_is_found_out() {
    for (page, problem) in [
        ("```sh\ntrue\nfalse\ntrue\n```\n", "wrong.md: line 1: the commands do not end as the guide says"),
        ("```sh\ntrue   # exits with 2: no\n```\n", "true: ended with code 0"),
        ("```sh\nfalse   # exits with 2: no\n```\n", "false: ended with code 1"),
        ("```sh\necho one\n```\n\n```output\ntwo\n```\n", "line 5: 'two' is not printed"),
        ("```sh\necho $NOBODY_HAS_SET_THIS\n```\n", "the commands do not end as the guide says"),
        ("```sh\necho a > f\n```\n```diff title=\"f\"\n-b\n+c\n```\n", "f: its lines stand at 0 places"),
        ("```sh\necho one   # Ctrl-C ends it\n```\n```output\ntwo\n```\n", "line 4: 'two' is not printed"),
        ("```sh\nsh -c 'exit 3'   # Ctrl-C ends it\n```\n```sh\ntrue\n```\n", "the command that Ctrl-C ends"),
        ("Words.\n", "there are no commands"),
    ] {
        let said = wrong(page);
        assert!(said.contains(problem), "{page}{said}");
    }
}

#[test]
fn a_guide_goes_on_where_it_was() {
    let page = "```sh\nmkdir a\ncd a\nexport NAME='one two'\nfalse   # exits with 1: it always does\n```\n```text title=\"b/c.txt\"\nx\n```\n```sh\nexport OWN=other   # yours\necho \"$NAME $OWN\"; cat b/c.txt\nexec sh -c 'sleep 1000' &\n```\n```output\none ... mine\nx\n```\n```sh needs=a-program-that-nobody-has\nfalse\n```\n```output\nnever\n```\n```sh\nsh -c 'trap \"exit 130\" INT; echo ready; while true; do sleep 0.1; cat b/c.txt; done'   # Ctrl-C ends it\n```\n```output\nready\n```\n```diff title=\"b/c.txt\"\n-x\n+y\n```\n```output\ny\n```\n";
    let left_out = Session::new("right").own("OWN", "mine").read("right.md", page);
    assert_eq!(left_out, ["right.md: line 19: a-program-that-nobody-has is not installed"]);
}
