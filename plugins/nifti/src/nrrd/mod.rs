//! Reads label volumes in NRRD files: what a voxel brush is stored as.
//!
//! The format is <https://teem.sourceforge.net/nrrd/format.html>, and the keys of segments are those of 3D Slicer
//! (<https://slicer.readthedocs.io/en/latest/developer_guide/modules/segmentations.html>). Data have to be in the same file as the header. A header is believed in
//! nothing that costs memory: voxels are decoded in pieces, at most as many as it says, and exactly as many have to come.

mod data;
mod decimal;
mod geometry;
mod header;
mod sample;

pub(crate) use geometry::{Geometry, Unit};
pub(crate) use header::Header;
pub(crate) use sample::{NO_LABEL, Sample};

use crate::unreadable::Unreadable;

/// A label volume whose header has been read.
pub(crate) struct Nrrd<'a> {
    pub(crate) header: Header,
    /// The voxels, encoded as the header says.
    pub(crate) data: &'a [u8],
}

impl<'a> Nrrd<'a> {
    /// Reads the header of a file.
    pub(crate) fn open(file: &'a [u8]) -> Result<Self, Unreadable> {
        let (header, data) = Header::read(file)?;
        Ok(Self { header, data })
    }
}
