//! The header: lines of `field: value` and `key:=value`, up to an empty one.

use super::geometry::{Geometry, vectors};
use super::sample::Sample;
use crate::unreadable::Unreadable;

/// Every voxel has this many values at most, one for each layer of segments.
const MAX_LAYERS: u64 = 1024;

/// How values are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Raw,
    Gzip,
    Text,
}

/// What a header says about one segment, which is all voxels that have one value in one layer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) label: Option<i64>,
    pub(crate) name: Option<String>,
}

/// What a header says.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    /// Voxels along the three axes, the first one changing fastest.
    pub(crate) sizes: [u64; 3],
    /// Values per voxel: layers of segments that may overlap. They change faster than any axis.
    pub(crate) layers: usize,
    pub(crate) sample: Sample,
    pub(crate) big_endian: bool,
    pub(crate) encoding: Encoding,
    pub(crate) geometry: Geometry,
    /// In the order of their numbers.
    pub(crate) segments: Vec<Segment>,
}

impl Header {
    /// Reads the header of a file, and gives what is behind it.
    pub(super) fn read(file: &[u8]) -> Result<(Self, &[u8]), Unreadable> {
        let (text, data) = split(file)?;
        let text = String::from_utf8_lossy(text);
        let mut lines = text.lines();
        if !matches!(lines.next(), Some("NRRD0001" | "NRRD0002" | "NRRD0003" | "NRRD0004" | "NRRD0005")) {
            return Err(Unreadable::new("is no NRRD file of versions 1 to 5"));
        }
        let (mut fields, mut keys) = (Fields::default(), Vec::new());
        for line in lines.filter(|line| !line.starts_with('#')) {
            let Some((name, value)) = line.split_once(':') else {
                return Err(Unreadable::new(format!("has the line {line:?} in its header, which is neither a field nor a key")));
            };
            match value.strip_prefix('=') {
                Some(value) => keys.push((name, value)),
                None => fields.0.push((name, value.trim())),
            }
        }
        Ok((Self::interpret(&fields, &keys)?, data))
    }

    fn interpret(fields: &Fields<'_>, keys: &[(&str, &str)]) -> Result<Self, Unreadable> {
        for field in ["data file", "line skip", "byte skip"] {
            if fields.find(field).is_some_and(|value| value != "0") {
                return Err(Unreadable::new(format!("has the field `{field}`: only data that follow the header can be read")));
            }
        }
        let sample = fields.needed("type")?;
        let sample = Sample::named(sample).ok_or_else(|| Unreadable::new(format!("has values of type {sample:?}")))?;
        let encoding = match fields.needed("encoding")?.to_ascii_lowercase().as_str() {
            "raw" => Encoding::Raw,
            "gzip" | "gz" => Encoding::Gzip,
            "ascii" | "text" | "txt" => Encoding::Text,
            other => return Err(Unreadable::new(format!("has the encoding {other:?}: raw, gzip and ascii can be read"))),
        };
        let big_endian = match fields.find("endian") {
            Some("little") => false,
            Some("big") => true,
            None if sample.width() == 1 || encoding == Encoding::Text => false,
            other => return Err(Unreadable::new(format!("has the byte order {:?}", other.unwrap_or_default()))),
        };
        let (sizes, list) = axes(fields)?;
        let layers = match list {
            None => 1,
            Some(layers) if layers <= MAX_LAYERS => layers as usize,
            Some(layers) => return Err(Unreadable::new(format!("has {layers} layers"))),
        };
        let header = Self {
            sizes,
            layers,
            sample,
            big_endian,
            encoding,
            geometry: Geometry::new(
                fields.find("space"),
                fields.find("space directions"),
                fields.find("space origin"),
                fields.find("spacings"),
                fields.find("space units"),
            ),
            segments: segments(keys),
        };
        match header.voxels().and_then(|voxels| voxels.checked_mul(header.voxel_bytes())) {
            Some(_) => Ok(header),
            None => Err(Unreadable::new(format!("has impossible sizes: {sizes:?}"))),
        }
    }

    /// How many voxels there are; `None` if they cannot be counted.
    pub(crate) fn voxels(&self) -> Option<u64> {
        self.sizes.iter().try_fold(1u64, |product, &size| product.checked_mul(size))
    }

    /// Bytes of a voxel, as stored.
    fn voxel_bytes(&self) -> u64 {
        (self.layers * self.sample.width()) as u64
    }

    /// Bytes of all voxels, as stored.
    pub(crate) fn bytes(&self) -> u64 {
        self.voxels().unwrap_or(u64::MAX).saturating_mul(self.voxel_bytes())
    }

    /// The name of the first segment with this label.
    pub(crate) fn segment_name(&self, label: i64) -> Option<&str> {
        self.segments.iter().find(|segment| segment.label == Some(label))?.name.as_deref()
    }
}

/// Fields by name.
#[derive(Default)]
struct Fields<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Fields<'a> {
    /// The value of a field. Readers do not care about case, nor about spaces in names (`data file`, `datafile`).
    fn find(&self, name: &str) -> Option<&'a str> {
        let letters = |name: &str| name.bytes().filter(|byte| *byte != b' ').map(|byte| byte.to_ascii_lowercase()).collect::<Vec<_>>();
        let wanted = letters(name);
        self.0.iter().find(|(field, _)| letters(field) == wanted).map(|&(_, value)| value)
    }

    fn needed(&self, name: &str) -> Result<&'a str, Unreadable> {
        self.find(name).ok_or_else(|| Unreadable::new(format!("has no field `{name}`")))
    }
}

/// The lines of a header, and what is behind the empty line that ends it.
fn split(file: &[u8]) -> Result<(&[u8], &[u8]), Unreadable> {
    if !file.starts_with(b"NRRD") {
        return Err(Unreadable::new("is no NRRD file"));
    }
    let mut start = 0;
    loop {
        let end = file[start..].iter().position(|byte| *byte == b'\n').ok_or_else(|| Unreadable::new("has a header without an end"))?;
        let next = start + end + 1;
        if matches!(file[start..next], [b'\n'] | [b'\r', b'\n']) {
            return Ok((&file[..start], &file[next..]));
        }
        start = next;
    }
}

/// The sizes of the three axes in space, and that of the one that counts layers.
fn axes(fields: &Fields<'_>) -> Result<([u64; 3], Option<u64>), Unreadable> {
    let sizes = fields.needed("sizes")?;
    let sizes: Vec<u64> = sizes
        .split_ascii_whitespace()
        .map(|size| size.parse().ok().filter(|size| *size > 0))
        .collect::<Option<_>>()
        .ok_or_else(|| Unreadable::new(format!("has impossible sizes: {sizes:?}")))?;
    if fields.needed("dimension")?.parse() != Ok(sizes.len()) {
        return Err(Unreadable::new(format!("has {} sizes, and another dimension", sizes.len())));
    }
    // An axis that is not in space has no direction in it; what has no directions at all can still say of what kind its axes are.
    let kinds: Vec<&str> = fields.find("kinds").unwrap_or_default().split_ascii_whitespace().collect();
    let directions = fields.find("space directions").and_then(vectors).unwrap_or_default();
    let is_list = |axis: usize| match directions.get(axis) {
        Some(direction) => direction.is_none(),
        None => kinds.get(axis).is_some_and(|kind| !["domain", "space"].contains(kind)),
    };
    match *sizes {
        [x, y, z] if !(0..3).any(is_list) => Ok(([x, y, z], None)),
        // 3D Slicer writes layers as the fastest axis. As another one they would be far apart, and the whole volume would have to be kept in memory.
        [layers, x, y, z] if !(1..4).any(is_list) && kinds.first() != Some(&"time") => Ok(([x, y, z], Some(layers))),
        _ => Err(Unreadable::new(format!("has the axes {sizes:?}: three in space can be read, and before them one of layers"))),
    }
}

/// `Segment0_LabelValue`, `Segment0_Name` and so on, in the order of the numbers.
fn segments(keys: &[(&str, &str)]) -> Vec<Segment> {
    let mut numbered: Vec<(u32, Segment)> = Vec::new();
    for (key, value) in keys {
        let Some((number, key)) = key.strip_prefix("Segment").and_then(|key| key.split_once('_')) else { continue };
        let Ok(number) = number.parse() else { continue };
        let at = numbered.binary_search_by_key(&number, |(number, _)| *number).unwrap_or_else(|at| {
            numbered.insert(at, (number, Segment::default()));
            at
        });
        let segment = &mut numbered[at].1;
        match key {
            "LabelValue" => segment.label = value.trim().parse().ok(),
            "Name" => segment.name = Some((*value).to_owned()),
            _ => {}
        }
    }
    numbered.into_iter().map(|(_, segment)| segment).collect()
}
