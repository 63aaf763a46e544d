//! What a database refused or failed at.

/// Why the database did not do something. Never holds the password of its address.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// It cannot be opened.
    #[error("database {name}: {problem}")]
    Open {
        /// The file, or the server without its password.
        name: String,
        /// Why, and the remedy where there is one.
        problem: String,
    },
    /// It was made by a newer version of this program.
    #[error("database {name}: holds version {found} of its tables, this program knows {known}: use a newer ango-export")]
    Newer {
        /// The database.
        name: String,
        /// The version of its tables.
        found: i64,
        /// The newest version that is known here.
        known: i64,
    },
    /// It does not answer, or not in time. Trying again later makes sense.
    #[error("database {name}: does not answer: {problem}")]
    Unavailable {
        /// The database.
        name: String,
        /// What happened.
        problem: String,
    },
    /// A statement failed.
    #[error("database {name}: {problem}")]
    Failed {
        /// The database.
        name: String,
        /// What it says.
        problem: String,
    },
    /// Something in it is not what this program wrote.
    #[error("database: {what} cannot be read")]
    Content {
        /// The field.
        what: &'static str,
    },
    /// The system has no random numbers.
    #[error("no random numbers: {0}")]
    Random(getrandom::Error),
}
