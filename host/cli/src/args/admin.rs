//! What an admin does with plugins, and what authors do so that admins can trust them.

use super::time;
use ango_model::time::Timestamp;
use clap::{Args as ClapArgs, ValueEnum};
use std::path::PathBuf;

/// A right that a plugin can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GrantName {
    /// To ask for sizes and bytes of assets, which the host fetches.
    Assets,
}

/// `plugin install`.
#[derive(Debug, ClapArgs)]
pub struct PluginInstall {
    /// Where it is: a file, https://..., or oci://REGISTRY/REPOSITORY:TAG (or @sha256:DIGEST).
    #[arg(value_name = "FILE|URL|oci://REGISTRY/REPOSITORY:TAG")]
    pub from: String,
    /// Take it from this mirror (see `plugin mirror`), and nothing from the network.
    #[arg(long, value_name = "DIR")]
    pub from_dir: Option<PathBuf>,
    /// Approve it at once, for scripts: only what the policy lets be approved without a person.
    #[arg(long)]
    pub yes: bool,
    /// Install nothing but the component with this digest.
    #[arg(long, value_name = "sha256:DIGEST")]
    pub digest: Option<String>,
}

/// `plugin approve`.
#[derive(Debug, ClapArgs)]
pub struct PluginApprove {
    /// Which component: its name, and its digest or the beginning of it.
    #[arg(value_name = "NAME@DIGEST")]
    pub plugin: String,
    /// Give it a right that it asks for. Can be given several times.
    #[arg(long = "grant", value_enum, value_name = "GRANT")]
    pub grants: Vec<GrantName>,
    /// Memory that each instance may use, e.g. 1GiB.
    #[arg(long, value_name = "SIZE")]
    pub memory: Option<String>,
    /// Another limit: NAME=VALUE, as for `export`. Runs may set lower ones, and no higher ones.
    #[arg(long = "limit", value_name = "NAME=VALUE")]
    pub limits: Vec<String>,
    /// The approval holds until then: 2027-01-01T00:00:00Z.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub until: Option<Timestamp>,
    /// Why: kept in the record.
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
}

/// `plugin revoke`.
#[derive(Debug, ClapArgs)]
pub struct PluginRevoke {
    /// Which component; a name alone means the one that runs under it.
    #[arg(value_name = "NAME[@DIGEST]")]
    pub plugin: String,
    /// Why: kept in the record, and told to those whose runs it stops.
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
}

/// `plugin remove`.
#[derive(Debug, ClapArgs)]
pub struct PluginRemove {
    /// Which component; a name alone means the one that runs under it, or the only one.
    #[arg(value_name = "NAME[@DIGEST]")]
    pub plugin: String,
}

/// `plugin upgrade`.
#[derive(Debug, ClapArgs)]
pub struct PluginUpgrade {
    /// The installed plugin.
    #[arg(value_name = "NAME")]
    pub plugin: String,
    /// Where the new one is [default: where the installed one came from].
    #[arg(value_name = "FILE|URL|oci://REGISTRY/REPOSITORY:TAG")]
    pub from: Option<String>,
    /// Take it from this mirror, and nothing from the network.
    #[arg(long, value_name = "DIR")]
    pub from_dir: Option<PathBuf>,
    /// Approve it at once, for scripts: only what the policy lets be approved without a person, and only when it asks for nothing more than the old one.
    #[arg(long)]
    pub yes: bool,
}

/// `plugin verify`.
#[derive(Debug, ClapArgs)]
pub struct PluginVerify {
    /// Look at this plugin only.
    #[arg(value_name = "NAME")]
    pub plugin: Option<String>,
    /// Compile the components anew, in place of code that is missing or was changed.
    #[arg(long)]
    pub recompile: bool,
    /// Make the lock file anew from the record of approvals, after you have looked at the record's last lines.
    #[arg(long, conflicts_with = "recompile")]
    pub accept_record: bool,
}

/// `plugin lock`.
#[derive(Debug, ClapArgs)]
pub struct PluginLock {
    /// Print the record of approvals as well: who did what, and when.
    #[arg(long)]
    pub record: bool,
}

/// `plugin keygen`.
#[derive(Debug, ClapArgs)]
pub struct PluginKeygen {
    /// The private key's file, which must not exist; it is made readable for you alone. The public key is printed, and goes into FILE.pub.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// `plugin sign`.
#[derive(Debug, ClapArgs)]
pub struct PluginSign {
    /// The component.
    #[arg(value_name = "FILE.wasm")]
    pub component: PathBuf,
    /// The private key's file, as `plugin keygen` or OpenSSL makes it.
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
}

/// `plugin push`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Credentials come from ANGO_REGISTRY_USER and ANGO_REGISTRY_PASSWORD, or from Docker's configuration; never from the command line."
)]
pub struct PluginPush {
    /// The component. Signatures in FILE.wasm.sig go with it.
    #[arg(value_name = "FILE.wasm")]
    pub component: PathBuf,
    /// Where to.
    #[arg(value_name = "oci://REGISTRY/REPOSITORY:TAG")]
    pub to: String,
}

/// `plugin mirror`.
#[derive(Debug, ClapArgs)]
pub struct PluginMirror {
    /// What to fetch.
    #[arg(value_name = "URL|oci://REGISTRY/REPOSITORY:TAG")]
    pub from: String,
    /// The mirror's folder, made when it is not there.
    #[arg(long, value_name = "DIR")]
    pub to: PathBuf,
}
