//! HTTPS without a reverse proxy.

use ango_config::Tls;
use ango_launch::now;
use ango_model::time::format_iso;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::path::Path;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use x509_cert::Certificate;
use x509_cert::der::Decode;

/// What HTTP/2 is called when client and server agree on what they speak.
pub const HTTP2: &[u8] = b"h2";
/// The answer to HTTP in the open.
const OPEN: &str = "HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 57\r\n\r\nthis port speaks HTTPS: its address begins with https://\n";
/// The most that is read of a request in the open, so that its sender gets to read the answer.
const OPEN_BYTES: u64 = 64 << 10;
/// A certificate that ends so soon is worth a line in the log, in milliseconds.
const SOON: i64 = 14 * 86_400_000;

/// What connections are encrypted with. Read again when the configuration is.
///
/// # Errors
/// When a file cannot be read, others can read the key, the certificate has expired, or the key is not that of the certificate.
pub fn acceptor(tls: &Tls) -> Result<TlsAcceptor, String> {
    let shown = |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let certificates = CertificateDer::pem_file_iter(&tls.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| shown(&tls.certificate, &error))?;
    let Some(own) = certificates.first() else { return Err(shown(&tls.certificate, &"holds no certificate (PEM)")) };
    let end = end_of(own).map_err(|problem| shown(&tls.certificate, &problem))?;
    if end <= now() {
        return Err(shown(&tls.certificate, &format!("the certificate has expired on {}", format_iso(end))));
    }
    if end - now() < SOON {
        tracing::warn!(certificate = %tls.certificate.display(), expires = format_iso(end), "the certificate expires soon: put a new one there and send SIGHUP");
    }
    is_private(&tls.key).map_err(|problem| shown(&tls.key, &problem))?;
    let key = PrivateKeyDer::from_pem_file(&tls.key).map_err(|error| shown(&tls.key, &error))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => shown(&tls.key, &format!("is not the key of the certificate in {}", tls.certificate.display())),
            error => shown(&tls.key, &error),
        })?;
    // A browser follows a handful of exports at most over HTTP/1.1: each takes a connection of the few that it makes.
    config.alpn_protocols = vec![HTTP2.to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Until when a certificate counts, in milliseconds since 1970.
fn end_of(certificate: &CertificateDer<'_>) -> Result<i64, String> {
    let certificate = Certificate::from_der(certificate).map_err(|error| format!("is no certificate: {error}"))?;
    let end = certificate.tbs_certificate.validity.not_after.to_unix_duration();
    Ok(i64::try_from(end.as_millis()).unwrap_or(i64::MAX))
}

/// Makes sure that a key is nobody else's to read. One that belongs to root may be read by its group: that is how a system hands keys to services.
#[cfg(unix)]
fn is_private(key: &Path) -> Result<(), String> {
    use std::os::unix::fs::MetadataExt;
    let file = std::fs::metadata(key).map_err(|error| error.to_string())?;
    let others = if file.uid() == 0 { 0o037 } else { 0o077 };
    if file.mode() & others == 0 { Ok(()) } else { Err("others can read this key: chmod 600 it".into()) }
}

#[cfg(not(unix))]
fn is_private(_: &Path) -> Result<(), String> {
    Ok(())
}

/// Agrees with a client on how to encrypt. Whoever speaks HTTP in the open is told what is spoken here; `None` for whoever does not come to terms.
pub async fn accept(acceptor: &TlsAcceptor, stream: TcpStream) -> Option<TlsStream<TcpStream>> {
    let mut first = [0];
    // TLS begins with a byte that is no letter, HTTP with the name of a method.
    if stream.peek(&mut first).await.ok()? == 1 && first[0].is_ascii_uppercase() {
        let _ = tell(stream).await;
        return None;
    }
    acceptor.accept(stream).await.ok()
}

async fn tell(mut stream: TcpStream) -> std::io::Result<()> {
    stream.write_all(OPEN.as_bytes()).await?;
    stream.shutdown().await?;
    // What is not read when a connection is closed resets it, and the answer may be lost.
    tokio::io::copy(&mut stream.take(OPEN_BYTES), &mut tokio::io::sink()).await?;
    Ok(())
}
