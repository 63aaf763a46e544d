//! Certificates for servers of this machine.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair, PKCS_RSA_SHA256, SigningKey, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A certificate authority that nobody knows, and a certificate of its for `localhost`.
#[derive(Debug)]
pub struct Authority {
    /// The authority's own certificate, for a client's list of those it trusts.
    pub pem: String,
    issuer: Issuer<'static, KeyPair>,
    config: Arc<ServerConfig>,
}

/// A certificate for `localhost`, and its key, both in PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// The certificate.
    pub certificate: String,
    /// Its key.
    pub key: String,
}

impl Authority {
    /// A new one.
    pub fn new() -> Self {
        let key = KeyPair::generate().expect("a key can be made");
        let mut params = CertificateParams::new(Vec::new()).expect("no names are good names");
        // Authorities of one name would be taken for each other.
        params.distinguished_name.push(DnType::CommonName, format!("authority {}", COUNT.fetch_add(1, Ordering::Relaxed)));
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root = params.self_signed(&key).expect("a certificate can be made");
        let issuer = Issuer::new(params, key);
        let (leaf, leaf_key) = leaf(&issuer, 4000);
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("there are versions of TLS")
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], PrivatePkcs8KeyDer::from(leaf_key.serialize_der()).into())
            .expect("the certificate fits its key");
        Self { pem: root.pem(), issuer, config: Arc::new(config) }
    }

    /// A new certificate for `localhost` and 127.0.0.1, which counts until the beginning of a year.
    pub fn issue(&self, until: i32) -> Issued {
        let (certificate, key) = leaf(&self.issuer, until);
        Issued { certificate: certificate.pem(), key: key.serialize_pem() }
    }

    /// A client that trusts this authority alone, and says whose certificates it saw. It can still be told more.
    pub fn client(&self) -> reqwest::ClientBuilder {
        let own = reqwest::Certificate::from_pem(self.pem.as_bytes()).expect("the certificate is PEM");
        reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(120)).tls_certs_only([own]).tls_info(true)
    }

    /// What a server needs to be `localhost`.
    pub fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config)
    }
}

fn leaf(issuer: &Issuer<'static, KeyPair>, until: i32) -> (Certificate, KeyPair) {
    let key = KeyPair::generate().expect("a key can be made");
    let mut params = CertificateParams::new(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]).expect("these are good names");
    params.not_after = date_time_ymd(until, 1, 1);
    (params.signed_by(&key, issuer).expect("a certificate can be made"), key)
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

/// A key that signs tokens (RS256), and its certificate.
#[derive(Debug)]
pub struct TokenSigner {
    key: KeyPair,
    der: Vec<u8>,
    /// The certificate, for those who check tokens.
    pub pem: String,
}

impl TokenSigner {
    /// A new one.
    pub fn new() -> Self {
        let key = KeyPair::generate_for(&PKCS_RSA_SHA256).expect("a key can be made");
        let mut params = CertificateParams::new(Vec::new()).expect("no names are good names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).expect("a certificate can be made");
        Self { der: certificate.der().to_vec(), pem: certificate.pem(), key }
    }

    /// A signed token (JWT) with these claims.
    pub fn token(&self, claims: &serde_json::Value) -> String {
        let url = |bytes: &[u8]| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
        let header = serde_json::json!({ "typ": "JWT", "alg": "RS256", "x5c": [STANDARD.encode(&self.der)] });
        let text = format!("{}.{}", url(header.to_string().as_bytes()), url(claims.to_string().as_bytes()));
        let signature = self.key.sign(text.as_bytes()).expect("the key can sign");
        format!("{text}.{}", url(&signature))
    }
}

impl Default for TokenSigner {
    fn default() -> Self {
        Self::new()
    }
}
