//! Assets for plugins that were granted them: how large an image is, and the bytes of small files.
//!
//! A plugin asks with a link; where that comes from nobody knows. So what may be fetched is a list of places that an admin wrote ([`AssetRules`]), everything else is
//! denied, and what a plugin is told of a failure says nothing of the network of the host: the details are for the admin, in the job's report.
//!
//! * [`allow`]: which place a link is in, if it is in one.
//! * [`places`]: getting bytes out of a web server, a bucket or a folder.
//! * [`size`]: an image's size out of its first bytes, or the few others that are needed.
//! * [`fetcher`]: both together, each link once, within limits.

mod allow;
mod fetcher;
mod notes;
mod places;
mod rules;
mod size;

pub use fetcher::AssetFetcher;
pub use notes::AssetsReport;
pub use rules::AssetRules;
