//! Numbers that are no handle of a file, or no longer. Each must end the run; if one does not, the run ends well, and so shows it.

use crate::Ended;
use crate::behave;
use crate::bindings::poll::wasi::clocks::monotonic_clock::subscribe_duration;
use crate::raw;

/// A file as a number.
fn file() -> u32 {
    let path = b"a.txt";
    raw::create(path.as_ptr().addr(), path.len())
}

fn write(file: u32) -> Ended {
    let data = b"evil";
    raw::write(file, data.as_ptr().addr(), data.len());
    behave::read_all();
    Ok(())
}

/// Was dropped.
pub(crate) fn use_after_drop() -> Ended {
    let file = file();
    raw::finish(file);
    raw::drop(file);
    write(file)
}

/// Is dropped twice.
pub(crate) fn double_drop() -> Ended {
    let file = file();
    raw::finish(file);
    raw::drop(file);
    raw::drop(file);
    behave::read_all();
    Ok(())
}

/// Was never given out.
pub(crate) fn forged() -> Ended {
    write(0x0abc_def0)
}

/// Is what nothing can have.
pub(crate) fn zero() -> Ended {
    write(0)
}

/// Is of something else.
pub(crate) fn of_another_kind() -> Ended {
    write(subscribe_duration(0).handle())
}
