//! Keys: which count, and what is kept of them.

use crate::support::{Place, T0, until};
use ango_jobs::{Address, Grant, KeyKind, Role};

fn roles() -> Vec<Grant> {
    vec![Grant { project: "p".into(), role: Role::Manager }, Grant { project: "*".into(), role: Role::Viewer }]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_opens_until_it_expires_or_is_revoked() {
    for place in Place::all() {
        let database = place.open().await;
        let (key, secret) = database.create_key("org", "Ada's laptop", &roles(), Some(T0 + 10_000), KeyKind::Person, T0).await.unwrap();
        assert_eq!(secret.len(), "ango_".len() + 8 + 1 + 64);
        let found = database.verify(&secret, T0 + 1).await.unwrap().unwrap();
        assert_eq!((&found.id, &found.organisation, &found.roles), (&key.id, &key.organisation, &key.roles));
        assert_eq!((found.role("p"), found.role("q")), (Some(Role::Manager), Some(Role::Viewer)));
        // Remembered or not, it counts until its last moment.
        for (database, now, counts) in [(&database, T0 + 9_999, true), (&database, T0 + 10_000, false), (&place.open().await, T0 + 10_000, false)] {
            assert_eq!(database.verify(&secret, now).await.unwrap().is_some(), counts, "{now}");
        }
        let (other, secret) = database.create_key("org", "b", &roles(), None, KeyKind::Person, T0).await.unwrap();
        assert!(database.verify(&secret, T0).await.unwrap().is_some());
        assert!(!database.revoke_key("another", &other.id, T0 + 5).await.unwrap());
        assert!(database.verify(&secret, T0).await.unwrap().is_some());
        assert!(database.revoke_key("org", &other.id, T0 + 5).await.unwrap());
        // At once, though it was remembered.
        assert!(database.verify(&secret, T0 + 6).await.unwrap().is_none());
        assert!(!database.revoke_key("org", &other.id, T0 + 7).await.unwrap());
        assert!(!database.revoke_key("org", "ffffffff", T0 + 7).await.unwrap());
        let listed = database.list_keys("org").await.unwrap();
        assert_eq!(listed.iter().find(|one| one.id == other.id).unwrap().revoked_at, Some(T0 + 5));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_else_opens() {
    for place in Place::all() {
        let database = place.open().await;
        let (key, secret) = database.create_key("org", "a", &roles(), None, KeyKind::Person, T0).await.unwrap();
        let (other, _) = database.create_key("org", "b", &roles(), None, KeyKind::Person, T0).await.unwrap();
        let zeros = "0".repeat(64);
        let wrong_end = if secret.ends_with('0') { "1" } else { "0" };
        let bad = [
            String::new(),
            "ango_".into(),
            format!("ango_{}_{zeros}", key.id),
            format!("ango_{}_{zeros}", "f".repeat(8)),
            // The secret of one with the id of another.
            secret.replace(&key.id, &other.id),
            format!("{}{wrong_end}", &secret[..secret.len() - 1]),
            secret[..secret.len() - 1].into(),
            secret.to_uppercase(),
            format!("{secret} "),
            "a".repeat(1 << 20),
            "ango_' OR 1=1 --_".into(),
        ];
        for shown in bad {
            assert_eq!(database.verify(&shown, T0).await.unwrap(), None, "{shown:.80}");
        }
        assert!(database.verify(&secret, T0).await.unwrap().is_some());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_node_hears_of_it_soon() {
    for place in Place::all() {
        let (here, there) = (place.open().await, place.open().await);
        let (key, secret) = here.create_key("org", "a", &roles(), None, KeyKind::Person, T0).await.unwrap();
        assert!(there.verify(&secret, T0).await.unwrap().is_some());
        assert!(here.revoke_key("org", &key.id, T0).await.unwrap());
        until("the other node knows that it was revoked", async || there.verify(&secret, T0).await.unwrap().is_none()).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_of_runs_are_not_listed_and_are_forgotten() {
    for place in Place::all() {
        let database = place.open().await;
        let (run, run_secret) = database.create_key("org", "run", &roles(), Some(T0 + 10), KeyKind::Run, T0).await.unwrap();
        let (person, person_secret) = database.create_key("org", "person", &roles(), Some(T0 + 10), KeyKind::Person, T0).await.unwrap();
        assert_eq!(run.kind, KeyKind::Run);
        assert_eq!(database.verify(&run_secret, T0).await.unwrap().unwrap().kind, KeyKind::Run);
        let listed: Vec<String> = database.list_keys("org").await.unwrap().into_iter().map(|key| key.id).collect();
        assert_eq!(listed, [person.id]);
        database.forget(T0 + 11).await.unwrap();
        let fresh = place.open().await;
        assert_eq!(fresh.verify(&run_secret, T0).await.unwrap(), None);
        assert!(fresh.verify(&person_secret, T0).await.unwrap().is_some());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn that_a_key_was_used_is_written_down_once_a_minute() {
    for place in Place::all() {
        let (_, secret) = place.open().await.create_key("org", "a", &roles(), None, KeyKind::Person, T0).await.unwrap();
        for (now, written) in [(T0, T0), (T0 + 59_000, T0), (T0 + 61_000, T0 + 61_000)] {
            // Opened anew, nothing is remembered.
            let database = place.open().await;
            assert!(database.verify(&secret, now).await.unwrap().is_some());
            assert_eq!(database.list_keys("org").await.unwrap()[0].last_used_at, Some(written));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_file_holds_no_secret() {
    let place = Place::sqlite();
    let database = place.open().await;
    let (key, secret) = database.create_key("org", "a", &roles(), None, KeyKind::Person, T0).await.unwrap();
    database.verify(&secret, T0).await.unwrap().unwrap();
    let Address::Sqlite(path) = &place.address else { unreachable!("it is a file") };
    let (mut found, mut names) = (0, 0);
    for file in std::fs::read_dir(path.parent().unwrap()).unwrap() {
        let file = file.unwrap();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions()) & 0o777, 0o600, "{:?}", file.path());
        let bytes = std::fs::read(file.path()).unwrap();
        let has = |text: &str| bytes.windows(text.len()).any(|piece| piece == text.as_bytes());
        names += usize::from(has(&key.id));
        found += usize::from(has(&secret[14..]));
    }
    assert!(names > 0);
    assert_eq!(found, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_ask_at_once_have_the_same_secret() {
    for place in Place::all() {
        let nodes = [place.open().await, place.open().await];
        let ask = |index: usize| {
            let database = nodes[index % 2].clone();
            tokio::spawn(async move { database.shared_secret("links").await.unwrap() })
        };
        let mut secrets = Vec::new();
        for task in (0..8).map(ask).collect::<Vec<_>>() {
            secrets.push(task.await.unwrap());
        }
        secrets.dedup();
        assert_eq!(secrets.len(), 1);
        assert_ne!(secrets[0], nodes[0].shared_secret("another").await.unwrap());
        assert_ne!(secrets[0], [0; 32]);
    }
}
