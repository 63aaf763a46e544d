//! `serve` and `key`.

use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use std::path::PathBuf;

/// What the help of `serve` ends with.
pub const SERVE_HELP: &str = "\
Settings are in the configuration file; `config check` lists them all:

  [service]
  listen = \"127.0.0.1:8080\"
  data = \"/var/lib/ango-export\"         # the database
  storage = \"exports\"                   # where exports go, unless a project says something else
  public-url = \"https://exports.example.com\"

  [service.organisations.acme]
  projects = \"/srv/acme\"                # a project folder or a store for each project

The first key is made with `ango-export key create --organisation acme --name me@example.com --role admin`.

Signals: SIGTERM and Ctrl-C end the service; exports that run are finished within shutdown-seconds, or handed back to be done again. SIGHUP reads the configuration again.

Environment:
  ANGO_EXPORT_DATABASE_URL       with database = \"postgres\": postgres://USER:PASSWORD@HOST/DATABASE
  ANGO_EXPORT_SMTP_PASSWORD      password of the mail server
  ANGO_EXPORT_WEBHOOK_SECRET_NAME
                                 the secret of a webhook
  ANGO_EXPORT_PLUGIN_SECRET_ID   the secret of a plugin of [service.plugins.ID], which connects with it";

/// `serve`.
#[derive(Debug, ClapArgs)]
pub struct Serve {
    /// Listen on this address and port, whatever the configuration says; with port 0 on any that is free.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// Folder for compiled plugins.
    #[arg(long, value_name = "DIR", env = "ANGO_EXPORT_CACHE")]
    pub cache: Option<PathBuf>,
}

/// `key`.
#[derive(Debug, Subcommand)]
pub enum Key {
    /// Make a key. It is printed once, and kept as a hash.
    Create(KeyCreate),
    /// List the keys of an organisation.
    List {
        /// The organisation.
        #[arg(long, value_name = "NAME")]
        organisation: String,
    },
    /// Revoke a key.
    Revoke {
        /// The organisation.
        #[arg(long, value_name = "NAME")]
        organisation: String,
        /// Id of the key, as `key list` shows it.
        id: String,
    },
}

/// `key create`.
#[derive(Debug, ClapArgs)]
pub struct KeyCreate {
    /// The organisation.
    #[arg(long, value_name = "NAME")]
    pub organisation: String,
    /// Whose it is: a name, or the e-mail address that links are sent to.
    #[arg(long)]
    pub name: String,
    /// What it may: look at projects and exports (viewer), export and change settings (manager), or also manage keys and plugins (admin, of all projects).
    #[arg(long, value_enum)]
    pub role: RoleName,
    /// Only in this project. Can be given several times [default: all of the organisation].
    #[arg(long = "project", value_name = "ID")]
    pub projects: Vec<String>,
    /// Until when: 2026-12-31T00:00:00Z.
    #[arg(long, value_name = "TIME")]
    pub expires: Option<String>,
}

/// A role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RoleName {
    /// Looks.
    Viewer,
    /// Exports.
    Manager,
    /// Decides.
    Admin,
}
