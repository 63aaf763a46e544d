//! What failures of storages mean, in words that hold no secret and say what to do.

use super::provider::{Kind, Provider};
use super::settings::Settings;
use crate::error::StorageError;
use object_store::client::HttpError;
use object_store::path::Path;

/// Codes of providers that mean that somebody may not do it.
const DENIED: [&str; 12] = [
    "SignatureDoesNotMatch",
    "InvalidAccessKeyId",
    "AccessDenied",
    "ExpiredToken",
    "InvalidToken",
    "AuthenticationFailed",
    "AuthenticationRequired",
    "AuthorizationFailure",
    "AuthorizationPermissionMismatch",
    "invalid_grant",
    "invalid_client",
    "InvalidAuthenticationInfo",
];
/// What a bucket that does not exist is said to be.
pub(super) const NO_SUCH_BUCKET: &str = "there is no such bucket";
/// Codes that mean that there is no such bucket.
const NO_BUCKET: [&str; 3] = ["NoSuchBucket", "ContainerNotFound", "The specified container does not exist"];
/// Codes and words that mean that there is too much to do.
const BUSY: [&str; 6] = ["SlowDown", "ServerBusy", "TooManyRequests", "429 Too Many Requests", "503 Service Unavailable", "503 Slow Down"];
/// The most that is told of what a storage answered, in characters.
const LONGEST: usize = 600;

/// What a failure with an object means.
pub(super) fn of(storage: &str, provider: Option<&Provider>, settings: &Settings, key: &Path, error: &object_store::Error) -> StorageError {
    use object_store::Error;
    let text = chain(error);
    let has = |codes: &[&'static str]| codes.iter().find(|code| text.contains(**code)).copied();
    let credentials = match (provider, settings.origin()) {
        (Some(provider), Some(file)) => format!("{}, in {}", provider.kind.credentials(), file.display()),
        (Some(provider), None) => provider.kind.credentials().to_owned(),
        (None, _) => String::new(),
    };
    let problem = match error {
        Error::AlreadyExists { .. } => format!("{key} exists already, and nothing is ever overwritten"),
        _ if provider.is_some() && has(&NO_BUCKET).is_some() => NO_SUCH_BUCKET.to_owned(),
        Error::NotFound { .. } => format!("{key} does not exist, or the bucket does not"),
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } if provider.is_none() => format!("access to {key} is denied"),
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => {
            format!("access to {key} is denied: check the credentials ({credentials}) and that they may write there")
        }
        _ if provider.is_some()
            && let Some(code) = has(&DENIED) =>
        {
            format!("access to {key} is denied ({code}): check the credentials ({credentials})")
        }
        _ if provider.is_some() && has(&BUSY).is_some() => {
            format!("{key}: the storage is too busy, and stayed so when it was asked again: {}", shown(settings, &text))
        }
        _ => format!("{key}: {}", shown(settings, &text)),
    };
    StorageError { storage: storage.to_owned(), problem }
}

/// A text of a storage on one line, as it may be told.
pub(super) fn shown(settings: &Settings, text: &str) -> String {
    let line =
        settings.redact(text).split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

/// Why a link could not be signed, and what to do about it.
pub(super) fn unsigned(storage: &str, kind: Kind, settings: &Settings, what: &str, error: &object_store::Error) -> StorageError {
    let text = chain(error);
    let remedy = match kind {
        // The library's words for a SAS token, and for requests that nobody signs.
        Kind::Azure if text.contains("SAS") => "a SAS token signs no links: set AZURE_STORAGE_ACCOUNT_KEY".to_owned(),
        _ => format!("set {}", kind.credentials()),
    };
    StorageError { storage: storage.to_owned(), problem: format!("the link to {what} cannot be signed: {} ({remedy})", shown(settings, &text)) }
}

/// Whether nobody can tell what became of a request: its answer never came.
pub(super) fn is_unanswered(error: &object_store::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = std::error::Error::source(error);
    while let Some(inner) = cause {
        if inner.is::<HttpError>() {
            return true;
        }
        cause = inner.source();
    }
    false
}

/// Whether a request was sent more than once.
pub(super) fn was_repeated(error: &object_store::Error) -> bool {
    chain(error).contains(" retries, max_retries")
}

/// An error with its causes, as far as they say more.
fn chain(error: &object_store::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        cause = inner.source();
    }
    text
}
