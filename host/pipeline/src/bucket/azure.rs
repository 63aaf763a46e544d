//! Azure Blob Storage. A bucket is called a container there.

use super::patience::PatientConnector;
use super::provider::{Kind, Location, Provider, endpoint, http, options, own_credentials, retries};
use super::sas::Sas;
use super::settings::Settings;
use crate::error::JobError;
use object_store::azure::{AzureConfigKey as Key, MicrosoftAzureBuilder};
use std::sync::Arc;
use url::Url;

/// A container. The account and its key come from `AZURE_STORAGE_ACCOUNT_NAME` and `AZURE_STORAGE_ACCOUNT_KEY`; `AZURE_STORAGE_ENDPOINT` is for emulators.
pub(super) fn provider(location: Location, settings: &Settings) -> Result<Provider, JobError> {
    let endpoint = endpoint(&location, Kind::Azure, settings, &["AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT"])?;
    let of_client = settings.keys("AZURE_").filter_map(|(key, value)| if let Key::Client(key) = key { Some((key, value)) } else { None });
    let options = options(endpoint.as_ref(), of_client);
    let mut builder = MicrosoftAzureBuilder::new().with_retry(retries()).with_client_options(options.clone()).with_http_connector(PatientConnector);
    let (mut has_credentials, mut account, mut account_key) = (false, None, None);
    // The emulator that the library knows is at an address that another variable of the environment says, whatever it is; `AZURE_STORAGE_ENDPOINT` says it here.
    for (key, value) in settings.keys("AZURE_").filter(|(key, _)| !matches!(key, Key::Client(_) | Key::UseEmulator)) {
        match key {
            Key::SasKey | Key::Token | Key::ClientSecret | Key::FederatedTokenFile | Key::MsiEndpoint | Key::SkipSignature => {
                has_credentials = true;
            }
            Key::AccessKey => (has_credentials, account_key) = (true, Some(value)),
            Key::AccountName => account = Some(value),
            _ => {}
        }
        builder = builder.with_config(key, value);
    }
    own_credentials(&location, Kind::Azure, settings, has_credentials)?;
    let broken = |error: object_store::Error| location.wrong(Kind::Azure, settings, &error.to_string());
    let Some(account) = account else {
        return Err(location.wrong(Kind::Azure, settings, &format!("there is no account: set {}", Kind::Azure.credentials())).into());
    };
    let own = || Url::parse(&format!("https://{account}.blob.core.windows.net"));
    let base = endpoint.map_or_else(own, Ok).map_err(|error| location.wrong(Kind::Azure, settings, &format!("account '{account}': {error}")))?;
    let store = Arc::new(builder.with_container_name(&location.bucket).build().map_err(broken)?);
    let sas = Sas::new(Arc::clone(&store), account_key, account, &location.bucket, base.clone());
    let sas = Arc::new(sas.map_err(|error| location.wrong(Kind::Azure, settings, &error.to_string()))?);
    Ok(Provider {
        kind: Kind::Azure,
        signer: Arc::clone(&sas) as _,
        azure: Some(sas),
        // Blocks that were never committed are not visible, and vanish after a week.
        uploads: None,
        store,
        http: http(&options).map_err(broken)?,
        bucket: location.bucket,
        folder: location.folder,
        endpoint: Some(base),
    })
}
