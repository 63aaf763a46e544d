//! Makes the files that brushes are stored as.

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};

/// An NRRD file.
#[derive(Clone)]
pub(crate) struct Nrrd {
    fields: Vec<(String, String)>,
    keys: String,
}

impl Nrrd {
    /// Bytes in the space that Hub and 3D Slicer use, a millimetre apart.
    pub(crate) fn new(sizes: [usize; 3]) -> Self {
        Self { fields: Vec::new(), keys: String::new() }
            .field("type", "unsigned char")
            .field("dimension", "3")
            .field("space", "left-posterior-superior")
            .field("sizes", &sizes.map(|size| size.to_string()).join(" "))
            .field("space directions", "(1,0,0) (0,1,0) (0,0,1)")
            .field("kinds", "domain domain domain")
            .field("encoding", "raw")
            .field("space origin", "(0,0,0)")
    }

    /// The same in layers.
    pub(crate) fn layered(layers: usize, [x, y, z]: [usize; 3]) -> Self {
        Self::new([x, y, z])
            .field("dimension", "4")
            .field("sizes", &format!("{layers} {x} {y} {z}"))
            .field("space directions", "none (1,0,0) (0,1,0) (0,0,1)")
            .field("kinds", "list domain domain domain")
    }

    /// Sets a field.
    pub(crate) fn field(mut self, name: &str, value: &str) -> Self {
        match self.fields.iter_mut().find(|(field, _)| field == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.fields.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// Leaves a field out.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(field, _)| field != name);
        self
    }

    /// Adds a key.
    pub(crate) fn key(mut self, name: &str, value: &str) -> Self {
        self.keys += &format!("{name}:={value}\n");
        self
    }

    /// The file with these bytes as its data.
    pub(crate) fn raw(&self, data: &[u8]) -> Vec<u8> {
        let fields: String = self.fields.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        let mut file = format!("NRRD0004\n# made up: of nothing\n{fields}{}\n", self.keys).into_bytes();
        file.extend_from_slice(data);
        file
    }

    /// The file with these bytes as its data, compressed.
    pub(crate) fn gzip(self, data: &[u8]) -> Vec<u8> {
        self.field("encoding", "gzip").raw(&gzip(data))
    }
}

/// A gzip member.
pub(crate) fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// A zip archive of one file, compressed by method 8 or stored by method 0.
pub(crate) fn zip(name: &str, data: &[u8], method: u16) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data).unwrap();
    let stored = if method == 8 { encoder.finish().unwrap() } else { data.to_vec() };
    let numbers = |numbers: &[u16]| numbers.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>();
    let size = |size: usize| (size as u32).to_le_bytes();
    let shared =
        [numbers(&[method, 0, 0]), size(0).into(), size(stored.len()).into(), size(data.len()).into(), numbers(&[name.len() as u16, 0])].concat();
    let entry = [&b"PK\x03\x04\x14\0\0\0"[..], &shared, name.as_bytes(), &stored].concat();
    let row = [&b"PK\x01\x02\x14\0\x14\0\0\0"[..], &shared, &numbers(&[0, 0, 0]), &size(0), &size(0), name.as_bytes()].concat();
    let end = [&b"PK\x05\x06"[..], &numbers(&[0, 0, 1, 1]), &size(row.len()), &size(entry.len()), &numbers(&[0])].concat();
    [entry, row, end].concat()
}
