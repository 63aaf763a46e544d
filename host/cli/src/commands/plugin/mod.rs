//! What there is to do with plugins: one room for each command, or for few that belong together.

mod approve;
mod bench;
mod build;
mod check;
mod inspect;
mod install;
mod list;
mod new;
mod registry;
mod report;
mod run;
mod sign;
mod test;
mod verify;

use super::runtime;
use crate::args::Plugin;
use crate::exit::{Exit, Failure};
use crate::ui::Ui;
use crate::user::user;
use ango_config::Config;
use ango_launch::now;
use ango_trust::Actor;

/// Carries it out.
pub fn run(args: &Plugin, config: &Config, ui: &Ui) -> Result<Exit, Failure> {
    let runtime = runtime()?;
    let user = user();
    let actor = Actor { by: &user, now: now() };
    match args {
        Plugin::List => list::run(config, ui),
        Plugin::Inspect(args) => inspect::run(args, config, &runtime, ui),
        Plugin::New(args) => new::start(args, ui),
        Plugin::Build(args) => build::run(args, config, &runtime, ui),
        Plugin::Run(args) => run::run(args, config, &runtime, ui),
        Plugin::Test(args) => test::run(args, config, &runtime, ui),
        Plugin::Check(args) => check::run(args, config, &runtime, ui),
        Plugin::Bench(args) => bench::run(args, config, &runtime, ui),
        Plugin::Install(args) => install::install(args, config, actor, &runtime, ui),
        Plugin::Upgrade(args) => install::upgrade(args, config, actor, &runtime, ui),
        Plugin::Approve(args) => approve::approve(args, config, actor, ui),
        Plugin::Revoke(args) => approve::revoke(args, config, actor, ui),
        Plugin::Remove(args) => approve::remove(args, config, actor, ui),
        Plugin::Verify(args) => verify::verify(args, config, actor, ui),
        Plugin::Lock(args) => verify::lock(args, config, ui),
        Plugin::Keygen(args) => sign::keygen(args, ui),
        Plugin::Sign(args) => sign::sign(args, config, &runtime, ui),
        Plugin::Push(args) => registry::push(args, config, &runtime, ui),
        Plugin::Mirror(args) => registry::mirror(args, &runtime, ui),
    }
}
