//! Folders that nobody but their user changes.

use std::fs;
use std::io;
use std::path::Path;

/// Makes a folder that its user alone can change, and others may read: nothing in it is secret, and the one who installs need not be the one who runs.
#[cfg(unix)]
pub(crate) fn create(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    if !folder.is_dir() {
        fs::DirBuilder::new().recursive(true).mode(0o755).create(folder)?;
    }
    check(folder)
}

/// Whether nobody but this user and the system's own could have changed what is in the folder.
#[cfg(unix)]
pub(crate) fn check(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let metadata = fs::metadata(folder)?;
    let refused = |problem: &str| Err(io::Error::new(io::ErrorKind::PermissionDenied, problem.to_owned()));
    if metadata.uid() != 0 && metadata.uid() != rustix::process::geteuid().as_raw() {
        return refused("the folder belongs to somebody else, who could change what runs: name another one, or make it yours");
    }
    if metadata.mode() & 0o022 != 0 {
        return refused("others may write into the folder, and could change what runs: take that right away (chmod go-w)");
    }
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn create(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(not(unix))]
pub(crate) fn check(folder: &Path) -> io::Result<()> {
    fs::metadata(folder).map(|_| ())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_folder_that_others_can_write_is_refused() -> io::Result<()> {
        let outer = tempfile::tempdir()?;
        let folder = outer.path().join("a/b");
        create(&folder)?;
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o775))?;
        assert!(check(&folder).is_err_and(|error| error.to_string().contains("chmod go-w")));
        assert!(create(&folder).is_err());
        Ok(())
    }
}
