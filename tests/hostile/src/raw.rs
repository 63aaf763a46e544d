//! The host's functions as the canonical ABI has them: numbers instead of the types that keep a guest honest.

/// `archive.create` of a path at an address.
pub(crate) fn create(path: usize, length: usize) -> u32 {
    // SAFETY: the host has to check what it is given; that is what these evils test.
    unsafe { canonical::create(path, length) }
}

/// `file.write` of bytes at an address.
pub(crate) fn write(file: u32, data: usize, length: usize) {
    // SAFETY: as in `create`.
    unsafe { canonical::write(file, data, length) }
}

/// `file.finish`.
pub(crate) fn finish(file: u32) {
    // SAFETY: as in `create`.
    unsafe { canonical::finish(file) }
}

/// Drops a file.
pub(crate) fn drop(file: u32) {
    // SAFETY: as in `create`.
    unsafe { canonical::drop(file) }
}

#[cfg(target_family = "wasm")]
mod canonical {
    #[link(wasm_import_module = "ango:converter/archive@0.1.0")]
    unsafe extern "C" {
        pub(super) fn create(path: usize, length: usize) -> u32;
        #[link_name = "[method]file.write"]
        pub(super) fn write(file: u32, data: usize, length: usize);
        #[link_name = "[method]file.finish"]
        pub(super) fn finish(file: u32);
        #[link_name = "[resource-drop]file"]
        pub(super) fn drop(file: u32);
    }
}

/// There is no host outside of the sandbox.
#[cfg(not(target_family = "wasm"))]
mod canonical {
    pub(super) unsafe fn create(_: usize, _: usize) -> u32 {
        unreachable!()
    }

    pub(super) unsafe fn write(_: u32, _: usize, _: usize) {
        unreachable!()
    }

    pub(super) unsafe fn finish(_: u32) {
        unreachable!()
    }

    pub(super) unsafe fn drop(_: u32) {
        unreachable!()
    }
}
