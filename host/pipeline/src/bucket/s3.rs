//! Stores that speak S3.

use super::{redact, without_credentials};
use crate::error::{ConfigError, JobError};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::{ClientOptions, RetryConfig};
use std::time::Duration;
use url::Url;

/// A bucket and a folder in it.
#[derive(Debug)]
pub(super) struct S3 {
    pub(super) store: AmazonS3,
    pub(super) bucket: String,
    /// The folder as it stands in the URL, slashes at its ends included. Nothing in it is an escape: keys hold any character.
    pub(super) folder: String,
}

impl S3 {
    /// Opens `s3://bucket/folder`. Settings come from the environment.
    pub(super) fn open(url: &str) -> Result<Self, JobError> {
        let parsed = Url::parse(url).map_err(|error| ConfigError(format!("storage '{}': {error}", without_credentials(url))))?;
        if !parsed.username().is_empty() || parsed.password().is_some() {
            return Err(ConfigError("storage: credentials do not belong into the URL, where logs and process lists show them: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY".into()).into());
        }
        let Some(bucket) = parsed.host_str().filter(|host| !host.is_empty()) else {
            return Err(ConfigError(format!("storage '{url}': an S3 URL is s3://bucket/folder")).into());
        };
        let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket).with_retry(RetryConfig {
            max_retries: 5,
            retry_timeout: Duration::from_secs(120),
            ..RetryConfig::default()
        });
        // Plain HTTP would show every signature to the network, except on this machine.
        if is_loopback(&endpoint()) {
            builder = builder.with_client_options(ClientOptions::new().with_allow_http(true).with_timeout(Duration::from_secs(120)));
        }
        let store = builder.build().map_err(|error| ConfigError(format!("storage s3://{bucket}: {}", redact(&error.to_string()))))?;
        let folder = url.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, folder)| folder);
        Ok(Self { store, bucket: bucket.to_owned(), folder: folder.to_owned() })
    }
}

/// The endpoint of a store that is not Amazon's; empty for Amazon's.
pub(super) fn endpoint() -> String {
    std::env::var("AWS_ENDPOINT_URL").or_else(|_| std::env::var("AWS_ENDPOINT")).unwrap_or_default()
}

fn is_loopback(endpoint: &str) -> bool {
    Url::parse(endpoint).is_ok_and(|url| match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    })
}
