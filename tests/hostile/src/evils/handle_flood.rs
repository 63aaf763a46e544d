//! Opens files forever and finishes none.

use crate::Ended;
use crate::bindings::ango::converter::archive;

pub(crate) fn run() -> Ended {
    let mut open = Vec::new();
    loop {
        open.push(archive::create(&format!("{}.txt", open.len())));
    }
}
