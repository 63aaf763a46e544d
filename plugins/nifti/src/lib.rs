//! NIfTI label volumes of the voxel brush: `NAME.nii.gz` for each task that has one.
//!
//! Hub keeps a voxel brush as a segmentation of 3D Slicer, a compressed NRRD file whose labels are the schema ids of classes. Voxels are taken over one by one, in their
//! order; where they are in the patient is taken over as the matrix of the header, from the directions of NRRD (mostly LPS: to the left, the back and the top) to
//! those of NIfTI (RAS+: to the right, the front and the top). Segments that overlap come in layers, of which the last one is on top.
//!
//! A volume is never in memory as a whole: what is there is the file as it came (compressed, at most what the host allows for an asset) and less than one MiB
//! besides, whatever the size of the volume. It is read twice, so that nothing is written of a damaged one. Where the values stay as they are, its
//! compressed data go into the new file as they are.
//!
//! `labels.json`, `labels.txt` (ITK-SNAP) and `labels.ctbl` (3D Slicer) say which label is which class; `volumes.jsonl` has a row for each task, with the labels that
//! occur and with the answers, about the asset and about its brushes.
//!
//! # What DICOM SEG would need
//!
//! A DICOM segmentation object refers to the series that it is of, which neither the export nor the NRRD file names. A converter to it needs, for each task: the headers
//! of all source instances (patient and study modules to be copied, `SOPInstanceUID`s for the references of frames, `FrameOfReferenceUID`, and position and
//! orientation of each slice to order them and to check the geometry against), so an asset that is a folder of files, or a link to a DICOMweb server; for each class a
//! coded meaning (category and type of the segmented property, as SNOMED CT codes, and a tracking id), which Hub's ontology has no place for, so an option; UIDs that
//! are the same in every run, under a root of the user's own; and bit-packed frames per segment, which also hold overlapping ones. Reader and census here would serve
//! as they are.

mod census;
mod gzip;
mod labels;
mod nifti;
mod nrrd;
mod options;
mod output;
mod rows;
mod runs;
mod unreadable;
mod volumes;
mod zip;

use ango_plugin_sdk::images::{Format, PreparedTasks};
use ango_plugin_sdk::{Converter, Failure, Info, Run};

pub use options::Options;

/// The converter.
pub struct Nifti;

ango_plugin_sdk::export!(Nifti);

impl Converter for Nifti {
    type Options = Options;

    fn describe() -> Info {
        Info::new("nifti", env!("CARGO_PKG_VERSION"), "Voxel brushes as NIfTI label volumes", "NIfTI-1")
            .with_options_schema(&Options::schema())
            .with_assets()
            .with_history()
    }

    fn convert(options: Options, run: &Run) -> Result<(), Failure> {
        let labels = labels::Labels::new(run.project(), &options)?;
        if run.is_first_shard() {
            run.add("labels.json", &labels.json());
            run.add("labels.txt", &labels.itk_snap());
            run.add("labels.ctbl", &labels.slicer());
        }
        let format = Format::new("NIfTI").with_answers().with_voxel_brush();
        let tasks = PreparedTasks::new(run, format, &options.stage);
        let mut volumes = volumes::Volumes::new(run, options, labels, run.section("volumes.jsonl", 0, ""));
        for task in tasks {
            volumes.task(&task)?;
        }
        volumes.finish();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
