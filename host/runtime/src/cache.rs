//! Compiled code on disk.
//!
//! Machine code is trusted code: whoever can write into the cache can run anything. So the folder belongs to the user alone, a file is named by the digest of the
//! component it came from and by the engine that made it, it carries a digest of itself, and whatever does not fit is compiled again.

use crate::artefact::{Artefact, DIGEST};
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// A folder of compiled components.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// The cache in `folder`, which is made if it does not exist.
    ///
    /// # Errors
    /// When the folder cannot be made, or somebody other than the user may write into it.
    pub fn open(folder: &Path) -> io::Result<Self> {
        create_private(folder)?;
        check_private(folder)?;
        Ok(Self { folder: folder.to_owned() })
    }

    fn file(&self, component: &str, compatibility: u64) -> PathBuf {
        self.folder.join(format!("{component}-{compatibility:016x}.cwasm"))
    }

    /// The code compiled from the component with this digest; `None` when there is none, or it is damaged.
    pub(crate) fn get(&self, component: &str, compatibility: u64) -> Option<Artefact> {
        let path = self.file(component, compatibility);
        if !is_ours(&path, &self.folder) {
            return None;
        }
        let mut file = fs::File::open(path).ok()?;
        let length = file.metadata().ok()?.len().checked_sub(DIGEST as u64)?;
        let artefact = Artefact::copy(&mut file, length).ok()?;
        let mut stored = [0; DIGEST];
        file.read_exact(&mut stored).ok()?;
        (*artefact.digest() == stored).then_some(artefact)
    }

    /// Keeps compiled code. Appears whole or not at all, also when several processes write the same.
    pub(crate) fn put(&self, component: &str, compatibility: u64, code: &Artefact) -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        code.write_to(&mut file)?;
        file.write_all(code.digest())?;
        file.persist(self.file(component, compatibility))?;
        Ok(())
    }
}

#[cfg(unix)]
fn create_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(unix)]
fn check_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let metadata = fs::metadata(folder)?;
    // Whoever makes a file is whoever runs this program.
    let me = tempfile::NamedTempFile::new_in(folder)?.as_file().metadata()?.uid();
    if metadata.mode() & 0o022 != 0 || metadata.uid() != me {
        return Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            format!(
                "{} belongs to somebody else or can be written by others, so compiled code is not safe there: delete it, or name another",
                folder.display()
            ),
        ));
    }
    Ok(())
}

/// Whether the file was made by the folder's owner, and nobody else could change it.
#[cfg(unix)]
fn is_ours(file: &Path, folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (fs::symlink_metadata(file), fs::metadata(folder)) {
        (Ok(file), Ok(folder)) => file.is_file() && file.uid() == folder.uid() && file.mode() & 0o022 == 0,
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_ours(_: &Path, _: &Path) -> bool {
    true
}

#[cfg(not(unix))]
fn create_private(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(not(unix))]
fn check_private(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_code_is_not_handed_out() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let cache = Cache::open(&folder.path().join("a/b"))?;
        cache.put("abc", 1, &Artefact::new(b"code")?)?;
        let get = |compatibility| cache.get("abc", compatibility).map(|artefact| artefact.sha256());
        assert_eq!(get(1), Some(Artefact::new(b"code")?.sha256()));
        assert_eq!(get(2), None);
        let path = cache.file("abc", 1);
        let mut bytes = fs::read(&path)?;
        bytes[0] ^= 1;
        fs::write(&path, bytes)?;
        assert_eq!(get(1), None);
        fs::write(&path, b"short")?;
        assert_eq!(get(1), None);
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_others_can_write_is_refused() -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir()?;
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777))?;
        assert!(Cache::open(folder.path()).is_err_and(|error| error.to_string().contains("can be written by others")));
        Ok(())
    }
}
