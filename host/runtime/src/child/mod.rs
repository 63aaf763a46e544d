//! Processes that do dangerous work for this one.
//!
//! Two kinds of work on what strangers wrote are not done where credentials are: compiling, which can take minutes and gigabytes, and, when somebody asks for it, running. A child is this
//! program once more. It gets nothing but pipes: no variables of the environment, no other open file; it limits and confines itself before it looks at the first byte of what it is given
//! ([`confine`]); and the parent waits for it with patience that ends ([`process`]).
//!
//! A child that was taken over says whatever it likes. So what comes from it is read like any other input of a stranger's.

#[cfg(unix)]
pub(crate) mod confine;
#[cfg(unix)]
pub(crate) mod process;
pub(crate) mod program;

pub use program::{ChildProgram, serve};
