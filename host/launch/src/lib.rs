//! From what somebody asks for to a job that can run.
//!
//! The command line, the service and the connector to Hub all name plugins, options and limits, and all call exports by the same rules. What they have in common is here, so that a plugin that may
//! not run for one of them runs for none.

mod error;
mod loader;
mod names;
mod specs;
mod time;

pub use error::LaunchError;
pub use loader::{Loaded, Loader, is_path};
pub use names::{export_name, file_name, new_id};
pub use specs::{Asked, Wanted, specs, values, wanted_specs};
pub use time::now;
