//! SHA-256 digests as text: `sha256:` and 64 hexadecimal digits.

use crate::error::TrustError;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::fmt;
use std::str::FromStr;

const PREFIX: &str = "sha256:";
/// Digits that a person has to give of a digest: what nobody hits by accident.
const SHORTEST: usize = 8;

/// A SHA-256 digest. Written and read as `sha256:<64 hexadecimal digits>`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(String);

impl Digest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let hex: String = <Sha256 as sha2::Digest>::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Self(format!("{PREFIX}{hex}"))
    }

    /// The digest that has these hexadecimal digits.
    ///
    /// # Errors
    /// When they are not those of one.
    pub fn from_sha256(digits: &str) -> Result<Self, TrustError> {
        format!("{PREFIX}{digits}").parse().map_err(|problem| TrustError::Asked(format!("'{digits}' {problem}")))
    }

    /// The hexadecimal digits alone.
    pub fn hex(&self) -> &str {
        &self.0[PREFIX.len()..]
    }

    /// The first digits, as people are shown them.
    pub fn short(&self) -> &str {
        &self.hex()[..12]
    }

    /// Whether `given` is this digest or a beginning of it that is long enough, with or without `sha256:`.
    pub fn matches(&self, given: &str) -> bool {
        let digits = given.strip_prefix(PREFIX).unwrap_or(given);
        digits.len() >= SHORTEST && self.hex().starts_with(&digits.to_ascii_lowercase())
    }
}

impl FromStr for Digest {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix(PREFIX).unwrap_or("");
        if digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)) {
            Ok(Self(text.to_owned()))
        } else {
            Err("is no digest: expected sha256: and 64 hexadecimal digits".to_owned())
        }
    }
}

impl TryFrom<String> for Digest {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_read_strictly_and_matched_by_their_beginning() {
        let digest = Digest::of(b"abc");
        assert_eq!(digest.to_string(), "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(digest.to_string().parse(), Ok(digest.clone()));
        for wrong in [
            "",
            "sha256:",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "sha256:BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "sha512:00",
        ] {
            assert!(wrong.parse::<Digest>().is_err(), "{wrong}");
        }
        assert!(digest.matches("ba7816bf") && digest.matches("sha256:BA7816BF8F") && digest.matches(&digest.to_string()));
        assert!(!digest.matches("ba7816b") && !digest.matches("") && !digest.matches("ba7816be"));
    }
}
