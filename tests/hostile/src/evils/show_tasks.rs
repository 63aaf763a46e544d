//! No evils: tasks in each form, asked for in amounts that make no sense. What a guest sees must be the same.

use crate::Ended;
use crate::behave;
use crate::bindings::ango::converter::source;

pub(crate) fn typed() -> Ended {
    behave::show(|| Ok(source::next_batch(3)))
}

/// So many decimals that no number loses one.
pub(crate) fn packed_rounded() -> Ended {
    behave::show(|| behave::unpacked(&source::next_packed_rounded(1 << 16, u8::MAX)))
}

pub(crate) fn packed_max() -> Ended {
    behave::show(|| behave::unpack(u32::MAX))
}

pub(crate) fn packed_zero() -> Ended {
    behave::show(|| behave::unpack(0))
}
