//! Uses one path for a joined file and for a file of its own.

use crate::Ended;
use crate::behave;
use crate::bindings::ango::converter::archive;

pub(crate) fn run() -> Ended {
    archive::section("both.txt", 0, b"").finish();
    archive::add("both.txt", b"");
    behave::read_all();
    Ok(())
}
