//! `plugin` and its commands.

use super::admin::{
    PluginApprove, PluginInstall, PluginKeygen, PluginLock, PluginMirror, PluginPush, PluginRemove, PluginRevoke, PluginSign, PluginUpgrade,
    PluginVerify,
};
use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use std::path::PathBuf;

/// `plugin`.
#[derive(Debug, Subcommand)]
pub enum Plugin {
    /// List the plugins that come with the program, and those that are installed.
    List,
    /// Show what a plugin is, what it asks for, and its options; of an installed one also who made, signed and approved it, and how it stood the conformance kit.
    Inspect(PluginInspect),
    /// Start a plugin of your own: a project that builds and passes its tests at once, to be changed into your format.
    New(PluginNew),
    /// Build a plugin's project with the tools of its language, say what is missing for it, and look at what was made.
    Build(PluginBuild),
    /// Run a plugin's golden tests in the sandbox: each folder in tests/ with input.ndjson, options.json and expected/, in one shard and in a shard for each task.
    #[command(after_help = "Exit codes: 0 when all tests pass, 4 when one does not, 2 when the plugin or a test cannot be loaded.")]
    Test(PluginTest),
    /// Convert a kit of difficult exports: each must be converted, the same way in a second run and when it is cut into shards.
    #[command(after_help = "Exit codes: 0 when all checks pass, 4 when one does not, 2 when the plugin cannot be loaded.")]
    Check(PluginCheck),
    /// Measure a plugin on an export, on one thread: time in the sandbox, speed, fuel per byte and memory, beside the bundled COCO plugin.
    Bench(PluginBench),
    /// Build a plugin's project and convert an export with it; with --watch again after every change, with the difference in what comes out.
    Run(PluginRun),
    /// Take in a plugin that somebody made: look at it, compile it in a child process with limits, try it on a kit of difficult exports, and report. It runs for nobody before it is approved.
    Install(PluginInstall),
    /// Let an installed plugin run, with what it is given. `NAME` stands for it from then on.
    Approve(PluginApprove),
    /// Keep an installed plugin from running, from the next run on.
    Revoke(PluginRevoke),
    /// Delete an installed plugin. The record keeps that it was there.
    Remove(PluginRemove),
    /// Fetch a plugin anew from where it came from, install what is there now, and show what is different. The old one runs until the new one is approved.
    Upgrade(PluginUpgrade),
    /// Look whether everything that is installed is as it was left, and may still run.
    #[command(after_help = "Exit codes: 0 when everything is as it was left, 4 when something is not.")]
    Verify(PluginVerify),
    /// Print the lock file: which plugins are installed and may run, with their digests.
    Lock(PluginLock),
    /// Make a key for signing.
    Keygen(PluginKeygen),
    /// Sign a component: the signature goes into FILE.wasm.sig, beside it.
    Sign(PluginSign),
    /// Put a component with its signatures into a registry.
    Push(PluginPush),
    /// Fetch a plugin into a mirror: a folder to install from where there is no network.
    Mirror(PluginMirror),
}

/// `plugin run`.
#[derive(Debug, ClapArgs)]
pub struct PluginRun {
    /// The export: a .zip, .json or .ndjson.
    #[arg(value_name = "EXPORT")]
    pub export: PathBuf,
    /// Folder of the plugin's project.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub project: PathBuf,
    /// Set an option of the plugin: KEY=VALUE.
    #[arg(long = "option", short = 'o', value_name = "KEY=VALUE")]
    pub options: Vec<String>,
    /// Write the converted files into this folder, in place of what is there.
    #[arg(long, value_name = "DIR")]
    pub to: Option<PathBuf>,
    /// Go on after every change of the project's files, until Ctrl-C.
    #[arg(long)]
    pub watch: bool,
    /// Folder for compiled plugins.
    #[arg(long, value_name = "DIR", env = "ANGO_EXPORT_CACHE")]
    pub cache: Option<PathBuf>,
}

/// `plugin check`.
#[derive(Debug, ClapArgs)]
pub struct PluginCheck {
    /// Name of a bundled plugin, or path of a component.
    #[arg(value_name = "NAME|FILE.wasm")]
    pub plugin: String,
    /// Set an option of the plugin: KEY=VALUE.
    #[arg(long = "option", short = 'o', value_name = "KEY=VALUE")]
    pub options: Vec<String>,
    /// Folder for compiled plugins.
    #[arg(long, value_name = "DIR", env = "ANGO_EXPORT_CACHE")]
    pub cache: Option<PathBuf>,
}

/// `plugin bench`.
#[derive(Debug, ClapArgs)]
pub struct PluginBench {
    /// The export: a .zip, .json or .ndjson; 100 MB tell more than one.
    #[arg(value_name = "EXPORT")]
    pub export: PathBuf,
    /// The component, or the name of a bundled plugin.
    #[arg(long, value_name = "NAME|FILE.wasm")]
    pub plugin: String,
    /// Set an option of the plugin: KEY=VALUE.
    #[arg(long = "option", short = 'o', value_name = "KEY=VALUE")]
    pub options: Vec<String>,
    /// Rounds; the quickest counts.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    pub rounds: u32,
    /// Folder for compiled plugins.
    #[arg(long, value_name = "DIR", env = "ANGO_EXPORT_CACHE")]
    pub cache: Option<PathBuf>,
}

/// `plugin build`.
#[derive(Debug, ClapArgs)]
pub struct PluginBuild {
    /// Folder of the plugin's project.
    #[arg(value_name = "DIR", default_value = ".")]
    pub project: PathBuf,
    /// Folder for compiled plugins.
    #[arg(long, value_name = "DIR", env = "ANGO_EXPORT_CACHE")]
    pub cache: Option<PathBuf>,
}

/// `plugin test`.
#[derive(Debug, ClapArgs)]
pub struct PluginTest {
    /// Folder of the plugin's project.
    #[arg(value_name = "DIR", default_value = ".")]
    pub project: PathBuf,
    /// The component, or the name of a bundled plugin [default: what the project's build has made].
    #[arg(long, value_name = "NAME|FILE.wasm")]
    pub plugin: Option<String>,
    /// Write what comes out into expected/, after a change that is meant.
    #[arg(long)]
    pub bless: bool,
    /// Folder for compiled plugins.
    #[arg(long, value_name = "DIR", env = "ANGO_EXPORT_CACHE")]
    pub cache: Option<PathBuf>,
}

/// Languages that plugins are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// Rust, compiled for wasm32-wasip2.
    Rust,
    /// Python, made into a component by componentize-py.
    Python,
    /// JavaScript, made into a component with its engine by componentize-js.
    Javascript,
}

/// `plugin new`.
#[derive(Debug, ClapArgs)]
pub struct PluginNew {
    /// Name of the plugin, like my-format: what `--plugin` and the names of converted exports will have.
    #[arg(value_name = "NAME")]
    pub name: String,
    /// What it is written in.
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub lang: Language,
    /// Folder of the project, which must be new or empty [default: a folder of that name].
    #[arg(long, value_name = "DIR")]
    pub into: Option<PathBuf>,
}

/// `plugin inspect`.
#[derive(Debug, ClapArgs)]
pub struct PluginInspect {
    /// Name of a bundled or an installed plugin (NAME, or NAME@DIGEST), or path of a component.
    #[arg(value_name = "NAME|FILE.wasm")]
    pub plugin: String,
    /// Folder for compiled plugins.
    #[arg(long, value_name = "DIR", env = "ANGO_EXPORT_CACHE")]
    pub cache: Option<PathBuf>,
}
