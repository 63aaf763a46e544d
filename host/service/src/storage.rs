//! Where an export goes, and where it lies.

use crate::app::{App, Live, blocking};
use crate::error::ApiError;
use ango_pipeline::Bucket;
use ango_runtime::Cancel;
use serde::{Deserialize, Serialize};
use std::io::Read;
use std::sync::Arc;
use tokio::runtime::Handle;
use utoipa::ToSchema;

/// The largest report that is read.
const MAX_REPORT: u64 = 64 << 20;

/// Where objects of an export are. Kept with it, so that links open the old place after the project was given a new one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// A storage of the configuration, a URL or a folder.
    pub storage: String,
    /// The bucket, where the storage does not say which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bucket: Option<String>,
    /// The folder.
    #[serde(default)]
    pub path: String,
}

/// Where exports of a project go: what somebody set for it, what its description says, or what the service says.
///
/// # Errors
/// When nobody says it.
pub async fn place(app: &App, organisation: &str, project: &str) -> Result<Place, ApiError> {
    if let Some(storage) = app.database.project_settings(organisation, project).await?.and_then(|settings| settings.export_storage) {
        return Ok(Place { storage: storage.storage, bucket: storage.bucket, path: storage.path });
    }
    let live = app.live();
    let own = {
        let (live, organisation, project) = (Arc::clone(&live), organisation.to_owned(), project.to_owned());
        blocking(move || {
            let found = crate::projects::find(live.organisation(&organisation)?, &project)?;
            Ok(crate::projects::describe(&found)?.export_storage)
        })
        .await?
    };
    // What a project's own description says counts when it names a storage that the admin set up: whoever wrote it could name any folder of this machine otherwise.
    if let Some(own) = own.filter(|own| live.config.storages.contains_key(&own.storage)) {
        return Ok(Place { storage: own.storage, bucket: None, path: own.path });
    }
    match &live.service.storage {
        // Projects of one storage have folders of their own, as in Hub's own bucket.
        Some(storage) => Ok(Place { storage: storage.clone(), bucket: None, path: joined(&live.service.path, organisation, project) }),
        None => Err(ApiError::bad_request(format!(
            "project '{project}' has no export storage: set one in its settings, or service.storage in the configuration file for all"
        ))),
    }
}

/// The folder of a project inside of `path`.
pub(crate) fn joined(path: &str, organisation: &str, project: &str) -> String {
    let path = path.trim_matches('/');
    if path.is_empty() { format!("{organisation}/{project}") } else { format!("{path}/{organisation}/{project}") }
}

/// Opens the bucket of a place. Must not be called on a thread of the runtime.
///
/// # Errors
/// When it is not one that can be used.
pub fn open(live: &Live, place: &Place, runtime: &Handle) -> Result<Bucket, ApiError> {
    let opened = live.config.storage(&place.storage, place.bucket.as_deref(), Some(&place.path)).map_err(ango_launch::LaunchError::from)?;
    Ok(Bucket::open_with(&opened.url, &opened.path, opened.settings, runtime.clone())?)
}

/// Reads a small object whole.
///
/// # Errors
/// When it is not there, is too large, or the storage fails.
pub async fn read_small(app: &App, place: &Place, name: &str) -> Result<Vec<u8>, ApiError> {
    let (live, runtime) = (app.live(), app.runtime.clone());
    let (place, name) = (place.clone(), name.to_owned());
    blocking(move || {
        let file = open(&live, &place, &runtime)?.download(&name, &Cancel::default())?;
        let mut bytes = Vec::new();
        file.reopen()
            .map_err(|error| ApiError::internal(&error))?
            .take(MAX_REPORT + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| ApiError::internal(&error))?;
        if bytes.len() as u64 > MAX_REPORT { Err(ApiError::bad_request(format!("{name} is larger than is shown here"))) } else { Ok(bytes) }
    })
    .await
}
