//! What a plugin says about its work: losses by code, and log messages.

use serde::Serialize;
use std::collections::BTreeMap;

/// Examples kept of each code.
pub(crate) const EXAMPLES: usize = 100;
/// Codes kept apart; what comes after is counted together.
const CODES: usize = 200;
/// Codes in all, with the one for those that are not kept apart.
pub(crate) const MAX_CODES: usize = CODES + 1;
/// The code under which the codes past [`CODES`] are counted.
const OTHER: &str = "other-codes";
/// Characters kept of a detail.
pub(crate) const MAX_DETAIL: usize = 500;

/// One thing that the converted export does not hold, or holds only approximately.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// The task's position in the export.
    pub task: u64,
    /// The object's id; absent when the whole task is meant.
    pub object: Option<String>,
    /// For people.
    pub detail: String,
}

/// Losses by code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Losses {
    codes: BTreeMap<String, (u64, Vec<Loss>)>,
}

impl Losses {
    /// Adds a loss.
    pub(crate) fn add(&mut self, code: String, loss: impl FnOnce() -> Loss) {
        let (count, examples) = self.of(code);
        *count = count.saturating_add(1);
        if examples.len() < EXAMPLES {
            examples.push(loss());
        }
    }

    /// Adds losses of which nothing but the number is known.
    pub(crate) fn count(&mut self, code: String, more: u64) {
        if more > 0 {
            let (count, _) = self.of(code);
            *count = count.saturating_add(more);
        }
    }

    fn of(&mut self, code: String) -> &mut (u64, Vec<Loss>) {
        let code = if self.codes.len() < CODES || self.codes.contains_key(&code) { code } else { OTHER.to_owned() };
        self.codes.entry(code).or_default()
    }

    /// Adds what a later shard lost.
    pub fn append(&mut self, later: Self) {
        for (code, (count, examples)) in later.codes {
            let room = self.codes.len() < CODES || self.codes.contains_key(&code);
            let mine = self.codes.entry(if room { code } else { OTHER.to_owned() }).or_default();
            mine.0 = mine.0.saturating_add(count);
            let missing = EXAMPLES.saturating_sub(mine.1.len());
            mine.1.extend(examples.into_iter().take(missing));
        }
    }

    /// How many there are in all.
    pub fn total(&self) -> u64 {
        self.codes.values().fold(0, |total, (count, _)| total.saturating_add(*count))
    }

    /// Code, count and the first examples, by code.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u64, &[Loss])> {
        self.codes.iter().map(|(code, (count, examples))| (code.as_str(), *count, examples.as_slice()))
    }
}

/// A message that a plugin logged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogLine {
    /// `debug`, `info`, `warning` or `error`.
    pub level: &'static str,
    /// The message, safe for a terminal.
    pub message: String,
}

/// Whether a loss code is one: kebab-case of letters, digits, dots and hyphens.
pub(crate) fn is_code(code: &str) -> bool {
    !code.is_empty() && code.len() <= 64 && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn losses(codes: &[&str]) -> Losses {
        let mut losses = Losses::default();
        for (task, code) in codes.iter().enumerate() {
            losses.add((*code).to_owned(), || Loss { task: task as u64, object: None, detail: String::new() });
        }
        losses
    }

    #[test]
    fn every_loss_is_counted_and_the_first_ones_kept() {
        let mut all = losses(&vec!["a"; 150]);
        all.append(losses(&["a", "b"]));
        let seen: Vec<_> = all.iter().map(|(code, count, examples)| (code.to_owned(), count, examples.len())).collect();
        assert_eq!(seen, [("a".to_owned(), 151, 100), ("b".to_owned(), 1, 1)]);
        let many: Vec<String> = (0..1000).map(|code| format!("code-{code}")).collect();
        let many = losses(&many.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!((many.total(), many.iter().count()), (1000, CODES + 1));
    }
}
