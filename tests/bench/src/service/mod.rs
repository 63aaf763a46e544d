//! The service: how long it takes to answer, how long a small export takes, and what it does when much is asked for at once.

mod load;

use ango_tests::postgres::Postgres;
use ango_tests::project::harbour;
use ango_tests::service::{Home, Service};
use anyhow::{Result, ensure};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Requests whose time is taken.
const REQUESTS: usize = 200;

/// Prints it.
pub fn run() -> Result<()> {
    println!("\nthe service (SQLite, a local folder)");
    latency()?;
    load::run(&Home::new())?;
    if let Some(postgres) = Postgres::start() {
        println!("\nthe service (PostgreSQL, a local folder)");
        let home = Home::new().env("ANGO_EXPORT_DATABASE_URL", &postgres.database());
        home.configure("database = \"postgres\"\n");
        load::run(&home)?;
    }
    Ok(())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Waits for the end of an export by following it, as the page does.
fn ended(service: &Service, key: &str, id: &str) -> Result<Value> {
    service.ask(key, "GET", &format!("/v1/exports/{id}/events"), None);
    let export = service.get(key, &format!("/v1/exports/{id}"));
    ensure!(export["state"] == "succeeded", "{export}");
    Ok(export)
}

fn latency() -> Result<()> {
    let home = Home::new();
    harbour(&home.projects().join("one"), 1);
    let key = home.key("manager");
    let service = home.start();
    let order = json!({ "project": "one", "stages": null });
    let mut accepted = Vec::new();
    let mut ready = Vec::new();
    for _ in 0..REQUESTS {
        let started = Instant::now();
        let id = service.start_export(&key, &order);
        accepted.push(started.elapsed());
        ended(&service, &key, &id)?;
        ready.push(started.elapsed());
    }
    println!("POST /v1/exports, idle: median {:.1} ms of {REQUESTS} (asked: under 5)", milliseconds(median(accepted)));
    println!(
        "an export of one task, from the request to its end as a client sees it: median {:.1} ms (asked: under 100)",
        milliseconds(median(ready))
    );
    Ok(())
}
