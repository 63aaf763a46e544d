//! Writes an archive that says of its one entry that it is 4 GiB, in a file like any other. The host must not look into it: it is published as it is.

use crate::Ended;
use crate::behave;
use crate::bindings::ango::converter::archive;

pub(crate) fn run() -> Ended {
    let mut bomb = b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0\x10\0\0\0\xff\xff\xff\xff\x05\0\0\0a.bin".to_vec();
    bomb.extend([0; 16]);
    archive::add("bomb.zip", &bomb);
    behave::read_all();
    Ok(())
}
