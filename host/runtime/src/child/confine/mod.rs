//! What a child takes from itself before it looks at anything.
//!
//! Limits hold on every Unix. The filter of system calls is Linux's: there a confined process can compute, talk through the pipes that it was given, and end. It cannot open a file, whatever
//! lies in the same home; make or use a socket; start a program or a process; look into another process or send it a signal; or ask the kernel for anything else.
//! It is a list of what is allowed, so that what a later kernel offers is not offered to a child. A second wall of the kernel's own (Landlock) would have nothing left to refuse: no call on the
//! list takes a path or an address.

#[cfg(target_os = "linux")]
mod filter;
#[cfg(all(test, target_os = "linux"))]
mod tests;

use rustix::process::{Resource, Rlimit, setrlimit};
use std::os::fd::RawFd;

/// What is left to a process.
#[derive(Debug, Clone, Default)]
pub(crate) struct Confinement {
    /// Descriptors that stay open, besides stdin, stdout and stderr.
    pub(crate) keep: Vec<RawFd>,
    /// Seconds of CPU time.
    pub(crate) cpu: Option<u64>,
    /// Bytes of memory that it can write to. Addresses alone cost nothing: threads and memories of the sandbox reserve far more of them than they use.
    pub(crate) memory: Option<u64>,
    /// Bytes of a file. There are none, but for memory that has a descriptor.
    pub(crate) file: u64,
    /// Whether it may start threads.
    pub(crate) threads: bool,
    /// Whether it may make memory that has a descriptor, from which the sandbox maps what is the same in every instance.
    pub(crate) memory_files: bool,
}

/// Descriptors that may be open.
const FILES: u64 = 64;

impl Confinement {
    /// Confines this process, for good. There must be one thread.
    ///
    /// # Errors
    /// What the system refuses. The process must not go on then.
    pub(crate) fn apply(&self) -> Result<(), String> {
        #[cfg(target_os = "linux")]
        rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL)).map_err(|error| failed("death signal", error))?;
        self.close_others()?;
        let limit = |resource, what: &str, limit: u64, spare: u64| {
            setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit + spare) }).map_err(|error| failed(what, error))
        };
        limit(Resource::Core, "limit of core files", 0, 0)?;
        limit(Resource::Fsize, "limit of files", self.file, 0)?;
        limit(Resource::Nofile, "limit of open files", FILES, 0)?;
        if let Some(seconds) = self.cpu {
            // At the first limit there is a signal that says why; at the second one there is an end.
            limit(Resource::Cpu, "limit of CPU time", seconds, 5)?;
        }
        if let Some(bytes) = self.memory {
            limit(Resource::Data, "limit of memory", bytes, 0)?;
        }
        #[cfg(target_os = "linux")]
        filter::install(self.threads, self.memory_files)?;
        Ok(())
    }

    /// Closes what was inherited by mistake: programs leave descriptors open for their children more often than they know.
    fn close_others(&self) -> Result<(), String> {
        let folder = if cfg!(target_os = "linux") { "/proc/self/fd" } else { "/dev/fd" };
        let names = std::fs::read_dir(folder).map_err(|error| format!("{folder}: {error}"))?;
        let open: Vec<RawFd> = names.filter_map(|name| name.ok()?.file_name().to_str()?.parse().ok()).collect();
        for file in open.into_iter().filter(|file| *file > 2 && !self.keep.contains(file)) {
            // SAFETY: nothing in this process knows of the descriptor; the one that listed them is closed already, and closing it again is an error without effect.
            unsafe { libc::close(file) };
        }
        Ok(())
    }
}

fn failed(what: &str, error: rustix::io::Errno) -> String {
    format!("{what}: {}", std::io::Error::from(error))
}
