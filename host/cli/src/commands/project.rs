//! `project check` and `project import`.

use super::{cancel_on_interrupt, runtime};
use crate::args::{Project, ProjectCheck, ProjectImport};
use crate::exit::{Exit, Failure};
use crate::ui::{Ui, print};
use ango_pipeline::source::{Problem, check_issues, check_project, import};
use ango_pipeline::{Progress, Source};
use serde_json::json;
use std::sync::Arc;

/// Carries it out.
pub fn run(args: &Project, ui: &Ui) -> Result<Exit, Failure> {
    match args {
        Project::Check(args) => check(args, ui),
        Project::Import(args) => fill(args, ui),
    }
}

fn check(args: &ProjectCheck, ui: &Ui) -> Result<Exit, Failure> {
    let source = Source::open(&args.project)?;
    let mut report = |problem: Problem| show(&problem, ui);
    let (tasks, mut problems) = check_project(&source, &mut report)?;
    let mut issues = None;
    if let Some(source) = Source::issues(&args.project)? {
        let (read, wrong) = check_issues(&source, &mut report)?;
        issues = Some(read);
        problems += wrong;
    }
    if ui.is_json() {
        let mut event = json!({ "event": "checked", "tasks": tasks, "problems": problems });
        if let Some(issues) = issues {
            event["issues"] = issues.into();
        }
        print(&event.to_string());
    } else {
        let issues = issues.map_or_else(String::new, |issues| format!("{issues} issues, "));
        ui.note(&format!("{tasks} tasks, {issues}{problems} problems"));
    }
    Ok(if problems == 0 { Exit::Ok } else { Exit::Input })
}

fn show(problem: &Problem, ui: &Ui) {
    if ui.is_json() {
        let place = &problem.place;
        let mut event = json!({
            "event": "problem", "input": place.input, "line": place.line, "byte": place.byte, "task": place.task, "field": place.field, "problem": problem.problem,
        });
        if let Some(issue) = &place.issue {
            event["issue"] = issue.as_str().into();
        }
        print(&event.to_string());
    } else {
        print(&problem.to_string());
    }
}

fn fill(args: &ProjectImport, ui: &Ui) -> Result<Exit, Failure> {
    let runtime = runtime()?;
    let source = Source::open(&args.project)?;
    let issues = Source::issues(&args.project)?;
    let progress = Arc::new(Progress::default());
    let watch = ui.watch(progress.clone());
    let max_record = (args.max_record_mib as usize) << 20;
    let done = import(&source, issues.as_ref(), &args.into, max_record, &progress, &cancel_on_interrupt(&runtime), &mut |problem| show(&problem, ui));
    drop(watch);
    let done = done?;
    let records = done.records;
    if ui.is_json() {
        let mut event = json!({
            "event": "imported", "inserted": records.inserted, "updated": records.updated, "unchanged": records.unchanged, "malformed": done.malformed,
        });
        if let Some(issues) = done.issues {
            let malformed = done.malformed_issues;
            event["issues"] =
                json!({ "inserted": issues.inserted, "updated": issues.updated, "unchanged": issues.unchanged, "malformed": malformed });
        }
        print(&event.to_string());
    } else {
        let (new, updated, unchanged, malformed) = (records.inserted, records.updated, records.unchanged, done.malformed);
        ui.note(&format!("{new} new tasks, {updated} updated, {unchanged} unchanged, {malformed} malformed records left out"));
        if let Some(issues) = done.issues {
            let (new, updated, unchanged, malformed) = (issues.inserted, issues.updated, issues.unchanged, done.malformed_issues);
            ui.note(&format!("{new} new issues, {updated} updated, {unchanged} unchanged, {malformed} malformed ones left out"));
        }
    }
    Ok(if done.malformed + done.malformed_issues == 0 { Exit::Ok } else { Exit::Input })
}
