//! Says that all is well while a file is open. Nothing may be published.

use crate::Ended;
use crate::behave;
use crate::bindings::ango::converter::archive;

pub(crate) fn run() -> Ended {
    let file = archive::create("half.txt");
    file.write(b"half");
    std::mem::forget(file);
    behave::read_all();
    Ok(())
}
