//! Keys: what opens the service.
//!
//! A key is `ango_`, eight digits that name it, and 256 random bits. Kept is a hash alone; since nobody can guess 256 bits, one round of SHA-256 hides them as well as a slow hash hides a password.
//! Whoever shows a key is compared with the hash in constant time, and with something when there is no such key.

use crate::db::{Database, Row, Value};
use crate::error::DatabaseError;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What a key begins with.
const PREFIX: &str = "ango_";
/// Hexadecimal digits of an id and of a secret.
const ID: usize = 8;
const SECRET: usize = 64;
/// How long a key that was good is taken for good without asking the database: revoking it on another node takes this long to count here.
const RECENT: Duration = Duration::from_secs(2);
/// Keys that are remembered that way.
const MAX_RECENT: usize = 1_000;
/// How often it is written down that a key was used, in milliseconds.
const USED: i64 = 60_000;

/// What somebody may do in a project. Each may what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Look.
    Viewer,
    /// Export, and change settings.
    Manager,
    /// Decide about keys and plugins.
    Admin,
}

impl Role {
    /// All of them, the least first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Manager, Self::Admin];

    /// In one word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Manager => "manager",
            Self::Admin => "admin",
        }
    }

    /// The role of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// A role in a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Id of the project; `*` stands for all of the organisation.
    pub project: String,
    /// What may be done there.
    pub role: Role,
}

/// Whom a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// A person, or a program of theirs.
    Person,
    /// One run of a plugin; it expires with it.
    Run,
}

impl KeyKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Run => "run",
        }
    }
}

/// A key, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub organisation: String,
    /// What people call it.
    pub name: String,
    /// What it may.
    pub roles: Vec<Grant>,
    /// Whom it is for.
    pub kind: KeyKind,
    /// When it was made, in milliseconds since 1970.
    pub created_at: i64,
    /// Until when it counts.
    pub expires_at: Option<i64>,
    /// Since when it does not count any more.
    pub revoked_at: Option<i64>,
    /// When it was used, to the minute.
    pub last_used_at: Option<i64>,
}

impl Key {
    /// The longest name, in characters.
    pub const MAX_NAME: usize = 100;

    /// The name of a key, out of what somebody typed; `None` for what cannot be one. A name is shown in terminals, and can be an address that mail is sent to: it is one line.
    pub fn read_name(text: &str) -> Option<String> {
        let name = text.trim();
        let good = !name.is_empty() && name.chars().count() <= Self::MAX_NAME && !name.chars().any(char::is_control);
        good.then(|| name.to_owned())
    }

    /// What it may do in a project: the most of what it may do there and everywhere.
    pub fn role(&self, project: &str) -> Option<Role> {
        self.roles.iter().filter(|grant| grant.project == "*" || grant.project == project).map(|grant| grant.role).max()
    }
}

/// Keys that were good a moment ago, by the hash of what was shown.
#[derive(Debug, Default)]
pub(crate) struct Recent(Mutex<Remembered>);

#[derive(Debug, Default)]
struct Remembered {
    keys: HashMap<[u8; 32], (Key, Instant)>,
    /// How often all were forgotten. What was read before then is not remembered after it.
    times: u64,
}

impl Recent {
    fn get(&self, hash: &[u8; 32]) -> Option<Key> {
        let recent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        recent.keys.get(hash).filter(|(_, since)| since.elapsed() < RECENT).map(|(key, _)| key.clone())
    }

    fn times(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).times
    }

    fn put(&self, hash: [u8; 32], key: Key, times: u64) {
        let mut recent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if recent.times != times {
            return;
        }
        if recent.keys.len() >= MAX_RECENT {
            recent.keys.clear();
        }
        recent.keys.insert(hash, (key, Instant::now()));
    }

    fn clear(&self) {
        let mut recent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        recent.keys.clear();
        recent.times += 1;
    }
}

/// The columns of [`key`], in its order.
macro_rules! columns {
    () => {
        "SELECT id, organisation, name, hash, roles, kind, created_at, expires_at, revoked_at, last_used_at FROM keys "
    };
}

fn key(row: &Row) -> Result<Key, DatabaseError> {
    let unreadable = DatabaseError::Content { what: "the roles of a key" };
    let roles = row.json(4, "the roles of a key")?.unwrap_or_default();
    Ok(Key {
        id: row.text(0),
        organisation: row.text(1),
        name: row.text(2),
        roles: serde_json::from_value(roles).map_err(|_| unreadable)?,
        kind: if row.text(5) == KeyKind::Run.name() { KeyKind::Run } else { KeyKind::Person },
        created_at: row.int(6),
        expires_at: row.int_or_none(7),
        revoked_at: row.int_or_none(8),
        last_used_at: row.int_or_none(9),
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn random<const N: usize>() -> Result<[u8; N], DatabaseError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(DatabaseError::Random)?;
    Ok(bytes)
}

fn hash(text: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
    hash
}

/// The id of what could be a key.
fn id_of(presented: &str) -> Option<&str> {
    let (id, secret) = presented.strip_prefix(PREFIX)?.split_once('_')?;
    let is_hex = |text: &str, length: usize| text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (is_hex(id, ID) && is_hex(secret, SECRET)).then_some(id)
}

impl Database {
    /// Makes a key. The second value is what its owner shows; it is kept nowhere.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_key(
        &self,
        organisation: &str,
        name: &str,
        roles: &[Grant],
        expires_at: Option<i64>,
        kind: KeyKind,
        now: i64,
    ) -> Result<(Key, String), DatabaseError> {
        let roles_text = serde_json::to_value(roles).map_err(|_| DatabaseError::Content { what: "the roles of a key" })?;
        let (id, shown) = loop {
            let (id, secret) = (hex(&random::<4>()?), hex(&random::<32>()?));
            let shown = format!("{PREFIX}{id}_{secret}");
            let made = self
                .write_durably(
                    "INSERT INTO keys (id, organisation, name, hash, roles, kind, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING",
                    &[
                        (&id).into(),
                        organisation.into(),
                        name.into(),
                        hex(&hash(&shown)).as_str().into(),
                        (&roles_text).into(),
                        kind.name().into(),
                        now.into(),
                        expires_at.into(),
                    ],
                )
                .await?;
            // Of four thousand million ids, this one may be taken.
            if made > 0 {
                break (id, shown);
            }
        };
        let key = Key {
            id,
            organisation: organisation.to_owned(),
            name: name.to_owned(),
            roles: roles.to_vec(),
            kind,
            created_at: now,
            expires_at,
            revoked_at: None,
            last_used_at: None,
        };
        Ok((key, shown))
    }

    /// The key that somebody shows, when it counts now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn verify(&self, presented: &str, now: i64) -> Result<Option<Key>, DatabaseError> {
        let Some(id) = id_of(presented) else { return Ok(None) };
        let shown = hash(presented);
        let counts = |key: &Key| key.revoked_at.is_none() && key.expires_at.is_none_or(|until| until > now);
        // Whoever gets here with a hash that is remembered has shown the whole key.
        if let Some(key) = self.keys.get(&shown) {
            return Ok(Some(key).filter(counts));
        }
        let times = self.keys.times();
        let rows = self.query(concat!(columns!(), "WHERE id = $1"), &[id.into()]).await?;
        // Of a key that does not exist, something is compared as well.
        let kept = rows.first().map_or_else(|| "0".repeat(SECRET), |row| row.text(3));
        let is_same = verify_slices_are_equal(hex(&shown).as_bytes(), kept.as_bytes()).is_ok();
        let Some(row) = rows.first().filter(|_| is_same) else { return Ok(None) };
        let found = key(row)?;
        if !counts(&found) {
            return Ok(None);
        }
        if found.last_used_at.is_none_or(|used| used < now - USED)
            && let Err(error) = self.execute("UPDATE keys SET last_used_at = $2 WHERE id = $1", &[id.into(), now.into()]).await
        {
            // The key is good all the same.
            tracing::warn!(key = id, %error, "that a key was used cannot be written down");
        }
        self.keys.put(shown, found.clone(), times);
        Ok(Some(found))
    }

    /// Revokes a key. False when there is none, or it was revoked before. On this node it counts no more from now on, on others within two seconds.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke_key(&self, organisation: &str, id: &str, now: i64) -> Result<bool, DatabaseError> {
        let sql = "UPDATE keys SET revoked_at = $3 WHERE id = $1 AND organisation = $2 AND revoked_at IS NULL";
        let changed = self.write_durably(sql, &[id.into(), organisation.into(), now.into()]).await?;
        self.keys.clear();
        Ok(changed > 0)
    }

    /// Asks the database for every key from now on, since some were revoked in other words.
    pub(crate) fn forget_keys(&self) {
        self.keys.clear();
    }

    /// The keys of people, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_keys(&self, organisation: &str) -> Result<Vec<Key>, DatabaseError> {
        let sql = concat!(columns!(), "WHERE organisation = $1 AND kind = $2 ORDER BY created_at DESC, id");
        let params: [Value; 2] = [organisation.into(), KeyKind::Person.name().into()];
        self.query(sql, &params).await?.iter().map(key).collect()
    }

    /// A secret of 32 bytes that all nodes share, made when it is first asked for.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn shared_secret(&self, name: &str) -> Result<[u8; 32], DatabaseError> {
        let fresh = hex(&random::<32>()?);
        self.write_durably("INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", &[name.into(), fresh.as_str().into()])
            .await?;
        let rows = self.query("SELECT value FROM secrets WHERE name = $1", &[name.into()]).await?;
        let text = rows.first().map(|row| row.text(0)).unwrap_or_default();
        let mut secret = [0; 32];
        for (byte, digits) in secret.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digits = std::str::from_utf8(digits).unwrap_or_default();
            *byte = u8::from_str_radix(digits, 16).map_err(|_| DatabaseError::Content { what: "a secret" })?;
        }
        if text.len() == SECRET { Ok(secret) } else { Err(DatabaseError::Content { what: "a secret" }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_a_key_is_none() {
        let good = format!("ango_0123abcd_{}", "a".repeat(64));
        assert_eq!(id_of(&good), Some("0123abcd"));
        for bad in
            ["", "ango_", "ango__", &good[1..], &good[..good.len() - 1], &good.to_uppercase(), &format!("{good}a"), &good.replace("0123", "012é")]
        {
            assert_eq!(id_of(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_most_of_what_a_key_may_counts() {
        let grant = |project: &str, role| Grant { project: project.into(), role };
        let key = Key {
            id: String::new(),
            organisation: String::new(),
            name: String::new(),
            roles: vec![grant("*", Role::Viewer), grant("p", Role::Manager)],
            kind: KeyKind::Person,
            created_at: 0,
            expires_at: None,
            revoked_at: None,
            last_used_at: None,
        };
        assert_eq!((key.role("p"), key.role("q")), (Some(Role::Manager), Some(Role::Viewer)));
    }
}
