//! Links that the service signs itself, for exports in local folders.
//!
//! A link names an export and one of its objects, or a file that a program uploaded, never a path, and when it ends. Whoever has it needs no key, as with the links of S3; whoever changes a character of it has nothing.

use crate::error::ApiError;
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Signs and reads links.
#[derive(Debug)]
pub struct Signer {
    key: hmac::Key,
}

/// What a link opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Id of an export; `file:` and the id of a file that a program uploaded, or `put:` and that id where it may be uploaded.
    pub of: String,
    /// Which object, by name.
    pub object: String,
    /// Until when, in milliseconds since 1970.
    pub expires: i64,
}

impl Signer {
    /// A signer with a key of 32 bytes, which all nodes share.
    pub fn new(key: &[u8]) -> Self {
        Self { key: hmac::Key::new(hmac::HMAC_SHA256, key) }
    }

    /// The token of a link.
    pub fn sign(&self, link: &Link) -> String {
        let text = format!("{}\n{}\n{}", link.of, link.object, link.expires);
        let tag = hmac::sign(&self.key, text.as_bytes());
        format!("{}.{}", URL_SAFE_NO_PAD.encode(&text), URL_SAFE_NO_PAD.encode(tag.as_ref()))
    }

    /// What a token opens at `now`.
    ///
    /// # Errors
    /// When it was not made here, or its time is over.
    pub fn read(&self, token: &str, now: i64) -> Result<Link, ApiError> {
        let wrong = || ApiError::forbidden("this link is not one of ours, or a character of it is missing");
        let (text, tag) = token.split_once('.').ok_or_else(wrong)?;
        let text = URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong())?;
        let tag = URL_SAFE_NO_PAD.decode(tag).map_err(|_| wrong())?;
        hmac::verify(&self.key, &text, &tag).map_err(|_| wrong())?;
        let text = String::from_utf8(text).map_err(|_| wrong())?;
        let mut parts = text.split('\n');
        let (Some(of), Some(object), Some(expires)) = (parts.next(), parts.next(), parts.next().and_then(|time| time.parse().ok())) else {
            return Err(wrong());
        };
        if expires < now {
            return Err(ApiError::forbidden("the time of this link is over: ask for a new one"));
        }
        Ok(Link { of: of.to_owned(), object: object.to_owned(), expires })
    }
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_opens_what_it_was_made_for_until_its_end_and_nothing_else() {
        let signer = Signer::new(&[7; 32]);
        let link = Link { of: "0011223344556677".into(), object: "P-task-export.zip".into(), expires: 1_000 };
        let token = signer.sign(&link);
        assert_eq!(signer.read(&token, 1_000), Ok(link));
        assert!(signer.read(&token, 1_001).is_err_and(|error| error.message.contains("is over")));
        assert!(Signer::new(&[8; 32]).read(&token, 0).is_err());
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8_lossy(&changed).into_owned();
            // The last character of a base64 text has bits that count for nothing; decoding refuses those that are set.
            assert!(changed == token || signer.read(&changed, 0).is_err(), "{at}");
        }
    }
}
