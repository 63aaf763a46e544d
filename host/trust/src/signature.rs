//! Signatures over a component's digest.
//!
//! A signature is a DSSE envelope (the one of in-toto and cosign): a statement in Base64 and signatures over the statement and its type, so that nothing signed for another purpose can be
//! passed off as one of these. The statement names the digest of the component; what else it says (name, version, time) is for people.

use crate::digest::Digest;
use crate::keys::{PublicKey, SigningKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

/// Type of the statement, part of what is signed.
pub const STATEMENT_TYPE: &str = "application/vnd.ango.plugin.statement.v1+json";
/// The longest envelope that is read.
const MAX_ENVELOPE: usize = 16 << 10;
/// Signatures in an envelope that are looked at.
const MAX_SIGNATURES: usize = 16;

/// What somebody signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Statement {
    /// The component.
    pub digest: Digest,
    /// The plugin's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// When it was signed, ISO-8601; as the signer's clock had it.
    pub signed_at: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    payload_type: String,
    payload: String,
    signatures: Vec<One>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct One {
    /// A hint only: which key it is shows when the signature is checked.
    #[serde(default)]
    keyid: String,
    sig: String,
}

/// Signs a statement; gives the envelope as one line of JSON.
pub fn sign(statement: &Statement, key: &SigningKey) -> String {
    // A struct of texts has a JSON form.
    let payload = serde_json::to_vec(statement).unwrap_or_default();
    let sig = STANDARD.encode(key.sign(&pre_authentication(STATEMENT_TYPE, &payload)));
    let envelope = Envelope {
        payload_type: STATEMENT_TYPE.to_owned(),
        payload: STANDARD.encode(&payload),
        signatures: vec![One { keyid: key.public().id(), sig }],
    };
    serde_json::to_string(&envelope).unwrap_or_default()
}

/// An envelope that was read, and not yet checked.
#[derive(Debug, Clone)]
pub struct Signed {
    /// What it says, true or not.
    pub statement: Statement,
    message: Vec<u8>,
    signatures: Vec<(String, Vec<u8>)>,
}

impl Signed {
    /// Reads an envelope.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &[u8]) -> Result<Self, String> {
        if text.len() > MAX_ENVELOPE {
            return Err(format!("is {} bytes long, allowed are {MAX_ENVELOPE}", text.len()));
        }
        let envelope: Envelope = serde_json::from_slice(text).map_err(|error| format!("is no signature: {error}"))?;
        if envelope.payload_type != STATEMENT_TYPE {
            return Err(format!("is not a signature of a plugin: its type is not {STATEMENT_TYPE}"));
        }
        let payload = STANDARD.decode(&envelope.payload).map_err(|_| "is no signature: its payload is not Base64".to_owned())?;
        let statement = serde_json::from_slice(&payload).map_err(|error| format!("does not say what is signed: {error}"))?;
        let decode = |one: One| STANDARD.decode(one.sig).map(|sig| (one.keyid, sig)).map_err(|_| "is no signature: it is not Base64".to_owned());
        let signatures = envelope.signatures.into_iter().take(MAX_SIGNATURES).map(decode).collect::<Result<_, _>>()?;
        Ok(Self { statement, message: pre_authentication(&envelope.payload_type, &payload), signatures })
    }

    /// Whether the owner of this key signed a statement about this component.
    pub fn is_by(&self, key: &PublicKey, component: &Digest) -> bool {
        self.statement.digest == *component && self.signatures.iter().any(|(_, signature)| key.has_signed(&self.message, signature))
    }

    /// The ids of keys that the envelope claims to be signed with.
    pub fn key_ids(&self) -> impl Iterator<Item = &str> {
        self.signatures.iter().map(|(id, _)| id.as_str())
    }
}

/// DSSE's encoding of what is signed: lengths in front of everything, so that no two pairs of type and payload look the same.
fn pre_authentication(kind: &str, payload: &[u8]) -> Vec<u8> {
    let mut message = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len()).into_bytes();
    message.extend_from_slice(payload);
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(of: &[u8]) -> Statement {
        Statement { digest: Digest::of(of), name: "a".into(), version: "1.0.0".into(), signed_at: "2024-05-01T00:00:00.000Z".into() }
    }

    #[test]
    fn a_signature_is_by_one_key_and_over_one_component() -> Result<(), String> {
        let (key, other) = (SigningKey::generate()?, SigningKey::generate()?);
        let envelope = sign(&statement(b"wasm"), &key);
        let signed = Signed::read(envelope.as_bytes())?;
        assert!(signed.is_by(&key.public(), &Digest::of(b"wasm")));
        assert!(!signed.is_by(&other.public(), &Digest::of(b"wasm")));
        assert!(!signed.is_by(&key.public(), &Digest::of(b"wasm2")));
        assert_eq!(signed.key_ids().collect::<Vec<_>>(), [key.public().id()]);
        // Another statement in the same envelope.
        let forged = envelope.replace(
            &STANDARD.encode(serde_json::to_vec(&statement(b"wasm")).unwrap_or_default()),
            &STANDARD.encode(serde_json::to_vec(&statement(b"evil")).unwrap_or_default()),
        );
        assert_ne!(forged, envelope);
        assert!(!Signed::read(forged.as_bytes())?.is_by(&key.public(), &Digest::of(b"evil")));
        Ok(())
    }

    #[test]
    fn what_is_signed_is_encoded_as_dsse_says() {
        // The example of the DSSE protocol.
        assert_eq!(pre_authentication("http://example.com/HelloWorld", b"hello world"), b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    }

    #[test]
    fn odd_envelopes_are_errors() {
        for wrong in ["", "{}", "[]", "null", r#"{"payloadType":"x","payload":"","signatures":[]}"#, &"x".repeat(20_000)] {
            assert!(Signed::read(wrong.as_bytes()).is_err(), "{wrong}");
        }
        let other = format!(r#"{{"payloadType":"{STATEMENT_TYPE}","payload":"!","signatures":[]}}"#);
        assert!(Signed::read(other.as_bytes()).is_err());
    }
}
