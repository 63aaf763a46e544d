//! `project check`.

use crate::args::Project;
use crate::exit::{Exit, Failure};
use crate::ui::{Ui, print};
use ango_pipeline::Source;
use ango_pipeline::source::check_project;
use serde_json::json;

/// Carries it out.
pub fn run(args: &Project, ui: &Ui) -> Result<Exit, Failure> {
    let Project::Check(args) = args;
    let source = Source::open(&args.project)?;
    let json = ui.is_json();
    let (tasks, problems) = check_project(&source, &mut |problem| {
        if json {
            let place = &problem.place;
            let event = json!({
                "event": "problem", "input": place.input, "line": place.line, "byte": place.byte, "task": place.task, "field": place.field, "problem": problem.problem,
            });
            print(&event.to_string());
        } else {
            print(&problem.to_string());
        }
    })?;
    if json {
        print(&json!({ "event": "checked", "tasks": tasks, "problems": problems }).to_string());
    } else {
        ui.note(&format!("{tasks} tasks, {problems} problems"));
    }
    Ok(if problems == 0 { Exit::Ok } else { Exit::Input })
}
