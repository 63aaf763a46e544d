//! What an admin demands before a plugin may run.
//!
//! The policy is data in the configuration file: keys with names, and who of them has to have signed. Nothing unknown is accepted in it: a condition with a typing error would be no
//! condition. Other kinds of conditions than keys (identities of a certificate authority, say) have their place beside [`Requirement::Key`].

use crate::digest::Digest;
use crate::keys::PublicKey;
use crate::signature::Signed;
use ango_model::time::{Timestamp, format_iso, parse_iso};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `[policy]` of the configuration file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Policy {
    /// Components that are named by their path.
    pub files: Files,
    /// Approving at installation, without a person who looks at the report (`--yes`).
    pub unattended: Unattended,
    /// Keys by name.
    pub keys: BTreeMap<String, TrustedKey>,
    /// Who has to have signed.
    pub signatures: Signatures,
}

/// Whether components that nobody installed may run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Files {
    /// Whoever gives the command decides: for authors.
    #[default]
    Allow,
    /// Only bundled and approved plugins run: for servers.
    Refuse,
}

/// Whether `--yes` approves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unattended {
    /// A person approves.
    #[default]
    Never,
    /// It approves what is signed as `signatures` demands, stands the conformance kit and asks for no grant.
    Signed,
}

/// `[policy.keys.NAME]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TrustedKey {
    /// The key, as `plugin keygen` prints it.
    pub public: PublicKey,
    /// From this day or moment on (`2027-01-01`) its signatures count no longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Moment>,
    /// Plugins that it may sign, by name; `acme-*` stands for all names with that beginning. All, when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plugins: Vec<String>,
}

/// A day or a moment in a configuration file: `2027-01-01` or `2027-01-01T12:00:00Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Moment(pub Timestamp);

impl TryFrom<String> for Moment {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let day = || parse_iso(&format!("{text}T00:00:00Z"));
        parse_iso(&text).or_else(day).map(Self).ok_or_else(|| "expected a day like 2027-01-01, or a moment like 2027-01-01T12:00:00Z".to_owned())
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> Self {
        format_iso(moment.0)
    }
}

/// `[policy.signatures]`: both parts have to be fulfilled, and an empty one is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Signatures {
    /// Every one of these.
    pub all_of: Vec<Requirement>,
    /// So many of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub any_of: Option<AnyOf>,
}

/// `any-of = { minimum = 2, of = [...] }`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AnyOf {
    /// How many have to be fulfilled.
    #[serde(default = "one")]
    pub minimum: usize,
    /// The conditions.
    pub of: Vec<Requirement>,
}

fn one() -> usize {
    1
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Requirement {
    /// Signed with the key of this name.
    Key(String),
}

/// Who has signed a component, as far as the policy knows them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Signers {
    /// Names of keys whose signatures count.
    pub trusted: Vec<String>,
    /// Signatures that do not count, each with the reason.
    pub others: Vec<String>,
}

impl Policy {
    /// What is wrong with the policy in itself: conditions that nothing can fulfil.
    ///
    /// # Errors
    /// The first problem.
    pub fn check(&self) -> Result<(), String> {
        let Signatures { all_of, any_of } = &self.signatures;
        for Requirement::Key(name) in all_of.iter().chain(any_of.iter().flat_map(|any_of| &any_of.of)) {
            if !self.keys.contains_key(name) {
                return Err(format!("policy.signatures: there is no key '{name}' in [policy.keys]"));
            }
        }
        if let Some(AnyOf { minimum, of }) = any_of {
            if *minimum == 0 {
                return Err("policy.signatures.any-of: a minimum of 0 demands nothing; leave any-of out to demand nothing".to_owned());
            }
            if *minimum > of.len() {
                return Err(format!("policy.signatures.any-of: {minimum} of {} conditions cannot be fulfilled", of.len()));
            }
        }
        if self.unattended == Unattended::Signed && !self.demands_signatures() {
            return Err("policy.unattended = \"signed\" needs a condition in [policy.signatures]: without one, anything would be signed well enough"
                .to_owned());
        }
        Ok(())
    }

    /// Whether anybody has to have signed.
    pub fn demands_signatures(&self) -> bool {
        !self.signatures.all_of.is_empty() || self.signatures.any_of.is_some()
    }

    /// A digest of the policy, so that a record can say under which one something was approved.
    pub fn digest(&self) -> Digest {
        // A struct of texts has a JSON form, with its keys in one order.
        Digest::of(&serde_json::to_vec(self).unwrap_or_default())
    }

    /// Who has signed this component. Without a name, which only running it tells, a key counts whatever it may sign.
    pub fn signers(&self, plugin: Option<&str>, component: &Digest, signatures: &[Vec<u8>], now: Timestamp) -> Signers {
        let mut signers = Signers::default();
        for signature in signatures {
            match Signed::read(signature) {
                Ok(signed) => self.add_signers(plugin, component, &signed, now, &mut signers),
                Err(problem) => signers.others.push(format!("a signature {problem}")),
            }
        }
        signers.trusted.sort();
        signers.trusted.dedup();
        signers
    }

    fn add_signers(&self, plugin: Option<&str>, component: &Digest, signed: &Signed, now: Timestamp, signers: &mut Signers) {
        let mut known = false;
        for (name, key) in self.keys.iter().filter(|(_, key)| signed.is_by(&key.public, component)) {
            known = true;
            if let Some(expires) = key.expires.filter(|expires| expires.0 <= now) {
                signers.others.push(format!("signed with the key {name}, which has expired ({})", String::from(expires)));
            } else if plugin.is_some_and(|plugin| !key.signs_for(plugin)) {
                signers.others.push(format!("signed with the key {name}, which may sign {} only", key.plugins.join(", ")));
            } else {
                signers.trusted.push(name.clone());
            }
        }
        if signed.statement.digest != *component {
            signers.others.push("a signature over another component".to_owned());
        } else if !known {
            let ids: Vec<String> = signed.key_ids().map(|id| id.chars().filter(char::is_ascii_alphanumeric).take(16).collect()).collect();
            signers.others.push(format!("signed with a key that is not trusted here ({})", ids.join(", ")));
        }
    }

    /// Whether these signers are enough.
    ///
    /// # Errors
    /// Whose signature is missing.
    pub fn accept(&self, signers: &Signers) -> Result<(), String> {
        let is_met = |Requirement::Key(name): &&Requirement| signers.trusted.contains(name);
        let names = |requirements: &[Requirement]| -> String {
            let names: Vec<&str> = requirements.iter().filter(|one| !is_met(one)).map(|Requirement::Key(name)| name.as_str()).collect();
            names.join(", ")
        };
        let said = if signers.others.is_empty() { String::new() } else { format!(" ({})", signers.others.join("; ")) };
        if !self.signatures.all_of.iter().all(|one| is_met(&one)) {
            return Err(format!("the policy demands a signature of {}{said}", names(&self.signatures.all_of)));
        }
        if let Some(AnyOf { minimum, of }) = &self.signatures.any_of {
            let met = of.iter().filter(is_met).count();
            if met < *minimum {
                return Err(format!("the policy demands {} more of the signatures of {}{said}", minimum - met, names(of)));
            }
        }
        Ok(())
    }
}

impl TrustedKey {
    fn signs_for(&self, plugin: &str) -> bool {
        let fits = |pattern: &String| match pattern.strip_suffix('*') {
            Some(beginning) => plugin.starts_with(beginning),
            None => plugin == pattern,
        };
        self.plugins.is_empty() || self.plugins.iter().any(fits)
    }
}

#[cfg(test)]
mod tests;
