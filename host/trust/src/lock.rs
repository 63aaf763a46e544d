//! The lock file: what is installed and may run, in one place that people can read.
//!
//! It follows from the record of approvals, line by line, and is checked against it whenever it is read: nothing can be changed in the one without the other.

use crate::approvals::{Entry, Event, Record};
use crate::digest::Digest;
use crate::policy::Moment;
use ango_runtime::Grant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const VERSION: u32 = 1;
const HEADING: &str =
    "# Which plugins are installed and may run. Made by `ango-export plugin`, and checked against approvals.jsonl: a change by hand is refused.\n\n";

/// The lock file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Lock {
    version: u32,
    /// Entries of the record that it follows from.
    pub(crate) entries: u64,
    /// Digest of the last of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) head: Option<Digest>,
    /// The plugins, by name and by the time of their installation.
    #[serde(default, rename = "plugin")]
    pub plugins: Vec<Installed>,
}

impl Default for Lock {
    fn default() -> Self {
        Self { version: VERSION, entries: 0, head: None, plugins: Vec::new() }
    }
}

/// An installed component.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Installed {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The component.
    pub digest: Digest,
    /// Bytes of the component.
    pub size: u64,
    /// Where it came from.
    pub origin: String,
    /// Digest of the manifest that a registry gave for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manifest: Option<String>,
    /// When it was installed, ISO-8601.
    pub installed_at: String,
    /// By whom.
    pub installed_by: String,
    /// The report of the installation.
    pub report: Digest,
    /// Whether it may run.
    pub state: Standing,
    /// Whether it is the one that its name stands for.
    pub active: bool,
    /// When it was approved or revoked, ISO-8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<String>,
    /// By whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
    /// Until when the approval holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
    /// Why it was approved or revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What it was given.
    #[serde(default)]
    pub grants: Vec<Grant>,
    /// Trusted keys that it was signed with when it was approved.
    #[serde(default)]
    pub signers: Vec<String>,
    /// The policy under which it was approved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<Digest>,
    /// Limits that differ from the usual ones, by name.
    #[serde(default)]
    pub limits: BTreeMap<String, String>,
    /// Its compiled code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artefact: Option<Compiled>,
}

/// Whether a component may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Nobody has decided.
    Waiting,
    /// It may.
    Approved,
    /// It may no longer.
    Revoked,
}

impl Standing {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Approved => "approved",
            Self::Revoked => "revoked",
        }
    }
}

/// Compiled code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compiled {
    /// The engine that it is for.
    pub engine: String,
    /// The code.
    pub digest: Digest,
}

impl Installed {
    /// The name and the beginning of the digest, as people write it.
    pub fn shown(&self) -> String {
        format!("{}@{}", self.name, self.digest.short())
    }
}

impl Lock {
    /// Reads a lock file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let lock: Self = toml::from_str(text).map_err(|error| error.message().replace('\n', ", "))?;
        if lock.version != VERSION {
            return Err(format!("has version {}, this program reads {VERSION}", lock.version));
        }
        Ok(lock)
    }

    /// The file's text.
    ///
    /// # Errors
    /// Never, for what TOML has a form.
    pub fn to_text(&self) -> Result<String, String> {
        Ok(format!("{HEADING}{}", toml::to_string(self).map_err(|error| error.to_string())?))
    }

    /// What follows from the first entries of a record.
    pub fn of(record: &Record, entries: u64) -> Self {
        let mut lock = Self::default();
        for entry in record.entries.iter().take(entries.try_into().unwrap_or(usize::MAX)) {
            lock.apply(entry);
        }
        lock.entries = entries;
        lock.head = record.digest(entries).cloned();
        lock.plugins.sort_by(|a, b| a.name.cmp(&b.name));
        lock
    }

    /// The installed component with this digest.
    pub fn find(&self, digest: &Digest) -> Option<&Installed> {
        self.plugins.iter().find(|plugin| plugin.digest == *digest)
    }

    fn apply(&mut self, entry: &Entry) {
        match &entry.event {
            Event::Install { plugin, version, digest, size, origin, manifest, report } => {
                self.plugins.retain(|plugin| plugin.digest != *digest);
                self.plugins.push(Installed {
                    name: plugin.clone(),
                    version: version.clone(),
                    digest: digest.clone(),
                    size: *size,
                    origin: origin.clone(),
                    manifest: manifest.clone(),
                    installed_at: entry.at.clone(),
                    installed_by: entry.by.clone(),
                    report: report.clone(),
                    state: Standing::Waiting,
                    active: false,
                    decided_at: None,
                    decided_by: None,
                    until: None,
                    note: None,
                    grants: Vec::new(),
                    signers: Vec::new(),
                    policy: None,
                    limits: BTreeMap::new(),
                    artefact: None,
                });
            }
            Event::Compile { digest, engine, artefact } => {
                if let Some(plugin) = self.get(digest) {
                    plugin.artefact = Some(Compiled { engine: engine.clone(), digest: artefact.clone() });
                }
            }
            Event::Approve { digest, grants, limits, until, signers, policy, note } => {
                let name = self.find(digest).map(|plugin| plugin.name.clone());
                for plugin in self.plugins.iter_mut().filter(|plugin| Some(&plugin.name) == name.as_ref()) {
                    plugin.active = false;
                }
                if let Some(plugin) = self.get(digest) {
                    plugin.decide(entry, Standing::Approved, note.clone());
                    plugin.active = true;
                    plugin.grants.clone_from(grants);
                    plugin.limits.clone_from(limits);
                    plugin.until = *until;
                    plugin.signers.clone_from(signers);
                    plugin.policy = Some(policy.clone());
                }
            }
            Event::Revoke { digest, note } => {
                if let Some(plugin) = self.get(digest) {
                    plugin.decide(entry, Standing::Revoked, note.clone());
                    plugin.active = false;
                }
            }
            Event::Remove { digest } => self.plugins.retain(|plugin| plugin.digest != *digest),
        }
    }

    fn get(&mut self, digest: &Digest) -> Option<&mut Installed> {
        self.plugins.iter_mut().find(|plugin| plugin.digest == *digest)
    }
}

impl Installed {
    fn decide(&mut self, entry: &Entry, state: Standing, note: Option<String>) {
        self.state = state;
        self.decided_at = Some(entry.at.clone());
        self.decided_by = Some(entry.by.clone());
        self.note = note;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn install(of: &[u8], version: &str) -> Event {
        Event::Install {
            plugin: "p".into(),
            version: version.into(),
            digest: Digest::of(of),
            size: 1,
            origin: "file".into(),
            manifest: None,
            report: Digest::of(b"report"),
        }
    }

    fn approve(of: &[u8]) -> Event {
        Event::Approve {
            digest: Digest::of(of),
            grants: vec![Grant::Assets],
            limits: [("memory".to_owned(), "1GiB".to_owned())].into(),
            until: Some(Moment(0)),
            signers: vec!["a".into()],
            policy: Digest::of(b""),
            note: None,
        }
    }

    fn lock(events: Vec<Event>) -> Lock {
        let mut record = Record::default();
        for event in events {
            record.push("2024-05-01T00:00:00.000Z".into(), "me".into(), event);
        }
        let entries = record.entries.len() as u64;
        Lock::of(&record, entries)
    }

    #[test]
    fn the_name_stands_for_what_was_approved_last_until_that_is_revoked() {
        let states = |events| -> Vec<(String, Standing, bool)> {
            lock(events).plugins.iter().map(|plugin| (plugin.version.clone(), plugin.state, plugin.active)).collect()
        };
        let (one, two): (&[u8], &[u8]) = (b"1", b"2");
        let state = |version: &str, state, active| (version.to_owned(), state, active);
        assert_eq!(states(vec![install(one, "1")]), [state("1", Standing::Waiting, false)]);
        let mut events = vec![install(one, "1"), approve(one), install(two, "2")];
        assert_eq!(states(events.clone()), [state("1", Standing::Approved, true), state("2", Standing::Waiting, false)]);
        events.push(approve(two));
        assert_eq!(states(events.clone()), [state("1", Standing::Approved, false), state("2", Standing::Approved, true)]);
        events.push(Event::Revoke { digest: Digest::of(two), note: None });
        assert_eq!(states(events.clone()), [state("1", Standing::Approved, false), state("2", Standing::Revoked, false)]);
        events.extend([approve(one), Event::Remove { digest: Digest::of(two) }]);
        assert_eq!(states(events), [state("1", Standing::Approved, true)]);
    }

    #[test]
    fn the_file_is_read_as_it_was_written_and_nothing_unknown_in_it() -> Result<(), String> {
        let lock = lock(vec![
            install(b"1", "1"),
            approve(b"1"),
            Event::Compile { digest: Digest::of(b"1"), engine: "e".into(), artefact: Digest::of(b"c") },
        ]);
        let text = lock.to_text()?;
        assert_eq!(Lock::parse(&text), Ok(lock));
        assert!(Lock::parse(&text.replace("grants", "gifts")).is_err());
        assert!(Lock::parse(&text.replace("version = 1\n", "version = 2\n")).is_err_and(|problem| problem.contains("has version 2")));
        Ok(())
    }
}
