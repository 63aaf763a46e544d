//! Who we are, for a registry: from the environment, or from Docker's configuration.

use docker_credential::{CredentialRetrievalError, DockerCredential};
use std::fmt;
use std::fs::File;
use std::path::PathBuf;

/// A user and a password. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Credentials {
    pub(crate) user: String,
    pub(crate) password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials")
    }
}

/// What a message says to somebody who lacks credentials.
pub(crate) const REMEDY: &str = "set ANGO_REGISTRY_USER and ANGO_REGISTRY_PASSWORD, or log in with `docker login`";

/// The credentials for a registry, if there are any.
///
/// `ANGO_REGISTRY_USER` and `ANGO_REGISTRY_PASSWORD` count for every registry, or for the one that `ANGO_REGISTRY_HOST` names. Docker's configuration is `config.json` in
/// `DOCKER_CONFIG` or in `~/.docker`, with the credential helpers that it names.
///
/// # Errors
/// What is wrong with them.
pub(crate) async fn find(registry: &str) -> Result<Option<Credentials>, String> {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if let Some(credentials) = of_environment(registry, &set)? {
        return Ok(Some(credentials));
    }
    let folder = set("DOCKER_CONFIG").map(PathBuf::from).or_else(|| set("HOME").map(|home| PathBuf::from(home).join(".docker")));
    let Some(config) = folder.map(|folder| folder.join("config.json")).filter(|config| config.is_file()) else { return Ok(None) };
    let registry = registry.to_owned();
    // A helper is a program, which may ask a keyring.
    let found = tokio::task::spawn_blocking(move || of_docker(&registry, &config)).await;
    found.map_err(|_| "the search for credentials broke off".to_owned())?
}

fn of_environment(registry: &str, set: &dyn Fn(&str) -> Option<String>) -> Result<Option<Credentials>, String> {
    if set("ANGO_REGISTRY_HOST").is_some_and(|host| !host.eq_ignore_ascii_case(registry)) {
        return Ok(None);
    }
    match (set("ANGO_REGISTRY_USER"), set("ANGO_REGISTRY_PASSWORD")) {
        (Some(user), Some(_)) if user.contains(':') => Err("ANGO_REGISTRY_USER holds a colon, which a user's name cannot have".into()),
        (Some(user), Some(password)) => Ok(Some(Credentials { user, password })),
        (None, None) => Ok(None),
        (Some(_), None) => Err("ANGO_REGISTRY_USER is set without ANGO_REGISTRY_PASSWORD".into()),
        (None, Some(_)) => Err("ANGO_REGISTRY_PASSWORD is set without ANGO_REGISTRY_USER".into()),
    }
}

fn of_docker(registry: &str, config: &std::path::Path) -> Result<Option<Credentials>, String> {
    let file = File::open(config).map_err(|error| format!("{}: cannot be read: {error}", config.display()))?;
    // Not the library's words: those of a helper quote what it printed.
    match docker_credential::get_credential_from_reader(std::io::BufReader::new(file), registry) {
        Ok(DockerCredential::UsernamePassword(user, password)) => Ok(Some(Credentials { user, password })),
        Ok(DockerCredential::IdentityToken(_)) => Err(format!(
            "{}: holds an identity token for {registry}, which cannot be used: set ANGO_REGISTRY_USER and ANGO_REGISTRY_PASSWORD",
            config.display()
        )),
        Err(CredentialRetrievalError::NoCredentialConfigured) => Ok(None),
        Err(CredentialRetrievalError::ConfigReadError) => Err(format!("{}: is not a configuration of Docker's", config.display())),
        Err(
            CredentialRetrievalError::HelperCommunicationError
            | CredentialRetrievalError::MalformedHelperResponse
            | CredentialRetrievalError::HelperFailure { .. },
        ) => Err(format!("{}: the credential helper for {registry} fails: set ANGO_REGISTRY_USER and ANGO_REGISTRY_PASSWORD", config.display())),
        Err(_) => Err(format!("{}: what it holds for {registry} is no user and password: log in again with `docker login`", config.display())),
    }
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    fn environment(registry: &str, variables: &[(&str, &str)]) -> Result<Option<(String, String)>, String> {
        let set = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        Ok(of_environment(registry, &set)?.map(|found| (found.user, found.password)))
    }

    #[test]
    fn the_environment_counts_for_every_registry_or_for_one() {
        let both = [("ANGO_REGISTRY_USER", "me"), ("ANGO_REGISTRY_PASSWORD", "hush")];
        let me = Ok(Some(("me".to_owned(), "hush".to_owned())));
        assert_eq!(environment("r.example", &both), me);
        let one = [both[0], both[1], ("ANGO_REGISTRY_HOST", "R.example:5000")];
        assert_eq!(environment("r.example:5000", &one), me);
        assert_eq!(environment("evil.example", &one), Ok(None));
        assert_eq!(environment("r.example", &[]), Ok(None));
        assert!(environment("r.example", &both[..1]).is_err_and(|problem| problem.contains("ANGO_REGISTRY_PASSWORD")));
        assert!(environment("r.example", &both[1..]).is_err_and(|problem| problem.contains("ANGO_REGISTRY_USER") && !problem.contains("hush")));
        assert!(environment("r.example", &[("ANGO_REGISTRY_USER", "a:b"), both[1]]).is_err());
        assert_eq!(
            format!("{:?}", of_environment("r", &|name| both.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))),
            "Ok(Some(Credentials))"
        );
    }

    #[test]
    fn dockers_configuration() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let config = folder.path().join("config.json");
        let find = |text: &str, registry: &str| {
            std::fs::write(&config, text).expect("the file can be written");
            of_docker(registry, &config).map(|found| found.map(|found| (found.user, found.password)))
        };
        // me:hush
        let text = r#"{"auths":{"localhost:5000":{"auth":"bWU6aHVzaA=="},"https://r.example/v1/":{"auth":"bWU6aHVzaA"},"bad.example":{"auth":"%%"},"token.example":{"identitytoken":"hush"}}}"#;
        let me = Ok(Some(("me".to_owned(), "hush".to_owned())));
        assert_eq!(find(text, "localhost:5000"), me);
        assert_eq!(find(text, "r.example"), me);
        assert_eq!(find(text, "localhost:5001"), Ok(None));
        assert_eq!(find(text, "evil.example"), Ok(None));
        assert_eq!(find("{}", "r.example"), Ok(None));
        for (text, registry) in [
            (text, "bad.example"),
            (text, "token.example"),
            ("hush", "r.example"),
            (r#"{"credHelpers":{"r.example":"that-is-not-there-hush"}}"#, "r.example"),
        ] {
            assert!(find(text, registry).is_err_and(|problem| problem.contains("config.json: ") && !problem.contains("hush")), "{registry}");
        }
    }
}
