//! `validate` and `schema`.

use super::{cancel_on_interrupt, convert, runtime};
use crate::args::{Schema, Validate};
use crate::exit::{Exit, Failure};
use crate::ui::{Ui, print};
use ango_model::schema::{Severity, json_schema};
use ango_pipeline::Progress;
use ango_pipeline::source::{Finding, SHOWN, Validation, validate};
use serde_json::json;
use std::sync::Arc;

/// Prints the schema of a format.
pub fn schema(args: &Schema) -> Exit {
    let Schema::V3 = args;
    print(json_schema().trim_end());
    Exit::Ok
}

/// Reads an export to its end and says what is wrong.
pub fn run(args: &Validate, ui: &Ui) -> Result<Exit, Failure> {
    let runtime = runtime()?;
    let cancel = cancel_on_interrupt(&runtime);
    let source = convert::open(&args.export, runtime.handle(), &cancel)?;
    let progress = Arc::new(Progress::default());
    // Errors are told at once; warnings, of which there may be many, wait for their turn.
    let mut warnings = Vec::new();
    let watch = ui.watch(progress.clone());
    let mut report = |finding: Finding| {
        if ui.is_json() || finding.severity == Severity::Error { show(&finding, ui) } else { warnings.push(finding) }
    };
    let found = validate(&source, (args.max_record_mib as usize) << 20, &progress, &cancel, &mut report);
    drop(watch);
    let found = found?;
    warnings.iter().for_each(|finding| show(finding, ui));
    summary(&found, ui);
    Ok(if found.total(Severity::Error) == 0 { Exit::Ok } else { Exit::Input })
}

fn show(finding: &Finding, ui: &Ui) {
    let Finding { severity, code, place, text } = finding;
    if ui.is_json() {
        let event = json!({
            "event": "problem", "severity": severity.to_string(), "code": code, "input": place.input, "line": place.line, "byte": place.byte,
            "task": place.task, "field": place.field, "problem": text,
        });
        print(&event.to_string());
    } else {
        print(&format!("{severity}[{code}]: {place}: {text}"));
    }
}

fn summary(found: &Validation, ui: &Ui) {
    let (errors, warnings) = (found.total(Severity::Error), found.total(Severity::Warning));
    if ui.is_json() {
        let codes: Vec<_> = found
            .counts
            .iter()
            .map(|((severity, code), count)| json!({ "severity": severity.0.to_string(), "code": code, "count": count }))
            .collect();
        print(&json!({ "event": "validated", "tasks": found.tasks, "errors": errors, "warnings": warnings, "codes": codes }).to_string());
        return;
    }
    for ((severity, code), count) in &found.counts {
        let more = if *count > SHOWN { format!(" ({SHOWN} shown)") } else { String::new() };
        ui.note(&format!("{count:>9}  {} {code}{more}", severity.0));
    }
    ui.note(&format!("{} tasks, {errors} errors, {warnings} warnings", found.tasks));
}
