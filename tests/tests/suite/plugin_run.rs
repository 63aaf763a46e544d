//! `plugin run --watch`: an author changes the source, and sees what is different in what comes out.

use ango_tests::archive::list;
use ango_tests::cli::{Cli, tools};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Lines that the program writes, as they come.
fn lines(stream: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || BufReader::new(stream).lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
    receiver
}

/// Waits for a line with this in it.
fn wait(lines: &Receiver<String>, wanted: &str) -> Vec<String> {
    let mut seen = Vec::new();
    loop {
        let line = lines.recv_timeout(Duration::from_secs(300)).unwrap_or_else(|_| panic!("'{wanted}' does not come: {seen:?}"));
        let found = line.contains(wanted);
        seen.push(line);
        if found {
            return seen;
        }
    }
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from}");
    std::fs::write(path, text.replace(from, to)).unwrap();
}

#[test]
fn a_change_is_built_and_run_and_its_difference_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("boxes");
    Cli::new(["plugin", "new", "boxes", "--lang", "rust", "--into"]).arg(&project).expect(0);
    let source = project.join("src/lib.rs");
    let export = project.join("tests/simple/input.ndjson");
    let out = folder.path().join("out");
    let watch = tools(Cli::new(["plugin", "run", "--watch"])).arg(&export).arg("--project").arg(&project).arg("--to").arg(&out);
    let mut child = watch.spawn_piped();
    let (stdout, stderr) = (lines(child.stdout.take().unwrap()), lines(child.stderr.take().unwrap()));
    wait(&stdout, "boxes.csv (");
    wait(&stderr, "waiting for a change");
    assert_eq!(list(&out), ["boxes.csv"]);
    // Something that does not compile ends nothing.
    edit(&source, "impl Converter for BoxesCsv {", "impl Converter for BoxesCsv {{");
    wait(&stderr, "error: the project does not compile; the reason is above");
    wait(&stderr, "waiting for a change");
    edit(&source, "impl Converter for BoxesCsv {{", "impl Converter for BoxesCsv {");
    wait(&stdout, "the same comes out");
    wait(&stderr, "waiting for a change");
    edit(&source, "\"task_id\", \"file_name\"", "\"task\", \"file_name\"");
    let shown = wait(&stdout, "+task,file_name,object_id");
    assert!(shown.iter().any(|line| line.starts_with("-task_id,file_name,object_id")), "{shown:?}");
    wait(&stderr, "waiting for a change");
    assert!(std::fs::read_to_string(out.join("boxes.csv")).unwrap().starts_with("task,file_name"));
    child.kill().unwrap();
    child.wait().unwrap();
    // Once, without watching, and without a project.
    let run = Cli::new(["plugin", "run"]).arg(&export).arg("--project").arg(folder.path()).expect(2);
    assert!(run.stderr.contains("is no project that this can build"), "{run}");
}
