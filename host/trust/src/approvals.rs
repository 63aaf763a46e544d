//! The record of who let what run: an append-only file, one line of JSON per event.
//!
//! Each line holds the digest of the line before, so that none can be changed, removed or put in between without all later ones showing it; the lock file holds the digest of the last.
//! What the lock file says follows from the lines of this one. Whoever can write both files, and takes the trouble, can make a new record: the folder belongs to its user alone.

use crate::digest::Digest;
use crate::policy::Moment;
use ango_runtime::Grant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The longest line that is read.
const MAX_LINE: usize = 64 << 10;

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entry {
    /// Counted from 1.
    pub entry: u64,
    /// When, ISO-8601.
    pub at: String,
    /// The user who did it.
    pub by: String,
    /// What.
    pub event: Event,
    /// Digest of the line before; absent in the first.
    pub previous: Option<Digest>,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Event {
    /// A component was taken in, and waits.
    Install {
        /// The plugin's name.
        plugin: String,
        /// Its version.
        version: String,
        /// The component.
        digest: Digest,
        /// Bytes of the component.
        size: u64,
        /// Where it came from.
        origin: String,
        /// Digest of the manifest that a registry gave for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        manifest: Option<String>,
        /// What was found out about it.
        report: Digest,
    },
    /// A component was compiled.
    Compile {
        /// The component.
        digest: Digest,
        /// The engine that its code is for.
        engine: String,
        /// The code.
        artefact: Digest,
    },
    /// A component may run, and is the one that its name stands for.
    Approve {
        /// The component.
        digest: Digest,
        /// What it was given.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        grants: Vec<Grant>,
        /// Limits that differ from the usual ones, by name.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        limits: BTreeMap<String, String>,
        /// Until when.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Moment>,
        /// Names of the trusted keys that it was signed with.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        signers: Vec<String>,
        /// The policy that held.
        policy: Digest,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// A component may no longer run.
    Revoke {
        /// The component.
        digest: Digest,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// A component was deleted.
    Remove {
        /// The component.
        digest: Digest,
    },
}

/// The lines of a record that hang together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record {
    /// The entries.
    pub entries: Vec<Entry>,
    /// Digests of the lines.
    digests: Vec<Digest>,
    /// Bytes up to the end of the last whole line.
    pub(crate) length: usize,
}

impl Record {
    /// Reads a record. A last line that has no end was being written when somebody pulled the plug: it counts for nothing.
    ///
    /// # Errors
    /// The line that does not fit, and why.
    pub fn parse(text: &[u8]) -> Result<Self, String> {
        let mut record = Self::default();
        for (number, line) in text.split_inclusive(|byte| *byte == b'\n').enumerate() {
            let Some(line) = line.strip_suffix(b"\n") else { break };
            let wrong = |problem: String| format!("line {}: {problem}", number + 1);
            if line.len() > MAX_LINE {
                return Err(wrong(format!("is longer than {MAX_LINE} bytes")));
            }
            let entry: Entry = serde_json::from_slice(line).map_err(|error| wrong(format!("is no entry: {error}")))?;
            if entry.entry != record.entries.len() as u64 + 1 {
                return Err(wrong(format!("has the number {}", entry.entry)));
            }
            if entry.previous.as_ref() != record.head() {
                return Err(wrong("does not follow from the line before".to_owned()));
            }
            record.entries.push(entry);
            record.digests.push(Digest::of(line));
            record.length += line.len() + 1;
        }
        Ok(record)
    }

    /// Digest of the last line.
    pub fn head(&self) -> Option<&Digest> {
        self.digests.last()
    }

    /// Digest of a line, counted from 1.
    pub fn digest(&self, entry: u64) -> Option<&Digest> {
        self.digests.get(usize::try_from(entry.checked_sub(1)?).ok()?)
    }

    /// Adds an event; gives the line to append to the file.
    pub(crate) fn push(&mut self, at: String, by: String, event: Event) -> Vec<u8> {
        let entry = Entry { entry: self.entries.len() as u64 + 1, at, by, event, previous: self.head().cloned() };
        // A struct of texts and numbers has a JSON form, on one line.
        let mut line = serde_json::to_vec(&entry).unwrap_or_default();
        self.digests.push(Digest::of(&line));
        self.entries.push(entry);
        line.push(b'\n');
        self.length += line.len();
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn record(events: usize) -> (Record, Vec<u8>) {
        let (mut record, mut text) = (Record::default(), Vec::new());
        for index in 0..events {
            let event = Event::Revoke { digest: Digest::of(&[index as u8]), note: Some(format!("note {index}")) };
            text.extend(record.push("2024-05-01T00:00:00.000Z".into(), "a".into(), event));
        }
        (record, text)
    }

    #[test]
    fn a_record_is_read_as_it_was_written_and_a_torn_line_counts_for_nothing() {
        let (written, text) = record(4);
        assert_eq!(Record::parse(&text), Ok(written.clone()));
        let torn = [&text[..], b"{\"entry\":5,\"at\":"].concat();
        assert_eq!(Record::parse(&torn), Ok(written));
        assert_eq!(Record::parse(b""), Ok(Record::default()));
    }

    #[test]
    fn unknown_fields_are_refused() {
        let text = String::from_utf8_lossy(&record(1).1).replace("\"by\"", "\"bye\"");
        assert!(Record::parse(text.as_bytes()).is_err_and(|problem| problem.starts_with("line 1: is no entry: unknown field `bye`")));
    }

    proptest! {
        /// Whatever is changed in a line that has others after it, the record no longer hangs together; of a change in the last line the head tells.
        #[test]
        fn no_byte_can_be_changed(at in 0usize..700, by in 1u8..255) {
            let (written, mut text) = record(4);
            let at = at % text.len();
            text[at] = text[at].wrapping_add(by);
            match Record::parse(&text) {
                Err(_) => {}
                Ok(read) => prop_assert_ne!(read.head(), written.head()),
            }
        }

        #[test]
        fn anything_else_is_an_error_or_a_record(text in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Record::parse(&text);
        }
    }
}
