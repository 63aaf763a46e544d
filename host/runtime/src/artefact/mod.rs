//! Machine code, compiled from a component.

mod digest;
mod memory;

use digest::Hashed;
pub(crate) use digest::{DIGEST, copy};

use crate::engine::Engine;
use crate::error::LoadError;
use crate::hex;
use memory::Memory;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use wasmtime::component::Component;

/// What a component was compiled to, and the digest by which it is known again.
///
/// It is code that runs as part of this program. So there are two ways only to get one: to compile a component, and to say which digest its bytes must have. Whoever can choose that digest
/// can run anything; it has to be kept where nobody else writes. The bytes that were digested are those that run: nobody can change them in between, on the disk or elsewhere.
#[derive(Debug)]
pub struct Artefact {
    code: Memory,
    sha256: [u8; DIGEST],
}

impl Artefact {
    pub(crate) fn new(code: &[u8]) -> io::Result<Self> {
        let mut copy = Hashed::new(Memory::new()?);
        copy.write_all(code)?;
        let (code, sha256) = copy.finish();
        Ok(Self { code: code.seal()?, sha256 })
    }

    /// Takes over so many bytes from where a file stands.
    pub(crate) fn copy(file: &mut File, length: u64) -> io::Result<Self> {
        let (code, sha256) = copy(file, Some(length), Memory::new()?)?;
        Ok(Self { code: code.seal()?, sha256 })
    }

    /// Reads the artefact of a plugin, which `plugin` is the name of in errors. `sha256` is the digest that it must have, in hexadecimal, from a place that only the user can write.
    ///
    /// # Errors
    /// When the file cannot be read, or its content has another digest.
    pub fn read(plugin: &str, file: &Path, sha256: &str) -> Result<Self, LoadError> {
        let read = || {
            let mut file = File::open(file)?;
            let length = file.metadata()?.len();
            Self::copy(&mut file, length)
        };
        let this = read().map_err(|source| LoadError::Read { plugin: plugin.to_owned(), source })?;
        check_digest(plugin, file, &this.sha256(), sha256)?;
        Ok(this)
    }

    /// Writes the machine code, to be read again with [`read`](Self::read).
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn write_to(&self, out: &mut dyn Write) -> io::Result<()> {
        self.code.write_to(out)
    }

    /// SHA-256 of the machine code, in hexadecimal.
    pub fn sha256(&self) -> String {
        hex(&self.sha256)
    }

    pub(crate) fn digest(&self) -> &[u8; DIGEST] {
        &self.sha256
    }

    /// A descriptor of the machine code, for a child.
    #[cfg(target_os = "linux")]
    pub(crate) fn descriptor(&self) -> io::Result<std::os::fd::OwnedFd> {
        self.code.descriptor()
    }

    /// The component that can be run.
    pub(crate) fn component(&self, engine: &Engine) -> wasmtime::Result<Component> {
        self.code.component(engine.runner())
    }
}

/// Refuses a file whose digest is another one than it was.
pub(crate) fn check_digest(plugin: &str, file: &Path, is: &str, expected: &str) -> Result<(), LoadError> {
    if is.eq_ignore_ascii_case(expected) {
        return Ok(());
    }
    let problem = format!("{} was changed: its digest is sha256:{is}, expected is sha256:{expected}", file.display());
    Err(LoadError::Changed { plugin: plugin.to_owned(), problem })
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    #[test]
    fn a_changed_artefact_is_refused() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("code");
        // More than one piece, and not a whole number of them.
        let mut code = vec![7; 9_000_001];
        std::fs::write(&file, &code)?;
        let digest = hex(&Sha256::digest(&code));
        let read = |sha256: &str| {
            let artefact = Artefact::read("p", &file, sha256).map_err(|error| error.to_string())?;
            let mut bytes = Vec::new();
            artefact.write_to(&mut bytes).map_err(|error| error.to_string())?;
            Ok::<_, String>(bytes)
        };
        assert!(read(&digest).is_ok_and(|bytes| bytes == code));
        assert!(read(&digest.to_uppercase()).is_ok());
        code[8_999_999] = 8;
        std::fs::write(&file, &code)?;
        assert!(read(&digest).is_err_and(|error| error.starts_with("plugin p: ") && error.contains("code was changed: its digest is sha256:")));
        assert!(read("").is_err());
        std::fs::remove_file(&file)?;
        assert!(read(&digest).is_err_and(|error| error.starts_with("plugin p: ")));
        Ok(())
    }
}
