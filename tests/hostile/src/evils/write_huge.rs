//! Hands over 96 MiB in one call. More than a call may carry: the host must not even copy it.

use crate::Ended;
use crate::behave;
use crate::bindings::ango::converter::archive;

pub(crate) fn run() -> Ended {
    archive::add("huge.bin", &vec![0; 96 << 20]);
    behave::read_all();
    Ok(())
}
