//! Asks for no text at all, until it gets none. Gets a line at a time.

use crate::Ended;
use crate::behave;

pub(crate) fn run() -> Ended {
    behave::copy_json(0)
}
