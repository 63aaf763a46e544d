//! From what somebody asks for to a job that can run.
//!
//! The command line, the service and the connector to Hub all name plugins, options and limits, and all call exports by the same rules. What they have in common is here, so that a plugin that may
//! not run for one of them runs for none.

mod bundled;
mod error;
mod loader;
mod names;
mod options;
mod specs;
mod time;

pub use bundled::{BundledPlugin, bundled_plugins};
pub use error::LaunchError;
pub use loader::{Loaded, Loader, is_path};
pub use names::{export_name, file_name, new_id};
pub use options::values;
pub use specs::{Asked, Wanted, specs, wanted_specs};
pub use time::now;
