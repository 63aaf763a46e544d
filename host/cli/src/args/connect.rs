//! `connect`.

use ango_config::{Connector, Isolate};
use clap::Args as ClapArgs;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use std::net::SocketAddr;
use std::path::PathBuf;

/// What is said after the options.
pub const CONNECT_HELP: &str = "\
A plugin of Hub's is an id and a secret; create one there (Plugins, Create, type Export), and give its id here. A run that somebody starts in Hub is fetched with the key of who runs it,
converted in the sandbox, uploaded to where Hub says, and answered with the link. Losses, warnings and progress stand in the log of its session. A run that fails is answered as well.

The Config JSON of a run holds options of the converter (see `plugin inspect`), and what Hub's own SDK reads: include_key_frames_only. storageId names the storage of the result.

Environment:
  ANGO_EXPORT_PLUGIN_SECRET      the secret of the plugin
  ANGO_EXPORT_PLUGIN_SECRET_ID   the secret of the plugin ID, in capitals and with _ for -, when there are several; it counts more

Configuration:
  [connect]                      hub, connector, listen, runs, max-queued, time-limit, max-export-bytes, shutdown-seconds
  [connect.plugins.ID]           converter, options, limits, secret-file, time-limit
  What is given on the command line counts more.

Exit codes: 0 when it was stopped (Ctrl-C, SIGTERM) and every run has been answered; 2 when a setting is wrong. While Hub is not there it is tried again, for ever.";

/// `connect`.
#[derive(Debug, ClapArgs)]
pub struct Connect {
    /// Hub's API: https://imeritapi.ango.ai [default: connect.hub].
    #[arg(long, value_name = "URL")]
    pub hub: Option<String>,
    /// Join as the plugin with this id. It converts with CONVERTER: a bundled or an installed plugin, or the path of a component [default: that of connect.plugins.ID]. Can be given several
    /// times; without it, every plugin of the configuration file joins.
    #[arg(long = "plugin-id", value_name = "ID[=CONVERTER]")]
    pub plugins: Vec<String>,
    /// Who calls whom [default: ws].
    #[arg(long, value_parser = connector(), value_name = "HOW")]
    pub connector: Option<Connector>,
    /// Address and port that Hub calls, with the REST connector [default: 0.0.0.0:8080].
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// The same on every address of this machine.
    #[arg(long, value_name = "PORT", conflicts_with = "listen")]
    pub port: Option<u16>,
    /// Runs at a time; others wait [default: 2].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub runs: Option<u32>,
    /// Threads that convert, of one run [default: as many as there are cores].
    #[arg(long, value_name = "N")]
    pub workers: Option<usize>,
    /// Where converters run. In a process of its own, one that broke out of the sandbox would find no credentials, no network and no files. Linux only [default: none].
    #[arg(long, value_parser = super::isolate(), value_name = "HOW")]
    pub isolate: Option<Isolate>,
    /// Folder for compiled plugins.
    #[arg(long, value_name = "DIR", env = "ANGO_EXPORT_CACHE")]
    pub cache: Option<PathBuf>,
}

/// Reads `--connector`.
fn connector() -> impl TypedValueParser<Value = Connector> {
    let ws = PossibleValue::new("ws").help("We call Hub, over a WebSocket for each plugin: nothing has to be reachable from outside");
    let rest = PossibleValue::new("rest").help("Hub calls us, over HTTP");
    let both = PossibleValue::new("both").help("Both, at the same time");
    PossibleValuesParser::new([ws, rest, both]).map(|name| match name.as_str() {
        "rest" => Connector::Rest,
        "both" => Connector::Both,
        _ => Connector::Ws,
    })
}
