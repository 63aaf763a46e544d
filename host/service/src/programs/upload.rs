//! Files of programs: taken here, and put into the bucket as everything else is.
//!
//! Hub gives out an address of the provider itself. Here it is always one of the service, for three reasons: the SDK sends no header that Azure demands; a file becomes visible whole or never, and never
//! replaces another; and how large it may be is the service's to say. What is signed afterwards, for people to fetch it, is of the provider again.

use crate::app::{App, Live, blocking};
use crate::error::ApiError;
use crate::links::Link;
use crate::storage::{self, Place};
use ango_jobs::{Session, SessionState, Upload};
use ango_launch::{file_name, new_id, now};
use ango_runtime::Cancel;
use axum::body::Body;
use axum::http::StatusCode;
use futures::StreamExt;
use std::io::Write;
use std::time::Duration;
use tokio::sync::mpsc;

/// What addresses of uploads begin with, after the service's own.
pub(crate) const PATH: &str = "/v2/upload/";
/// Files of one run.
const MAX_FILES: u32 = 100;
/// How long a client may take between two pieces of a file.
const PATIENCE: Duration = Duration::from_secs(60);
/// Pieces that wait to be written.
const WAITING: usize = 8;

/// Gives out an address for a file of a run. It is good as long as the run goes on.
///
/// # Errors
/// When there are too many, or the storage does not exist.
pub(crate) async fn begin(app: &App, session: &Session, name: &str, storage: Option<&str>) -> Result<String, ApiError> {
    let live = app.live();
    let place = place(app, &live, session, storage).await?;
    {
        // A storage that cannot be opened is better known before the file is sent.
        let (live, place, runtime) = (app.live(), place.clone(), app.runtime.clone());
        blocking(move || storage::open(&live, &place, &runtime).map(|_| ())).await?;
    }
    let id = new_id()?;
    let upload = Upload {
        id: id.clone(),
        session: session.id.clone(),
        name: object_name(name, &id),
        place: serde_json::to_value(&place).map_err(|error| ApiError::internal(&error))?,
        created_at: now(),
        bytes: None,
    };
    if !app.database.create_upload(&upload, MAX_FILES).await? {
        return Err(ApiError::conflict(format!("a run has room for {MAX_FILES} files")));
    }
    let token = app.signer.sign(&Link { of: format!("put:{id}"), object: upload.name.clone(), expires: session.deadline });
    Ok(format!("{}{PATH}{token}/{}", live.public_url, upload.name))
}

/// Where files of a run go: where exports of its project go, or into a folder of the project's in another storage.
async fn place(app: &App, live: &Live, session: &Session, storage: Option<&str>) -> Result<Place, ApiError> {
    let Some(storage) = storage.filter(|storage| !storage.is_empty()) else {
        return storage::place(app, &session.organisation, &session.project).await;
    };
    if !live.config.storages.contains_key(storage) {
        return Err(ApiError::bad_request(format!("storageId: storage '{}' does not exist", ango_runtime::printable_line(storage, 100))));
    }
    Ok(Place { storage: storage.to_owned(), bucket: None, path: storage::joined("", &session.organisation, &session.project) })
}

/// The name of an object: as the program calls the file, with an id that no other has before what says of which kind it is.
fn object_name(name: &str, id: &str) -> String {
    let safe = file_name(name.rsplit(['/', '\\']).next().unwrap_or_default());
    match safe.rsplit_once('.') {
        Some((stem, kind)) if !stem.is_empty() && kind.len() <= 10 => format!("{stem}-{id}.{kind}"),
        _ => format!("{safe}-{id}"),
    }
}

/// The file that an address is of.
///
/// # Errors
/// When it is not one that was given out here.
pub(crate) async fn of_address(app: &App, address: &str) -> Result<Upload, ApiError> {
    let wrong = || ApiError::bad_request("name: expected the address that getUploadUrl gave out");
    let (_, rest) = address.split_once(PATH).ok_or_else(wrong)?;
    let link = app.signer.read(rest.split(['/', '?', '#']).next().unwrap_or_default(), now())?;
    let id = link.of.strip_prefix("put:").ok_or_else(wrong)?;
    app.database.upload(id).await?.ok_or_else(wrong)
}

/// Takes a file. Returns how many bytes it has.
///
/// # Errors
/// When the run has ended, the file is too large or does not arrive whole, or the storage fails: nothing of it is visible then.
pub(crate) async fn take(app: &App, token: &str, body: Body) -> Result<u64, ApiError> {
    let link = app.signer.read(token, now())?;
    let id = link.of.strip_prefix("put:").ok_or_else(|| ApiError::forbidden("this address is for looking, not for uploading"))?;
    let gone = || ApiError::not_found("what this address was for is not there any more");
    let upload = app.database.upload(id).await?.ok_or_else(gone)?;
    let session = app.database.session(&upload.session).await?.ok_or_else(gone)?;
    if session.state != SessionState::Running {
        return Err(ApiError::conflict(format!("the run has ended: it {}", session.state.name())));
    }
    let live = app.live();
    let limit = live.service.plugins.get(&session.plugin).ok_or_else(gone)?.max_upload_mib;
    let bytes = receive(app, &upload, body, u64::from(limit) << 20).await?;
    app.database.finish_upload(&upload.id, bytes).await?;
    app.metrics.saved_bytes.inc_by(bytes);
    app.changed(&session.id);
    Ok(bytes)
}

/// What became of the body of a request.
enum Piece {
    Bytes(axum::body::Bytes),
    /// All of it is there.
    End,
}

/// Writes a body into the bucket, on a thread of its own, with a few pieces between the two.
async fn receive(app: &App, upload: &Upload, body: Body, limit: u64) -> Result<u64, ApiError> {
    let place: Place = serde_json::from_value(upload.place.clone()).map_err(|error| ApiError::internal(&error))?;
    let (send, mut pieces) = mpsc::channel(WAITING);
    let (live, runtime, name) = (app.live(), app.runtime.clone(), upload.name.clone());
    let writing = tokio::spawn(blocking(move || {
        let mut object = storage::open(&live, &place, &runtime)?.upload(&name, &Cancel::default());
        while let Some(piece) = pieces.blocking_recv() {
            match piece {
                // Why it failed, `complete` says.
                Piece::Bytes(bytes) if object.write_all(&bytes).is_err() => break,
                Piece::Bytes(_) => {}
                Piece::End => break,
            }
        }
        Ok(object)
    }));
    let mut bytes = 0;
    let mut body = body.into_data_stream();
    let received = loop {
        match tokio::time::timeout(PATIENCE, body.next()).await {
            Err(_) => break Err(ApiError { status: StatusCode::REQUEST_TIMEOUT, ..ApiError::bad_request("the file stopped arriving") }),
            Ok(None) => break Ok(()),
            Ok(Some(Err(_))) => break Err(ApiError::bad_request("the file did not arrive whole")),
            Ok(Some(Ok(piece))) => {
                bytes += piece.len() as u64;
                if bytes > limit {
                    let problem = format!(
                        "the file has more than {} MiB; max-upload-mib in the plugin's section of the configuration says how large it may be",
                        limit >> 20
                    );
                    break Err(ApiError { status: StatusCode::PAYLOAD_TOO_LARGE, ..ApiError::bad_request(problem) });
                }
                // Nobody takes it any more when the storage failed.
                if send.send(Piece::Bytes(piece)).await.is_err() {
                    break Ok(());
                }
            }
        }
    };
    let _ = send.send(Piece::End).await;
    let object = writing.await.map_err(|error| ApiError::internal(&error))??;
    // Dropped or completed on a thread that may wait for the storage.
    blocking(move || {
        received?;
        Ok(object.complete()?)
    })
    .await?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_named_like_the_file_and_like_no_other() {
        for (name, object) in [
            ("result.json", "result-ID.json"),
            ("my out & 1.zip", "my_out___1-ID.zip"),
            ("../../etc/passwd", "passwd-ID"),
            ("C:\\x\\y.tar.gz", "y.tar-ID.gz"),
            (".hidden", "hidden-ID"),
            ("", "project-ID"),
            ("a.this is no kind", "a.this_is_no_kind-ID"),
            ("ü\n\"'.csv", "ü___-ID.csv"),
        ] {
            assert_eq!(object_name(name, "ID"), object, "{name}");
        }
    }
}
