//! Web servers, most of them bad ones.

use crate::worker::{Work, stable};
use ango_tests::web::{Act, Request, Server};

/// Cap of most tests here.
const CAP: u64 = 1 << 20;

/// A server with a plugin, without signatures, that does with the plugin what the test says.
fn server(plan: impl Fn(&Request) -> Act + Send + Sync + 'static) -> Server {
    Server::start(
        move |request| if request.target.starts_with("/p.wasm") && !request.target.contains(".sig") { plan(request) } else { Act::status(404) },
    )
}

fn fetch(server: &Server) -> Work {
    Work::fetch(server.url("/p.wasm")).limit("max-bytes", CAP)
}

fn error(server: &Server) -> String {
    said(server, &fetch(server).error())
}

fn said(server: &Server, error: &str) -> String {
    stable(error, &[(&format!(":{}", server.port()), ":PORT")])
}

#[test]
fn a_file_and_the_signatures_beside_it() {
    let server = Server::start(|request| match request.target.as_str() {
        "/a/p.wasm" => Act::file("\0asm"),
        "/a/p.wasm.sig" => Act::file("{\"key\":1}\n{\"key\":2}\n"),
        _ => Act::status(404),
    });
    let fetched = Work::fetch(server.url("/a/p.wasm#part")).fetched();
    assert_eq!((fetched.wasm.as_slice(), fetched.origin.as_str()), (&b"\0asm"[..], server.url("/a/p.wasm").as_str()));
    assert_eq!(fetched.signatures, [b"{\"key\":1}", b"{\"key\":2}"]);
    assert_eq!(server.targets(), ["/a/p.wasm", "/a/p.wasm.sig"]);
    for request in server.seen() {
        assert_eq!((request.header("accept-encoding"), request.header("referer"), request.header("authorization")), (Some("identity"), None, None));
        assert!(request.header("user-agent").unwrap().starts_with("ango-export/"));
    }
}

#[test]
fn there_need_not_be_signatures() {
    for status in [404, 410, 403] {
        let server = Server::start(move |request| if request.target == "/p.wasm" { Act::file("w") } else { Act::status(status) });
        assert_eq!(fetch(&server).fetched().signatures.len(), 0, "{status}");
    }
}

#[test]
fn signatures_that_are_none() {
    let many = "{}\n".repeat(9);
    let mut all = String::new();
    for act in [
        Act::file("<!doctype html>"),
        Act::file(many),
        Act::file(vec![b'x'; 200_000]),
        Act::Endless(b"HTTP/1.1 200 OK\r\n\r\n{".to_vec(), false),
        Act::status(401),
        Act::status(400),
    ] {
        let server = Server::start(move |request| if request.target == "/p.wasm" { Act::file("w") } else { act.clone() });
        all.push_str(&error(&server));
        all.push('\n');
    }
    insta::assert_snapshot!(all);
}

#[test]
fn what_kind_of_file_it_is_does_not_matter_here() {
    let page = "<!doctype html><title>Not found</title>";
    let server = server(move |_| Act::Answer(200, vec![("content-type", "text/html".into())], page.into()));
    assert_eq!(fetch(&server).fetched().wasm, page.as_bytes());
}

#[test]
fn answers_that_are_no_file() {
    let mut all = String::new();
    for status in [204, 206, 304, 400, 401, 403, 404, 410, 418, 999] {
        let server =
            server(move |_| Act::Answer(status, Vec::new(), if matches!(status, 204 | 304) { Vec::new() } else { b"<html>\x1b[2Jhush".to_vec() }));
        let text = error(&server);
        assert!(!text.contains("hush"), "{text}");
        assert_eq!(server.targets().len(), 1, "{text}");
        all.push_str(&format!("{status}: {text}\n"));
    }
    insta::assert_snapshot!(all);
}

#[test]
fn exactly_as_much_as_allowed() {
    let exact = server(|_| Act::file(vec![7; CAP as usize]));
    assert_eq!(fetch(&exact).fetched().wasm.len() as u64, CAP);
    let more = server(|_| Act::file(vec![7; CAP as usize + 1]));
    assert_eq!(error(&more), "http://127.0.0.1:PORT/p.wasm: limit 'max-bytes' reached: it has 1048577 bytes, and 1 MiB is allowed");
}

#[test]
fn bodies_that_never_end() {
    for (head, is_chunked) in
        [(&b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"[..], true), (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", false)]
    {
        let server = server(move |_| Act::Endless(head.to_vec(), is_chunked));
        let outcome = fetch(&server).limit("max-bytes", 8 << 20).run();
        let text = said(&server, &outcome.error.unwrap());
        assert_eq!(text, "http://127.0.0.1:PORT/p.wasm: limit 'max-bytes' reached: it has more than 8 MiB, and 8 MiB is allowed");
        assert!(outcome.peak < 100 << 20, "{} MiB", outcome.peak >> 20);
    }
}

#[test]
fn lies_about_the_length() {
    // Less comes than was promised: the connection was cut, for all that can be known.
    let short = server(|_| Act::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this".to_vec()));
    assert_eq!(error(&short), "http://127.0.0.1:PORT/p.wasm: 127.0.0.1:PORT cuts the connection, 4 times");
    assert_eq!(short.targets().len(), 4);
    // What was promised is too much: nothing has to come.
    let huge = server(|_| Act::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1099511627776\r\n\r\n".to_vec()));
    insta::assert_snapshot!(error(&huge));
    assert_eq!(huge.targets().len(), 1);
    let chunk = server(|_| Act::Raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n".to_vec()));
    assert!(error(&chunk).contains("answers badly"), "{}", error(&chunk));
}

#[test]
fn servers_that_are_slow() {
    for act in [Act::Hang, Act::Drip(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".to_vec()), Act::Drip(b"HTTP/1.1 200 OK\r\nX: ".to_vec())] {
        let server = server(move |_| act.clone());
        let text = said(&server, &fetch(&server).limit("timeout", 1500).error());
        assert_eq!(text, "http://127.0.0.1:PORT/p.wasm: limit 'timeout' reached: it takes more than 1.5 s, and 1.5 s is allowed");
    }
}

#[test]
fn nobody_there() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let text = Work::fetch(format!("http://127.0.0.1:{port}/p.wasm")).error();
    insta::assert_snapshot!(stable(&text, &[(&format!(":{port}"), ":PORT")]));
    let text = Work::fetch("https://no-such-host.invalid/p.wasm?sig=hush").error();
    assert!(text.starts_with("https://no-such-host.invalid/p.wasm: no-such-host.invalid cannot be reached: ") && !text.contains("hush"), "{text}");
}

#[test]
fn a_server_that_takes_no_connection() {
    // Nobody accepts, and the queue is full.
    let listener = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    listener.bind(&"127.0.0.1:0".parse::<std::net::SocketAddr>().unwrap().into()).unwrap();
    listener.listen(0).unwrap();
    let address = listener.local_addr().unwrap().as_socket().unwrap();
    let waiting: Vec<_> = (0..4).map_while(|_| std::net::TcpStream::connect_timeout(&address, std::time::Duration::from_millis(300)).ok()).collect();
    assert!(waiting.len() < 4, "the queue is not full, so this test tests nothing");
    let text = Work::fetch(format!("http://{address}/p.wasm")).limit("connect-timeout", 1000).limit("timeout", 30_000).error();
    let text = stable(&text, &[(&format!(":{}", address.port()), ":PORT")]);
    assert_eq!(text, "http://127.0.0.1:PORT/p.wasm: limit 'connect-timeout' reached: 127.0.0.1:PORT does not take a connection, and 1 s is allowed");
}

#[test]
fn what_passes_is_tried_again() {
    let passing: [fn() -> Act; 6] = [
        || Act::status(503),
        || Act::status(500),
        || Act::Answer(429, vec![("retry-after", "0".into())], Vec::new()),
        || Act::Reset(Vec::new()),
        || Act::Reset(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf".to_vec()),
        || Act::Raw(Vec::new()),
    ];
    for act in passing {
        let server = server(move |request| if request.count < 2 { act() } else { Act::file("w") });
        assert_eq!(fetch(&server).fetched().wasm, b"w");
        assert_eq!(server.seen().iter().filter(|request| request.target == "/p.wasm").count(), 3, "{:?}", act());
    }
}

#[test]
fn what_does_not_pass_is_an_error_in_the_end() {
    let mut all = String::new();
    for (act, times) in [
        (Act::status(503), 4),
        (Act::Reset(Vec::new()), 4),
        (Act::Answer(429, vec![("retry-after", "0".into())], Vec::new()), 4),
        (Act::status(404), 1),
    ] {
        let server = server(move |_| act.clone());
        all.push_str(&error(&server));
        all.push('\n');
        assert_eq!(server.targets().len(), times, "{all}");
    }
    // A server cannot make us wait for longer than the whole may take.
    let server = server(|_| Act::Answer(429, vec![("retry-after", "86400".into())], Vec::new()));
    all.push_str(&said(&server, &fetch(&server).limit("timeout", 1000).error()));
    insta::assert_snapshot!(all);
}

#[test]
fn redirects() {
    let server = Server::start(|request| match request.target.as_str() {
        "/0.wasm" => Act::redirect("1.wasm?token=hush"),
        "/1.wasm?token=hush" => Act::redirect("/2.wasm"),
        "/2.wasm" => Act::redirect("./3.wasm"),
        "/3.wasm" => Act::redirect("/4.wasm"),
        "/4.wasm" => Act::redirect("/5.wasm"),
        "/5.wasm" => Act::file("w"),
        "/loop.wasm" => Act::redirect("/loop.wasm"),
        "/nowhere.wasm" => Act::status(302),
        "/down.wasm" => Act::redirect("http://example.com/p.wasm?token=hush"),
        "/user.wasm" => Act::redirect("https://me:hush@example.com/p.wasm"),
        "/file.wasm" => Act::redirect("file:///etc/passwd"),
        _ => Act::status(404),
    });
    let fetched = Work::fetch(server.url("/0.wasm")).fetched();
    assert_eq!((fetched.wasm.as_slice(), fetched.origin), (&b"w"[..], server.url("/0.wasm")));
    let mut all = String::new();
    for path in ["/loop.wasm", "/nowhere.wasm", "/down.wasm", "/user.wasm", "/file.wasm"] {
        all.push_str(&said(&server, &Work::fetch(server.url(path)).error()));
        all.push('\n');
    }
    assert!(!all.contains("hush"), "{all}");
    insta::assert_snapshot!(all);
    assert_eq!(server.seen().iter().filter(|request| request.target == "/loop.wasm").count(), 6);
}

#[test]
fn compression_is_refused() {
    for encoding in ["gzip", "br", "deflate, gzip", "x\"\u{1b}"] {
        let server = server(move |_| {
            Act::Raw([format!("HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: 3\r\n\r\n").as_bytes(), b"\x1f\x8b\x08"].concat())
        });
        let text = error(&server);
        assert!((text.contains("sends it compressed") || text.contains("answers badly")) && !text.contains('\u{1b}'), "{text}");
    }
    let server = server(|_| Act::Answer(200, vec![("content-encoding", "identity".into())], b"w".to_vec()));
    assert_eq!(fetch(&server).fetched().wasm, b"w");
}

#[test]
fn what_is_not_http() {
    let long = format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(1 << 20));
    for bytes in
        [&b"HTTP/1.1 abc\r\n\r\n"[..], b"SSH-2.0-OpenSSH_9\r\n", &[0xff; 5000], long.as_bytes(), b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"]
    {
        let bytes = bytes.to_vec();
        let server = server(move |_| Act::Raw(bytes.clone()));
        let text = error(&server);
        assert!(text.starts_with("http://127.0.0.1:PORT/p.wasm: 127.0.0.1:PORT ") && text.len() < 250, "{text}");
    }
}

#[test]
fn the_query_of_a_link_is_never_told() {
    let link = "?X-Amz-Signature=hush&X-Amz-Credential=hush";
    for act in [
        Act::status(503),
        Act::status(403),
        Act::status(404),
        Act::file(vec![0; 2 << 20]),
        Act::Reset(Vec::new()),
        Act::redirect("http://example.com/x?hush"),
        Act::Raw(b"x".to_vec()),
    ] {
        let server = server(move |_| act.clone());
        let text = Work::fetch(server.url(&format!("/p.wasm{link}"))).limit("max-bytes", CAP).error();
        assert!(!text.contains("hush") && !text.contains("X-Amz") && text.contains("/p.wasm: "), "{text}");
        assert!(server.targets()[0].contains(link));
    }
    let server = Server::start(|request| if request.target.starts_with("/p.wasm?") { Act::file("w") } else { Act::status(403) });
    let fetched = Work::fetch(server.url(&format!("/p.wasm{link}"))).fetched();
    assert_eq!(fetched.origin, server.url("/p.wasm"));
    assert_eq!(server.targets()[1], format!("/p.wasm.sig{link}"));
}

#[test]
fn what_goes_to_this_machine_goes_to_no_proxy() {
    let proxy = Server::start(|_| Act::file("from the proxy"));
    let server = server(|_| Act::file("from the server"));
    let fetched = fetch(&server).env("http_proxy", proxy.url("")).env("HTTP_PROXY", proxy.url("")).env("ALL_PROXY", proxy.url("")).fetched();
    assert_eq!(fetched.wasm, b"from the server");
    assert_eq!(proxy.targets(), Vec::<String>::new());
    // What goes elsewhere does.
    let text = Work::fetch("https://no-such-host.invalid/p.wasm").env("HTTPS_PROXY", proxy.url("")).error();
    assert_eq!(proxy.seen().iter().map(|request| request.method.as_str()).collect::<Vec<_>>(), ["CONNECT"], "{text}");
}
