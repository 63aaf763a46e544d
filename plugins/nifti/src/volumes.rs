//! From a task to its volume, its row, and what is reported.

use ango_plugin_sdk::options::{Empty, Names};
use ango_plugin_sdk::text::names;
use ango_plugin_sdk::{Failure, File, Geometry, Object, Run, Task};

use crate::census::{Census, Seen};
use crate::labels::{Labels, Meaning};
use crate::nifti::MAX_SIZE;
use crate::nrrd::{NO_LABEL, Nrrd};
use crate::options::Options;
use crate::output;
use crate::rows::{self, Written};
use crate::unreadable::Unreadable;
use crate::zip;

/// Why there is no volume: the code, and words for people.
type Reason = (&'static str, String);

/// Converts the volumes of a run.
pub(crate) struct Volumes<'a> {
    run: &'a Run,
    options: Options,
    labels: Labels,
    /// A row for each task.
    rows: File,
}

impl<'a> Volumes<'a> {
    pub(crate) fn new(run: &'a Run, options: Options, labels: Labels, rows: File) -> Self {
        Self { run, options, labels, rows }
    }

    pub(crate) fn finish(self) {
        self.rows.finish();
    }

    /// Converts the volume of a task, and writes its row.
    pub(crate) fn task(&mut self, task: &Task) -> Result<(), Failure> {
        // One volume at a time: its bytes go when the next task comes.
        let (bytes, file);
        let found = match &task.annotations.voxel_brush {
            None => {
                Err(("image-empty", "task has no voxel brush, and without its volume there is no geometry to write an empty one with".to_owned()))
            }
            Some(link) => match self.run.asset_bytes(link) {
                Err(error) => Err(("voxel-brush-unreadable", format!("asking the host for the voxel brush gave {error:?}"))),
                Ok(fetched) => {
                    bytes = fetched;
                    match zip::unpack(&bytes) {
                        Ok(unpacked) => {
                            file = unpacked;
                            read(&file, &self.labels, self.options.empty)
                        }
                        Err(fault) => Err(unreadable(fault)),
                    }
                }
            },
        };
        match &found {
            Err((code, detail)) => {
                self.run.lost(task.index, None, code, detail);
                self.objects(task, &[], code);
                rows::write(self.rows.buffer(), &self.labels, task, None);
            }
            Ok((nrrd, census)) => {
                self.report(task, nrrd, census);
                self.objects(task, census.all(), "zero-area");
                let path = self.path(task);
                let data_type = output::write(self.run.create(&path), nrrd, census, self.options.compress)?;
                let written = Written { path: &path, header: &nrrd.header, data_type, seen: census.all() };
                rows::write(self.rows.buffer(), &self.labels, task, Some(&written));
            }
        }
        Ok(())
    }

    /// `NAME.nii.gz`, also for an asset that is called so already.
    fn path(&self, task: &Task) -> String {
        let name = &task.asset.file_name;
        let suffix = if self.options.compress { ".nii.gz" } else { ".nii" };
        let stem = names::stem(name);
        let is_nifti = names::suffix(name).is_some_and(|last| last.eq_ignore_ascii_case("gz"))
            && names::suffix(stem).is_some_and(|last| last.eq_ignore_ascii_case("nii"));
        let path = [if is_nifti { names::stem(stem) } else { stem }, suffix].concat();
        match self.options.names {
            Names::Path => path,
            Names::Flat => names::flat(&path),
        }
    }

    /// Reports what a volume does not hold, or holds in another way.
    fn report(&self, task: &Task, nrrd: &Nrrd<'_>, census: &Census<'_>) {
        let lost = |code: &str, detail: std::fmt::Arguments<'_>| self.run.lost(task.index, None, code, detail);
        if let Some(assumed) = nrrd.header.geometry.assumed {
            lost("geometry-assumed", format_args!("volume is there, but of where it is in the patient, {assumed}"));
        }
        for &Seen { stored, meaning, voxels, hidden } in census.all() {
            let segment = nrrd.header.segment_name(stored).unwrap_or("without a name");
            match meaning {
                Meaning::Class(..) => {}
                Meaning::Unnamed(_) => {
                    lost(
                        "label-unnamed",
                        format_args!("label {stored} (segment {segment:?}) is there, but no class of the ontology: {voxels} voxels"),
                    );
                }
                Meaning::Unmapped => {
                    lost(
                        "class-unmapped",
                        format_args!("label {stored} (segment {segment:?}) is no class of the ontology: {voxels} voxels are background"),
                    );
                }
                Meaning::Excluded => {
                    lost("class-excluded", format_args!("label {stored} is left out by option `classes`: {voxels} voxels are background"));
                }
                Meaning::Unusable if stored == NO_LABEL => {
                    lost("label-unusable", format_args!("{voxels} voxels whose value is no whole number are background"));
                }
                Meaning::Unusable => {
                    lost("label-unusable", format_args!("label {stored} is no number from 1 to 2147483647: {voxels} voxels are background"))
                }
            }
            if hidden > 0 {
                lost("voxels-hidden", format_args!("{hidden} voxels of label {stored} are under another label: a volume has one for each voxel"));
            }
        }
    }

    /// Reports the objects that are in no volume. `code` is why an object whose label no voxel has is lost.
    fn objects(&self, task: &Task, seen: &[Seen], code: &str) {
        for object in &task.annotations.objects {
            let lost = |code: &str, detail: std::fmt::Arguments<'_>| self.run.lost(task.index, Some(&object.object_id), code, detail);
            if !matches!(object.geometry, Geometry::VoxelBrush) {
                lost("geometry-unsupported", format_args!("{} is not part of a label volume", object.geometry.kind()));
                continue;
            }
            match label_of(object).map(|label| (label, self.labels.meaning(label))) {
                None | Some((_, Meaning::Unusable)) => {
                    lost("class-unmapped", format_args!("schema id {:?} is no label", object.schema_id));
                }
                Some((label, Meaning::Excluded)) => lost("class-excluded", format_args!("label {label} is left out by option `classes`")),
                Some((label, Meaning::Unmapped)) => lost("class-unmapped", format_args!("label {label} is no class of the ontology")),
                Some((label, _)) if !seen.iter().any(|seen| seen.stored == label && seen.voxels > 0) => {
                    lost(code, format_args!("no voxel has label {label}"));
                }
                Some(_) => {}
            }
        }
    }
}

fn unreadable(fault: Unreadable) -> Reason {
    ("voxel-brush-unreadable", format!("voxel brush {}", fault.0))
}

/// Reads a volume, and says what is in it.
fn read<'a>(bytes: &'a [u8], labels: &'a Labels, empty: Empty) -> Result<(Nrrd<'a>, Census<'a>), Reason> {
    let nrrd = Nrrd::open(bytes).map_err(unreadable)?;
    let sizes = nrrd.header.sizes;
    if sizes.iter().any(|size| *size > MAX_SIZE) {
        return Err(("mask-too-large", format!("voxel brush has {sizes:?} voxels, NIfTI takes {MAX_SIZE} along an axis")));
    }
    let census = Census::take(&nrrd, labels).map_err(unreadable)?;
    if census.labelled() == 0 {
        if sizes == [1; 3] {
            // What 3D Slicer writes because the format has no volume without voxels.
            return Err(("image-empty", "voxel brush has a single voxel, which stands for no segments and no geometry".to_owned()));
        }
        if empty == Empty::Drop {
            return Err(("image-empty", "voxel brush has no label that is written, and option `empty` is `drop`".to_owned()));
        }
    }
    Ok((nrrd, census))
}

/// The label of a voxel brush, which is its schema id.
pub(crate) fn label_of(object: &Object) -> Option<i64> {
    object.schema_id.parse().ok()
}
