//! What is wrong with a query.

/// Characters of a value that a message shows.
const LONGEST_SHOWN: usize = 80;

/// A parameter that cannot be honoured. Its message names the parameter, the value and what is allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("parameter '{parameter}' with the value '{value}': {problem}")]
pub struct QueryError {
    /// Name of the parameter, cut to 80 characters, control characters and quotes escaped.
    pub parameter: String,
    /// The value, cut and escaped in the same way.
    pub value: String,
    /// What is wrong, and what is allowed.
    pub problem: String,
}

impl QueryError {
    pub(super) fn new(parameter: &str, value: &str, problem: impl Into<String>) -> Self {
        Self { parameter: shown(parameter), value: shown(value), problem: problem.into() }
    }
}

/// The text as a message shows it.
pub(super) fn shown(text: &str) -> String {
    let mut characters = text.chars();
    let mut shown: String = characters.by_ref().take(LONGEST_SHOWN).flat_map(char::escape_debug).collect();
    if characters.next().is_some() {
        shown.push_str("...");
    }
    shown
}
