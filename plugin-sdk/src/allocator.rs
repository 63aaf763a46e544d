//! The guest's memory.
//!
//! A task arrives as many small strings and lists, which live for a moment and go. The standard allocator of the target looks for the best place of each; that search was a large
//! part of what a run in the sandbox cost. Here every size has a list of free blocks: taking and giving back are a few instructions. A guest has one thread and lives
//! for one run, so there is nothing to share and little to tidy up.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::UnsafeCell;
use std::ptr::null_mut;

/// Blocks are aligned to this, and sizes are multiples of it.
const UNIT: usize = 16;
/// Larger blocks come from the standard allocator.
const LARGEST: usize = 32 << 10;
/// Memory is fetched from the standard allocator in stretches of this size.
const STRETCH: usize = 128 << 10;
/// Four sizes for each doubling: at most a fifth of a block is unused.
const CLASSES: usize = class_of(LARGEST) + 1;

/// The size class of a number of bytes from 1 to [`LARGEST`].
const fn class_of(size: usize) -> usize {
    let units = size.div_ceil(UNIT);
    if units <= 4 {
        return units - 1;
    }
    // The two bits below the highest tell which quarter of the doubling it is in.
    let last = units - 1;
    let doubling = (usize::BITS - 1 - last.leading_zeros()) as usize;
    (doubling - 1) * 4 + ((last >> (doubling - 2)) & 3)
}

/// The size of a class's blocks.
const fn size_of_class(class: usize) -> usize {
    if class < 4 {
        return (class + 1) * UNIT;
    }
    let doubling = class / 4 + 1;
    ((4 + class % 4 + 1) << (doubling - 2)) * UNIT
}

struct State {
    /// The first free block of each class; a free block begins with a pointer to the next.
    free: [*mut u8; CLASSES],
    /// What is left of the current stretch.
    next: *mut u8,
    end: *mut u8,
}

/// An allocator by size classes, for one thread.
pub(crate) struct Classes(UnsafeCell<State>);

impl Classes {
    pub(crate) const fn new() -> Self {
        Self(UnsafeCell::new(State { free: [null_mut(); CLASSES], next: null_mut(), end: null_mut() }))
    }
}

// SAFETY: it is only used as the global allocator of a component, and a component has one thread.
unsafe impl Sync for Classes {}

fn is_ours(layout: &Layout) -> bool {
    layout.size() <= LARGEST && layout.align() <= UNIT && layout.size() > 0
}

// SAFETY: blocks of a class come from stretches of the standard allocator, are as large as the class says and aligned to `UNIT`, and are in use or in one free list, never both.
// Everything else is passed on. Which of the two it is depends on the layout alone, so a block goes back to where it came from.
unsafe impl GlobalAlloc for Classes {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if !is_ours(&layout) {
            // SAFETY: the caller's promise.
            return unsafe { System.alloc(layout) };
        }
        let class = class_of(layout.size());
        // SAFETY: one thread, and no call from here comes back to this allocator.
        let state = unsafe { &mut *self.0.get() };
        let block = state.free[class];
        if !block.is_null() {
            // SAFETY: a free block holds the pointer to the next one, and is aligned for it.
            state.free[class] = unsafe { block.cast::<*mut u8>().read() };
            return block;
        }
        let size = size_of_class(class);
        if (state.end as usize) - (state.next as usize) < size {
            // What is left of the old stretch is given up: a small part of it.
            // SAFETY: the layout is valid and not empty.
            let stretch = unsafe { System.alloc(Layout::from_size_align_unchecked(STRETCH, UNIT)) };
            if stretch.is_null() {
                return stretch;
            }
            state.next = stretch;
            // SAFETY: one past the end of the stretch.
            state.end = unsafe { stretch.add(STRETCH) };
        }
        let block = state.next;
        // SAFETY: there are `size` bytes left.
        state.next = unsafe { block.add(size) };
        block
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if !is_ours(&layout) {
            // SAFETY: the block came from there, because its layout is the same.
            return unsafe { System.dealloc(block, layout) };
        }
        // SAFETY: as in `alloc`.
        let state = unsafe { &mut *self.0.get() };
        let class = class_of(layout.size());
        // SAFETY: the block is free, at least `UNIT` bytes large, and aligned to it.
        unsafe { block.cast::<*mut u8>().write(state.free[class]) };
        state.free[class] = block;
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller promises that the size is not too large for the alignment.
        let new = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        match (is_ours(&layout), is_ours(&new)) {
            (true, true) if class_of(layout.size()) == class_of(size) => block,
            // SAFETY: both layouts are the standard allocator's.
            (false, false) => unsafe { System.realloc(block, layout, size) },
            _ => {
                // SAFETY: the new layout is valid; the blocks are at least as large as what is copied, and do not overlap; the old one goes back once.
                unsafe {
                    let moved = self.alloc(new);
                    if !moved.is_null() {
                        std::ptr::copy_nonoverlapping(block, moved, layout.size().min(size));
                        self.dealloc(block, layout);
                    }
                    moved
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_fits_into_its_class_and_no_smaller_one() {
        let mut previous = 0;
        for size in 1..=LARGEST {
            let class = class_of(size);
            assert!(size_of_class(class) >= size, "{size}");
            assert!(class == 0 || size_of_class(class - 1) < size, "{size}");
            assert!(class == previous || class == previous + 1, "{size}");
            previous = class;
        }
        assert_eq!(previous + 1, CLASSES);
    }

    #[test]
    fn blocks_do_not_overlap_and_keep_what_is_in_them() {
        let memory = Classes::new();
        let mut blocks: Vec<(*mut u8, Layout, u8)> = Vec::new();
        let mut random = 1u64;
        for step in 0..20_000u64 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let number = (random >> 33) as usize;
            let mark = step as u8;
            // SAFETY: each block is used with its own layout, within its size, until it is given back.
            unsafe {
                if number.is_multiple_of(3) && !blocks.is_empty() {
                    let (block, layout, mark) = blocks.swap_remove(number % blocks.len());
                    assert!(std::slice::from_raw_parts(block, layout.size()).iter().all(|byte| *byte == mark));
                    memory.dealloc(block, layout);
                } else if number % 3 == 1 && !blocks.is_empty() {
                    let index = number % blocks.len();
                    let (block, layout, mark) = blocks[index];
                    let size = 1 + number % 50_000;
                    let moved = memory.realloc(block, layout, size);
                    let kept = layout.size().min(size);
                    assert!(std::slice::from_raw_parts(moved, kept).iter().all(|byte| *byte == mark));
                    std::ptr::write_bytes(moved, mark, size);
                    blocks[index] = (moved, Layout::from_size_align_unchecked(size, layout.align()), mark);
                } else {
                    let layout = Layout::from_size_align_unchecked(1 + number % 3_000, 1 << (number % 5));
                    let block = memory.alloc(layout);
                    assert!(!block.is_null() && (block as usize).is_multiple_of(layout.align()));
                    std::ptr::write_bytes(block, mark, layout.size());
                    blocks.push((block, layout, mark));
                }
            }
        }
    }
}
