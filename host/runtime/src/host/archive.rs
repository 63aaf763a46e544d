//! `archive`: the files of the converted export.

use super::output::{Output, OutputError, Target};
use super::{State, Violation};
use crate::bindings::ango::converter::archive::{Host, HostFile};
use crate::limits::{LimitExceeded, LimitName};
use crate::path::{self, PathSet};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use wasmtime::component::Resource;

/// Longest separator of a section.
pub(crate) const MAX_SEPARATOR: usize = 16;

/// A file that a guest holds.
#[derive(Debug)]
pub struct FileHandle {
    file: u32,
    path: String,
    open: bool,
}

/// The files of one instance.
pub(crate) struct Files {
    output: Arc<Mutex<dyn Output>>,
    open: u32,
    /// Files of their own, and joined files.
    used: PathSet,
    joined: HashSet<u64>,
    sections: HashSet<(u64, u32)>,
    /// The path of a file that was dropped unfinished.
    abandoned: Option<String>,
}

/// The host itself failed, not the guest.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct HostFailure(pub(crate) String);

impl Files {
    pub(crate) fn new(output: Arc<Mutex<dyn Output>>) -> Self {
        Self { output, open: 0, used: PathSet::default(), joined: HashSet::new(), sections: HashSet::new(), abandoned: None }
    }

    /// A file that was started and not finished, if there is one.
    pub(crate) fn unfinished(&self) -> Option<String> {
        self.abandoned.clone().or_else(|| (self.open > 0).then(|| format!("{} open file(s)", self.open)))
    }

    fn with<T>(&self, act: impl FnOnce(&mut dyn Output) -> Result<T, OutputError>) -> wasmtime::Result<T> {
        let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        act(&mut *output).map_err(|error| match error {
            OutputError::Path(problem) => path_refused(problem),
            OutputError::Io(error) => HostFailure(error.to_string()).into(),
        })
    }
}

fn path_refused(problem: String) -> wasmtime::Error {
    LimitExceeded::new(LimitName::Path, problem).into()
}

impl State {
    fn start(&mut self, target: Target<'_>) -> wasmtime::Result<Resource<FileHandle>> {
        let path = match target {
            Target::File { path } => {
                path::check(path).map_err(path_refused)?;
                if !self.files.used.insert(path) {
                    return Err(path_refused(format!("'{}' was used before, as a file or as a folder", path.escape_debug())));
                }
                self.shared.meter.add_file(&self.shared.limits)?;
                path
            }
            Target::Section { path, position, separator } => {
                path::check(path).map_err(path_refused)?;
                if separator.len() > MAX_SEPARATOR {
                    return Err(Violation(format!("archive.section: a separator of {} bytes, allowed are {MAX_SEPARATOR}", separator.len())).into());
                }
                let identity = path::identity(path);
                let is_taken = self.files.joined.insert(identity) && !self.files.used.insert(path);
                if is_taken || !self.files.sections.insert((identity, position)) {
                    return Err(path_refused(format!("'{}', section {position}, was used before", path.escape_debug())));
                }
                self.shared.meter.add_section(path, position)?;
                path
            }
        };
        if self.files.open >= self.shared.limits.handles {
            return Err(LimitExceeded::new(
                LimitName::Handles,
                format!("'{}' would be one more than the {} files open", path.escape_debug(), self.files.open),
            )
            .into());
        }
        let file = self.files.with(|output| output.create(target))?;
        self.files.open += 1;
        Ok(self.table.push(FileHandle { file, path: path.to_owned(), open: true })?)
    }

    fn write_to(&mut self, handle: &Resource<FileHandle>, data: &[u8]) -> wasmtime::Result<()> {
        let handle = self.table.get(handle)?;
        if !handle.open {
            return Err(Violation(format!("file.write: '{}' is finished", handle.path.escape_debug())).into());
        }
        let file = handle.file;
        self.shared.meter.add_output(data.len() as u64, &self.shared.limits)?;
        self.files.with(|output| output.write(file, data))
    }

    fn end(&mut self, handle: &Resource<FileHandle>) -> wasmtime::Result<()> {
        let handle = self.table.get_mut(handle)?;
        if !std::mem::replace(&mut handle.open, false) {
            return Err(Violation(format!("file.finish: '{}' is finished", handle.path.escape_debug())).into());
        }
        let file = handle.file;
        self.files.open -= 1;
        self.files.with(|output| output.finish(file))
    }
}

impl Host for State {
    fn create(&mut self, path: String) -> wasmtime::Result<Resource<FileHandle>> {
        self.start(Target::File { path: &path })
    }

    fn add(&mut self, path: String, data: Vec<u8>) -> wasmtime::Result<()> {
        let handle = self.start(Target::File { path: &path })?;
        self.write_to(&handle, &data)?;
        self.end(&handle)?;
        self.table.delete(handle)?;
        Ok(())
    }

    fn section(&mut self, path: String, position: u32, separator: Vec<u8>) -> wasmtime::Result<Resource<FileHandle>> {
        self.start(Target::Section { path: &path, position, separator: &separator })
    }
}

impl HostFile for State {
    fn write(&mut self, handle: Resource<FileHandle>, data: Vec<u8>) -> wasmtime::Result<()> {
        self.write_to(&handle, &data)
    }

    fn finish(&mut self, handle: Resource<FileHandle>) -> wasmtime::Result<()> {
        self.end(&handle)
    }

    fn drop(&mut self, handle: Resource<FileHandle>) -> wasmtime::Result<()> {
        let handle = self.table.delete(handle)?;
        if handle.open {
            self.files.open -= 1;
            self.files.output.lock().unwrap_or_else(PoisonError::into_inner).abandon(handle.file);
            self.files.abandoned.get_or_insert(handle.path);
        }
        Ok(())
    }
}
