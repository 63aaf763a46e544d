//! Pictures of assets that lie in their project's own folder. A browser cannot load them by the path that the export has, so the preview gets them here.
//!
//! What is sent is a picture by what is in it, whatever it is called, and lies in the folder, whatever links say.

use crate::app::{App, blocking};
use crate::asked::{Path, Query};
use crate::auth::Caller;
use crate::error::ApiError;
use crate::projects;
use ango_jobs::Role;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::io::Read;
use std::path::Component;
use utoipa::IntoParams;

/// Bytes of a picture.
const MAX: u64 = 20 << 20;

/// Which picture.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct PictureQuery {
    /// Path inside of the project's folder, as an asset has it.
    path: String,
}

/// A picture in the folder of a project: PNG, JPEG, GIF, WebP, BMP or AVIF, of at most 20 MiB.
#[utoipa::path(get, path = "/v1/projects/{project}/picture", tag = "projects", params(("project" = String, Path, description = "id of the project"), PictureQuery),
    responses((status = 200, content_type = "image/*", body = Vec<u8>)))]
pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(project): Path<String>,
    Query(query): Query<PictureQuery>,
) -> Result<Response, ApiError> {
    caller.may(&project, Role::Viewer)?;
    let (live, organisation) = (app.live(), caller.key.organisation);
    let (kind, bytes) = blocking(move || read(&projects::find(live.organisation(&organisation)?, &project)?.path, &query.path)).await?;
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "private, max-age=300"),
        // Whoever opens it by itself gets a picture and nothing that runs.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (header::CONTENT_DISPOSITION, "inline"),
    ];
    Ok((headers, bytes).into_response())
}

fn read(folder: &std::path::Path, path: &str) -> Result<(&'static str, Vec<u8>), ApiError> {
    let missing = || ApiError::not_found("the project's folder has no such picture");
    let inside = !path.is_empty() && std::path::Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    if !inside || !folder.is_dir() {
        return Err(missing());
    }
    let folder = folder.canonicalize().map_err(|_| missing())?;
    let real = folder.join(path).canonicalize().map_err(|_| missing())?;
    // A pipe would be waited for, a device read for ever.
    if !real.starts_with(&folder) || !real.is_file() {
        return Err(missing());
    }
    let mut bytes = Vec::new();
    std::fs::File::open(&real).and_then(|file| file.take(MAX + 1).read_to_end(&mut bytes)).map_err(|_| missing())?;
    let kind = kind(&bytes).ok_or_else(missing)?;
    if bytes.len() as u64 > MAX {
        return Err(ApiError::bad_request(format!("the picture is larger than {} MiB", MAX >> 20)));
    }
    Ok((kind, bytes))
}

/// What a picture is, by how it begins.
fn kind(bytes: &[u8]) -> Option<&'static str> {
    let at = |start: usize, text: &[u8]| bytes.get(start..start + text.len()) == Some(text);
    if at(0, b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if at(0, b"\xff\xd8\xff") {
        Some("image/jpeg")
    } else if at(0, b"GIF87a") || at(0, b"GIF89a") {
        Some("image/gif")
    } else if at(0, b"RIFF") && at(8, b"WEBP") {
        Some("image/webp")
    } else if at(4, b"ftypavif") {
        Some("image/avif")
    } else if at(0, b"BM") && at(6, &[0; 4]) {
        Some("image/bmp")
    } else {
        None
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\nand so on";

    #[test]
    fn pictures_of_the_folder_and_nothing_else() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("project");
        std::fs::create_dir_all(folder.join("images")).unwrap();
        std::fs::write(folder.join("images/a b.txt"), PNG).unwrap();
        std::fs::write(folder.join("project.json"), "{}").unwrap();
        std::fs::write(folder.join("page.png"), "<svg onload=alert(1)>").unwrap();
        std::fs::write(place.path().join("secret.png"), PNG).unwrap();
        assert_eq!(read(&folder, "images/a b.txt"), Ok(("image/png", PNG.to_vec())));
        let outside = place.path().join("secret.png").display().to_string();
        for path in [
            "",
            "images",
            "project.json",
            "page.png",
            "../secret.png",
            "images/../../secret.png",
            "./images/a b.txt",
            "nothing.png",
            &outside,
            "a\0b",
        ] {
            assert_eq!(read(&folder, path).map_err(|error| error.status.as_u16()), Err(404), "{path}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(place.path().join("secret.png"), folder.join("link.png")).unwrap();
            assert_eq!(read(&folder, "link.png").map_err(|error| error.status.as_u16()), Err(404));
        }
        let large = [PNG, &vec![0; 20 << 20]].concat();
        std::fs::write(folder.join("large.png"), large).unwrap();
        assert_eq!(read(&folder, "large.png").map_err(|error| error.status.as_u16()), Err(400));
        // A store is a file: there is nothing in it by a path.
        assert!(read(&folder.join("project.json"), "x.png").is_err());
    }
}
