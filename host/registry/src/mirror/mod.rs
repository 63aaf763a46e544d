//! Mirrors: plain folders that stand for the network.
//!
//! ```text
//! MIRROR/oci/REGISTRY/REPOSITORY/          an OCI image layout: oci-layout, index.json, blobs/sha256/...
//! MIRROR/https/HOST/PATH                   a file of a web server, and PATH.sig beside it
//! ```
//!
//! A port is part of the name, with `%3A` for the colon: `MIRROR/oci/localhost%3A5000/team/plugin`.
//!
//! Names come from whoever wrote an origin, and what lies in the folder from whoever filled it, so neither may lead out of it. Names are lexically confined: each is a
//! normal name, checked once more where paths are made. Links are followed only to places inside: reading through one to elsewhere would do little harm, because what is
//! read has to be a plugin; but a mirror is often a shared folder, and writing through one would let whoever may write into the mirror write with the rights of whoever
//! fills it. (Somebody who swaps a folder for a link in the very moment between the check and the write is not stopped: a mirror that enemies can write into while it is
//! filled is no mirror.)

mod confined;
mod layout;
mod web;

pub(crate) use confined::Confined;

use crate::error::{FetchError, OriginError};
use crate::fetch::Fetched;
use crate::limits::Limits;
use crate::oci::pull::{self, Pulled};
use crate::oci::reference::OciReference;
use std::path::Path;
use url::Url;

/// Reads a plugin of a registry out of a mirror.
///
/// # Errors
/// When it is not there whole, naming the file that was looked for.
pub(crate) async fn read_oci(mirror: &Path, reference: &OciReference, limits: &Limits) -> Result<Pulled, FetchError> {
    let origin = format!("oci://{reference}");
    let layout = layout::Layout::new(Confined::new(mirror)?, reference)?;
    let (digest, manifest) = layout.manifest(reference, &origin)?;
    pull::assemble(&origin, Some(&digest), manifest, &layout.blobs(&origin), limits).await
}

/// Writes a plugin of a registry into a mirror, and makes its tag mean it.
///
/// # Errors
/// When the folder cannot be written, or leads out of itself.
pub(crate) fn write_oci(mirror: &Path, reference: &OciReference, pulled: &Pulled) -> Result<(), FetchError> {
    layout::Layout::new(Confined::make(mirror)?, reference)?.write(reference, pulled)
}

/// Reads a file of a web server, and the signatures beside it, out of a mirror.
///
/// # Errors
/// When it is not there, naming the file that was looked for.
pub(crate) fn read_url(mirror: &Path, url: &Url, limits: &Limits) -> Result<(Vec<u8>, Vec<Vec<u8>>), FetchError> {
    web::read(&Confined::new(mirror)?, url, limits)
}

/// Writes a file of a web server, and the signatures beside it, into a mirror.
///
/// # Errors
/// When the folder cannot be written, or leads out of itself.
pub(crate) fn write_url(mirror: &Path, url: &Url, fetched: &Fetched) -> Result<(), FetchError> {
    web::write(&Confined::make(mirror)?, url, fetched)
}

/// Names of a registry or a web server as names of folders: a colon and brackets stand only in a port and in an address, and are no part of a host's name, nor is `%`.
fn host_name(host: &str) -> String {
    host.replace(':', "%3A").replace('[', "%5B").replace(']', "%5D")
}

/// An error for an origin that no mirror can hold.
fn cannot(origin: &str, problem: &str) -> FetchError {
    OriginError(format!("{origin} cannot be in a mirror: {problem}")).into()
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;
    use crate::origin::Origin;
    use proptest::prelude::*;
    use std::path::{Component, PathBuf};

    /// Where an origin would lie, as a path below the mirror.
    fn path(origin: &Origin) -> Option<PathBuf> {
        match origin {
            Origin::File(_) => None,
            Origin::Url(url) => web::path(url).ok(),
            Origin::Oci(reference) => Some(layout::folder(reference)),
        }
    }

    fn goes_down(path: &Path) -> bool {
        path.components().all(|component| matches!(component, Component::Normal(_))) && !path.to_string_lossy().contains(['\0', '\\'])
    }

    /// Texts of the characters that paths are dangerous with, and of parts of references.
    fn hostile() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            Just("..".to_owned()),
            Just("/".to_owned()),
            Just("//".to_owned()),
            Just("%2e%2e".to_owned()),
            Just("%2f".to_owned()),
            Just("%00".to_owned()),
            Just("\\".to_owned()),
            Just("..\\".to_owned()),
            Just("C:".to_owned()),
            Just(":5000".to_owned()),
            Just("@sha256:".to_owned()),
            Just("index.json".to_owned()),
            "[a-z0-9._:-]{0,6}",
            "\\PC{0,3}",
        ];
        proptest::collection::vec(part, 0..10).prop_map(|parts| parts.concat())
    }

    #[test]
    fn a_host_of_dots_leads_nowhere() {
        for origin in ["https://../a", "https://../%2f", "http://./a"] {
            let lies = origin.parse::<Origin>().ok().and_then(|origin| path(&origin));
            assert_eq!(lies, None, "{origin}");
        }
    }

    proptest! {
        #[test]
        fn no_name_leads_out_of_a_mirror(scheme in "(oci|https|http)", host in "(localhost:5000|r\\.example|\\[::1\\]:1|[a-z.:%]{1,8})", rest in hostile()) {
            if let Ok(origin) = format!("{scheme}://{host}/{rest}").parse::<Origin>()
                && let Some(path) = path(&origin)
            {
                prop_assert!(goes_down(&path), "{origin}: {}", path.display());
                let root = tempfile::tempdir().expect("a temporary folder can be made");
                let confined = Confined::new(root.path()).expect("it is a folder");
                let full = confined.path(&path).expect("it goes down");
                prop_assert!(full.starts_with(root.path().canonicalize().expect("it is there")));
            }
        }

        #[test]
        fn different_artifacts_lie_in_different_folders(one in "[a-z]{1,3}(\\.[a-z]{1,2})?:[0-9]{1,2}/[a-z]{1,2}(/[a-z._-]{1,3})?", other in "[a-z]{1,3}(\\.[a-z]{1,2})?:[0-9]{1,2}/[a-z]{1,2}(/[a-z._-]{1,3})?") {
            if let (Ok(one), Ok(other)) = (one.parse::<OciReference>(), other.parse::<OciReference>()) {
                let is_same = one.registry() == other.registry() && one.repository() == other.repository();
                prop_assert_eq!(layout::folder(&one) == layout::folder(&other), is_same);
            }
        }

        #[test]
        fn any_path_goes_down_or_is_refused(text in hostile()) {
            let root = tempfile::tempdir().expect("a temporary folder can be made");
            let confined = Confined::new(root.path()).expect("it is a folder");
            if let Ok(full) = confined.path(Path::new(&text)) {
                prop_assert!(goes_down(Path::new(&text)) || text.contains('\\'));
                prop_assert!(full.starts_with(root.path().canonicalize().expect("it is there")) && !full.components().any(|part| part == Component::ParentDir));
            }
        }
    }
}
