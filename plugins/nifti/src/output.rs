//! Writes a volume: the header of NIfTI, and the voxels of NRRD.

use ango_plugin_sdk::{Failure, File};

use crate::census::Census;
use crate::gzip::{self, Gzip};
use crate::nifti::{DataType, header};
use crate::nrrd::Nrrd;

/// Bytes that are gathered before they go on.
const PIECE: usize = 64 << 10;

/// Writes a volume and says how its voxels are stored. Both formats have the first axis fastest, so that voxels keep their order, and it is the header that says where
/// each is.
pub(crate) fn write(file: File, nrrd: &Nrrd<'_>, census: &Census<'_>, compress: bool) -> Result<DataType, Failure> {
    let largest = census.largest();
    let stream = Some(nrrd.data).filter(|_| compress && census.is_as_written(nrrd)).and_then(gzip::stream_of);
    let data_type = match stream.map_or(0, |_| nrrd.header.sample.width()) {
        0 | 1 if largest <= 0xff => DataType::Uint8,
        0 | 2 if largest <= 0x7fff => DataType::Int16,
        2 => DataType::Uint16,
        _ => DataType::Int32,
    };
    let header = header(nrrd.header.sizes, data_type, &nrrd.header.geometry);
    match stream {
        Some((stream, sum)) => gzip::copy(file, &header, stream, sum, nrrd.header.bytes()),
        None if compress => {
            let row = usize::try_from(nrrd.header.sizes[0]).unwrap_or(0).saturating_mul(data_type.width());
            let mut out = Gzip::new(file, data_type.width(), row);
            out.put(&header);
            encode(nrrd, census, data_type.width(), &mut |voxels| out.put(voxels))?;
            out.finish();
        }
        None => {
            let mut out = file;
            out.put(&header);
            encode(nrrd, census, data_type.width(), &mut |voxels| out.put(voxels))?;
            out.finish();
        }
    }
    Ok(data_type)
}

/// Gives `put` all voxels, of `width` bytes each.
fn encode(nrrd: &Nrrd<'_>, census: &Census<'_>, width: usize, put: &mut dyn FnMut(&[u8])) -> Result<(), Failure> {
    let mut piece = Vec::with_capacity(PIECE);
    let read = nrrd.runs(&mut |values, mut count| {
        let bytes = census.output(values).to_le_bytes();
        while count > 0 {
            let room = (PIECE - piece.len()) / width;
            let now = count.min(room as u64) as usize;
            if width == 1 {
                piece.resize(piece.len() + now, bytes[0]);
            } else {
                piece.extend(bytes[..width].iter().cycle().take(now * width));
            }
            count -= now as u64;
            if piece.len() == PIECE {
                put(&piece);
                piece.clear();
            }
        }
    });
    put(&piece);
    // It was read once before without a fault.
    read.map(|_| ()).map_err(|fault| Failure::failed(format!("a volume that could be read {} when it is read again", fault.0)))
}
