//! Signatures: an author signs, an admin says whose signature is needed, and what is not signed so stays out, or stops.

use ango_tests::cli::{Cli, Run};
use ango_tests::project::records;
use ango_tests::wasm::{boxes, describing, marked};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn cli(&self, args: &str) -> Cli {
        Cli::new(args.split_whitespace()).env("ANGO_EXPORT_PLUGINS", self.path("plugins")).arg("--config").arg(self.path("c.toml"))
    }

    /// Makes a key and gives its public part.
    fn key(&self, name: &str) -> String {
        Cli::new(["plugin", "keygen"]).arg(self.path(name)).expect(0).stdout.trim().to_owned()
    }

    fn component(&self, name: &str, wasm: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, wasm).unwrap();
        path
    }

    fn sign(&self, file: &Path, key: &str) -> Run {
        Cli::new(["plugin", "sign"]).arg(file).arg("--key").arg(self.path(key)).expect(0)
    }

    fn policy(&self, text: &str) {
        std::fs::write(self.path("c.toml"), text).unwrap();
    }

    fn convert(&self, code: i32) -> Run {
        let export = self.path("export.ndjson");
        std::fs::write(&export, records(3)).unwrap();
        let cli = Cli::convert(&export, self.path(&format!("out-{code}"))).args("--plugin boxes-csv").arg("--config").arg(self.path("c.toml"));
        cli.env("ANGO_EXPORT_PLUGINS", self.path("plugins")).expect(code)
    }
}

fn key(name: &str, public: &str, more: &str) -> String {
    format!("[policy.keys.{name}]\npublic = \"{public}\"\n{more}\n")
}

#[test]
fn what_is_signed_as_the_policy_demands_is_installed_by_scripts_and_nothing_else() {
    let place = Place::new();
    let (ada, bob) = (place.key("ada.pem"), place.key("bob.pem"));
    let keys = key("ada", &ada, "") + &key("bob", &bob, "");
    place.policy(&format!(
        "[policy]\nunattended = \"signed\"\n[policy.signatures]\nall-of = [{{ key = \"ada\" }}]\nany-of = {{ of = [{{ key = \"bob\" }}] }}\n{keys}"
    ));
    let file = place.component("boxes.wasm", &boxes());
    let install = || place.cli("plugin install --yes").arg(&file);
    assert!(install().expect(2).stderr.contains("boxes.wasm cannot be installed: the policy demands a signature of ada"));
    let signed = place.sign(&file, "ada.pem");
    assert!(signed.stdout.contains("boxes.wasm.sig: boxes-csv 0.1.0 (sha256:"), "{signed}");
    assert!(install().expect(2).stderr.contains("the policy demands 1 more of the signatures of bob"));
    place.sign(&file, "bob.pem");
    let run = install().expect(0);
    assert!(run.stdout.contains("signed by    ada, bob") && run.stdout.contains("state        approved by"), "{run}");
    place.convert(3);
    // A signature over another component is none.
    let other = place.component("other.wasm", &marked("other"));
    std::fs::copy(place.path("boxes.wasm.sig"), place.path("other.wasm.sig")).unwrap();
    let run = place.cli("plugin install").arg(&other).expect(2);
    assert!(run.stderr.contains("a signature over another component"), "{run}");
    // Only a person gives a grant, and only a person says yes to what fails the kit.
    let wants = place.component("wants.wasm", &describing("wants", "1.0.0", "{}", true));
    place.sign(&wants, "ada.pem");
    place.sign(&wants, "bob.pem");
    let run = place.cli("plugin install --yes").arg(&wants).expect(2);
    assert!(run.stderr.contains("it failed the conformance kit: only a person approves it"), "{run}");
    // When a key is no longer trusted, what it vouched for stops.
    place.policy(&format!(
        "[policy.signatures]\nall-of = [{{ key = \"ada\" }}]\n{}{}",
        key("ada", &ada, "expires = \"2020-01-01\""),
        key("bob", &bob, "")
    ));
    let run = place.convert(2);
    assert!(
        run.stderr.contains("may not run: the policy demands a signature of ada (signed with the key ada, which has expired (2020-01-01"),
        "{run}"
    );
    assert!(place.cli("plugin verify").expect(4).stdout.contains("FAIL boxes-csv@"));
}

#[test]
fn yes_is_for_policies_that_say_so() {
    let place = Place::new();
    let ada = place.key("ada.pem");
    let file = place.component("boxes.wasm", &boxes());
    place.sign(&file, "ada.pem");
    place.policy(&format!("[policy.signatures]\nall-of = [{{ key = \"ada\" }}]\n{}", key("ada", &ada, "plugins = [\"boxes-*\"]")));
    let run = place.cli("plugin install --yes").arg(&file).expect(2);
    assert!(run.stderr.contains("--yes approves by policy only: set policy.unattended = \"signed\""), "{run}");
    assert!(run.stdout.contains("state        waiting"), "{run}");
    place.policy(&format!("[policy.signatures]\nall-of = [{{ key = \"ada\" }}]\n{}", key("ada", &ada, "plugins = [\"other-*\"]")));
    let run = place.cli("plugin approve boxes-csv@").arg("--json").run();
    assert_eq!(run.code, 2);
    let lock = place.cli("plugin lock --json").expect(0).events()[0].clone();
    let digest = lock["lock"]["plugin"][0]["digest"].as_str().unwrap().to_owned();
    let run = place.cli("plugin approve").arg(format!("boxes-csv@{digest}")).expect(2);
    assert!(run.stderr.contains("signed with the key ada, which may sign other-* only"), "{run}");
}

#[test]
fn keys_are_private_and_never_written_over() {
    let place = Place::new();
    let public = place.key("k.pem");
    assert_eq!(std::fs::read_to_string(place.path("k.pem.pub")).unwrap().trim(), public);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(place.path("k.pem")).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let run = Cli::new(["plugin", "keygen"]).arg(place.path("k.pem")).expect(2);
    assert!(run.stderr.contains("never written over another one"), "{run}");
    let file = place.component("boxes.wasm", &boxes());
    std::fs::write(place.path("hush.pem"), "-----BEGIN PRIVATE KEY-----\nhush\n-----END PRIVATE KEY-----\n").unwrap();
    let run = Cli::new(["plugin", "sign"]).arg(&file).arg("--key").arg(place.path("hush.pem")).expect(2);
    assert!(run.stderr.contains("hush.pem: is no Ed25519 key") && !run.stderr.contains("\nhush"), "{run}");
    let prose = place.component("prose.wasm", b"hello");
    let run = Cli::new(["plugin", "sign"]).arg(&prose).arg("--key").arg(place.path("k.pem")).expect(2);
    assert!(run.stderr.contains("prose.wasm"), "{run}");
}

/// A signature is what other tools take it for: OpenSSL makes the key, and verifies the DSSE envelope by hand.
#[test]
fn openssl_agrees() {
    let openssl = |args: &[&str], folder: &Path| Command::new("openssl").args(args).current_dir(folder).output();
    let place = Place::new();
    let folder = place.0.path();
    let Ok(made) = openssl(&["genpkey", "-algorithm", "ed25519", "-out", "o.pem"], folder) else {
        println!("left out: there is no openssl here");
        return;
    };
    assert!(made.status.success());
    let file = place.component("boxes.wasm", &boxes());
    place.sign(&file, "o.pem");
    let envelope: Value = serde_json::from_str(&std::fs::read_to_string(place.path("boxes.wasm.sig")).unwrap()).unwrap();
    let decode = |text: &Value| base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text.as_str().unwrap()).unwrap();
    let payload = decode(&envelope["payload"]);
    let kind = envelope["payloadType"].as_str().unwrap();
    let message = [format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len()).as_bytes(), &payload].concat();
    std::fs::write(place.path("message"), message).unwrap();
    std::fs::write(place.path("signature"), decode(&envelope["signatures"][0]["sig"])).unwrap();
    let verified = openssl(&["pkeyutl", "-verify", "-inkey", "o.pem", "-rawin", "-in", "message", "-sigfile", "signature"], folder).unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    // And a key of ours is one of theirs.
    place.key("ours.pem");
    assert!(openssl(&["pkey", "-in", "ours.pem", "-noout"], folder).unwrap().status.success());
}
