//! Stores that speak S3.

use super::patience::PatientConnector;
use super::provider::{Kind, List, Location, Provider, Uploads, endpoint, http, options, own_credentials, retries};
use super::settings::Settings;
use crate::error::JobError;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey as Key};
use std::sync::Arc;

/// A bucket of S3. `AWS_ENDPOINT_URL` is for other stores than Amazon's.
pub(super) fn provider(location: Location, settings: &Settings) -> Result<Provider, JobError> {
    let endpoint = endpoint(&location, Kind::S3, settings, &["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"])?;
    let of_client = settings.keys("AWS_").filter_map(|(key, value)| if let Key::Client(key) = key { Some((key, value)) } else { None });
    let options = options(endpoint.as_ref(), of_client);
    let mut builder = AmazonS3Builder::new().with_retry(retries()).with_client_options(options.clone()).with_http_connector(PatientConnector);
    let mut has_credentials = false;
    for (key, value) in settings.keys("AWS_").filter(|(key, _)| !matches!(key, Key::Client(_))) {
        has_credentials |= matches!(key, Key::AccessKeyId | Key::WebIdentityTokenFile | Key::ContainerCredentialsRelativeUri | Key::SkipSignature)
            || matches!(key, Key::ContainerCredentialsFullUri);
        builder = builder.with_config(key, value);
    }
    own_credentials(&location, Kind::S3, settings, has_credentials)?;
    let broken = |error: object_store::Error| location.wrong(Kind::S3, settings, &error.to_string());
    let store = Arc::new(builder.with_bucket_name(&location.bucket).build().map_err(broken)?);
    Ok(Provider {
        kind: Kind::S3,
        signer: Arc::clone(&store) as _,
        uploads: Some(Uploads { store: Arc::clone(&store) as _, list: List::Signed }),
        store,
        azure: None,
        http: http(&options).map_err(broken)?,
        bucket: location.bucket,
        folder: location.folder,
        endpoint,
    })
}
