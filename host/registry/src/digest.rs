//! SHA-256 digests as OCI writes them.

use sha2::{Digest as _, Sha256};
use std::fmt;

/// `sha256:` and 64 lower-case hexadecimal digits. The only algorithm that is accepted: every registry has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(String);

impl Digest {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(format!("sha256:{:x}", Sha256::digest(bytes)))
    }

    /// Reads a digest; `None` when the text is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let hex = text.strip_prefix("sha256:")?;
        let is_hex = hex.len() == 64 && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        is_hex.then(|| Self(text.to_owned()))
    }

    /// The text, with `sha256:`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The hexadecimal digits alone.
    pub(crate) fn hex(&self) -> &str {
        self.0.strip_prefix("sha256:").unwrap_or(&self.0)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_written_in_one_way() {
        let empty = Digest::of(b"");
        assert_eq!(empty.as_str(), "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(Digest::parse(empty.as_str()).as_ref(), Some(&empty));
        for wrong in ["", "sha256:", "e3b0c4", &empty.as_str().to_uppercase(), &format!("{empty}0"), &empty.as_str().replace("sha256", "sha512")] {
            assert_eq!(Digest::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Digest::parse("sha256:../../../../../../../../../../../../../../../../../../../../../../"), None);
    }
}
