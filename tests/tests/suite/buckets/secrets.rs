//! Files of secrets: one storage's alone.

use super::place::{Place, only_mine, secrets};
use ango_pipeline::Bucket;
use ango_pipeline::bucket::Settings;
use ango_tests::archive::list;
use ango_tests::cli::Cli;
use ango_tests::project::harbour;

#[test]
fn each_storage_has_its_own() {
    let (acme, beta) = (Place::s3(), Place::google());
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 20);
    let config = folder.path().join("c.toml");
    let storage = |name: &str, place: &Place| {
        let file = secrets(folder.path(), &place.settings());
        format!(
            "[storages.{name}]\nurl = \"{}://\"\nbuckets = [\"other\", \"exports\"]\npath = \"in\"\nsecrets = {:?}\n",
            place.scheme(),
            file.display().to_string()
        )
    };
    std::fs::write(&config, format!("{}{}", storage("acme", &acme), storage("beta", &beta))).unwrap();
    let run = Cli::new(["config", "check", "--json", "--config"]).arg(&config).expect(0);
    acme.tells_no_secret(&run.text());
    beta.tells_no_secret(&run.text());
    let value = |name: &str| run.events().into_iter().find(|event| event["name"] == name).unwrap()["value"].as_str().unwrap().to_owned();
    assert_eq!((value("storages.acme.url"), value("storages.acme.buckets")), ("s3://".into(), "other, exports".into()));
    assert!(value("storages.beta.secrets").ends_with(".env"));
    // A bucket must be chosen, and the command line has no word for that.
    let run = Cli::export(&project, "acme").arg("--config").arg(&config).expect(2);
    assert!(run.stderr.contains("storage 'acme': says no bucket: there are other, exports"), "{run}");
    let text = std::fs::read_to_string(&config).unwrap().replace("://\"\nbuckets = [\"other\", \"exports\"]", "://exports\"");
    std::fs::write(&config, text).unwrap();
    for (name, place) in [("acme", &acme), ("beta", &beta)] {
        // Credentials in the environment do not count.
        let run = Cli::export(&project, name)
            .arg("--config")
            .arg(&config)
            .env("AWS_ACCESS_KEY_ID", "AKIAOTHER")
            .env("AWS_SECRET_ACCESS_KEY", "x")
            .expect(0);
        assert!(run.stdout.contains(&format!("{}://exports/in/Harbour-task-export-", place.scheme())), "{run}");
        place.tells_no_secret(&run.text());
    }
}

#[test]
fn what_cannot_be_used() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("acme.env");
    let config = folder.path().join("c.toml");
    std::fs::write(&config, format!("[storages.acme]\nurl = \"s3://exports\"\nsecrets = {:?}\n", file.display().to_string())).unwrap();
    let check = || Cli::new(["config", "check", "--config"]).arg(&config).expect(2).stderr;
    assert!(check().contains("acme.env: No such file"), "{}", check());
    for (text, problem) in [
        ("AWS_ACCESS_KEY_ID=a\nhush-hush\n", "acme.env: line 2: expected NAME=VALUE"),
        ("AWS_SECRET=hush-hush\n", "acme.env: line 1: 'AWS_SECRET': there is no such setting"),
        ("HOME=hush-hush\n", "acme.env: line 1: expected a name that begins with AWS_, GOOGLE_, AZURE_"),
        (
            "AWS_REGION=hush-hush\n",
            "storage s3://exports: there are no credentials: set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY (settings are those of ",
        ),
        ("AWS_ACCESS_KEY_ID=hush-hush\n", "storage s3://exports: "),
        ("AWS_ACCESS_KEY_ID=a\nAWS_SECRET_ACCESS_KEY=hush-hush\nAWS_ENDPOINT_URL=ftp://x\n", "AWS_ENDPOINT_URL: expected https://host"),
        (
            "AWS_ACCESS_KEY_ID=a\nAWS_SECRET_ACCESS_KEY=b\nAWS_ENDPOINT_URL=https://me:hush-hush@x\n",
            "AWS_ENDPOINT_URL: credentials do not belong into a URL",
        ),
    ] {
        std::fs::write(&file, text).unwrap();
        only_mine(&file);
        assert!(check().contains(problem) && !check().contains("hush"), "{text}{}", check());
    }
}

#[cfg(unix)]
#[test]
fn that_others_can_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = secrets(folder.path(), &[("AWS_ACCESS_KEY_ID", "a".into()), ("AWS_SECRET_ACCESS_KEY", "b".into())]);
    for mode in [0o644, 0o640, 0o604, 0o660] {
        std::fs::set_permissions(&file, PermissionsExt::from_mode(mode)).unwrap();
        let error = Settings::file(&file).unwrap_err().to_string();
        assert!(error.ends_with("others can read these secrets: chmod 600 it"), "{error}");
    }
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o400)).unwrap();
    assert!(Settings::file(&file).is_ok());
}

#[test]
fn plain_http_is_for_this_machine() {
    let place = Place::local();
    let handle = place.runtime.handle().clone();
    for (url, endpoint, mut settings) in [
        ("s3://b", "AWS_ENDPOINT_URL", vec![("AWS_ACCESS_KEY_ID", "a".into()), ("AWS_SECRET_ACCESS_KEY", "b".into())]),
        ("gs://b", "GOOGLE_BASE_URL", vec![("GOOGLE_BEARER_TOKEN", "a-token".into())]),
        ("az://b", "AZURE_STORAGE_ENDPOINT", vec![("AZURE_STORAGE_ACCOUNT_NAME", "a".into()), ("AZURE_STORAGE_ACCOUNT_KEY", "aHVzaA==".into())]),
    ] {
        settings.push((endpoint, "http://store.invalid:9000".into()));
        let bucket = Bucket::open_with(url, "", Settings::file(&secrets(place.folder(), &settings)).unwrap(), handle.clone());
        let error = bucket.and_then(|bucket| bucket.exists("a.zip", &ango_runtime::Cancel::default())).unwrap_err().to_string();
        // No name is looked up: it would be another error.
        assert!(error.contains("URL scheme is not allowed"), "{url}: {error}");
    }
    assert_eq!(list(&place.folder().join("bucket")), Vec::<String>::new());
}
