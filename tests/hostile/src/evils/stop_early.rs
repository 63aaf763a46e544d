//! Says that all is well after the first task. Is a fault when there are more in the shard.

use crate::Ended;
use crate::bindings::ango::converter::source;

pub(crate) fn run() -> Ended {
    source::next_batch(1);
    Ok(())
}
