//! Counters that processes share.
//!
//! A limit that is counted over all instances of a conversion must stop a guest at the byte at which it would stop it in one process, or runs would end differently. To ask the parent at every
//! call of a guest would be exact, and slow. So the children count in memory that they share. A child that was taken over can write there what it likes: it can end the conversion that it
//! belongs to, or not be stopped by it; what the parent takes from it is counted by the parent as well, where no child can write.

use crate::limits::Counters;
use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, ftruncate, memfd_create};
use rustix::mm::{MapFlags, ProtFlags, mmap};
use std::io;
use std::os::fd::{AsFd, OwnedFd};

/// New counters, all zero. Nobody can change their size.
pub(super) fn create() -> io::Result<OwnedFd> {
    let memory = memfd_create("counters", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
    ftruncate(&memory, size_of::<Counters>() as u64)?;
    fcntl_add_seals(&memory, SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL)?;
    Ok(memory)
}

/// The counters of [`create`], for as long as this process lives.
pub(super) fn open(memory: impl AsFd) -> io::Result<&'static Counters> {
    // SAFETY: a new mapping, at a place that the system chooses.
    let address = unsafe { mmap(std::ptr::null_mut(), size_of::<Counters>(), ProtFlags::READ | ProtFlags::WRITE, MapFlags::SHARED, memory, 0)? };
    // SAFETY: pages are aligned better than numbers; the memory is never unmapped, is as long as it was made and sealed to be, and holds nothing but atomic numbers, for which any bits are
    // good and which other processes change as other threads would.
    Ok(unsafe { &*address.cast::<Counters>() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::{Limits, Meter};

    #[test]
    fn all_who_share_them_count_together() -> io::Result<()> {
        let memory = create()?;
        let limits = Limits { log_bytes: 100, ..Limits::default() };
        let meters = [(); 2].map(|()| open(&memory).map(|counters| Meter::elsewhere(counters, Box::new(|_, _| Ok(())))));
        let [one, other] = meters;
        let (one, other) = (one?, other?);
        assert_eq!(one.add_log(60, &limits), Ok(()));
        assert_eq!(other.add_log(40, &limits), Ok(()));
        assert!(one.add_log(1, &limits).is_err() && other.add_log(1, &limits).is_err());
        assert!(ftruncate(&memory, 0).is_err(), "whoever has the descriptor cannot take the memory away");
        Ok(())
    }
}
