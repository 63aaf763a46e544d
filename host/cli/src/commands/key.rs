//! `key`: keys of the service, for whoever may read its database.

use super::runtime;
use crate::args::{Key, KeyCreate, RoleName};
use crate::exit::{Exit, Failure};
use crate::ui::{Ui, print};
use crate::user::user;
use ango_config::{Config, Service};
use ango_jobs::{AuditEntry, Database, DatabaseError, Grant, KeyKind, Role};
use ango_launch::now;
use ango_model::time::{format_iso, parse_iso};
use serde_json::json;

/// Carries it out.
pub fn run(command: &Key, config: &Config, ui: &Ui) -> Result<Exit, Failure> {
    let Some((service, _)) = &config.service else {
        return Err(Failure::new(Exit::Config, "there is no service here: add [service] to the configuration file (see `serve --help`)"));
    };
    let address = ango_service::address(service)?;
    runtime()?.block_on(async {
        let database = Database::open(&address).await?;
        match command {
            Key::Create(args) => create(args, service, &database, ui).await,
            Key::List { organisation } => list(organisation, &database, ui).await,
            Key::Revoke { organisation, id } => revoke(organisation, id, &database, ui).await,
        }
    })
}

async fn create(args: &KeyCreate, service: &Service, database: &Database, ui: &Ui) -> Result<Exit, Failure> {
    let wrong = |problem: String| Failure::new(Exit::Config, problem);
    if !service.organisations.contains_key(&args.organisation) {
        let known: Vec<&str> = service.organisations.keys().map(String::as_str).collect();
        return Err(wrong(format!("organisation '{}' does not exist: there are {}", args.organisation, known.join(", "))));
    }
    let role = match args.role {
        RoleName::Viewer => Role::Viewer,
        RoleName::Manager => Role::Manager,
        RoleName::Admin => Role::Admin,
    };
    let everywhere = ["*".to_owned()];
    let projects = if args.projects.is_empty() { everywhere.as_slice() } else { args.projects.as_slice() };
    let roles: Vec<Grant> = projects.iter().map(|project| Grant { project: project.clone(), role }).collect();
    let expires = match &args.expires {
        None => None,
        Some(text) => Some(
            parse_iso(text)
                .filter(|time| *time > now())
                .ok_or_else(|| wrong(format!("--expires {text}: expected a time in the future, like 2026-12-31T00:00:00Z")))?,
        ),
    };
    let name = ango_jobs::Key::read_name(&args.name)
        .ok_or_else(|| wrong(format!("--name: expected 1 to {} characters in one line", ango_jobs::Key::MAX_NAME)))?;
    let (key, secret) = database.create_key(&args.organisation, &name, &roles, expires, KeyKind::Person, now()).await?;
    audit(database, &args.organisation, "key.create", &key.id).await?;
    if ui.is_json() {
        print(&json!({ "event": "key", "id": key.id, "name": key.name, "secret": secret }).to_string());
    } else {
        ui.note(&format!("key {} of {} ({} in {}); it is shown this once", key.id, key.name, role.name(), projects.join(", ")));
        print(&secret);
    }
    Ok(Exit::Ok)
}

async fn list(organisation: &str, database: &Database, ui: &Ui) -> Result<Exit, Failure> {
    for key in database.list_keys(organisation).await? {
        let roles: Vec<String> = key.roles.iter().map(|grant| format!("{}:{}", grant.project, grant.role.name())).collect();
        let until = key.expires_at.map(format_iso);
        let state = if key.revoked_at.is_some() { "revoked" } else { "counts" };
        if ui.is_json() {
            print(&json!({ "id": key.id, "name": key.name, "roles": roles, "expiresAt": until, "state": state }).to_string());
        } else {
            print(&format!(
                "{:10} {:28} {:24} {}{}",
                key.id,
                key.name,
                roles.join(" "),
                state,
                until.map_or_else(String::new, |until| format!(" until {until}"))
            ));
        }
    }
    Ok(Exit::Ok)
}

async fn revoke(organisation: &str, id: &str, database: &Database, ui: &Ui) -> Result<Exit, Failure> {
    audit(database, organisation, "key.revoke", id).await?;
    if !database.revoke_key(organisation, id, now()).await? {
        return Err(Failure::new(Exit::Config, format!("key {id} does not exist in {organisation}, or was revoked before")));
    }
    if ui.is_json() {
        print(&json!({ "event": "revoked", "id": id }).to_string());
    } else {
        print(&format!("key {id} opens nothing any more"));
    }
    Ok(Exit::Ok)
}

/// Who sits at the machine is part of the record as well.
async fn audit(database: &Database, organisation: &str, action: &str, target: &str) -> Result<(), Failure> {
    let entry = AuditEntry {
        id: 0,
        organisation: organisation.to_owned(),
        at: now(),
        actor: format!("{} (command line)", user()),
        action: action.to_owned(),
        project: None,
        target: Some(target.to_owned()),
        detail: json!({}),
        from: None,
    };
    Ok(database.audit(&entry).await?)
}

impl From<DatabaseError> for Failure {
    fn from(error: DatabaseError) -> Self {
        Self::new(Exit::Config, error.to_string())
    }
}
