//! A folder that nothing leads out of.

use crate::error::FetchError;
use crate::file;
use std::io::{ErrorKind, Write};
use std::path::{Component, Path, PathBuf};
use tempfile::NamedTempFile;

/// A folder, and files below it.
#[derive(Debug)]
pub(crate) struct Confined {
    root: PathBuf,
}

impl Confined {
    /// A folder that is there.
    ///
    /// # Errors
    /// When it is not.
    pub(crate) fn new(folder: &Path) -> Result<Self, FetchError> {
        let root = folder.canonicalize().map_err(|error| fail(folder, format!("is no mirror: {error}")))?;
        if root.is_dir() { Ok(Self { root }) } else { Err(fail(folder, "is no mirror: it is not a folder".into())) }
    }

    /// A folder, which is made if it is not there.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) fn make(folder: &Path) -> Result<Self, FetchError> {
        std::fs::create_dir_all(folder).map_err(|error| fail(folder, format!("cannot be made: {error}")))?;
        Self::new(folder)
    }

    /// Where a file is, lexically: `path` goes down only.
    pub(crate) fn path(&self, path: &Path) -> Result<PathBuf, FetchError> {
        let goes_down = path.components().next().is_some() && path.components().all(|component| matches!(component, Component::Normal(_)));
        if goes_down { Ok(self.root.join(path)) } else { Err(fail(path, "leads out of the mirror".into())) }
    }

    /// Reads a file; `None` when there is none.
    pub(crate) fn read(&self, path: &Path, limit: &'static str, max: u64) -> Result<Option<Vec<u8>>, FetchError> {
        let file = self.path(path)?;
        match file.canonicalize() {
            Ok(real) if real.starts_with(&self.root) => file::read(&real, limit, max),
            Ok(_) => Err(fail(&file, "is a link that leads out of the mirror".into())),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(fail(&file, format!("cannot be read: {error}"))),
        }
    }

    /// Makes the folder that a file lies in, one step after the other, so that no link leads a step out.
    pub(crate) fn make_folder_of(&self, path: &Path) -> Result<PathBuf, FetchError> {
        self.path(path)?;
        let mut folder = self.root.clone();
        for name in path.parent().into_iter().flat_map(Path::components) {
            folder.push(name);
            match std::fs::create_dir(&folder) {
                Ok(()) => continue,
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(fail(&folder, format!("cannot be made: {error}"))),
            }
            let real = folder.canonicalize().map_err(|error| fail(&folder, format!("cannot be used: {error}")))?;
            if !real.starts_with(&self.root) {
                return Err(fail(&folder, "is a link that leads out of the mirror".into()));
            }
            if !real.is_dir() {
                return Err(fail(&folder, "is a file, where a folder is needed".into()));
            }
            folder = real;
        }
        Ok(folder)
    }

    /// Writes a file: the whole of it, or nothing that anybody sees. A link in its place is replaced, not followed.
    pub(crate) fn write(&self, path: &Path, content: &[u8]) -> Result<(), FetchError> {
        self.put(path, content, |temporary, file| temporary.persist(file).map(drop).map_err(|failed| failed.error))
    }

    /// Writes a file unless there is one, which then stays the file that others have open: a lock on it is one for all.
    pub(crate) fn write_new(&self, path: &Path, content: &[u8]) -> Result<(), FetchError> {
        self.put(path, content, |temporary, file| match temporary.persist_noclobber(file) {
            Err(failed) if failed.error.kind() != ErrorKind::AlreadyExists => Err(failed.error),
            _ => Ok(()),
        })
    }

    fn put(&self, path: &Path, content: &[u8], persist: impl Fn(NamedTempFile, &Path) -> std::io::Result<()>) -> Result<(), FetchError> {
        let folder = self.make_folder_of(path)?;
        let file = folder.join(path.file_name().unwrap_or_default());
        let write = || -> std::io::Result<()> {
            let mut temporary = tempfile::Builder::new().prefix(".incoming-").tempfile_in(&folder)?;
            temporary.write_all(content)?;
            temporary.as_file().sync_all()?;
            share(temporary.as_file())?;
            persist(temporary, &file)
        };
        write().map_err(|error| fail(&file, format!("cannot be written: {error}")))
    }

    /// Removes a file, if it is there.
    pub(crate) fn remove(&self, path: &Path) -> Result<(), FetchError> {
        let file = self.make_folder_of(path)?.join(path.file_name().unwrap_or_default());
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(fail(&file, format!("cannot be removed: {error}"))),
            _ => Ok(()),
        }
    }
}

/// Temporary files are their owner's alone; a mirror is for others as well.
fn share(file: &std::fs::File) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

fn fail(path: &Path, problem: String) -> FetchError {
    FetchError::File { path: path.to_owned(), problem }
}
