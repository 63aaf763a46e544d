//! Finishes a file twice.

use crate::Ended;
use crate::bindings::ango::converter::archive;

pub(crate) fn run() -> Ended {
    let file = archive::create("a.txt");
    file.finish();
    file.finish();
    Ok(())
}
