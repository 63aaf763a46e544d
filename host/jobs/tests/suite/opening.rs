//! Opening: new ones, the same one from several nodes, and what is no database.

use crate::support::{Place, T0, asked, claim, ending, queue};
use ango_jobs::{Address, Database, DatabaseError, State};
use std::path::Path;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_start_at_once_make_its_tables_once() {
    for place in Place::all() {
        let open = |_| {
            let address = place.address.clone();
            tokio::spawn(async move { Database::open(&address).await })
        };
        let mut nodes = Vec::new();
        for task in (0..6).map(open).collect::<Vec<_>>() {
            nodes.push(task.await.unwrap().unwrap());
        }
        let export = queue(&nodes[0], "p").await;
        // And opening it once more changes nothing.
        assert_eq!(place.open().await.find(&export.id).await.unwrap(), Some(export));
        for node in &nodes {
            node.ping().await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_a_newer_program_is_left_alone() {
    for place in Place::all() {
        drop(place.open().await);
        place.meddle("UPDATE version SET version = version + 90").await;
        let error = Database::open(&place.address).await.unwrap_err();
        assert!(matches!(error, DatabaseError::Newer { found, known, .. } if found == known + 90), "{error}");
        assert!(error.to_string().contains("use a newer ango-export"), "{error}");
        // Nothing keeps others from it: the transaction has ended.
        place.meddle("UPDATE version SET version = version - 90").await;
        place.open().await.ping().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_the_first_version_goes_on_where_it_was() {
    for place in Place::all() {
        place.meddle(include_str!("version-1.sql")).await;
        let (first, second) = (place.open().await, place.open().await);
        let done = first.find("0001").await.unwrap().unwrap();
        assert_eq!((done.state, done.result), (State::Succeeded, Some(serde_json::json!({ "tasks": 1 }))));
        // What waited and what was interrupted is done, each once, and so is what comes now.
        let new = queue(&second, "new").await;
        let mut taken = Vec::new();
        while let Some(claim) = claim(&first, "n", T0).await {
            assert!(first.finish(&claim.export.id, claim.attempt, "n", T0, &ending(State::Succeeded)).await.unwrap());
            taken.push((claim.export.id, claim.attempt));
        }
        taken.sort();
        let mut all = vec![("0002".to_owned(), 2), ("0003".to_owned(), 1), ("0004".to_owned(), 1), (new.id, 1)];
        all.sort();
        assert_eq!(taken, all, "{:?}", place.address);
    }
}

async fn refused(path: &Path) -> String {
    let error = Database::open(&Address::Sqlite(path.to_owned())).await.unwrap_err().to_string();
    assert!(error.contains(&path.display().to_string()), "{error}");
    error
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_database_is_said_to_be_none() {
    let folder = tempfile::tempdir().unwrap();
    let garbage = folder.path().join("garbage.db");
    std::fs::write(&garbage, "These are not the tables that you are looking for. ".repeat(100)).unwrap();
    let said = refused(&garbage).await;
    assert!(said.contains("not a database") && said.contains("move the file away"), "{said}");
    assert!(refused(folder.path()).await.contains("must be the service's own to write"));
    assert!(refused(&folder.path().join("missing/ango.db")).await.contains("No such file"));
    // One that broke later.
    let path = folder.path().join("broken.db");
    let database = Database::open(&Address::Sqlite(path.clone())).await.unwrap();
    for _ in 0..50 {
        queue(&database, "p").await;
    }
    drop(database);
    let mut bytes = std::fs::read(&path).unwrap();
    let end = bytes.len();
    bytes[4_096..end].fill(0x5a);
    std::fs::write(&path, bytes).unwrap();
    let error = match Database::open(&Address::Sqlite(path.clone())).await {
        Ok(database) => database.create(&asked("p")).await.unwrap_err(),
        Err(error) => error,
    };
    assert!(error.to_string().contains("malformed") && error.to_string().contains("put a copy of it back"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_may_not_be_written_says_so() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let folder = tempfile::tempdir().unwrap();
    if std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0) {
        println!("left out: root may write everything");
        return;
    }
    let path = folder.path().join("ango.db");
    drop(Database::open(&Address::Sqlite(path.clone())).await.unwrap());
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o400)).unwrap();
    let said = refused(&path).await;
    assert!(said.contains("must be the service's own to write"), "{said}");
}

#[test]
fn addresses_are_shown_without_passwords() {
    let address = Address::Postgres("postgres://ango:hush-hush@db.example.org:5433/exports?sslmode=require".into());
    assert_eq!(format!("{address:?}"), "postgres://ango@db.example.org/exports");
    for broken in
        ["postgres//ango:hush-hush@db/exports?x=1", "hush-hush", "postgres://ango:hush-hush@db:port/exports", "password=hush-hush hush-hush"]
    {
        let address = Address::Postgres(broken.into());
        assert!(!format!("{address:?} {}", address.name()).contains("hush"), "{broken}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_error_of_a_server_holds_the_password() {
    let mut addresses = vec![
        "postgres://ango:hush-hush@127.0.0.1:1/exports".to_owned(),
        "postgres://ango:hush-hush@127.0.0.1:1/exports?sslmode=verify-full".to_owned(),
        "postgres://ango:hush-hush@127.0.0.1:port/exports".to_owned(),
        "postgres//ango:hush-hush@127.0.0.1/exports?x=1".to_owned(),
    ];
    let place = Place::postgres();
    if let Some(Place { address: Address::Postgres(url), .. }) = &place {
        addresses.push(url.replace("hush-hush", "hush-wrong"));
        addresses.push(url.replace("/tests", "/hush-not-there"));
        addresses.push(format!("{url}?sslmode=require"));
    }
    for address in addresses {
        let error = Database::open(&Address::Postgres(address.clone())).await.unwrap_err();
        let text = format!("{error} {error:?}").replace("hush-not-there", "");
        assert!(!text.contains("hush"), "{text}");
        assert!(text.starts_with("database postgres://"), "{text}");
        println!("{error}");
        assert!(!address.contains("verify-full") || text.contains("sslmode is disable, prefer or require"), "{text}");
    }
}
