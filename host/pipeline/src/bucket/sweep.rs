//! Cleaning up what nobody will finish: parts of uploads whose writer died. They are never visible, but they take room, and cost money.

use super::Bucket;
use super::failure::shown;
use super::provider::{List as How, Provider, Uploads};
use crate::error::{JobError, StorageError};
use futures::TryStreamExt;
use object_store::client::{HttpRequest, HttpRequestBody};
use object_store::path::Path;
use object_store::signer::{Method, SignedUrlOptions};
use reqwest::header::{AUTHORIZATION, HeaderValue};
use serde::Deserialize;
use std::time::{Duration, SystemTime};
use url::Url;

/// How long listing may take.
const TIME: Duration = Duration::from_secs(60);
/// The largest list that is read, and how many lists.
const MAX_LIST: usize = 8 << 20;
const MAX_LISTS: usize = 100;

/// `ListMultipartUploadsResult`, of S3 and of Google's XML API.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct List {
    upload: Vec<Begun>,
    is_truncated: bool,
    next_key_marker: Option<String>,
    next_upload_id_marker: Option<String>,
}

/// An upload that was begun.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Begun {
    key: String,
    upload_id: String,
    initiated: String,
}

/// What became of that which nobody will finish.
#[derive(Debug, Default)]
pub struct Swept {
    /// So much is gone.
    pub removed: u64,
    /// So much is still there, because the storage refused or failed. The next time it is tried again, like everything that is found then.
    pub failed: u64,
    /// Why, of the first; also when it cannot be listed what there is.
    pub failure: Option<StorageError>,
}

impl Swept {
    pub(super) fn add(&mut self, result: Result<(), StorageError>) {
        match result {
            Ok(()) => self.removed += 1,
            Err(error) => {
                self.failed += 1;
                self.failure.get_or_insert(error);
            }
        }
    }
}

impl Bucket {
    /// Aborts uploads that were begun before `older_than` ago, except of objects that are kept; one that cannot be aborted keeps none of the others. Only names in this bucket's folder are looked at. Azure has no such uploads: blocks
    /// that were never committed are not visible, and vanish by themselves after a week. Must not be called on a thread of the runtime.
    ///
    /// # Errors
    /// When it cannot be found out what there is.
    pub fn sweep(&self, older_than: Duration, is_kept: &dyn Fn(&str) -> bool) -> Result<Swept, JobError> {
        self.abandon(older_than, &|name| !is_kept(name))
    }

    pub(super) fn abandon(&self, older_than: Duration, is_meant: &dyn Fn(&str) -> bool) -> Result<Swept, JobError> {
        match &self.provider {
            None => Ok(self.abandon_files(older_than, is_meant)?),
            Some(provider) => match &provider.uploads {
                Some(uploads) => Ok(self.runtime.block_on(self.abandon_uploads(provider, uploads, older_than, is_meant))?),
                None => Ok(Swept::default()),
            },
        }
    }

    /// Files that a local store writes into before they get their name: `name#1`.
    fn abandon_files(&self, older_than: Duration, is_meant: &dyn Fn(&str) -> bool) -> Result<Swept, StorageError> {
        use std::io::ErrorKind::NotFound;
        let Some(folder) = &self.folder else { return Ok(Swept::default()) };
        let folder = folder.join(self.prefix.as_ref());
        let failed = |error: std::io::Error| StorageError { storage: self.name.clone(), problem: format!("{}: {error}", folder.display()) };
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == NotFound => return Ok(Swept::default()),
            Err(error) => return Err(failed(error)),
        };
        let mut swept = Swept::default();
        for entry in entries {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let Some((object, number)) = name.rsplit_once('#') else { continue };
            let is_staged = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            let age = entry.metadata().and_then(|metadata| metadata.modified()).ok().and_then(|time| time.elapsed().ok()).unwrap_or_default();
            if is_staged && age >= older_than && is_meant(object) {
                match std::fs::remove_file(entry.path()) {
                    // It was given its name a moment ago, or somebody else was quicker.
                    Err(error) if error.kind() == NotFound => {}
                    result => swept.add(result.map_err(failed)),
                }
            }
        }
        Ok(swept)
    }

    async fn abandon_uploads(
        &self,
        provider: &Provider,
        uploads: &Uploads,
        older_than: Duration,
        is_meant: &dyn Fn(&str) -> bool,
    ) -> Result<Swept, StorageError> {
        let mut swept = Swept::default();
        let before = SystemTime::now().checked_sub(older_than).unwrap_or(SystemTime::UNIX_EPOCH);
        for begun in self.begun(provider, uploads).await? {
            let Ok(key) = Path::parse(&begun.key) else { continue };
            let inside = key.prefix_match(&self.prefix).map(|parts| parts.map(|part| part.as_ref().to_owned()).collect::<Vec<_>>());
            // Only what lies in the folder itself is named like our objects.
            let Some([name]) = inside.as_deref() else { continue };
            let is_old = ango_model::time::parse_iso(&begun.initiated)
                .and_then(|time| u64::try_from(time).ok())
                .is_some_and(|time| SystemTime::UNIX_EPOCH + Duration::from_millis(time) <= before);
            if (is_old || older_than.is_zero()) && is_meant(name) {
                match uploads.store.abort_multipart(&key, &begun.upload_id).await {
                    // Somebody else was quicker.
                    Err(object_store::Error::NotFound { .. }) => {}
                    result => swept.add(result.map_err(|error| self.error(&key, error))),
                }
            }
        }
        Ok(swept)
    }

    /// Uploads in the bucket's folder that were begun and not finished.
    async fn begun(&self, provider: &Provider, uploads: &Uploads) -> Result<Vec<Begun>, StorageError> {
        let failed = |problem: &str| StorageError {
            storage: self.name.clone(),
            problem: format!("uploads that were never finished cannot be listed: {}", shown(&self.settings, problem)),
        };
        let mut found = Vec::new();
        let mut marker: Option<(String, String)> = None;
        for _ in 0..MAX_LISTS {
            let mut query = vec![("uploads".to_owned(), String::new()), ("prefix".to_owned(), self.prefix.as_ref().to_owned())];
            if let Some((key, id)) = &marker {
                query.push(("key-marker".to_owned(), key.clone()));
                query.push(("upload-id-marker".to_owned(), id.clone()));
            }
            let body = tokio::time::timeout(TIME, list(provider, &uploads.list, query)).await;
            let body = body.map_err(|_| failed("the storage does not answer"))?.map_err(|problem| failed(&problem))?;
            let list: List = quick_xml::de::from_str(&body).map_err(|error| failed(&error.to_string()))?;
            found.extend(list.upload);
            marker = list.next_key_marker.map(|key| (key, list.next_upload_id_marker.unwrap_or_default()));
            if !list.is_truncated || marker.is_none() {
                break;
            }
        }
        Ok(found)
    }
}

/// Asks for a list of uploads. The list has no place in the common interface of stores.
async fn list(provider: &Provider, how: &How, query: Vec<(String, String)>) -> Result<String, String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let (url, token) = match how {
        How::Signed => {
            let options = SignedUrlOptions::new().with_query(query);
            let signed = provider.signer.signed_url_opts(Method::GET, &Path::default(), TIME, &options).await;
            (signed.map_err(|error| text(&error))?, None)
        }
        How::Token(bucket, credentials) => {
            let url = Url::parse_with_params(bucket, query).map_err(|error| text(&error))?;
            (url, Some(credentials.get_credential().await.map_err(|error| text(&error))?))
        }
    };
    let mut request = HttpRequest::new(HttpRequestBody::empty());
    *request.uri_mut() = url.as_str().parse().map_err(|_| "its address is none".to_owned())?;
    if let Some(token) = token {
        let mut value = HeaderValue::try_from(format!("Bearer {}", token.bearer)).map_err(|_| "the token cannot be sent".to_owned())?;
        value.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, value);
    }
    let response = provider.http.execute(request).await.map_err(|error| text(&error))?;
    let status = response.status();
    let mut body = Vec::new();
    let mut chunks = response.into_body().bytes_stream();
    while let Some(chunk) = chunks.try_next().await.map_err(|error| text(&error))? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_LIST {
            return Err("the list is too long".into());
        }
    }
    let body = String::from_utf8_lossy(&body).into_owned();
    if status.is_success() { Ok(body) } else { Err(format!("the storage answers {status}: {body}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_uploads_are_read() {
        let text = r#"<?xml version="1.0"?><ListMultipartUploadsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Bucket>b</Bucket><IsTruncated>true</IsTruncated><NextKeyMarker>k</NextKeyMarker>
            <Upload><Key>a/x.zip</Key><UploadId>1</UploadId><Initiated>2026-01-01T00:00:00.000Z</Initiated></Upload><Upload><Key>a/y.zip</Key><UploadId>2</UploadId></Upload></ListMultipartUploadsResult>"#;
        let list: List = quick_xml::de::from_str(text).unwrap_or_default();
        assert!(list.is_truncated && list.next_key_marker.as_deref() == Some("k"));
        let keys: Vec<(&str, &str)> = list.upload.iter().map(|begun| (begun.key.as_str(), begun.upload_id.as_str())).collect();
        assert_eq!(keys, [("a/x.zip", "1"), ("a/y.zip", "2")]);
        let empty: List = quick_xml::de::from_str("<ListMultipartUploadsResult/>").unwrap_or_default();
        assert!(empty.upload.is_empty() && !empty.is_truncated);
    }
}
