//! Service accounts of Google: their keys, the tokens that are made with them, and the links.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

/// A service account.
pub(super) struct ServiceAccount {
    public: Vec<u8>,
    /// Its key as JSON, as Google gives it out.
    pub(super) json: String,
}

impl ServiceAccount {
    pub(super) fn new(name: &str) -> Self {
        let pair = KeyPair::generate(KeySize::Rsa2048).expect("a key can be made");
        let der = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).expect("a key can be written");
        let lines: Vec<String> = STANDARD.encode(der.as_ref()).as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"));
        let json = json!({"type": "service_account", "private_key": pem, "private_key_id": format!("{name}-key"), "client_email": format!("{name}@test.iam.gserviceaccount.com")});
        Self { public: pair.public_key().as_ref().to_vec(), json: json.to_string() }
    }

    fn has_signed(&self, text: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.public).verify(text, signature).is_ok()
    }

    /// Whether a token is one that this account signed, for now.
    pub(super) fn has_token(&self, token: &str) -> bool {
        let Some((text, signature)) = token.rsplit_once('.') else { return false };
        let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return false };
        let claims = text.split_once('.').and_then(|(_, claims)| URL_SAFE_NO_PAD.decode(claims).ok());
        let claims: Value = claims.and_then(|claims| serde_json::from_slice(&claims).ok()).unwrap_or_default();
        let is_now = claims["iat"].as_u64().is_some_and(|from| from <= now() + 60) && claims["exp"].as_u64().is_some_and(|until| until > now());
        is_now && self.has_signed(text.as_bytes(), &signature)
    }

    /// Whether a link is one that this account signed, and still for now: `GOOG4-RSA-SHA256`.
    pub(super) fn has_link(&self, method: &str, path: &str, query: &[(String, String)]) -> Result<(), &'static str> {
        let get = |wanted: &str| query.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str()).ok_or("AuthenticationRequired");
        let (date, credential) = (get("X-Goog-Date")?, get("X-Goog-Credential")?);
        let scope = credential.split_once('/').map(|(_, scope)| scope).ok_or("InvalidArgument")?;
        let mut canonical: Vec<String> = query
            .iter()
            .filter(|(name, _)| name != "X-Goog-Signature")
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect();
        canonical.sort_unstable();
        // Links are made for Google's own host, whatever the endpoint.
        let request = format!("{method}\n{path}\n{}\nhost:storage.googleapis.com\n\nhost\nUNSIGNED-PAYLOAD", canonical.join("&"));
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, request.as_bytes());
        let text = format!("GOOG4-RSA-SHA256\n{date}\n{scope}\n{}", hex(digest.as_ref()));
        let signature = unhex(get("X-Goog-Signature")?).ok_or("SignatureDoesNotMatch")?;
        if !self.has_signed(text.as_bytes(), &signature) {
            return Err("SignatureDoesNotMatch");
        }
        let seconds: u64 = get("X-Goog-Expires")?.parse().map_err(|_| "InvalidArgument")?;
        if stamp(date).ok_or("InvalidArgument")? + seconds < now() { Err("ExpiredToken") } else { Ok(()) }
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}

/// `20260102T030405Z` in seconds since 1970.
fn stamp(text: &str) -> Option<u64> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(4, 6)?, number(6, 8)?);
    // Days from 1970, with years that begin in March.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719_468;
    u64::try_from(days * 86_400 + number(9, 11)? * 3600 + number(11, 13)? * 60 + number(13, 15)?).ok()
}

/// As Google's signatures have it: every byte but those that need no escape anywhere.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    text.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
