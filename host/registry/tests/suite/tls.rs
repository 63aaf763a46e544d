//! Web servers with certificates.

use crate::worker::{Work, stable};
use ango_tests::tls::Authority;
use ango_tests::web::{Act, Server};

#[test]
fn a_server_whose_certificate_is_known() {
    let authority = Authority::new();
    let folder = tempfile::tempdir().unwrap();
    let known = folder.path().join("known.pem");
    std::fs::write(&known, &authority.pem).unwrap();
    let plain = Server::start(|_| Act::file("read and changed by anybody"));
    let to = plain.url("/p.wasm");
    let server = Server::tls(&authority, move |request| match request.target.as_str() {
        "/p.wasm" => Act::file("w"),
        "/p.wasm.sig" => Act::file("{}"),
        "/down.wasm" => Act::redirect(to.clone()),
        _ => Act::status(404),
    });
    let fetch = |path: &str| Work::fetch(server.url(path)).env("SSL_CERT_FILE", known.to_str().unwrap());
    let fetched = fetch("/p.wasm").fetched();
    assert_eq!((fetched.wasm.as_slice(), fetched.signatures.len()), (&b"w"[..], 1));
    let ports = [(&*format!(":{}", server.port()), ":PORT"), (&*format!(":{}", plain.port()), ":PLAIN")];
    let down = stable(&fetch("/down.wasm").error(), &ports);
    assert_eq!(down, "https://localhost:PORT/down.wasm: the server redirects from https to plain http, at 127.0.0.1:PLAIN");
    assert_eq!(plain.targets(), Vec::<String>::new());
}

#[test]
fn a_server_whose_certificate_nobody_knows() {
    let (known, unknown) = (Authority::new(), Authority::new());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("known.pem");
    std::fs::write(&file, &known.pem).unwrap();
    let server = Server::tls(&unknown, |_| Act::file("w"));
    let text = Work::fetch(server.url("/p.wasm")).env("SSL_CERT_FILE", file.to_str().unwrap()).error();
    insta::assert_snapshot!(stable(&text, &[(&format!(":{}", server.port()), ":PORT")]));
    assert_eq!(server.targets(), Vec::<String>::new());
}

#[test]
fn a_server_that_speaks_no_tls() {
    let server = Server::start(|_| Act::file("w"));
    let text = Work::fetch(format!("https://{}/p.wasm", server.address())).limit("connect-timeout", 1000).error();
    assert!(text.contains("limit 'connect-timeout' reached"), "{text}");
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap();
    std::thread::spawn(move || {
        other.incoming().flatten().for_each(|mut stream| drop(std::io::Write::write_all(&mut stream, b"220 mail.example ESMTP\r\n")))
    });
    let text = Work::fetch(format!("https://{address}/p.wasm")).error();
    assert!(text.contains("cannot be reached") || text.contains("cuts the connection"), "{text}");
}
