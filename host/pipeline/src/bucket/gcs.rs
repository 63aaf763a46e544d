//! Google Cloud Storage, by its XML API, which is S3's in all but how it lets somebody in.

use super::patience::PatientConnector;
use super::provider::{Kind, List, Location, Provider, Uploads, endpoint, http, options, own_credentials, retries};
use super::settings::Settings;
use crate::error::JobError;
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey as Key};
use std::sync::Arc;

/// Where Google's own is.
const GOOGLE: &str = "https://storage.googleapis.com";

/// A bucket of Google's. Credentials are a service account: `GOOGLE_SERVICE_ACCOUNT` is the path of its key, `GOOGLE_SERVICE_ACCOUNT_KEY` the key itself, as JSON. `GOOGLE_BASE_URL` is for
/// emulators.
pub(super) fn provider(location: Location, settings: &Settings) -> Result<Provider, JobError> {
    let endpoint = endpoint(&location, Kind::Gcs, settings, &["GOOGLE_BASE_URL"])?;
    let of_client = settings.keys("GOOGLE_").filter_map(|(key, value)| if let Key::Client(key) = key { Some((key, value)) } else { None });
    let options = options(endpoint.as_ref(), of_client);
    let mut builder =
        GoogleCloudStorageBuilder::new().with_retry(retries()).with_client_options(options.clone()).with_http_connector(PatientConnector);
    let mut has_credentials = false;
    for (key, value) in settings.keys("GOOGLE_").filter(|(key, _)| !matches!(key, Key::Client(_) | Key::BaseUrl)) {
        has_credentials |= !matches!(key, Key::Bucket);
        builder = builder.with_config(key, value);
    }
    own_credentials(&location, Kind::Gcs, settings, has_credentials)?;
    let base = endpoint.as_ref().map_or(GOOGLE, |endpoint| endpoint.as_str().trim_end_matches('/')).to_owned();
    let broken = |error: object_store::Error| location.wrong(Kind::Gcs, settings, &error.to_string());
    // A key's file may name a server too: what is said here counts, whoever wrote the file.
    let store = Arc::new(builder.with_base_url(&base).with_bucket_name(&location.bucket).build().map_err(broken)?);
    Ok(Provider {
        kind: Kind::Gcs,
        signer: Arc::clone(&store) as _,
        uploads: Some(Uploads {
            store: Arc::clone(&store) as _,
            list: List::Token(format!("{base}/{}", location.bucket), Arc::clone(store.credentials())),
        }),
        store,
        azure: None,
        http: http(&options).map_err(broken)?,
        bucket: location.bucket,
        folder: location.folder,
        endpoint,
    })
}
