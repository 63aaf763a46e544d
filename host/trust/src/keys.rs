//! Ed25519 keys: of authors, who sign, and of admins, who trust.
//!
//! A private key is a PKCS#8 file in PEM, which OpenSSL makes and reads as well; a public key is one line of text, `ed25519:` and the Base64 of its 32 bytes, short enough for a
//! configuration file or a mail.

use crate::digest::Digest;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

const PREFIX: &str = "ed25519:";
const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";
/// A PEM file of a key is some 120 bytes long.
const MAX_PEM: usize = 4096;

/// A key that signatures are checked with.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// A short name of the key, made from it: the first digits of its SHA-256.
    pub fn id(&self) -> String {
        Digest::of(&self.0).hex()[..16].to_owned()
    }

    /// Whether the owner of the private key has signed these bytes.
    pub fn has_signed(&self, bytes: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.0).verify(bytes, signature).is_ok()
    }
}

impl FromStr for PublicKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || "is no public key: expected ed25519: and the Base64 of 32 bytes, as `plugin keygen` prints it".to_owned();
        let base64 = text.trim().strip_prefix(PREFIX).ok_or_else(wrong)?;
        let bytes = STANDARD.decode(base64).map_err(|_| wrong())?;
        bytes.try_into().map(Self).map_err(|_| wrong())
    }
}

impl TryFrom<String> for PublicKey {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        key.to_string()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}", STANDARD.encode(self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A key that signs. Neither shown nor logged.
pub struct SigningKey(Ed25519KeyPair);

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public().id())
    }
}

impl SigningKey {
    /// A new key, from the system's random numbers.
    ///
    /// # Errors
    /// When the system has none.
    pub fn generate() -> Result<Self, String> {
        Ed25519KeyPair::generate().map(Self).map_err(|_| "no key could be made: the system gives no random numbers".to_owned())
    }

    /// The key of a PEM file.
    ///
    /// # Errors
    /// When the text is no such file. The text itself is never part of the message.
    pub fn from_pem(text: &str) -> Result<Self, String> {
        let wrong =
            || "is no Ed25519 key: expected a PKCS#8 file in PEM, as `plugin keygen` or `openssl genpkey -algorithm ed25519` makes it".to_owned();
        if text.len() > MAX_PEM {
            return Err(wrong());
        }
        let inside = text.split_once(BEGIN).and_then(|(_, rest)| rest.split_once(END)).ok_or_else(wrong)?.0;
        let base64: String = inside.split_whitespace().collect();
        let der = STANDARD.decode(base64).map_err(|_| wrong())?;
        // OpenSSL leaves the public key out of the file.
        Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).map(Self).map_err(|_| wrong())
    }

    /// The key as a PEM file.
    ///
    /// # Errors
    /// Never for a key that was made or read here.
    pub fn to_pem(&self) -> Result<String, String> {
        let der = self.0.to_pkcs8v1().map_err(|_| "the key cannot be written".to_owned())?;
        Ok(format!("{BEGIN}\n{}\n{END}\n", STANDARD.encode(der.as_ref())))
    }

    /// What others check its signatures with.
    pub fn public(&self) -> PublicKey {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(self.0.public_key().as_ref());
        PublicKey(bytes)
    }

    pub(crate) fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        self.0.sign(bytes).as_ref().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_their_text() -> Result<(), String> {
        let key = SigningKey::generate()?;
        let again = SigningKey::from_pem(&key.to_pem()?)?;
        assert_eq!(key.public(), again.public());
        assert_eq!(key.public().to_string().parse(), Ok(key.public()));
        let signature = again.sign(b"text");
        assert!(key.public().has_signed(b"text", &signature));
        assert!(!key.public().has_signed(b"Text", &signature) && !SigningKey::generate()?.public().has_signed(b"text", &signature));
        Ok(())
    }

    /// Made with `openssl genpkey -algorithm ed25519` and `openssl pkey -pubout -outform DER | tail -c 32 | base64`.
    #[test]
    fn keys_of_openssl_are_read() -> Result<(), String> {
        let pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";
        // The test vector 2 of RFC 8032 has another seed; this one is of "TEST 1".
        assert_eq!(SigningKey::from_pem(pem)?.public().to_string(), "ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
        Ok(())
    }

    #[test]
    fn what_is_no_key_is_refused_without_being_shown() {
        for wrong in ["", "ed25519:", "ed25519:AAAA", "rsa:AAAA", "ed25519:not base64"] {
            assert!(wrong.parse::<PublicKey>().is_err(), "{wrong}");
        }
        for wrong in [
            "hush",
            "-----BEGIN PRIVATE KEY-----\nhush\n-----END PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\naHVzaA==\n-----END PRIVATE KEY-----",
        ] {
            assert!(SigningKey::from_pem(wrong).is_err_and(|error| !error.contains("hush")), "{wrong}");
        }
    }
}
