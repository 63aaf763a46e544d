//! From names, options, limits and grants as people write them to plugins that can run.

use crate::error::LaunchError;
use crate::loader::{Loaded, Loader, is_path};
use crate::options::{Known, values_of};
use ango_config::Config;
use ango_pipeline::{AssetFetcher, PluginSpec};
use ango_runtime::{Grant, Limits, check_options, printable_line};
use ango_trust::Installed;
use serde_json::Value;
use std::sync::Arc;

/// What the command line says of plugins.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// Names and paths.
    pub plugins: &'a [String],
    /// `[PLUGIN.]KEY=VALUE`.
    pub options: &'a [String],
    /// `NAME=VALUE`.
    pub limits: &'a [String],
    /// `PLUGIN=GRANT`.
    pub grants: &'a [String],
}

/// A plugin as a program asks for it: by its name, with its options as one object. Limits are those of the configuration and of its approval.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted<'a> {
    /// Name of a bundled or an installed plugin.
    pub name: &'a str,
    /// Its options.
    pub options: &'a Value,
    /// `NAME=VALUE`, of an installed one below what was approved.
    pub limits: &'a [String],
}

/// Puts plugins, options, limits and grants together as the command line says.
///
/// # Errors
/// When a plugin does not exist or may not run, an option is not one of its schema, or a limit or grant is wrong.
pub fn specs(loader: &Loader, asked: Asked<'_>, config: &Config) -> Result<Vec<PluginSpec>, LaunchError> {
    let Asked { plugins: names, options, limits, grants } = asked;
    config.limits("", limits)?;
    let plugins = names.iter().map(|name| loader.load_for_run(name)).collect::<Result<Vec<_>, _>>()?;
    let infos = plugins.iter().map(|loaded| loaded.plugin.info());
    let known: Vec<Known<'_>> = infos.map(|info| Known { name: &info.name, schema: &info.options_schema }).collect();
    let values = values_of(options, &known)?;
    let granted = granted(grants, &plugins)?;
    let assets = fetcher(&granted, config)?;
    let wanted = plugins.into_iter().zip(values).zip(granted);
    wanted.map(|((loaded, values), granted)| spec(loaded, Value::Object(values), limits, assets.clone().filter(|_| granted), config)).collect()
}

/// The same for a program. A component by its path is none of a program's business: only what is bundled, or was approved, has a name.
///
/// # Errors
/// As [`specs`].
pub fn wanted_specs(loader: &Loader, wanted: &[Wanted<'_>]) -> Result<Vec<PluginSpec>, LaunchError> {
    let config = loader.config();
    let load = |wanted: &Wanted<'_>| {
        if is_path(wanted.name) {
            return Err(LaunchError::asked(format!("plugin '{}': is not the name of a plugin", printable_line(wanted.name, 100))));
        }
        loader.load_for_run(wanted.name)
    };
    let plugins = wanted.iter().map(load).collect::<Result<Vec<_>, _>>()?;
    let granted = granted(&[], &plugins)?;
    let assets = fetcher(&granted, config)?;
    let both = plugins.into_iter().zip(wanted).zip(granted);
    both.map(|((loaded, wanted), granted)| spec(loaded, wanted.options.clone(), wanted.limits, assets.clone().filter(|_| granted), config)).collect()
}

/// One fetcher serves all plugins of a run.
fn fetcher(granted: &[bool], config: &Config) -> Result<Option<Arc<AssetFetcher>>, LaunchError> {
    Ok(granted.contains(&true).then(|| AssetFetcher::open(config.assets.clone())).transpose()?.map(Arc::new))
}

fn spec(loaded: Loaded, options: Value, limits: &[String], assets: Option<Arc<AssetFetcher>>, config: &Config) -> Result<PluginSpec, LaunchError> {
    let Loaded { plugin, installed } = loaded;
    check_options(&plugin.info().name, &plugin.info().options_schema, &options)?;
    let limits = match &installed {
        None => config.limits(&plugin.info().name, limits)?,
        Some(installed) => below(&config.granted(installed)?, limits, installed)?,
    };
    Ok(PluginSpec { plugin, options, limits, assets })
}

/// Which plugins may ask for assets: installed ones that were approved with it, and others that the command line says it of. Who types it is the admin.
fn granted(grants: &[String], plugins: &[Loaded]) -> Result<Vec<bool>, LaunchError> {
    let approved = |loaded: &Loaded| loaded.installed.as_ref().is_some_and(|installed| installed.grants.contains(&Grant::Assets));
    let mut granted: Vec<bool> = plugins.iter().map(approved).collect();
    for grant in grants {
        let fail = |problem: String| LaunchError::asked(format!("grant {grant}: {problem}"));
        let Some((name, right)) = grant.split_once('=') else { return Err(fail("expected PLUGIN=assets".into())) };
        if right != Grant::Assets.as_str() {
            return Err(fail(format!("'{right}' is no right that a plugin can be given: there is {}", Grant::Assets.as_str())));
        }
        let Some(index) = plugins.iter().position(|loaded| loaded.plugin.info().name == name) else {
            let known: Vec<&str> = plugins.iter().map(|loaded| loaded.plugin.info().name.as_str()).collect();
            return Err(fail(format!(
                "plugin '{name}' is not one of this run: {}",
                if known.is_empty() { "there are none".into() } else { known.join(", ") }
            )));
        };
        if plugins[index].installed.is_some() {
            return Err(fail(format!(
                "an installed plugin has what it was approved with: `ango-export plugin approve {name}@DIGEST --grant assets`"
            )));
        }
        if !plugins[index].plugin.info().grants.contains(&Grant::Assets) {
            return Err(fail("the plugin does not ask for assets, so it is not given them".into()));
        }
        granted[index] = true;
    }
    Ok(granted)
}

/// The limits of a run of an installed plugin: those that it was given, or lower ones.
fn below(granted: &Limits, given: &[String], plugin: &Installed) -> Result<Limits, LaunchError> {
    let mut limits = granted.clone();
    for setting in given {
        limits.set(setting).map_err(LaunchError::asked)?;
    }
    match limits.exceeds(granted) {
        None => Ok(limits),
        Some(name) => {
            let problem = format!("limit {name}: is more than was approved for {0}: approve it again with --limit {name}=VALUE", plugin.shown());
            Err(LaunchError::asked(problem))
        }
    }
}
