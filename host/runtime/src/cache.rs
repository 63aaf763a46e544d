//! Compiled code on disk.
//!
//! Machine code is trusted code: whoever can write into the cache can run anything. So the folder belongs to the user alone, a file is named by the digest of the
//! component it came from and by the engine that made it, it carries a digest of itself, and whatever does not fit is compiled again.

use sha2::{Digest, Sha256};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const DIGEST: usize = 32;

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
    pub(crate) fn get(&self, component: &str, compatibility: u64) -> Option<Vec<u8>> {
        let path = self.file(component, compatibility);
        if !is_ours(&path, &self.folder) {
            return None;
        }
        let mut code = fs::read(path).ok()?;
        let stored = code.split_off(code.len().checked_sub(DIGEST)?);
        (Sha256::digest(&code).as_slice() == stored).then_some(code)
    }

    /// Keeps compiled code. Appears whole or not at all, also when several processes write the same.
    pub(crate) fn put(&self, component: &str, compatibility: u64, code: &[u8]) -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(code)?;
        file.write_all(&Sha256::digest(code))?;
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
        cache.put("abc", 1, b"code")?;
        assert_eq!(cache.get("abc", 1).as_deref(), Some(b"code".as_slice()));
        assert_eq!(cache.get("abc", 2), None);
        let path = cache.file("abc", 1);
        let mut bytes = fs::read(&path)?;
        bytes[0] ^= 1;
        fs::write(&path, bytes)?;
        assert_eq!(cache.get("abc", 1), None);
        fs::write(&path, b"short")?;
        assert_eq!(cache.get("abc", 1), None);
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
