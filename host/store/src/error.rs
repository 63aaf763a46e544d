//! What can be wrong with a store, and what to do about it.

use rusqlite::ffi::ErrorCode;
use std::path::{Path, PathBuf};

/// Why a store cannot be opened, filled or read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such file.
    #[error("{}: does not exist: import the project first", path.display())]
    Missing {
        /// The store.
        path: PathBuf,
    },
    /// The file is something else.
    #[error("{}: is not the store of a project ({problem}): name another file", path.display())]
    NotAStore {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        problem: String,
    },
    /// A later version of the program made it.
    #[error("{}: is a store of version {found}, and this program knows versions up to {known}: update the program, or import into a new file", path.display())]
    Newer {
        /// The store.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The latest version that is understood.
        known: i64,
    },
    /// The file was changed by something other than this program, or cut off.
    #[error("{}: is damaged ({problem}): import the project again into a new file", path.display())]
    Damaged {
        /// The store.
        path: PathBuf,
        /// What shows it.
        problem: String,
    },
    /// Somebody else is writing.
    #[error("{}: another import is writing to it: wait until it has ended, then run this again", path.display())]
    Busy {
        /// The store.
        path: PathBuf,
    },
    /// The file or its folder cannot be written.
    #[error("{}: cannot be written: allow writing to the file and its folder, or name a file elsewhere", path.display())]
    ReadOnly {
        /// The store.
        path: PathBuf,
    },
    /// There is no room left.
    #[error("{}: the disk is full: make room, then run this again; what was imported so far is kept", path.display())]
    Full {
        /// The store.
        path: PathBuf,
    },
    /// It lies where it can only be read without locks, and somebody wrote to it from elsewhere.
    #[error("{}: was written to while it was read from a folder without write access: read it again when the import has ended", path.display())]
    Changed {
        /// The store.
        path: PathBuf,
    },
    /// An earlier error ended this import.
    #[error("{}: the import was given up after an error: run it again", path.display())]
    GivenUp {
        /// The store.
        path: PathBuf,
    },
    /// Opening or reading failed for a reason outside of the file.
    #[error("{}: {problem}", path.display())]
    Access {
        /// The store.
        path: PathBuf,
        /// What failed, and the remedy where there is one.
        problem: String,
    },
    /// A record is not what the format says. The import can go on without it.
    #[error("{}: record {number}{}{}: {problem}", path.display(), named(", task ", task.as_deref().unwrap_or_default()), named(", field ", field))]
    Record {
        /// The store that it was meant for.
        path: PathBuf,
        /// Which one of this import, from 1.
        number: u64,
        /// Id of the task, where it could be read.
        task: Option<String>,
        /// The field, as a path from the asset object; empty when the whole record is meant.
        field: String,
        /// What is wrong, and the remedy where there is one.
        problem: String,
    },
    /// An issue is not what the format says. The import can go on without it.
    #[error("{}: issue {fault}", path.display())]
    Issue {
        /// The store that it was meant for.
        path: PathBuf,
        /// Which one, and what is wrong.
        fault: Box<IssueFault>,
    },
    /// The project's description is not JSON.
    #[error("{}: project.json{}: {problem}", path.display(), named(", field ", field))]
    Project {
        /// The store that it was meant for.
        path: PathBuf,
        /// The field; empty when the whole text is meant.
        field: String,
        /// What is wrong.
        problem: String,
    },
}

/// What is wrong with an issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueFault {
    /// Which one of this import, from 1.
    pub number: u64,
    /// Its id, where it could be read.
    pub issue: Option<String>,
    /// Id of its task, where it could be read.
    pub task: Option<String>,
    /// The field, as a path from the issue; empty when the whole issue is meant.
    pub field: String,
    /// What is wrong, and the remedy where there is one.
    pub problem: String,
}

impl std::fmt::Display for IssueFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let issue = named(", id ", self.issue.as_deref().unwrap_or_default());
        let task = named(", task ", self.task.as_deref().unwrap_or_default());
        write!(f, "{}{issue}{task}{}: {}", self.number, named(", field ", &self.field), self.problem)
    }
}

/// A part of a message that is left out when there is nothing to name.
fn named(before: &str, name: &str) -> String {
    if name.is_empty() { String::new() } else { format!("{before}{name}") }
}

impl StoreError {
    pub(crate) fn damaged(path: &Path, problem: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), problem: problem.into() }
    }

    pub(crate) fn not_a_store(path: &Path, problem: impl Into<String>) -> Self {
        Self::NotAStore { path: path.to_owned(), problem: problem.into() }
    }
}

/// Says what an error of the database means for the file. The database's own text is not shown: it quotes statements.
pub(crate) fn of_database(path: &Path, error: &rusqlite::Error) -> StoreError {
    let owned = path.to_owned();
    let rusqlite::Error::SqliteFailure(failure, _) = error else {
        // A column of another type, a row that must be there and is not.
        return StoreError::damaged(path, "a table does not hold what it should");
    };
    match failure.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy { path: owned },
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => StoreError::ReadOnly { path: owned },
        ErrorCode::DiskFull => StoreError::Full { path: owned },
        ErrorCode::NotADatabase => StoreError::not_a_store(path, "not a database"),
        ErrorCode::OutOfMemory => StoreError::Access { path: owned, problem: "not enough memory".into() },
        ErrorCode::CannotOpen => {
            StoreError::Access { path: owned, problem: "cannot be opened: do the file and its folder exist, with access for this user?".into() }
        }
        ErrorCode::FileLockingProtocolFailed => {
            StoreError::Access { path: owned, problem: "its file system does not lock files: put the store on a local disk".into() }
        }
        ErrorCode::SystemIoFailure => StoreError::Access { path: owned, problem: "the disk reports an error while it is read or written".into() },
        _ => StoreError::damaged(path, rusqlite::ffi::code_to_str(failure.extended_code)),
    }
}

/// Names the file in errors of the database.
pub(crate) trait InFile<T> {
    fn in_file(self, path: &Path) -> Result<T, StoreError>;
}

impl<T> InFile<T> for rusqlite::Result<T> {
    fn in_file(self, path: &Path) -> Result<T, StoreError> {
        self.map_err(|error| of_database(path, &error))
    }
}
