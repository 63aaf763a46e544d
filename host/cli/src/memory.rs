//! The allocator's one setting.

/// Makes large buffers come from the system and go back to it.
///
/// glibc begins so, but the first large buffer that is freed makes it keep all that are smaller, among small blocks that live on. Holes add up then: a run over a million tasks
/// took half as much memory again as one over a hundred thousand; this way it takes a tenth more. Buffers of the hot path are used again and again, so it costs no time.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn keep_flat() {
    // SAFETY: sets a number of the allocator's, before any other thread runs.
    unsafe { libc::mallopt(libc::M_MMAP_THRESHOLD, 1 << 20) };
}

/// Other allocators do not do that.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn keep_flat() {}
