//! Asks for 4 GiB of text at once. Gets what the host thinks right.

use crate::Ended;
use crate::behave;

pub(crate) fn run() -> Ended {
    behave::copy_json(u32::MAX)
}
