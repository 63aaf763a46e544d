//! What the page takes from the project: its name, the colours of its classes, and the pictures.

use super::html::base64;
use crate::demo::error::DemoError;
use serde_json::Value;
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path, PathBuf};

/// The largest picture that is embedded, in bytes.
const LARGEST_PICTURE: u64 = 64 << 20;

/// Colours of classes that the project does not name.
const PALETTE: [&str; 8] = ["#2563eb", "#db2777", "#16a34a", "#ea580c", "#7c3aed", "#0891b2", "#ca8a04", "#dc2626"];

/// The project as far as the page needs it.
#[derive(Debug)]
pub struct Project {
    /// Name of the project.
    pub name: String,
    folder: PathBuf,
    colours: HashMap<String, String>,
}

/// Reads `project.json` in `folder`.
pub fn read(folder: &Path) -> Result<Project, DemoError> {
    let path = folder.join("project.json");
    let text = fs::read_to_string(&path).map_err(DemoError::io(&path))?;
    let value: Value = serde_json::from_str(&text).map_err(DemoError::json(&path))?;
    let mut colours = HashMap::new();
    for tool in value.pointer("/ontology/tools").and_then(Value::as_array).into_iter().flatten() {
        let field = |name: &str| tool.get(name).and_then(Value::as_str);
        if let (Some(title), Some(colour)) = (field("title"), field("color").filter(|colour| is_colour(colour))) {
            colours.insert(title.to_owned(), colour.to_owned());
        }
    }
    let name = value.get("name").and_then(Value::as_str).unwrap_or("Project").to_owned();
    Ok(Project { name, folder: folder.to_path_buf(), colours })
}

/// Whether the text is `#rrggbb`; it goes into a style sheet.
fn is_colour(text: &str) -> bool {
    text.len() == 7 && text.starts_with('#') && text[1..].bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl Project {
    /// The colour of a class, `#rrggbb`; `index` chooses one when the project has none.
    pub fn colour(&self, class: &str, index: usize) -> &str {
        self.colours.get(class).map_or(PALETTE[index % PALETTE.len()], String::as_str)
    }

    /// The picture at `asset` as a `data:` URL.
    ///
    /// `asset` comes out of a converted archive: it must stay within the project's folder and be a PNG.
    ///
    /// # Errors
    ///
    /// A sentence that says why the picture is not shown.
    pub fn picture(&self, asset: &str) -> Result<String, String> {
        let plain = Path::new(asset).components().all(|part| matches!(part, Component::Normal(_)));
        if asset.is_empty() || !plain {
            return Err(format!("`{asset}` is not a path within the project"));
        }
        let refuse = |error: std::io::Error| format!("{asset}: {error}");
        let root = self.folder.canonicalize().map_err(refuse)?;
        let path = root.join(asset).canonicalize().map_err(refuse)?;
        if !path.starts_with(&root) {
            return Err(format!("`{asset}` leads out of the project"));
        }
        let mut bytes = Vec::new();
        File::open(&path).and_then(|file| file.take(LARGEST_PICTURE + 1).read_to_end(&mut bytes)).map_err(refuse)?;
        if bytes.len() as u64 > LARGEST_PICTURE {
            return Err(format!("{asset}: larger than {LARGEST_PICTURE} bytes"));
        }
        if !bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            return Err(format!("{asset}: not a PNG picture"));
        }
        Ok(format!("data:image/png;base64,{}", base64(&bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_outside_of_the_project_are_refused() {
        let project = Project { name: String::new(), folder: std::env::temp_dir(), colours: HashMap::new() };
        for asset in ["", "/etc/passwd", "../secret.png", "images/../../secret.png", "https://host/a.png"] {
            assert!(project.picture(asset).is_err(), "{asset}");
        }
    }

    #[test]
    fn only_plain_colours_reach_the_style_sheet() {
        assert!(is_colour("#12ab9F"));
        for bad in ["red", "#12ab9", "#12ab9g", "#12ab9f}", "#é2ab9"] {
            assert!(!is_colour(bad), "{bad}");
        }
    }
}
