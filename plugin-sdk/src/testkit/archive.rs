//! The archive in memory, with the contract's rules.

use std::collections::{BTreeMap, HashMap};

use super::portable;

/// A file that was opened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Handle(usize);

/// The files of a run.
#[derive(Debug, Default)]
pub(crate) struct Archive {
    count_only: bool,
    open: Vec<Open>,
    files: BTreeMap<String, Vec<u8>>,
    joined: BTreeMap<String, BTreeMap<u32, Section>>,
    /// The path under which each name was first used, by its case-folded form.
    names: HashMap<String, String>,
    pub(crate) file_count: u64,
    pub(crate) byte_count: u64,
}

#[derive(Debug)]
struct Open {
    path: String,
    section: Option<u32>,
    data: Vec<u8>,
    closed: bool,
}

#[derive(Debug)]
struct Section {
    separator: Vec<u8>,
    last_shard: u32,
    data: Vec<u8>,
}

impl Archive {
    /// An archive that keeps no bytes, and does not look at paths either.
    pub(crate) fn counting() -> Self {
        Self { count_only: true, ..Self::default() }
    }

    pub(crate) fn create(&mut self, path: &str) -> Result<Handle, String> {
        self.claim("create", path)?;
        self.file_count += 1;
        Ok(self.opened(path, None))
    }

    pub(crate) fn add(&mut self, path: &str, data: &[u8]) -> Result<(), String> {
        self.file_count += 1;
        self.byte_count += data.len() as u64;
        if !self.count_only {
            self.claim("add", path)?;
            self.files.insert(path.to_owned(), data.to_vec());
        }
        Ok(())
    }

    pub(crate) fn section(&mut self, path: &str, position: u32, separator: &[u8], shard: u32) -> Result<Handle, String> {
        if separator.len() > 16 {
            return Err(format!("section: separator of `{path}` is {} bytes long, 16 are allowed", separator.len()));
        }
        if !self.joined.contains_key(path) {
            self.claim("section", path)?;
            self.file_count += 1;
        }
        let sections = self.joined.entry(path.to_owned()).or_default();
        match sections.get_mut(&position) {
            None => {
                sections.insert(position, Section { separator: separator.to_vec(), last_shard: shard, data: Vec::new() });
            }
            Some(section) if section.separator != separator => {
                return Err(format!("section: separator of section {position} of `{path}` differs from the one of an earlier call"));
            }
            Some(section) if section.last_shard == shard => {
                return Err(format!("section: section {position} of `{path}` is started twice in shard {shard}"));
            }
            Some(section) => section.last_shard = shard,
        }
        Ok(self.opened(path, Some(position)))
    }

    pub(crate) fn write(&mut self, Handle(at): Handle, data: &[u8]) -> Result<(), String> {
        self.byte_count += data.len() as u64;
        match self.open.get_mut(at) {
            Some(file) if file.closed => Err(format!("write: `{}` is finished", file.path)),
            Some(_) if self.count_only => Ok(()),
            Some(file) => {
                file.data.extend_from_slice(data);
                Ok(())
            }
            None => Err("write: no such file".to_owned()),
        }
    }

    pub(crate) fn finish(&mut self, Handle(at): Handle) -> Result<(), String> {
        let Some(file) = self.open.get_mut(at).filter(|file| !file.closed) else {
            return Err("finish: no such open file".to_owned());
        };
        file.closed = true;
        let data = std::mem::take(&mut file.data);
        match file.section {
            None => {
                self.files.insert(file.path.clone(), data);
            }
            Some(position) => {
                let section = self.joined.get_mut(&file.path).and_then(|sections| sections.get_mut(&position));
                if let Some(section) = section.filter(|_| !data.is_empty()) {
                    if !section.data.is_empty() {
                        section.data.extend_from_slice(&section.separator);
                    }
                    section.data.extend_from_slice(&data);
                }
            }
        }
        Ok(())
    }

    /// Every file by path, joined ones put together.
    pub(crate) fn into_files(mut self) -> BTreeMap<String, Vec<u8>> {
        for (path, sections) in self.joined {
            self.files.insert(path, sections.into_values().flat_map(|section| section.data).collect());
        }
        self.files
    }

    fn opened(&mut self, path: &str, section: Option<u32>) -> Handle {
        self.open.push(Open { path: path.to_owned(), section, data: Vec::new(), closed: false });
        Handle(self.open.len() - 1)
    }

    fn claim(&mut self, call: &str, path: &str) -> Result<(), String> {
        if self.count_only {
            return Ok(());
        }
        if let Some(fault) = portable::fault(path) {
            return Err(format!("{call}: path `{path}` {fault}"));
        }
        match self.names.insert(portable::same_file_key(path), path.to_owned()) {
            None => Ok(()),
            Some(earlier) if earlier == path => Err(format!("{call}: path `{path}` is already used")),
            Some(earlier) => Err(format!("{call}: path `{path}` is the same file as `{earlier}` on some systems")),
        }
    }
}
