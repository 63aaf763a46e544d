//! The store of a project: its records in one file, found by what an export filters on.
//!
//! An export of "stage X, updated since Y" out of a million tasks must not read a million tasks. So the columns that filters look at lie in a small, indexed
//! table, and the record's text lies compressed beside them, one record at a time: a selection is found first, and only what it holds is decompressed.
//!
//! * [`Store`] opens or makes the file; [`Importer`] fills it, in transactions that make an import resumable by running it again.
//! * [`Selection`] says which tasks; [`Records`] reads them as lines of JSON, in the order in which they were first imported, from one snapshot.
//!
//! ```
//! # use std::io::Read;
//! # let folder = tempfile::tempdir()?;
//! use ango_store::{Selection, Store};
//!
//! let store = Store::create_or_open(folder.path().join("project.store"))?;
//! let mut importer = store.importer()?;
//! importer.add(r#"{"asset":"a.jpg","task":{"taskId":"1","stage":"Complete","updatedAt":"2024-05-01T00:00:00.000Z"}}"#)?;
//! importer.add(r#"{"asset":"b.jpg","task":{"taskId":"2","stage":"Review","updatedAt":"2024-05-02T00:00:00.000Z"}}"#)?;
//! importer.finish()?;
//!
//! let mut lines = String::new();
//! store.read(&Selection { stages: Some(vec!["Review".into()]), ..Selection::default() })?.read_to_string(&mut lines)?;
//! assert!(lines.starts_with(r#"{"asset":"b.jpg""#));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Issues lie in a table of their own, when they were imported, and are read whole: there are fewer of them, and they are short.
//!
//! The file is an SQLite database in WAL mode: one process may import while others export. This crate knows nothing of archives, buckets or WebAssembly.

mod codec;
mod error;
mod facts;
mod import;
mod positions;
mod records;
mod schema;
mod selection;
mod store;

pub use error::{IssueFault, StoreError};
pub use import::{Added, Imported, Importer};
pub use records::Records;
pub use selection::Selection;
pub use store::{Group, Store};

/// The longest record that a store holds, in bytes of text: as much as SQLite holds in one value.
pub const MAX_RECORD_BYTES: usize = 1_000_000_000;
