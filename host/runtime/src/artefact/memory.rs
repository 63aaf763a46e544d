//! Where machine code lies between the disk and the engine.
//!
//! To map a file of machine code is quick: only what runs is read. But whoever can write the file, now or later, can change what runs, and somebody who cuts it short ends this program. So on
//! Linux code is copied into memory that has a descriptor and is sealed then: nobody can change it again, its digest holds for ever, and mapping it is as quick and safe. A child can be given
//! the descriptor. Elsewhere it is memory as any other.

use std::io::{self, Write};
use wasmtime::component::Component;

#[cfg(target_os = "linux")]
pub(super) use sealed::Memory;

#[cfg(not(target_os = "linux"))]
pub(super) use plain::Memory;

#[cfg(target_os = "linux")]
mod sealed {
    use super::{Component, Write, io};
    use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
    use std::fs::File;
    use std::io::{Read, Seek};
    use std::os::fd::{AsRawFd, OwnedFd};

    /// Memory with a descriptor.
    #[derive(Debug)]
    pub(in crate::artefact) struct Memory(File);

    impl Memory {
        /// Empty, to be written.
        pub(in crate::artefact) fn new() -> io::Result<Self> {
            Ok(Self(memfd_create("compiled plugin", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?.into()))
        }

        /// Nothing can be changed from now on.
        pub(in crate::artefact) fn seal(self) -> io::Result<Self> {
            fcntl_add_seals(&self.0, SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL)?;
            Ok(self)
        }

        pub(in crate::artefact) fn write_to(&self, out: &mut dyn Write) -> io::Result<()> {
            io::copy(&mut self.reader()?, out).map(|_| ())
        }

        /// From the beginning. All copies of a descriptor share one position, and this one is opened anew.
        fn reader(&self) -> io::Result<File> {
            File::open(self.path()).or_else(|_| {
                let mut copy = self.0.try_clone()?;
                copy.rewind()?;
                Ok(copy)
            })
        }

        pub(in crate::artefact) fn descriptor(&self) -> io::Result<OwnedFd> {
            Ok(self.0.try_clone()?.into())
        }

        fn path(&self) -> String {
            format!("/proc/self/fd/{}", self.0.as_raw_fd())
        }

        pub(in crate::artefact) fn component(&self, engine: &wasmtime::Engine) -> wasmtime::Result<Component> {
            let path = self.path();
            if std::path::Path::new(&path).exists() {
                // SAFETY: an artefact is what our compiler made, or has the digest of what it made; and it is sealed, so that nobody changes what is mapped.
                return unsafe { Component::deserialize_file(engine, path) };
            }
            let mut code = Vec::new();
            self.reader()?.read_to_end(&mut code)?;
            // SAFETY: as above.
            unsafe { Component::deserialize(engine, &code) }
        }
    }

    impl Write for Memory {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod plain {
    use super::{Component, Write, io};

    /// Memory.
    #[derive(Debug)]
    pub(in crate::artefact) struct Memory(Vec<u8>);

    impl Memory {
        /// Empty, to be written.
        pub(in crate::artefact) fn new() -> io::Result<Self> {
            Ok(Self(Vec::new()))
        }

        /// Nothing is changed from now on.
        pub(in crate::artefact) fn seal(self) -> io::Result<Self> {
            Ok(self)
        }

        pub(in crate::artefact) fn write_to(&self, out: &mut dyn Write) -> io::Result<()> {
            out.write_all(&self.0)
        }

        pub(in crate::artefact) fn component(&self, engine: &wasmtime::Engine) -> wasmtime::Result<Component> {
            // SAFETY: an artefact is what our compiler made, or has the digest of what it made.
            unsafe { Component::deserialize(engine, &self.0) }
        }
    }

    impl Write for Memory {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
}
