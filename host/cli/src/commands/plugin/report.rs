//! What was found out about a plugin, in lines for people.

use crate::ui::bytes;
use ango_runtime::{Info, Parallelism};
use ango_trust::{Changes, Installed, Report, Standing};

/// What a plugin says of itself.
pub(super) fn description(info: &Info, digest: &str) -> Vec<String> {
    let parallelism = match info.parallelism {
        Parallelism::Sequential => "one instance sees all tasks in order",
        Parallelism::IndependentTasks => "tasks are independent: many instances in parallel",
    };
    let grants = if info.grants.is_empty() { "asks for none" } else { "asks for assets (sizes and bytes of assets, fetched by the host)" };
    vec![
        format!("{} {}: {}", info.name, info.version, info.title),
        format!("  format       {}", info.format),
        format!("  digest       sha256:{digest}"),
        format!("  parallelism  {parallelism}"),
        format!("  history      {}", if info.history { "wants stage history" } else { "does not want stage history" }),
        format!("  grants       {grants}"),
    ]
}

/// What was found out when it was installed.
pub(super) fn findings(report: &Report) -> Vec<String> {
    let mut lines = vec![format!("  from         {} ({})", report.origin, bytes(report.size))];
    lines.extend(report.manifest.iter().map(|manifest| format!("  manifest     {manifest}")));
    let trusted = &report.signers.trusted;
    lines.push(format!("  signed by    {}", if trusted.is_empty() { "nobody who is trusted here".to_owned() } else { trusted.join(", ") }));
    lines.extend(report.signers.others.iter().map(|other| format!("               {other}")));
    let claims = &report.claims;
    for (what, claim) in [("authors", &claims.authors), ("licence", &claims.licenses), ("source", &claims.source), ("page", &claims.homepage)] {
        lines.extend(claim.iter().map(|claim| format!("  {what:12} {claim} (says the plugin)")));
    }
    if !claims.made_with.is_empty() {
        lines.push(format!("  made with    {} (says the plugin)", claims.made_with.join(", ")));
    }
    lines.push(format!("  compiled     in {:.1} s, to {}", report.compiled.seconds, bytes(report.compiled.bytes)));
    let verdict = &report.verdict;
    let checks = verdict.passed as usize + verdict.failed.len();
    lines.push(format!("  conformance  {} of {checks} checks passed", verdict.passed));
    lines.extend(verdict.failed.iter().map(|check| format!("    FAIL {}: {}", check.name, check.problem.as_deref().unwrap_or("failed"))));
    lines.push(format!("  repeatable   {}", if verdict.deterministic { "yes: the same files and the same fuel in a second run" } else { "NO" }));
    lines.extend(report.cost.map(|cost| {
        format!(
            "  cost         {:.0} MB/s on one thread, {:.0} fuel per byte, {} of memory",
            cost.megabytes_per_second(),
            cost.fuel_per_byte(),
            bytes(cost.memory)
        )
    }));
    lines
}

/// Whether it may run, and who said so.
pub(super) fn standing(installed: &Installed) -> Vec<String> {
    let by = || format!("by {} at {}", installed.decided_by.as_deref().unwrap_or("?"), installed.decided_at.as_deref().unwrap_or("?"));
    let mut lines = vec![format!("  installed    by {} at {}", installed.installed_by, installed.installed_at)];
    lines.push(match installed.state {
        Standing::Waiting => format!("  state        waiting: `ango-export plugin approve {}` lets it run", installed.shown()),
        Standing::Revoked => format!("  state        revoked {}", by()),
        Standing::Approved => {
            let until = installed.until.map_or_else(String::new, |until| format!(", until {}", String::from(until)));
            let active = if installed.active { "" } else { "; another component runs under this name" };
            format!("  state        approved {}{until}{active}", by())
        }
    });
    lines.extend(installed.note.iter().map(|note| format!("  note         {note}")));
    if installed.state == Standing::Approved {
        let given = if installed.grants.is_empty() {
            "nothing".to_owned()
        } else {
            installed.grants.iter().map(|grant| grant.as_str()).collect::<Vec<_>>().join(", ")
        };
        lines.push(format!("  given        {given}"));
    }
    lines
}

/// What is different from the component that runs now.
pub(super) fn changes(changes: &Changes) -> Vec<String> {
    let mut lines = vec![format!(
        "  changes      {}",
        if changes.lines.is_empty() { "none that can be seen from outside" } else { "against the one that runs now:" }
    )];
    lines.extend(changes.lines.iter().map(|line| format!("    {line}")));
    if changes.asks_for_more {
        lines.push("    it asks for more than the one that runs now".to_owned());
    }
    lines
}
