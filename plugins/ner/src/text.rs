//! Getting the text that was annotated. An export does not hold it: it has the link of the asset.

use std::borrow::Cow;

use ango_plugin_sdk::{FetchError, Run, Task, json};

/// The text of a task's asset: the member `context_key` of its context data, the text that stands in place of a link, or what the link leads to.
///
/// # Errors
///
/// Why there is none, for people.
pub(crate) fn of(run: &Run, task: &Task, context_key: Option<&str>) -> Result<String, Cow<'static, str>> {
    let asset = &task.asset;
    if let (Some(key), Some(context)) = (context_key, &asset.context_data)
        && let Some(text) = json::member(context, key).and_then(json::decode)
    {
        return Ok(text.into_owned());
    }
    if asset.width.is_some() || asset.frame_count.is_some() || asset.frame_rate.is_some() || !asset.pages.is_empty() {
        return Err("the asset is an image or a video".into());
    }
    if is_audio(task) {
        return Err("the asset is a recording".into());
    }
    // Markdown and HTML can be imported as they are, in place of a link to them.
    if !asset.url.contains("://") {
        return if asset.url.is_empty() { Err("the asset has no link".into()) } else { decoded(asset.url.as_bytes()).map_err(Cow::Borrowed) };
    }
    match run.asset_bytes(&asset.url) {
        Ok(bytes) => decoded(&bytes).map_err(Cow::Borrowed),
        Err(FetchError::Denied) => Err("the asset may not be read: grant `assets` to the plugin, and allow the place that the link is in".into()),
        Err(error) => Err(format!("reading the asset gave {error:?}").into()),
    }
}

/// Whether entities of a task are spans of a recording, in seconds.
pub(crate) fn is_audio(task: &Task) -> bool {
    const SUFFIXES: [&str; 10] = ["aac", "aif", "aiff", "flac", "m4a", "mp3", "oga", "ogg", "opus", "wav"];
    let path = task.asset.url.split(['?', '#']).next().unwrap_or_default();
    [path, &task.asset.external_id]
        .into_iter()
        .filter_map(|name| name.rsplit_once('.'))
        .any(|(_, suffix)| SUFFIXES.iter().any(|known| suffix.eq_ignore_ascii_case(known)))
}

/// The text of a file: UTF-8, with or without byte order mark, or UTF-16 with one.
fn decoded(bytes: &[u8]) -> Result<String, &'static str> {
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => from_utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => from_utf16(rest, u16::from_be_bytes)?,
        [0xef, 0xbb, 0xbf, rest @ ..] => from_utf8(rest)?,
        _ => from_utf8(bytes)?,
    };
    if is_html(&text) {
        return Err("the asset is HTML, whose offsets are of the text as shown, which is not made here");
    }
    Ok(text)
}

fn from_utf8(bytes: &[u8]) -> Result<String, &'static str> {
    if bytes.starts_with(b"%PDF-") {
        return Err("the asset is a PDF, whose text is not taken out here");
    }
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| "the asset is not text in UTF-8")
}

fn from_utf16(bytes: &[u8], read: impl Fn([u8; 2]) -> u16) -> Result<String, &'static str> {
    let (units, rest) = bytes.as_chunks::<2>();
    let text: Result<String, _> = char::decode_utf16(units.iter().map(|&unit| read(unit))).collect();
    text.ok().filter(|_| rest.is_empty()).ok_or("the asset begins like UTF-16 and is not")
}

fn is_html(text: &str) -> bool {
    let begin = text.trim_start();
    ["<!doctype html", "<html"].iter().any(|tag| begin.as_bytes().get(..tag.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(tag.as_bytes())))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn texts_are_decoded_without_their_mark() {
        for bytes in [&b"a\xc3\xa9"[..], b"\xef\xbb\xbfa\xc3\xa9", b"\xff\xfea\0\xe9\0", b"\xfe\xff\0a\0\xe9"] {
            assert_eq!(decoded(bytes).as_deref(), Ok("aé"), "{bytes:?}");
        }
        for bytes in [&b"\xe9"[..], b"\xff\xfea", b"\xff\xfe\0\xd8", b"%PDF-1.7", b" \n<!DOCTYPE html><p>a", b"<HTML>"] {
            assert!(decoded(bytes).is_err(), "{bytes:?}");
        }
        assert_eq!(decoded(b"").as_deref(), Ok(""));
    }
}
