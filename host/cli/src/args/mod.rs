//! The command line. Its help is the manual.

mod admin;
mod connect;
mod plugin;
mod service;

pub use admin::*;
pub use connect::*;
pub use plugin::*;
pub use service::*;

use ango_config::Isolate;
use ango_launch::Asked;
use ango_model::time::{Timestamp, parse_iso};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const EXIT_CODES: &str = "\
Exit codes:
  0    done
  1    an internal failure
  2    bad configuration: a wrong argument, plugin, option or project description
  3    done, but a converted export does not hold everything (the report lists what)
  4    a plugin failed; the original export and the other conversions are saved
  5    bad input: the export or a record cannot be read; nothing is saved
  6    the storage failed; nothing is saved
  130  stopped by Ctrl-C; nothing is saved

Environment:
  AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL
                     credentials and endpoint of s3:// storages; never given on the command line
  GOOGLE_SERVICE_ACCOUNT, GOOGLE_SERVICE_ACCOUNT_KEY, GOOGLE_APPLICATION_CREDENTIALS
                     the same of gs:// storages: the path of a service account's key, or the key itself
  AZURE_STORAGE_ACCOUNT_NAME, AZURE_STORAGE_ACCOUNT_KEY, AZURE_STORAGE_SAS_TOKEN
                     the same of az:// storages
  ANGO_EXPORT_CONFIG configuration file (default: ango-export.toml in the current folder)
  ANGO_EXPORT_PLUGINS
                     folder of installed plugins (default: ango-export/plugins in the user's data folder)
  ANGO_EXPORT_CACHE  folder for compiled plugins (default: ango-export in the user's cache folder)
  SOURCE_DATE_EPOCH  the time of the export in seconds since 1970, for reproducible archives";

/// Turns annotation projects into Ango V3 exports, and through plugins into every other format.
#[derive(Debug, Parser)]
#[command(version, about, after_help = EXIT_CODES, max_term_width = 120)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Write events as JSON, one per line, to standard output.
    #[arg(long, global = true)]
    pub json: bool,
    /// Say nothing but errors.
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Configuration file: storages by name, limits, and how runs are done. See `config check` [default: ango-export.toml in the current folder, if it is there].
    #[arg(long, global = true, value_name = "FILE", env = "ANGO_EXPORT_CONFIG")]
    pub config: Option<PathBuf>,
    /// Folder of installed plugins [default: ango-export/plugins in the user's data folder].
    #[arg(long, global = true, value_name = "DIR", env = "ANGO_EXPORT_PLUGINS")]
    pub plugin_store: Option<PathBuf>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Export a project: write the original export into a storage, and for each plugin the converted one beside it.
    #[command(after_help = EXIT_CODES)]
    Export(Box<Export>),
    /// Convert an export that somebody downloaded.
    #[command(after_help = EXIT_CODES)]
    Convert(Convert),
    /// Plugins: write, build, test, install, approve.
    #[command(subcommand)]
    Plugin(Plugin),
    /// Look at projects.
    #[command(subcommand)]
    Project(Project),
    /// Read an export to its end and list everything that is wrong with it: by severity, with line, task and field.
    #[command(
        after_help = "Exit codes: 0 when there are no errors, whatever warnings there are; 5 when there are. Of each kind of problem the first 20 are listed and all are counted."
    )]
    Validate(Validate),
    /// Serve exports: an API, that of Hub, and a page, with jobs in a database.
    #[command(after_help = SERVE_HELP)]
    Serve(Serve),
    /// Join a Hub as its export plugins: its runs are converted here, and answered.
    #[command(after_help = CONNECT_HELP)]
    Connect(Connect),
    /// Keys of the service.
    #[command(subcommand)]
    Key(Key),
    /// Look at the configuration.
    #[command(subcommand)]
    Config(Config),
    /// Print a schema.
    #[command(subcommand)]
    Schema(Schema),
    /// Make a project of drawn street scenes, export and convert it, and draw a page that shows what came out.
    Demo(Demo),
}

/// `config`.
#[derive(Debug, Subcommand)]
pub enum Config {
    /// Say what every value is and where it came from: the file and line, the environment, or the default; and what is wrong.
    Check {
        /// Folder for compiled plugins.
        #[arg(long, value_name = "DIR", env = "ANGO_EXPORT_CACHE")]
        cache: Option<PathBuf>,
    },
}

/// Format of the original export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One JSON array.
    Json,
    /// One asset object per line.
    Ndjson,
    /// NDJSON (Split): one asset object per line, in several files in one zip. An asset object is never cut.
    Split,
    /// The format from before workflows, for programs that still read it. The report counts what it does not hold. Plugins get tasks as ever.
    Legacy,
}

/// What is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Type {
    /// Assets with their tasks.
    Task,
    /// Issues: what somebody remarked on tasks. Batches, times and tasks filter them; what is about tasks alone (stages, types of task, toggles, plugins) does not go with them.
    Issue,
}

/// Reads `--isolate`.
fn isolate() -> impl TypedValueParser<Value = Isolate> {
    let none = PossibleValue::new(Isolate::None.name()).help("In the sandbox, in the process of the job");
    let process = PossibleValue::new(Isolate::Process.name()).help("In the sandbox, in processes of their own that have nothing but pipes");
    PossibleValuesParser::new([none, process]).map(|name| if name == Isolate::Process.name() { Isolate::Process } else { Isolate::None })
}

/// What exporting and converting have in common.
#[derive(Debug, ClapArgs)]
pub struct Common {
    /// Convert with this plugin: the name of a bundled or an installed one (see `plugin list`), or the path of a component (.wasm). Can be given several times.
    #[arg(long = "plugin", value_name = "NAME|FILE.wasm")]
    pub plugins: Vec<String>,
    /// Set an option of a plugin: PLUGIN.KEY=VALUE, or KEY=VALUE when there is one plugin; KEY.KEY=VALUE for what is nested (split.by=ratio). The value is JSON, or else a text. See `plugin inspect`.
    #[arg(long = "option", short = 'o', value_name = "[PLUGIN.]KEY=VALUE")]
    pub options: Vec<String>,
    /// Change a limit of the plugins, of installed ones below what was approved: NAME=VALUE, e.g. memory=1GiB, wall-time=600, fuel-per-byte=20000, output-bytes=10GiB.
    #[arg(long = "limit", value_name = "NAME=VALUE")]
    pub limits: Vec<String>,
    /// Let a plugin that is given by its path ask for sizes and bytes of assets: PLUGIN=assets. They come from the places that the configuration file allows ([assets]). An installed plugin has
    /// what it was approved with.
    #[arg(long = "grant", value_name = "PLUGIN=assets")]
    pub grants: Vec<String>,
    /// Threads that convert [default: as many as there are cores]. The output does not depend on it.
    #[arg(long, value_name = "N")]
    pub workers: Option<usize>,
    /// Longest record that is accepted, in MiB [default: 64].
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u64).range(1..=2048))]
    pub max_record_mib: Option<u64>,
    /// Where plugins run. In a process of its own, a plugin that broke out of the sandbox would find no credentials, no network and no files. The output is the same. Linux only
    /// [default: none].
    #[arg(long, value_parser = isolate(), value_name = "HOW")]
    pub isolate: Option<Isolate>,
    /// When the export was taken: 2024-05-01T00:00:00Z. Archives made with the same time from the same input are identical, byte for byte.
    #[arg(long, value_name = "TIME")]
    pub exported_at: Option<String>,
    /// Folder for compiled plugins.
    #[arg(long, value_name = "DIR", env = "ANGO_EXPORT_CACHE")]
    pub cache: Option<PathBuf>,
}

impl<'a> From<&'a Common> for Asked<'a> {
    fn from(common: &'a Common) -> Self {
        Self { plugins: &common.plugins, options: &common.options, limits: &common.limits, grants: &common.grants }
    }
}

/// `export`.
#[derive(Debug, ClapArgs)]
pub struct Export {
    /// A project folder (project.json and records.ndjson), a store (see `project import`), or a bare V3 export.
    #[arg(long, value_name = "DIR|EXPORT")]
    pub project: PathBuf,
    /// What to export. Issues come from the folder's issues.ndjson, or from a store into which one was imported.
    #[arg(long = "type", value_enum, default_value_t = Type::Task)]
    pub kind: Type,
    /// Ask as a client asks Hub, with the query of GET /v2/export: 'stage=["Complete"]&includeHistory=true&format=ndjson'. Stands for the options about type, format, filters and
    /// toggles; without a stage in it, tasks in all stages are exported, as Hub's clients expect.
    #[arg(long, value_name = "QUERY", conflicts_with_all = ["kind", "format", "stages", "all_stages", "metadata", "history", "idle", "only_key_frames", "batches",
        "task_types", "tasks", "updated_after", "updated_before", "created_after", "created_before"])]
    pub query: Option<String>,
    /// Where to: a folder, file:///folder, s3://bucket, gs://bucket, az://container, or the name of a storage of the configuration file [default: the project's own export storage].
    #[arg(long, value_name = "URL")]
    pub storage: Option<String>,
    /// Folder in the storage, e.g. exports/2023. Need not exist.
    #[arg(long, value_name = "FOLDER")]
    pub path: Option<String>,
    /// Format of the original export.
    #[arg(long, value_enum, default_value_t = Format::Json)]
    pub format: Format,
    /// With --format split: tasks or issues in a file.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), conflicts_with = "split_mib")]
    pub split_tasks: Option<u64>,
    /// With --format split: MiB of text in a file, at most; whole stretches of about 2 MiB are kept together.
    #[arg(long, value_name = "MIB", default_value_t = 256, value_parser = clap::value_parser!(u64).range(1..=1 << 20))]
    pub split_mib: u64,
    /// Export tasks in this stage (id or name). Can be given several times [default: Complete].
    #[arg(long = "stage", value_name = "STAGE", conflicts_with = "all_stages")]
    pub stages: Vec<String>,
    /// Export tasks in any stage.
    #[arg(long)]
    pub all_stages: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub filters: Filters,
    /// Annotation Metadata: who made each annotation, when, in which stage.
    #[arg(long)]
    pub metadata: bool,
    /// Stage History: the stages each task went through, with its annotations in each.
    #[arg(long)]
    pub history: bool,
    /// Idle and blur durations of tasks and of stage visits.
    #[arg(long)]
    pub idle: bool,
    /// Only Key Frames: of videos, the frames that somebody edited, and where objects end. Without it, the frames between are computed.
    #[arg(long)]
    pub only_key_frames: bool,
    /// Sign links to assets and masks in this storage (s3://bucket, gs://bucket, az://container, each with a /folder or without, or a name of the configuration file), to be used for 33 hours and 20 minutes. Can be given several times;
    /// storages of the configuration file with `sign-links = true` are signed in any case. Links to other places are given out as they are.
    #[arg(long = "sign-assets", value_name = "URL")]
    pub sign_assets: Vec<String>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub common: Common,
}

/// Which tasks are exported, besides their stage, or which issues. Every filter that is given must be passed.
#[derive(Debug, Clone, Default, ClapArgs)]
#[command(next_help_heading = "Filters")]
pub struct Filters {
    /// Tasks or issues of assets in this batch (id or name). Can be given several times.
    #[arg(long = "batch", value_name = "BATCH")]
    pub batches: Vec<String>,
    /// Tasks of this type. Can be given several times.
    #[arg(long = "task-type", value_enum, value_name = "TYPE")]
    pub task_types: Vec<TaskType>,
    /// The task with this id, or issues about it. Can be given several times.
    #[arg(long = "task", value_name = "ID")]
    pub tasks: Vec<String>,
    /// Tasks or issues changed after this moment: 2024-05-01T00:00:00Z. The moment itself does not count.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub updated_after: Option<Timestamp>,
    /// Changed before this moment.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub updated_before: Option<Timestamp>,
    /// Tasks or issues created after this moment.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub created_after: Option<Timestamp>,
    /// Created before this moment.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub created_before: Option<Timestamp>,
}

/// What a task is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TaskType {
    /// An ordinary task.
    Default,
    /// One of several judgements about the same asset.
    Consensus,
    /// A task with known answers.
    Benchmark,
}

fn time(text: &str) -> Result<Timestamp, String> {
    parse_iso(text).ok_or_else(|| "expected a time like 2024-05-01T00:00:00Z".to_owned())
}

/// `convert`.
#[derive(Debug, ClapArgs)]
pub struct Convert {
    /// The export holds key frames only: compute the frames between for videos.
    #[arg(long)]
    pub interpolate: bool,
    /// The export: a .zip, .json or .ndjson (also .gz or .zst), as a file, or a file:///, s3://, gs:// or az:// URL.
    #[arg(value_name = "EXPORT")]
    pub export: String,
    /// Where to: a folder, file:///folder, s3://bucket/folder, gs://bucket/folder, az://container/folder, or the name of a storage of the configuration file.
    #[arg(long, value_name = "DIR|URL")]
    pub to: String,
    /// The project of the export (a project folder or its project.json): class ids then come from its ontology. Without it they come from the classes that occur.
    #[arg(long, value_name = "DIR|FILE")]
    pub project: Option<PathBuf>,
    /// Convert only tasks in this stage (id or name). Can be given several times [default: all].
    #[arg(long = "stage", value_name = "STAGE")]
    pub stages: Vec<String>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub common: Common,
}

/// `project`.
#[derive(Debug, Subcommand)]
pub enum Project {
    /// Read a project to the end, its issues as well, and say what is wrong, and where.
    Check(ProjectCheck),
    /// Put a project into a store: one file, in which an export finds what it filters for without reading the rest. Can be run again at any time, also after it was
    /// stopped: what is new or changed goes in, what is there stays. Issues go in as well, where the folder has issues.ndjson.
    #[command(
        after_help = "Exit codes: 0 when every record and issue is in the store; 5 when some were malformed, which are listed and left out, and the others are in."
    )]
    Import(ProjectImport),
}

/// `project check`.
#[derive(Debug, ClapArgs)]
pub struct ProjectCheck {
    /// A project folder, or a bare V3 export.
    #[arg(value_name = "DIR|EXPORT")]
    pub project: PathBuf,
}

/// `project import`.
#[derive(Debug, ClapArgs)]
pub struct ProjectImport {
    /// A project folder, or a bare V3 export.
    #[arg(value_name = "DIR|EXPORT")]
    pub project: PathBuf,
    /// The store: a file, made when it is not there. Then `export --project store.db` exports it.
    #[arg(long, value_name = "STORE.db")]
    pub into: PathBuf,
    /// Longest record that is accepted, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = 64, value_parser = clap::value_parser!(u64).range(1..=2048))]
    pub max_record_mib: u64,
}

/// `validate`.
#[derive(Debug, ClapArgs)]
pub struct Validate {
    /// The export: a .zip, .json or .ndjson (also .gz or .zst), as a file, or a file:///, s3://, gs:// or az:// URL; or a project folder.
    #[arg(value_name = "EXPORT")]
    pub export: String,
    /// Longest record that is accepted, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = 64, value_parser = clap::value_parser!(u64).range(1..=2048))]
    pub max_record_mib: u64,
}

/// `schema`.
#[derive(Debug, Subcommand)]
pub enum Schema {
    /// The JSON Schema (draft 2020-12) of an Ango V3 export: of the array, and of one asset object.
    V3,
}

/// `demo`.
#[derive(Debug, ClapArgs)]
pub struct Demo {
    /// Folder to make. Must not exist, or be empty.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Folder for compiled plugins.
    #[arg(long, value_name = "DIR", env = "ANGO_EXPORT_CACHE")]
    pub cache: Option<PathBuf>,
}
