//! Writes to a file that is finished.

use crate::Ended;
use crate::bindings::ango::converter::archive;

pub(crate) fn run() -> Ended {
    let file = archive::create("a.txt");
    file.finish();
    file.write(b"more");
    Ok(())
}
