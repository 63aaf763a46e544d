//! Drops a file unfinished and says that all is well. Nothing may be published.

use crate::Ended;
use crate::behave;
use crate::bindings::ango::converter::archive;

pub(crate) fn run() -> Ended {
    let file = archive::create("half.txt");
    file.write(b"half");
    drop(file);
    behave::read_all();
    Ok(())
}
