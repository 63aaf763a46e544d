//! What an upgrade changes, for the admin who decides about it.

use crate::report::Report;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;

/// The differences between two components of one name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Changes {
    /// For people, one difference each.
    pub lines: Vec<String>,
    /// Whether the newer one asks for rights that the older did not, or reaches for interfaces that it did not.
    pub asks_for_more: bool,
}

impl Changes {
    /// What is different in the newer one.
    pub fn between(old: &Report, new: &Report) -> Self {
        let mut changes = Self::default();
        let (before, after) = (&old.info, &new.info);
        if before.version != after.version {
            changes.add(format!("version {} -> {}", before.version, after.version));
        }
        for grant in after.grants.iter().filter(|grant| !before.grants.contains(grant)) {
            changes.add(format!("asks for the grant {} now", grant.as_str()));
            changes.asks_for_more = true;
        }
        for grant in before.grants.iter().filter(|grant| !after.grants.contains(grant)) {
            changes.add(format!("no longer asks for the grant {}", grant.as_str()));
        }
        let imports = |report: &Report| -> BTreeSet<String> { report.imports.iter().map(|import| without_version(import)).collect() };
        let (had, has) = (imports(old), imports(new));
        for import in has.difference(&had) {
            changes.add(format!("imports {import} now"));
            changes.asks_for_more = true;
        }
        for import in had.difference(&has) {
            changes.add(format!("no longer imports {import}"));
        }
        changes.add_options(&before.options_schema, &after.options_schema);
        if before.parallelism != after.parallelism {
            changes.add(format!("runs {} now", after.parallelism.as_str()));
        }
        if before.history != after.history {
            changes.add(format!("{} stage history now", if after.history { "wants" } else { "does not want" }));
        }
        if before.format != after.format {
            changes.add(format!("format {} -> {}", before.format, after.format));
        }
        if old.signers.trusted != new.signers.trusted {
            changes.add(format!("signed by {} -> {}", names(&old.signers.trusted), names(&new.signers.trusted)));
        }
        if let (Some(before), Some(after)) = (old.cost, new.cost) {
            let ratio = after.fuel_per_byte() / before.fuel_per_byte().max(1e-9);
            if !(0.8..=1.25).contains(&ratio) {
                changes.add(format!("burns {ratio:.1} times the fuel"));
            }
        }
        changes
    }

    fn add(&mut self, line: String) {
        self.lines.push(line);
    }

    fn add_options(&mut self, before: &Value, after: &Value) {
        let properties = |schema: &Value| schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
        let (had, has) = (properties(before), properties(after));
        for (name, schema) in &has {
            match had.get(name) {
                None => self.add(format!("new option {name}")),
                Some(old) if old != schema => self.add(format!("option {name}: {}", what_changed(old, schema))),
                Some(_) => {}
            }
        }
        for name in had.keys().filter(|name| !has.contains_key(*name)) {
            self.add(format!("option {name} is gone"));
        }
        if before.get("required") != after.get("required") {
            self.add("other options are required".to_owned());
        }
    }
}

/// The keywords of an option's schema that differ, with their values where they are short.
fn what_changed(old: &Value, new: &Value) -> String {
    let (Some(old), Some(new)) = (old.as_object(), new.as_object()) else { return "is another".to_owned() };
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let shown = |value: Option<&Value>| value.map_or_else(|| "none".to_owned(), |value| ango_runtime::printable_line(&value.to_string(), 60));
    let differs = keys.into_iter().filter(|key| old.get(*key) != new.get(*key));
    differs.map(|key| format!("{key} {} -> {}", shown(old.get(key)), shown(new.get(key)))).collect::<Vec<_>>().join(", ")
}

fn names(names: &[String]) -> String {
    if names.is_empty() { "nobody".to_owned() } else { names.join(", ") }
}

fn without_version(import: &str) -> String {
    import.split('@').next().unwrap_or(import).to_owned()
}
