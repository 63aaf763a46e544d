//! HTTPS without a reverse proxy.

use ango_config::Tls;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::path::Path;
use std::sync::Arc;

/// What connections are encrypted with. Read again when the configuration is.
///
/// # Errors
/// When a file cannot be read, or the key is not that of the certificate.
pub fn acceptor(tls: &Tls) -> Result<tokio_rustls::TlsAcceptor, String> {
    let shown = |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let certificates = CertificateDer::pem_file_iter(&tls.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| shown(&tls.certificate, &error))?;
    if certificates.is_empty() {
        return Err(shown(&tls.certificate, &"holds no certificate (PEM)"));
    }
    let key = PrivateKeyDer::from_pem_file(&tls.key).map_err(|error| shown(&tls.key, &error))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .map_err(|error| shown(&tls.key, &error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(tokio_rustls::TlsAcceptor::from(Arc::new(config)))
}
