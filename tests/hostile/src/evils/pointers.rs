//! Addresses and lengths that reach beyond the guest's memory, and bytes that are no text. The host must look at none of what lies there; if it does, the run ends well, and so shows it.

use crate::Ended;
use crate::behave;
use crate::raw;

fn create(path: &[u8]) -> Ended {
    let file = raw::create(path.as_ptr().addr(), path.len());
    raw::finish(file);
    raw::drop(file);
    behave::read_all();
    Ok(())
}

/// Writes 4 GiB from the beginning of memory.
pub(crate) fn data_of_everything() -> Ended {
    let file = raw::create(b"a.txt".as_ptr().addr(), 5);
    raw::write(file, 0, usize::MAX);
    behave::read_all();
    Ok(())
}

/// Writes from the end of the address space and on from its beginning.
pub(crate) fn data_beyond_memory() -> Ended {
    let file = raw::create(b"a.txt".as_ptr().addr(), 5);
    raw::write(file, usize::MAX - 3, 64);
    behave::read_all();
    Ok(())
}

/// Names a file by what lies beyond memory.
pub(crate) fn path_beyond_memory() -> Ended {
    raw::create(usize::MAX - 0xffff, 0x1_0000);
    behave::read_all();
    Ok(())
}

/// Names a file in bytes that no UTF-8 has.
pub(crate) fn path_not_utf8() -> Ended {
    create(b"a\xff\xfe.txt")
}

/// Names a file in half a character, which is no UTF-8 either.
pub(crate) fn path_surrogate() -> Ended {
    create(b"a\xed\xa0\x80.txt")
}
