//! Reading archives: with the `zip` crate, and from front to back as somebody does who has only a stream.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

/// Files in a folder and below, by path from it, in alphabetical order. A folder that does not exist holds none.
pub fn list(folder: &Path) -> Vec<String> {
    fn walk(folder: &Path, base: &Path, all: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                walk(&path, base, all);
            } else {
                all.push(path.strip_prefix(base).expect("the file lies in the folder").display().to_string());
            }
        }
    }
    let mut all = Vec::new();
    walk(folder, folder, &mut all);
    all.sort();
    all
}

/// The one file of a folder whose name ends so.
pub fn only(folder: &Path, suffix: &str) -> PathBuf {
    let names: Vec<String> = list(folder).into_iter().filter(|name| name.ends_with(suffix)).collect();
    assert_eq!(names.len(), 1, "one file *{suffix} in {}: {names:?}", folder.display());
    folder.join(&names[0])
}

/// The original export in a folder: the archive that is no plugin's.
pub fn original(folder: &Path) -> PathBuf {
    let is_original = |name: &String| name.strip_suffix(".zip").is_some_and(|stem| !stem.contains('.'));
    let names: Vec<String> = list(folder).into_iter().filter(is_original).collect();
    assert_eq!(names.len(), 1, "one original export in {}: {names:?}", folder.display());
    folder.join(&names[0])
}

/// The entries of a zip in the order of its directory; every checksum is checked.
pub fn entries(path: &Path) -> Vec<(String, Vec<u8>)> {
    let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut archive = zip::ZipArchive::new(file).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let count = archive.len();
    let read = |index: usize| {
        let mut entry = archive.by_index(index).expect("the entry can be opened");
        let name = entry.name().expect("the name is UTF-8").into_owned();
        let mut data = Vec::new();
        entry.read_to_end(&mut data).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, data)
    };
    (0..count).map(read).collect()
}

/// The entries of a zip by name.
pub fn by_name(path: &Path) -> BTreeMap<String, Vec<u8>> {
    entries(path).into_iter().collect()
}

/// The text of a zip's first entry, and its name.
pub fn payload(path: &Path) -> (String, String) {
    let (name, data) = entries(path).into_iter().next().unwrap_or_else(|| panic!("{} is empty", path.display()));
    (name, String::from_utf8(data).expect("the payload is UTF-8"))
}

/// Makes a zip with one entry.
pub fn zipped(name: &str, data: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file(name, zip::write::SimpleFileOptions::default()).expect("an entry can be started");
    writer.write_all(data).expect("an entry can be written");
    writer.finish().expect("an archive can be finished").into_inner()
}

/// Reads a zip without its directory: local headers in the order in which they come. Sizes that a header does not know are found by decompressing, and
/// compared with the descriptor behind the data.
pub fn entries_of_stream(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let number = |at: usize, size: usize| (0..size).rev().fold(0u64, |number, byte| number << 8 | u64::from(bytes[at + byte]));
    let mut entries = Vec::new();
    let mut at = 0;
    while bytes[at..].starts_with(b"PK\x03\x04") {
        let (flags, method) = (number(at + 6, 2), number(at + 8, 2));
        let (crc, stored, length) = (number(at + 14, 4), number(at + 18, 4), number(at + 22, 4));
        let (name_length, extra_length) = (number(at + 26, 2) as usize, number(at + 28, 2) as usize);
        let name = String::from_utf8(bytes[at + 30..at + 30 + name_length].to_vec()).expect("the name is UTF-8");
        let start = at + 30 + name_length + extra_length;
        let mut data = Vec::new();
        let end = match method {
            0 => {
                assert_eq!(flags & 8, 0, "{name}: the end of stored data must be known in advance");
                data.extend_from_slice(&bytes[start..start + stored as usize]);
                start + stored as usize
            }
            8 => {
                let mut decoder = flate2::bufread::DeflateDecoder::new(&bytes[start..]);
                decoder.read_to_end(&mut data).unwrap_or_else(|error| panic!("{name}: {error}"));
                start + decoder.total_in() as usize
            }
            other => panic!("{name}: compression method {other}"),
        };
        let mut check = flate2::Crc::new();
        check.update(&data);
        let mut found = (u64::from(check.sum()), (end - start) as u64, data.len() as u64);
        if flags & 8 == 0 {
            assert_eq!(found, (crc, stored, length), "{name}: the local header");
            at = end;
        } else {
            assert!(bytes[end..].starts_with(b"PK\x07\x08"), "{name}: a descriptor with its signature");
            let is_next = |at: usize| bytes[at..].starts_with(b"PK\x03\x04") || bytes[at..].starts_with(b"PK\x01\x02");
            let size = if is_next(end + 16) { 4 } else { 8 };
            let told = (number(end + 4, 4), number(end + 8, size), number(end + 8 + size, size));
            found.0 &= 0xffff_ffff;
            assert_eq!(found, told, "{name}: the descriptor");
            at = end + 8 + 2 * size;
        }
        entries.push((name, data));
    }
    assert!(bytes[at..].starts_with(b"PK\x01\x02"), "the directory comes after the last entry, at {at}");
    entries
}
