//! What is wrong with an input, and where.

use std::fmt;

/// Where in an input something is: lines and columns from 1, bytes from 0, all in the decompressed text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// Name of the input, as given by the user (a path, a URL, a zip entry).
    pub input: String,
    /// Line, from 1.
    pub line: u64,
    /// Offset in bytes from the start of the text.
    pub byte: u64,
    /// Id of the issue, where the input holds issues and it could be read.
    pub issue: Option<String>,
    /// Id of the task, where it could be read.
    pub task: Option<String>,
    /// The field, as a path from the asset object (`task.tools[3].bounding-box.x`) or the issue; empty when the whole record is meant.
    pub field: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: line {}, byte {}", self.input, self.line, self.byte)?;
        if let Some(issue) = &self.issue {
            write!(f, ", issue {issue}")?;
        }
        if let Some(task) = &self.task {
            write!(f, ", task {task}")?;
        }
        if !self.field.is_empty() {
            write!(f, ", field {}", self.field)?;
        }
        Ok(())
    }
}

/// Why an input cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// The text is not what an export looks like.
    #[error("{place}: {problem}")]
    Malformed {
        /// Where.
        place: Box<Place>,
        /// What is wrong there, and the remedy where there is one.
        problem: String,
    },
    /// Reading failed: the file, the decompressor or the network.
    #[error("{input}: {source}")]
    Read {
        /// Name of the input.
        input: String,
        /// What failed.
        source: std::io::Error,
    },
}
