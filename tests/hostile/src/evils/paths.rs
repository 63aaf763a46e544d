//! Paths that do not stay below the folder an archive is unpacked into, or that some system cannot hold. Every one must be refused when it is
//! used, whatever is done with it, and however it was written.

use crate::Ended;
use crate::behave;
use crate::bindings::ango::converter::archive;

/// Adds a file for each path, of which the last must be refused. If it is not, the run ends well, and so shows it.
fn add(paths: &[&str]) -> Ended {
    paths.iter().for_each(|path| archive::add(path, b""));
    behave::read_all();
    Ok(())
}

/// Climbs out.
pub(crate) fn parent() -> Ended {
    add(&["../x"])
}

/// Climbs out from further in.
pub(crate) fn parent_inside() -> Ended {
    add(&["a/../../x"])
}

/// Starts at the root.
pub(crate) fn absolute() -> Ended {
    add(&["/x"])
}

/// Starts at the root of a Windows drive.
pub(crate) fn windows() -> Ended {
    add(&["C:\\x"])
}

/// Ends for whoever reads it as C text.
pub(crate) fn nul() -> Ended {
    add(&["a.txt\0.exe"])
}

/// Is a device on Windows.
pub(crate) fn reserved() -> Ended {
    add(&["CON"])
}

/// Is another path on Windows.
pub(crate) fn trailing_dot() -> Ended {
    add(&["a."])
}

/// Is another path on Windows.
pub(crate) fn trailing_space() -> Ended {
    add(&["a "])
}

/// Is none.
pub(crate) fn empty() -> Ended {
    add(&[""])
}

/// Shows itself as `photoexe.jpg`.
pub(crate) fn bidi() -> Ended {
    add(&["photo\u{202e}gpj.exe"])
}

/// Has 64 KiB.
pub(crate) fn long() -> Ended {
    add(&["x/".repeat(32 << 10).as_str()])
}

/// Is used twice.
pub(crate) fn twice() -> Ended {
    add(&["a.txt", "a.txt"])
}

/// Is used twice, if case does not count.
pub(crate) fn case_twice() -> Ended {
    add(&["A.txt", "a.txt"])
}

/// Is used twice, if Unicode normalisation does not count.
pub(crate) fn nfc_twice() -> Ended {
    add(&["\u{e9}.txt", "e\u{301}.txt"])
}

/// Is a file and a folder, so that no system can unpack it.
pub(crate) fn file_and_folder() -> Ended {
    add(&["a", "a/b"])
}

/// Climbs out of a joined file.
pub(crate) fn section_parent() -> Ended {
    archive::section("../x", 0, b"").finish();
    behave::read_all();
    Ok(())
}
