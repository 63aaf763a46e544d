//! Decisions of an admin: to approve, to revoke, to remove.

use crate::approvals::Event;
use crate::error::TrustError;
use crate::lock::{Installed, Standing};
use crate::policy::{Moment, Policy};
use crate::store::PluginStore;
use ango_model::time::Timestamp;
use ango_runtime::{Grant, Limits};
use std::collections::BTreeMap;

/// What an admin gives to a plugin.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Approval {
    /// Rights. A plugin gets none that it does not ask for.
    pub grants: Vec<Grant>,
    /// Limits that differ from the usual ones, as `NAME=VALUE`.
    pub limits: Vec<String>,
    /// Until when it holds.
    pub until: Option<Moment>,
    /// Why.
    pub note: Option<String>,
}

/// Who does something, and when.
#[derive(Debug, Clone, Copy)]
pub struct Actor<'a> {
    /// The user.
    pub by: &'a str,
    /// Milliseconds since 1970.
    pub now: Timestamp,
}

impl PluginStore {
    /// Lets a component run: its name stands for it from now on. `wanted` is `NAME@DIGEST`, so that nothing is approved that the admin has not seen.
    ///
    /// # Errors
    /// When it is not installed, was changed, is not signed as the policy demands, or is given what it does not ask for.
    pub fn approve(&self, wanted: &str, approval: &Approval, policy: &Policy, actor: Actor<'_>) -> Result<Installed, TrustError> {
        if !wanted.contains('@') {
            let found = self.find(&self.read()?, wanted).map_or_else(|_| format!("{wanted}@DIGEST"), |plugin| plugin.shown());
            return Err(TrustError::Asked(format!("approve which component? say {found}: an approval is of one component, and not of a name")));
        }
        let mut digest = None;
        let lock = self.change(actor.by, actor.now, |lock| {
            let plugin = self.find(lock, wanted)?;
            let event = self.approval(&plugin, approval, policy, actor.now)?;
            digest = Some(plugin.digest);
            Ok(vec![event])
        })?;
        digest.and_then(|digest| lock.find(&digest).cloned()).ok_or_else(|| TrustError::NotInstalled { name: wanted.to_owned(), hint: String::new() })
    }

    fn approval(&self, plugin: &Installed, approval: &Approval, policy: &Policy, now: Timestamp) -> Result<Event, TrustError> {
        let refused = |problem: String| TrustError::Refused { plugin: plugin.shown(), problem };
        self.wasm(plugin)?;
        let report = self.report(plugin)?;
        if let Some(until) = approval.until.filter(|until| until.0 <= now) {
            return Err(TrustError::Asked(format!("an approval until {} would have ended already", String::from(until))));
        }
        if approval.grants.iter().any(|grant| !report.info.grants.contains(grant)) {
            return Err(refused("it does not ask for assets, so it is not given them".to_owned()));
        }
        let mut limits = BTreeMap::new();
        for setting in &approval.limits {
            Limits::default().set(setting).map_err(TrustError::Asked)?;
            let (name, value) = setting.split_once('=').unwrap_or((setting, ""));
            limits.insert(name.to_owned(), value.to_owned());
        }
        let signers = policy.signers(Some(&plugin.name), &plugin.digest, &self.signatures(plugin)?, now);
        policy.accept(&signers).map_err(refused)?;
        Ok(Event::Approve {
            digest: plugin.digest.clone(),
            grants: approval.grants.clone(),
            limits,
            until: approval.until,
            signers: signers.trusted,
            policy: policy.digest(),
            note: approval.note.clone(),
        })
    }

    /// Keeps a component from running, from the next run on. `NAME` means the one that runs under it.
    ///
    /// # Errors
    /// When it is not installed.
    pub fn revoke(&self, wanted: &str, note: Option<String>, actor: Actor<'_>) -> Result<Installed, TrustError> {
        let mut found = None;
        self.change(actor.by, actor.now, |lock| {
            let plugin = self.find(lock, wanted)?;
            let event = Event::Revoke { digest: plugin.digest.clone(), note };
            found = Some(plugin);
            Ok(vec![event])
        })?;
        found.ok_or_else(|| TrustError::NotInstalled { name: wanted.to_owned(), hint: String::new() })
    }

    /// Deletes a component with everything that is there of it. The record keeps that it was there.
    ///
    /// # Errors
    /// When it is not installed, or cannot be deleted.
    pub fn remove(&self, wanted: &str, actor: Actor<'_>) -> Result<Installed, TrustError> {
        let mut found = None;
        self.change(actor.by, actor.now, |lock| {
            let plugin = self.find(lock, wanted)?;
            let event = Event::Remove { digest: plugin.digest.clone() };
            found = Some(plugin);
            Ok(vec![event])
        })?;
        let plugin = found.ok_or_else(|| TrustError::NotInstalled { name: wanted.to_owned(), hint: String::new() })?;
        self.delete(&plugin)?;
        Ok(plugin)
    }
}

/// Whether an admin's decision lets a component run now; why not, and what to do.
pub(crate) fn may_run(plugin: &Installed, now: Timestamp) -> Result<(), String> {
    let by = plugin.decided_by.as_deref().unwrap_or("somebody");
    let at = plugin.decided_at.as_deref().unwrap_or("an unknown time");
    match plugin.state {
        Standing::Waiting => {
            Err(format!("nobody has approved it: look at `ango-export plugin inspect {0}`, then `ango-export plugin approve {0}`", plugin.shown()))
        }
        Standing::Revoked => {
            let why = plugin.note.as_ref().map_or_else(String::new, |note| format!(": {note}"));
            Err(format!("{by} revoked it at {at}{why}"))
        }
        Standing::Approved => match plugin.until.filter(|until| until.0 <= now) {
            Some(until) => Err(format!("its approval by {by} ended at {}", String::from(until))),
            None => Ok(()),
        },
    }
}
