//! The page: one document with its styles and scripts, which are part of the program. It works without a network and asks for nothing elsewhere.
//!
//! Its rules for itself are strict. A script that somebody smuggles into the data of a project finds no place to run: no script but ours is run, no text becomes HTML.

use crate::links::hex;
use aws_lc_rs::digest::{SHA256, digest};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What the page may do. Pictures of assets come from where the assets are; everything else comes from the service.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data: https:; connect-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

/// Names a file of the folder, with what is in it.
macro_rules! files {
    ($($kind:ident: $($name:literal)*;)*) => { &[$($(($name, $kind, include_bytes!(concat!("page/", $name)))),*),*] };
}

/// Every file of the page.
const FILES: &[(&str, &str, &[u8])] = files! {
    HTML: "index.html";
    CSS: "controls.css" "page.css" "preview.css" "runs.css" "views.css";
    SVG: "mark.svg";
    SCRIPT: "api.js" "audit.js" "code-field.js" "dialog.js" "dom.js" "drafts.js" "export-form.js" "export-tab.js" "export-view.js" "export-words.js" "fields.js" "follow.js"
        "format.js" "history.js" "icons.js" "json-text.js" "keys.js" "log-panel.js" "losses.js" "main.js" "notifications.js" "plugin-decisions.js" "plugin-picker.js"
        "plugins.js" "preview.js" "program-card.js" "result-parts.js" "run-form.js" "run-list.js" "run-parts.js" "run-view.js" "run-words.js" "runs-tab.js" "schema-form.js"
        "settings.js" "shapes.js" "shell.js" "sign-in.js" "task-card.js" "theme.js";
};

/// A file as it is sent.
#[derive(Debug)]
struct Asset {
    kind: &'static str,
    bytes: &'static [u8],
    /// Changes with the bytes.
    tag: HeaderValue,
}

static ASSETS: LazyLock<HashMap<&'static str, Asset>> = LazyLock::new(|| {
    let asset = |&(name, kind, bytes): &(&'static str, &'static str, &'static [u8])| {
        let hex = hex(&digest(&SHA256, bytes).as_ref()[..16]);
        let tag = HeaderValue::from_str(&format!("\"{hex}\"")).unwrap_or(HeaderValue::from_static("\"\""));
        (name, Asset { kind, bytes, tag })
    };
    FILES.iter().map(asset).collect()
});

/// Its routes.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/", get(async |headers: HeaderMap| answer("index.html", &headers))).route(
        "/assets/{file}",
        get(async |Path(file): Path<String>, headers: HeaderMap| answer(if file == "index.html" { "" } else { &file }, &headers)),
    )
}

/// A file, or word that whoever asks has it already.
fn answer(name: &str, asked: &HeaderMap) -> Response {
    let Some(asset) = ASSETS.get(name) else { return (StatusCode::NOT_FOUND, "the page has no such file\n").into_response() };
    let has = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(',')).any(|tag| {
        let tag = tag.trim();
        tag == "*" || tag.trim_start_matches("W/").as_bytes() == asset.tag.as_bytes()
    });
    let mut response = if has { StatusCode::NOT_MODIFIED.into_response() } else { Body::from(Bytes::from_static(asset.bytes)).into_response() };
    let headers = response.headers_mut();
    // Names stay the same when the program is another: so everything is asked for again, and seldom sent again.
    for (name, value) in [
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !has {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    }
    headers.insert(header::ETAG, asset.tag.clone());
    response
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn text(name: &str) -> &'static str {
        std::str::from_utf8(ASSETS.get(name).unwrap().bytes).unwrap()
    }

    #[test]
    fn every_file_that_is_there_is_served_and_every_file_that_is_asked_for_is_there() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/page");
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(ASSETS.contains_key(name.as_str()), "{name} is not served");
        }
        for (name, kind, _) in FILES {
            let begin = if *kind == SCRIPT { "from \"./" } else { "\"/assets/" };
            for asked in text(name).split(begin).skip(1) {
                let asked = asked.split('"').next().unwrap();
                assert!(ASSETS.contains_key(asked), "{name} asks for {asked}");
            }
        }
    }

    #[test]
    fn nothing_in_it_makes_html_of_text_or_runs_text() {
        for (name, kind, _) in FILES {
            let text = text(name);
            let forbidden: &[&str] = if *kind == SCRIPT {
                &[
                    "innerHTML",
                    "outerHTML",
                    "insertAdjacentHTML",
                    "document.write",
                    "eval(",
                    "new Function",
                    "DOMParser",
                    "srcdoc",
                    "setAttributeNS",
                    "localStorage.setItem(KEY",
                ]
            } else {
                &["<script>", " style=", " onclick=", "@import", "http://", "https://"]
            };
            for word in forbidden {
                let allowed = *word == "http://" && text.matches(word).count() == text.matches("http://www.w3.org/2000/svg").count();
                assert!(allowed || !text.contains(word), "{name} has {word}");
            }
        }
    }

    #[test]
    fn what_a_browser_has_is_not_sent_again() {
        let first = answer("index.html", &HeaderMap::new());
        assert_eq!(first.status(), StatusCode::OK);
        let mut asked = HeaderMap::new();
        asked.insert(
            header::IF_NONE_MATCH,
            HeaderValue::from_str(&format!("\"other\", W/{}", first.headers()[header::ETAG].to_str().unwrap())).unwrap(),
        );
        let second = answer("index.html", &asked);
        assert_eq!(second.status(), StatusCode::NOT_MODIFIED);
        assert!(second.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("default-src 'none'"));
        assert_eq!(answer("index.html", &HeaderMap::new()).headers()[header::CACHE_CONTROL], "no-cache");
        assert_eq!(answer("../page.rs", &HeaderMap::new()).status(), StatusCode::NOT_FOUND);
    }
}
