//! Writes to a file that is finished.

use crate::Ended;
use crate::behave;
use crate::bindings::ango::converter::archive;

pub(crate) fn run() -> Ended {
    let file = archive::create("a.txt");
    file.finish();
    file.write(b"more");
    behave::read_all();
    Ok(())
}
