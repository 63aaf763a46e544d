//! Credentials and endpoints of a storage: from the environment, or from a file that is this storage's alone.
//!
//! A service writes into the buckets of many, and each has credentials of its own. Such a file holds the same names as the environment, one `NAME=VALUE` per line.

use super::redact::{is_secret, redact};
use crate::error::ConfigError;
use object_store::aws::AmazonS3ConfigKey;
use object_store::azure::AzureConfigKey;
use object_store::gcp::GoogleConfigKey;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the name of a variable of a storage begins with, and how it is known that there is such a variable.
type Prefix = (&'static str, fn(&str) -> bool);
const PREFIXES: [Prefix; 3] = [
    ("AWS_", |name| name.parse::<AmazonS3ConfigKey>().is_ok()),
    ("GOOGLE_", |name| name.parse::<GoogleConfigKey>().is_ok()),
    ("AZURE_", |name| name.parse::<AzureConfigKey>().is_ok()),
];
/// The largest file that is read.
const MAX_FILE: u64 = 64 << 10;

/// The settings of a storage.
#[derive(Clone, PartialEq, Eq)]
pub struct Settings(Arc<Values>);

#[derive(PartialEq, Eq)]
struct Values {
    by_name: BTreeMap<String, String>,
    /// The file that they are in; none for the environment.
    file: Option<PathBuf>,
}

/// Shows names alone.
impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.by_name.keys()).finish()
    }
}

impl Settings {
    /// Those of the environment.
    pub fn environment() -> Self {
        let is_ours = |name: &String| PREFIXES.iter().any(|(prefix, _)| name.starts_with(prefix));
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
        let by_name = std::env::vars_os().filter_map(text).filter(|(name, _)| is_ours(name)).collect();
        Self(Arc::new(Values { by_name, file: None }))
    }

    /// Those of a file. What the environment says does not count then.
    ///
    /// # Errors
    /// When it cannot be read, others can read it, or a line of it is not `NAME=VALUE` with a name that storages know.
    pub fn file(path: &Path) -> Result<Self, ConfigError> {
        let shown = path.display();
        let wrong = |error: &dyn Display| ConfigError(format!("{shown}: {error}"));
        let file = std::fs::File::open(path).map_err(|error| wrong(&error))?;
        let metadata = file.metadata().map_err(|error| wrong(&error))?;
        if !metadata.is_file() {
            return Err(wrong(&"is not a file"));
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            if metadata.permissions().mode() & 0o077 != 0 {
                return Err(wrong(&"others can read these secrets: chmod 600 it"));
            }
        }
        let mut text = String::new();
        file.take(MAX_FILE + 1).read_to_string(&mut text).map_err(|error| wrong(&error))?;
        if text.len() as u64 > MAX_FILE {
            return Err(wrong(&"is too large for a file of settings"));
        }
        let by_name = parse(&text).map_err(|(line, problem)| wrong(&format!("line {line}: {problem}")))?;
        Ok(Self(Arc::new(Values { by_name, file: Some(path.to_owned()) })))
    }

    /// A setting.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.by_name.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// All of them whose names begin so, with the keys that a provider's builder has for them.
    pub(super) fn keys<'a, K: std::str::FromStr + 'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (K, &'a str)> {
        let ours = self.0.by_name.iter().filter(move |(name, value)| name.starts_with(prefix) && !value.is_empty());
        ours.filter_map(|(name, value)| Some((name.to_ascii_lowercase().parse().ok()?, value.as_str())))
    }

    /// The file that they are in; `None` for the environment.
    pub(super) fn origin(&self) -> Option<&Path> {
        self.0.file.as_deref()
    }

    /// Takes everything that lets somebody in out of a text.
    pub(crate) fn redact(&self, text: &str) -> String {
        let secrets = self.0.by_name.iter().filter(|(name, _)| is_secret(name)).map(|(_, value)| value.as_str());
        redact(text, secrets)
    }
}

/// The settings that a text holds, or the line that is wrong and what is wrong with it. A line may hold a secret, and is not repeated.
fn parse(text: &str) -> Result<BTreeMap<String, String>, (usize, String)> {
    let mut settings = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let wrong = |problem: String| (index + 1, problem);
        let (name, value) = line.split_once('=').ok_or_else(|| wrong("expected NAME=VALUE".into()))?;
        let name = name.trim();
        let name = name.strip_prefix("export ").unwrap_or(name).trim();
        let Some((_, is_known)) = PREFIXES.iter().find(|(prefix, _)| name.starts_with(prefix)) else {
            let prefixes = PREFIXES.map(|(prefix, _)| prefix).join(", ");
            return Err(wrong(format!("expected a name that begins with {prefixes}")));
        };
        let is_word = name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
        if !is_word || !is_known(&name.to_ascii_lowercase()) {
            let shown = if is_word && name.len() <= 64 { format!("'{name}': ") } else { String::new() };
            return Err(wrong(format!("{shown}there is no such setting")));
        }
        if settings.insert(name.to_owned(), unquoted(value.trim()).to_owned()).is_some() {
            return Err(wrong(format!("{name} is there twice")));
        }
    }
    Ok(settings)
}

/// A value without the quotes around it.
fn unquoted(value: &str) -> &str {
    let inner = |quote: char| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inner('"').or_else(|| inner('\'')).unwrap_or(value)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_as_shells_read_it() {
        let text = "# whose\nAWS_ACCESS_KEY_ID=AKIA\n\nexport AWS_SECRET_ACCESS_KEY='a=b \"c\"'\nGOOGLE_SERVICE_ACCOUNT_KEY={\"private_key\": \"x\"}\n  AWS_REGION = eu-west-1 \n";
        let settings = parse(text).unwrap();
        assert_eq!(settings["AWS_SECRET_ACCESS_KEY"], "a=b \"c\"");
        assert_eq!(settings["GOOGLE_SERVICE_ACCOUNT_KEY"], "{\"private_key\": \"x\"}");
        assert_eq!((settings["AWS_REGION"].as_str(), settings.len()), ("eu-west-1", 4));
    }

    #[test]
    fn what_is_wrong_is_said_without_what_it_holds() {
        for (text, line, problem) in [
            ("hush", 1, "expected NAME=VALUE"),
            ("\nPATH=hush", 2, "expected a name that begins with AWS_, GOOGLE_, AZURE_"),
            ("AWS_SECRET_ACESS_KEY=hush", 1, "'AWS_SECRET_ACESS_KEY': there is no such setting"),
            ("AWS_hush hush=x", 1, "there is no such setting"),
            ("AWS_REGION=a\nAWS_REGION=hush", 2, "AWS_REGION is there twice"),
        ] {
            assert_eq!(parse(text).unwrap_err(), (line, problem.to_owned()));
        }
    }
}
