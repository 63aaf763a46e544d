//! The allocator that the host calls when it hands something over, able to misbehave.
//!
//! The component's `cabi_realloc` calls it, so mischief here happens inside a call of the host.

use crate::bindings::ango::converter::source;
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU8, Ordering};

/// What the allocator does from now on.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(crate) enum Mischief {
    /// Never returns from an allocation.
    LoopInAlloc = 1,
    /// Answers with the last bytes of the address space, which no test's memory reaches.
    OutOfBounds = 2,
    /// Answers with an address that no alignment but 1 allows.
    Misaligned = 3,
    /// Never returns from giving memory back.
    LoopInFree = 4,
    /// Calls the host from an allocation.
    HostInAlloc = 5,
    /// Calls the host when it gives memory back.
    HostInFree = 6,
}

static MISCHIEF: AtomicU8 = AtomicU8::new(0);

/// Starts the mischief.
pub(crate) fn arm(mischief: Mischief) {
    MISCHIEF.store(mischief as u8, Ordering::Relaxed);
}

/// Calls the host for something that it has to allocate: the project, and tasks.
pub(crate) fn touch_host() {
    source::get_project();
    source::next_batch(1);
}

fn mischief() -> u8 {
    MISCHIEF.load(Ordering::Relaxed)
}

fn forever() -> ! {
    loop {
        std::hint::black_box(0);
    }
}

struct Allocator;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

// SAFETY: until it is armed this is the system's allocator. What it does afterwards breaks every promise, which is its purpose: the guest's memory is
// the only one that it can harm, and the test is that this is so.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        match mischief() {
            1 => forever(),
            2 => std::ptr::without_provenance_mut(usize::MAX & !(layout.align() - 1)),
            3 => std::ptr::without_provenance_mut((64 << 10) + 1),
            5 => {
                source::shard();
                // SAFETY: the caller's promises are the system allocator's.
                unsafe { System.alloc(layout) }
            }
            // SAFETY: the caller's promises are the system allocator's.
            _ => unsafe { System.alloc(layout) },
        }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        match mischief() {
            4 => forever(),
            6 => _ = source::shard(),
            _ => {}
        }
        // SAFETY: the caller's promises are the system allocator's.
        unsafe { System.dealloc(pointer, layout) }
    }
}
