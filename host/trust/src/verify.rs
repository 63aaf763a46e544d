//! Whether everything in the folder is as it was left.

use crate::decide::Actor;
use crate::digest::Digest;
use crate::error::TrustError;
use crate::lock::{Installed, Standing};
use crate::policy::Policy;
use crate::store::PluginStore;
use ango_model::time::Timestamp;
use ango_runtime::Engine;
use serde::Serialize;

/// What was looked at of one component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Name and the beginning of the digest.
    pub plugin: String,
    /// What is wrong; nothing, when it is as it was left.
    pub problems: Vec<String>,
}

impl PluginStore {
    /// Looks at every installed component, or at those of one name: the component, its report, its code, and, of the approved ones, whether they may still run.
    ///
    /// # Errors
    /// When the lock file and the record do not fit together: nothing else can be looked at then.
    pub fn verify(&self, name: Option<&str>, policy: &Policy, now: Timestamp) -> Result<Vec<Finding>, TrustError> {
        let lock = self.read()?;
        let wanted = |plugin: &&Installed| name.is_none_or(|name| plugin.name == name);
        let findings: Vec<Finding> = lock.plugins.iter().filter(wanted).map(|plugin| self.look_at(plugin, policy, now)).collect();
        match name {
            Some(name) if findings.is_empty() => Err(TrustError::NotInstalled { name: name.to_owned(), hint: String::new() }),
            _ => Ok(findings),
        }
    }

    fn look_at(&self, plugin: &Installed, policy: &Policy, now: Timestamp) -> Finding {
        let mut problems: Vec<TrustError> =
            [self.wasm(plugin).err(), self.report(plugin).err(), self.changed_code(plugin)].into_iter().flatten().collect();
        if plugin.state == Standing::Approved {
            problems.extend(self.may_run(plugin, policy, now).err());
        }
        Finding { plugin: plugin.shown(), problems: problems.iter().map(ToString::to_string).collect() }
    }

    /// What is not as it was left, of the component and its code.
    pub(crate) fn changed(&self, plugin: &Installed) -> Option<TrustError> {
        self.wasm(plugin).err().or_else(|| self.changed_code(plugin))
    }

    fn changed_code(&self, plugin: &Installed) -> Option<TrustError> {
        let compiled = plugin.artefact.as_ref()?;
        let path = self.artefact(&plugin.digest, &compiled.engine);
        let problem = match std::fs::read(&path) {
            Err(error) => error.to_string(),
            Ok(code) if Digest::of(&code) != compiled.digest => "has another digest than when it was written".to_owned(),
            Ok(_) => return None,
        };
        let what = format!("the compiled code of {}", plugin.shown());
        Some(TrustError::changed(what, format!("{} {problem}; `ango-export plugin verify --recompile` makes it anew", path.display())))
    }

    /// Compiles the installed components anew, or those of one name. Gives how many.
    ///
    /// # Errors
    /// When a component was changed, or cannot be compiled.
    pub fn recompile(&self, name: Option<&str>, engine: &Engine, actor: Actor<'_>) -> Result<usize, TrustError> {
        let lock = self.read()?;
        let mut compiled = 0;
        for plugin in lock.plugins.iter().filter(|plugin| name.is_none_or(|name| plugin.name == name)) {
            let wasm = self.wasm(plugin)?;
            self.compile(plugin, &wasm, engine, actor)?;
            compiled += 1;
        }
        Ok(compiled)
    }
}
