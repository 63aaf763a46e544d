//! Finishes a file twice.

use crate::Ended;
use crate::behave;
use crate::bindings::ango::converter::archive;

pub(crate) fn run() -> Ended {
    let file = archive::create("a.txt");
    file.finish();
    file.finish();
    behave::read_all();
    Ok(())
}
