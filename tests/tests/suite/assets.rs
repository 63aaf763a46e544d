//! Assets for plugins that were granted them: from web servers, folders and buckets, and from nowhere else.

use crate::s3::at;
use ango_tests::archive::{entries, list, only};
use ango_tests::cli::{Cli, Run};
use ango_tests::project::{PROJECT, write};
use ango_tests::s3::{self, BUCKET, KEY_ID, SECRET};
use ango_tests::tls::Authority;
use ango_tests::web::{Act, Request, Server};
use serde_json::{Value, json};
use std::path::PathBuf;
use tempfile::TempDir;

const HOSTILE: &str = env!("ANGO_HOSTILE");

/// A real PNG.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&vec![7; (width * height) as usize]).unwrap();
    drop(writer);
    bytes
}

/// The beginning of a JPEG that is as long as one likes.
fn jpeg(width: u16, height: u16, length: usize) -> Vec<u8> {
    let [h, w] = [height.to_be_bytes(), width.to_be_bytes()];
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, h[0], h[1], w[0], w[1], 1, 1, 0x11, 0, 0xff, 0xda, 0, 2];
    bytes.resize(length, 0x55);
    bytes
}

/// A project with a task for each asset (and its brush mask), and a configuration.
struct Place(TempDir);

impl Place {
    fn new(assets: &[(&str, Option<&str>)], config: &str) -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        let records: Vec<String> = assets
            .iter()
            .enumerate()
            .map(|(index, (asset, mask))| {
                json!({ "asset": asset, "externalId": format!("{index}.png"), "metadata": {}, "batches": [],
                    "task": { "taskId": format!("t{index}"), "stage": "Complete", "tools": [], "classifications": [], "relations": [], "brushDataUrl": mask } })
                .to_string()
            })
            .collect();
        write(&place.path("project"), PROJECT, (records.join("\n") + "\n").as_bytes());
        std::fs::write(place.path("c.toml"), config).unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// An export with the plugin that asks, granted or not.
    fn cli(&self, out: &str) -> Cli {
        let cli = Cli::export(&self.path("project"), self.path(out)).arg("--config").arg(self.path("c.toml"));
        cli.arg("--plugin").arg(HOSTILE).args("-o evil=task-assets --json")
    }

    fn granted(&self, out: &str) -> Cli {
        self.cli(out).args("--grant hostile=assets")
    }

    /// What the plugin was told, one line for each task, and the report. Nobody is told a secret.
    fn told(&self, cli: Cli, out: &str) -> (Vec<String>, Value) {
        let run = cli.expect(0);
        no_secret(&run);
        let zip = only(&self.path(out), ".hostile.zip");
        let text = entries(&zip).into_iter().find(|(name, _)| name == "assets.txt").unwrap().1;
        let text = String::from_utf8(text).unwrap();
        (text.lines().map(str::to_owned).collect(), run.report())
    }
}

fn no_secret(run: &Run) {
    for secret in ["hush", SECRET, KEY_ID, "AWS4-HMAC", "\u{1b}"] {
        assert!(!run.text().contains(secret), "{secret} is told: {run}");
    }
}

/// Lines without a port.
fn stable(text: &str, server: &Server) -> String {
    text.replace(&format!(":{}", server.port()), ":PORT")
}

#[test]
fn each_asset_is_fetched_once_and_no_more_of_it_than_is_needed() {
    let photo = jpeg(4000, 3000, 3 << 20);
    let (serve, plain) = (photo.clone(), png(31, 17));
    let server = Server::start(move |request| match request.target.as_str() {
        "/a/photo.jpg?token=hush" => match request.header("range") {
            Some("bytes=0-81919") => Act::Answer(206, vec![("content-range", format!("bytes 0-81919/{}", serve.len()))], serve[..81920].to_vec()),
            _ => Act::file(serve.clone()),
        },
        "/a/plain.png" => Act::file(plain.clone()),
        "/a/mask" => Act::file("the mask"),
        _ => Act::status(404),
    });
    let (photo, plain, mask, none) =
        (server.url("/a/photo.jpg?token=hush"), server.url("/a/plain.png"), server.url("/a/mask"), server.url("/a/none"));
    let tasks: Vec<(&str, Option<&str>)> = (0..40).flat_map(|_| [(&*photo, Some(&*mask)), (&*plain, Some(&*none)), (&*none, None)]).collect();
    let place = Place::new(&tasks, &format!("[assets]\nallow = [\"{}\"]\nallow-private = true\n", server.url("/a")));
    let (lines, report) = place.told(place.granted("out").args("--workers 4"), "out");
    assert_eq!(lines.len(), 120);
    for (index, line) in lines.iter().enumerate() {
        let expected = ["Ok((4000, 3000)) \"the mask\"", "Ok((31, 17)) FetchError::NotFound", "Err(FetchError::NotFound) none"][index % 3];
        assert_eq!(*line, format!("t{index} {expected}"));
    }
    // One request for each question: the size and the bytes of the same link are two.
    let mut targets = server.targets();
    targets.sort();
    assert_eq!(targets, ["/a/mask", "/a/none", "/a/none", "/a/photo.jpg?token=hush", "/a/plain.png"]);
    assert_eq!(report["assets"]["fetched"], 3);
    assert_eq!(report["assets"]["bytes"], 81920 + 8 + png(31, 17).len());
    assert_eq!(report["assets"]["missed"]["not-found"]["count"], 2);
    assert_eq!(
        report["assets"]["missed"]["not-found"]["first"].as_str().map(|text| stable(text, &server)).as_deref(),
        Some("http://127.0.0.1:PORT/a/none: the server has no such file")
    );
    // In processes of their own plugins get the same; and it does not matter how the export is cut.
    if cfg!(target_os = "linux") {
        let (apart, _) = place.told(place.granted("apart").args("--isolate process"), "apart");
        assert_eq!(apart, lines);
    }
}

#[test]
fn without_a_grant_or_a_place_nothing_is_asked() {
    let server = Server::start(|_| Act::file(png(3, 4)));
    let asset = server.url("/a/x.png");
    let place = Place::new(&[(&asset, Some(&asset))], &format!("[assets]\nallow = [\"{}\"]\nallow-private = true\n", server.url("/a/")));
    let denied = ["t0 Err(FetchError::Denied) FetchError::Denied".to_owned()];
    let (lines, report) = place.told(place.cli("not-granted"), "not-granted");
    assert_eq!((lines.as_slice(), &report["assets"]), (&denied[..], &Value::Null));
    // Granted, and there is no place in the configuration.
    std::fs::write(place.path("c.toml"), "").unwrap();
    let (lines, report) = place.told(place.granted("no-place"), "no-place");
    assert_eq!(lines, denied);
    assert!(report["warnings"][0].as_str().unwrap().contains("no place of [assets] allow holds it"), "{report}");
    assert_eq!(server.targets(), Vec::<String>::new());
}

#[test]
fn links_that_lead_elsewhere() {
    let other = Server::start(|_| Act::file(png(1, 1)));
    let (to_other, up) = (other.url("/a/x.png"), "/secret/x.png".to_owned());
    let server = Server::start(move |request| match request.target.as_str() {
        "/a/away.png" => Act::redirect(to_other.clone()),
        "/a/up.png" => Act::redirect(up.clone()),
        "/a/moved.png" => Act::redirect("/a/here.png?sig=hush"),
        "/a/metadata.png" => Act::redirect("http://169.254.169.254/latest/meta-data/"),
        _ => Act::file(png(5, 6)),
    });
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("x.png"), png(9, 9)).unwrap();
    let file = format!("file://{}/x.png", folder.path().display());
    let base = server.url("");
    let links: Vec<String> = [
        "/a/here.png",
        "/a/moved.png",
        "/a/away.png",
        "/a/up.png",
        "/a/metadata.png",
        "/b/x.png",
        "/a/../b/x.png",
        "/a/%2e%2e/b/x.png",
        "/a/..%2fb/x.png",
        "/a",
    ]
    .iter()
    .map(|path| format!("{base}{path}"))
    .chain([
        other.url("/a/x.png"),
        file,
        "s3://exports/x.png".into(),
        "data:image/png;base64,hush".into(),
        "x.png".into(),
        "http://me:hush@127.0.0.1/a/x.png".into(),
    ])
    .collect();
    let tasks: Vec<(&str, Option<&str>)> = links.iter().map(|link| (link.as_str(), None)).collect();
    let place = Place::new(&tasks, &format!("[assets]\nallow = [\"{}\"]\nallow-private = true\n", server.url("/a/")));
    let (lines, report) = place.told(place.granted("out"), "out");
    assert_eq!(lines[..2], ["t0 Ok((5, 6)) none", "t1 Ok((5, 6)) none"]);
    // That a redirect leads to plain http elsewhere is the server's fault, not the plugin's.
    assert_eq!(lines[4], "t4 Err(FetchError::Failed(\"the server does not answer as it should\")) none");
    for (index, line) in lines.iter().enumerate().skip(2).filter(|(index, _)| *index != 4) {
        assert_eq!(*line, format!("t{index} Err(FetchError::Denied) none"), "{}", links[index]);
    }
    assert_eq!(other.targets(), Vec::<String>::new());
    assert!(server.targets().iter().all(|target| target.starts_with("/a/")), "{:?}", server.targets());
    assert_eq!(report["assets"]["missed"]["denied"]["count"], 13);
}

#[test]
fn addresses_of_private_networks_are_refused_unless_they_are_allowed() {
    let authority = Authority::new();
    let server = Server::tls(&authority, |request| if request.target == "/a/x.png" { Act::file(png(8, 9)) } else { Act::status(404) });
    // A name that resolves to this machine, its address, and addresses of clouds and companies.
    let links = [
        server.url("/a/x.png"),
        format!("https://127.0.0.1:{}/a/x.png", server.port()),
        format!("https://[::ffff:127.0.0.1]:{}/a/x.png", server.port()),
        "https://169.254.169.254/a/x.png".into(),
        "https://10.0.0.1/a/x.png".into(),
    ];
    let allow: Vec<String> = links.iter().map(|link| format!("{:?}", link.replace("x.png", ""))).collect();
    let place =
        Place::new(&links.iter().map(|link| (link.as_str(), None)).collect::<Vec<_>>(), &format!("[assets]\nallow = [{}]\n", allow.join(", ")));
    std::fs::write(place.path("root.pem"), &authority.pem).unwrap();
    let trusting = |cli: Cli| cli.env("SSL_CERT_FILE", place.path("root.pem"));
    let (lines, report) = place.told(trusting(place.granted("refused")), "refused");
    assert_eq!(lines, (0..links.len()).map(|index| format!("t{index} Err(FetchError::Denied) none")).collect::<Vec<_>>());
    assert_eq!(server.targets(), Vec::<String>::new());
    let warning = stable(report["warnings"][0].as_str().unwrap(), &server);
    assert_eq!(
        warning,
        "assets: denied 5 times, the first is https://localhost:PORT/a/x.png: localhost:PORT may not be asked: its address is not one of the public internet (see [assets] in the configuration)"
    );
    std::fs::write(place.path("c.toml"), format!("[assets]\nallow = [{}]\nallow-private = true\n", allow[0])).unwrap();
    let (lines, _) = place.told(trusting(place.granted("allowed")), "allowed");
    assert_eq!(lines[0], "t0 Ok((8, 9)) none");
}

#[test]
fn servers_that_misbehave() {
    let script: [(&str, Act); 12] = [
        ("/a/endless", Act::Endless(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n".to_vec(), false)),
        ("/a/slow", Act::Drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n".to_vec())),
        ("/a/hang", Act::Hang),
        ("/a/cut", Act::Reset(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n\x89PNG".to_vec())),
        ("/a/gone", Act::status(410)),
        ("/a/forbidden", Act::Answer(403, Vec::new(), b"hush \x1b[2J".to_vec())),
        ("/a/broken", Act::status(500)),
        ("/a/zipped", Act::Answer(200, vec![("content-encoding", "gzip".into())], vec![0x1f, 0x8b])),
        ("/a/text", Act::file("<html>not found</html>")),
        ("/a/empty", Act::status(416)),
        ("/a/other-part", Act::Answer(206, vec![("content-range", "bytes 7-9/10".into())], b"abc".to_vec())),
        ("/a/loop", Act::redirect("/a/loop")),
    ];
    let acts: Vec<(String, Act)> = script.iter().map(|(path, act)| ((*path).to_owned(), act.clone())).collect();
    let server = Server::start(move |request: &Request| {
        acts.iter().find(|(path, _)| *path == request.target).map_or(Act::status(404), |(_, act)| act.clone())
    });
    let links: Vec<String> = script.iter().map(|(path, _)| server.url(path)).collect();
    let tasks: Vec<(&str, Option<&str>)> = links.iter().map(|link| (link.as_str(), Some(link.as_str()))).collect();
    let place =
        Place::new(&tasks, &format!("[assets]\nallow = [\"{}\"]\nallow-private = true\nmax-bytes = \"1MiB\"\ntimeout = 4\n", server.url("/a/")));
    let (lines, report) = place.told(place.granted("out"), "out");
    let lines: Vec<String> = lines.iter().zip(script).map(|(line, (path, _))| format!("{path} {}", line.split_once(' ').unwrap().1)).collect();
    insta::assert_snapshot!(format!("{}\n\n{}", lines.join("\n"), stable(&serde_json::to_string_pretty(&report["warnings"]).unwrap(), &server)));
    // The run went on, and the original is there.
    assert_eq!(list(&place.path("out")).len(), 4);
}

#[test]
fn all_assets_of_a_run_together_have_a_limit() {
    let server = Server::start(|request| if request.target.starts_with("/a/") { Act::file(vec![7; 300 << 10]) } else { Act::status(404) });
    let links: Vec<String> = (0..8).map(|index| server.url(&format!("/a/{index}"))).collect();
    let tasks: Vec<(&str, Option<&str>)> = links.iter().map(|link| ("x", Some(link.as_str()))).collect();
    let place = Place::new(&tasks, &format!("[assets]\nallow = [\"{}\"]\nallow-private = true\nmax-total-bytes = \"1MiB\"\n", server.url("/a/")));
    let (lines, report) = place.told(place.granted("out").args("--workers 1"), "out");
    assert_eq!(server.targets().len(), 4);
    assert!(lines[..4].iter().all(|line| line.ends_with("307200 bytes")), "{lines:?}");
    assert!(lines[4..].iter().all(|line| line.ends_with("FetchError::Failed(\"this run may fetch no more assets\")")), "{lines:?}");
    assert_eq!((&report["assets"]["bytes"], &report["assets"]["missed"]["failed"]["count"]), (&json!(4 * 307_200), &json!(4)));
}

#[test]
fn a_folder_and_nothing_that_leads_out_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let (shelf, outside) = (folder.path().join("shelf of assets"), folder.path().join("outside"));
    std::fs::create_dir_all(shelf.join("deep")).unwrap();
    std::fs::create_dir_all(&outside).unwrap();
    std::fs::write(shelf.join("deep/a b.png"), png(11, 12)).unwrap();
    std::fs::write(shelf.join("mask"), "the mask").unwrap();
    std::fs::write(shelf.join("large.jpg"), jpeg(640, 480, 5 << 20)).unwrap();
    std::fs::write(outside.join("x.png"), png(1, 1)).unwrap();
    std::os::unix::fs::symlink(outside.join("x.png"), shelf.join("link.png")).unwrap();
    std::os::unix::fs::symlink("deep/a b.png", shelf.join("inside.png")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(shelf.join("pipe.png")).status().unwrap().success());
    let base = format!("file://{}", shelf.display().to_string().replace(' ', "%20"));
    let links: Vec<String> =
        ["/deep/a%20b.png", "/large.jpg", "/inside.png", "/none.png", "/link.png", "/pipe.png", "/deep", "/../outside/x.png", "/..%2foutside/x.png"]
            .iter()
            .map(|path| format!("{base}{path}"))
            .chain([format!("file://{}/x.png", outside.display()), "file:///etc/passwd".into(), "file:///dev/zero".into()])
            .collect();
    let mask = format!("{base}/mask");
    let tasks: Vec<(&str, Option<&str>)> = links.iter().map(|link| (link.as_str(), Some(mask.as_str()))).collect();
    let place = Place::new(&tasks, &format!("[assets]\nallow = [{base:?}]\nmax-bytes = \"1MiB\"\n"));
    let (lines, report) = place.told(place.granted("out"), "out");
    let sizes: Vec<&str> = lines.iter().map(|line| line.split_once(' ').unwrap().1.strip_suffix(" \"the mask\"").unwrap()).collect();
    let (denied, unsupported) = ("Err(FetchError::Denied)", "Err(FetchError::Unsupported)");
    assert_eq!(
        sizes,
        [
            "Ok((11, 12))",
            "Ok((640, 480))",
            "Ok((11, 12))",
            "Err(FetchError::NotFound)",
            denied,
            unsupported,
            unsupported,
            denied,
            denied,
            denied,
            denied,
            denied
        ]
    );
    assert_eq!(report["assets"]["missed"]["denied"]["count"], 6);
}

#[test]
fn a_bucket_by_its_addresses() {
    let server = s3::Server::start();
    let private = server.bucket().join("private");
    std::fs::create_dir_all(private.join("sea & sky")).unwrap();
    std::fs::create_dir_all(server.bucket().join("other")).unwrap();
    std::fs::write(private.join("sea & sky/a.png"), png(21, 22)).unwrap();
    std::fs::write(private.join("large.jpg"), jpeg(3000, 2000, 4 << 20)).unwrap();
    std::fs::write(private.join("mask"), "the mask").unwrap();
    std::fs::write(private.join("empty"), "").unwrap();
    std::fs::write(server.bucket().join("other/x.png"), png(1, 1)).unwrap();
    let endpoint = server.env()[0].1.clone();
    let links = [
        format!("s3://{BUCKET}/private/sea & sky/a.png"),
        format!("{endpoint}/{BUCKET}/private/sea%20%26%20sky/a.png?X-Amz-Signature=hush"),
        format!("s3://{BUCKET}/private/large.jpg"),
        format!("s3://{BUCKET}/private/none.png"),
        format!("s3://{BUCKET}/private/empty"),
        format!("s3://{BUCKET}/other/x.png"),
        format!("s3://{BUCKET}/private/../other/x.png"),
        "s3://elsewhere/private/large.jpg".to_owned(),
    ];
    let (mask, large) = (format!("s3://{BUCKET}/private/mask"), format!("s3://{BUCKET}/private/large.jpg"));
    let tasks: Vec<(&str, Option<&str>)> =
        links.iter().enumerate().map(|(index, link)| (link.as_str(), Some(if index == 1 { large.as_str() } else { mask.as_str() }))).collect();
    let place = Place::new(&tasks, &format!("[assets]\nallow = [\"s3://{BUCKET}/private\"]\nmax-bytes = \"1MiB\"\n"));
    let (lines, report) = place.told(at(&server, place.granted("out")), "out");
    assert_eq!(
        lines,
        [
            "t0 Ok((21, 22)) \"the mask\"",
            "t1 Ok((21, 22)) FetchError::TooLarge",
            "t2 Ok((3000, 2000)) \"the mask\"",
            "t3 Err(FetchError::NotFound) \"the mask\"",
            "t4 Err(FetchError::Unsupported) \"the mask\"",
            "t5 Err(FetchError::Denied) \"the mask\"",
            "t6 Err(FetchError::Denied) \"the mask\"",
            "t7 Err(FetchError::Denied) \"the mask\"",
        ]
    );
    // The object with two links is fetched once.
    let asked = server.seen().iter().filter(|seen| seen.method == "GET" && seen.target.contains("a.png")).count();
    assert_eq!(asked, 1, "{:?}", server.seen());
    assert_eq!(report["assets"]["fetched"], 3);
    // Credentials that are wrong are the admin's business, and nobody else's.
    let wrong = at(&server, place.granted("wrong")).env("AWS_SECRET_ACCESS_KEY", "hushhushhushhushhushhushhushhushhushhush");
    let (lines, report) = place.told(wrong, "wrong");
    assert_eq!(lines[0], "t0 Err(FetchError::Failed(\"the storage does not give it out\")) FetchError::Failed(\"the storage does not give it out\")");
    assert!(report["warnings"].to_string().contains("check the credentials"), "{report}");
}

#[test]
fn an_installed_plugin_has_what_it_was_approved_with() {
    let server = Server::start(|request| if request.target == "/a/x.png" { Act::file(png(3, 4)) } else { Act::status(404) });
    let asset = server.url("/a/x.png");
    let place = Place::new(&[(&asset, None)], &format!("[assets]\nallow = [\"{}\"]\nallow-private = true\n", server.url("/a/")));
    let store = place.path("plugins");
    let cli = |args: &str| Cli::new(args.split_whitespace()).env("ANGO_EXPORT_PLUGINS", &store);
    let run = cli("plugin install --json").arg(HOSTILE).expect(0);
    let installed = run.events().into_iter().find(|event| event["event"] == "installed").unwrap();
    let name = format!("hostile@{}", &installed["report"]["digest"].as_str().unwrap()["sha256:".len()..][..12]);
    let export = |out: &str| {
        let cli = Cli::export(&place.path("project"), place.path(out)).arg("--config").arg(place.path("c.toml")).env("ANGO_EXPORT_PLUGINS", &store);
        cli.args("--plugin hostile -o evil=task-assets --json")
    };
    cli("plugin approve").arg(&name).expect(0);
    assert_eq!(place.told(export("without"), "without").0, ["t0 Err(FetchError::Denied) none"]);
    let refused = export("refused").args("--grant hostile=assets").expect(2);
    assert!(refused.text().contains("an installed plugin has what it was approved with"), "{refused}");
    cli("plugin approve").arg(&name).args("--grant assets").expect(0);
    assert_eq!(place.told(export("with"), "with").0, ["t0 Ok((3, 4)) none"]);
}

#[test]
fn grants_and_settings_that_are_wrong() {
    let place = Place::new(&[("x", None)], "");
    let mut all = String::new();
    let mut note = |cli: Cli| {
        let run = cli.expect(2);
        no_secret(&run);
        all.push_str(&run.stderr.replace(&place.0.path().display().to_string(), "DIR"));
        assert_eq!(list(&place.path("out")), Vec::<String>::new());
    };
    let plain = || {
        Cli::export(&place.path("project"), place.path("out"))
            .arg("--config")
            .arg(place.path("c.toml"))
            .arg("--plugin")
            .arg(HOSTILE)
            .args("--plugin coco --quiet --plugin")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/contracts/0.1/boxes-csv.wasm"))
    };
    for grant in ["hostile", "hostile=network", "yolo=assets", "boxes-csv=assets", "=assets"] {
        note(plain().arg("--grant").arg(grant));
    }
    for config in [
        "[assets]\nallow = \"https://a.example/\"\n",
        "[assets]\nallow = [\n  \"https://a.example/\",\n  \"ftp://a.example/\",\n]\n",
        "[assets]\nallow = [\"https://me:hush@a.example/\"]\n",
        "[assets]\nallow = [\"http://127.0.0.1/\"]\n",
        "[assets]\nmax-bytes = \"many\"\n",
        "[assets]\nmax-total-bytes = -1\n",
        "[assets]\ntimeout = 0\n",
        "[assets]\ntimeout = \"soon\"\n",
        "[assets]\nallow-private = \"yes\"\n",
        "[assets]\ndeny = []\n",
    ] {
        std::fs::write(place.path("c.toml"), config).unwrap();
        note(plain());
    }
    insta::assert_snapshot!(all);
    std::fs::write(place.path("c.toml"), "[assets]\nallow = [\"https://a.example/x\", \"s3://b\"]\n\nmax-bytes = \"1MiB\"\ntimeout = 2.5\n").unwrap();
    let run = Cli::new(["config", "check", "--json", "--config"]).arg(place.path("c.toml")).expect(0);
    let settings: Vec<String> = run
        .events()
        .iter()
        .filter(|event| event["name"].as_str().is_some_and(|name| name.starts_with("assets.")))
        .map(|event| format!("{} {} {}", event["name"], event["value"], event["origin"]).replace(&place.0.path().display().to_string(), "DIR"))
        .collect();
    assert_eq!(
        settings,
        [
            r#""assets.allow" "https://a.example/x, s3://b" "DIR/c.toml:2""#,
            r#""assets.max-bytes" "1048576" "DIR/c.toml:4""#,
            r#""assets.max-total-bytes" "17179869184" "default""#,
            r#""assets.timeout" "2.5" "DIR/c.toml:5""#,
            r#""assets.allow-private" "false" "default""#,
        ]
    );
}
