//! The comparison page: what the converted archives hold, drawn over the pictures, COCO left and YOLO right.
//!
//! Only the converted files are read, with readers of their own that share no code with the converters: what is on the page is what
//! another program would see. Archives come from plugins, so nothing in them is trusted: sizes are bounded, paths stay in the project,
//! every text is escaped, and what cannot be read is listed on the page.

mod archive;
mod coco;
mod compare;
mod html;
mod labels;
mod layout;
mod outline;
mod overlay;
mod project;
mod report;
mod rle;
mod shape;
mod yolo;

use super::error::DemoError;
use std::fs;
use std::path::Path;

/// The files that the page is made of.
#[derive(Debug, Clone, Copy)]
pub struct PageInput<'a> {
    /// Folder of the project: the pictures, and `project.json` for names and colours.
    pub project: &'a Path,
    /// Archive of the COCO converter.
    pub coco_zip: &'a Path,
    /// Archive of the YOLO converter.
    pub yolo_zip: &'a Path,
    /// Report of the COCO run, JSON.
    pub coco_report: &'a Path,
    /// Report of the YOLO run, JSON.
    pub yolo_report: &'a Path,
}

/// Writes the comparison to `page` as one HTML file that needs no other file and no network.
///
/// # Errors
///
/// An error that names the file, and the entry in the archive, that could not be read or is not what its format prescribes.
/// Single annotations that cannot be read are not errors: the page lists them.
pub fn write_page(input: &PageInput<'_>, page: &Path) -> Result<(), DemoError> {
    let project = project::read(input.project)?;
    let coco = coco::read(input.coco_zip)?;
    let yolo = yolo::read(input.yolo_zip)?;
    let reports = [report::read(input.coco_report)?, report::read(input.yolo_report)?];
    let comparison = compare::compare(coco, yolo);
    let text = layout::page(&project, &comparison, &reports);
    fs::write(page, text).map_err(DemoError::io(page))
}

#[cfg(test)]
mod tests;
