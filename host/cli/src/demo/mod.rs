//! The demo: a small project that shows what the formats can and cannot hold, and a page that shows what became of it.
//!
//! [`write_project`] draws twelve street scenes and annotates them from the same points that were drawn, so that every annotation fits to
//! the pixel and any shift in a converter is visible. [`write_page`] reads the converted archives back, never the project's annotations,
//! and lays COCO and YOLO side by side over the pictures, with both loss reports below.

mod above_scenes;
mod canvas;
mod colour;
mod draw;
mod error;
mod geometry;
mod ontology;
mod page;
mod random;
mod record;
mod scene;
mod street_scenes;
mod tasks;
mod workflow;

pub use error::DemoError;
pub use page::{PageInput, write_page};

use std::fs;
use std::path::Path;

/// Writes the demo project into `dir`, which is made when it does not exist: `project.json`, `records.ndjson` and `images/*.png`.
///
/// The same bytes every time. Existing files of these names are replaced.
///
/// # Errors
///
/// [`DemoError::Io`] and its kin, naming the file that could not be written.
pub fn write_project(dir: &Path) -> Result<(), DemoError> {
    let images = dir.join("images");
    fs::create_dir_all(&images).map_err(DemoError::io(&images))?;
    let description = dir.join("project.json");
    let text = ontology::project_json().map_err(DemoError::json(&description))?;
    fs::write(&description, text).map_err(DemoError::io(&description))?;

    let path = dir.join("records.ndjson");
    let mut records = String::new();
    for (index, plan) in tasks::PLANS.iter().enumerate() {
        let scene = plan.build();
        scene.canvas.save(&images.join(plan.file))?;
        let record = workflow::record(index, plan, &scene);
        records.push_str(&serde_json::to_string(&record).map_err(DemoError::json(&path))?);
        records.push('\n');
    }
    fs::write(&path, records).map_err(DemoError::io(&path))
}

#[cfg(test)]
mod tests;
