//! Which program children are, and what they do.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The hidden command of a child that compiles.
pub(crate) const COMPILE: &str = "__compile";

/// The hidden command of a child that runs plugins.
#[cfg(target_os = "linux")]
pub(crate) const WORKER: &str = "__worker";

/// The program that children run: one whose `main` begins with [`serve`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildProgram(PathBuf);

impl ChildProgram {
    /// The program at a path, which must be absolute: children start in another folder.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// This program, as it was when it started, also when its file has been replaced since.
    ///
    /// # Errors
    /// When the system does not say where the program is.
    pub fn this() -> std::io::Result<Self> {
        let running = Path::new("/proc/self/exe");
        if cfg!(target_os = "linux") && running.exists() { Ok(Self::at(running)) } else { std::env::current_exe().map(Self) }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

/// Does the work of a child, when this process was started as one; otherwise nothing. To be called first of all, by a program that is to be a [`ChildProgram`].
pub fn serve() -> Option<ExitCode> {
    let mut args = std::env::args_os().skip(1);
    let role = args.next()?;
    #[cfg(unix)]
    if role == COMPILE {
        return Some(crate::compile::serve(args));
    }
    #[cfg(target_os = "linux")]
    if role == WORKER {
        return Some(crate::isolate::serve(args));
    }
    let _ = role;
    None
}
