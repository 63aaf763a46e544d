//! `ango-export`: annotation projects to V3 exports, and through plugins to every other format.
//!
//! This binary is thin: it reads the command line, opens what is named there, calls [`ango_pipeline::run`], and tells people how it went.

mod args;
mod commands;
mod demo;
mod exit;
mod memory;
mod ui;
mod user;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    // A child of this program does what its parent says, and reads no arguments or files of a user's.
    if let Some(exit) = ango_runtime::serve() {
        return exit;
    }
    memory::keep_flat();
    let args = args::Args::parse();
    let ui = ui::Ui::new(args.json, args.quiet);
    let config = ango_config::Config::load(args.config.as_deref(), args.plugin_store.as_deref());
    match config.map_err(exit::Failure::from).and_then(|config| commands::run(&args, &config, &ui)) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            ui.failure(&failure);
            failure.exit.into()
        }
    }
}
