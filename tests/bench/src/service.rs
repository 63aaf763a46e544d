//! The service: how long it takes to answer, how long a small export takes, and what sixty-four exports at once do to each other.

use ango_tests::project::harbour;
use ango_tests::service::{Home, Service};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Exports at once, and their tasks.
const EXPORTS: usize = 64;
const TASKS: usize = 10_000;
/// Requests whose time is taken.
const REQUESTS: usize = 200;

/// Prints it.
pub fn run() -> Result<()> {
    println!("\nthe service (SQLite, a local folder)");
    latency()?;
    load()
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

fn load() -> Result<()> {
    let home = Home::new();
    for project in 0..EXPORTS {
        harbour(&home.projects().join(format!("p{project}")), TASKS);
    }
    harbour(&home.projects().join("small"), 100);
    let key = home.key("manager");
    let service = home.start();
    let order = |project: &str| json!({ "project": project, "stages": null, "plugins": [{ "name": "coco" }] });
    let time = |project: &str| -> Result<Duration> {
        let started = Instant::now();
        let id = service.start_export(&key, &order(project));
        ended(&service, &key, &id)?;
        Ok(started.elapsed())
    };
    time("small")?;
    let alone = median((0..5).map(|_| time("small")).collect::<Result<_>>()?);
    let started = Instant::now();
    let ids: Vec<String> = (0..EXPORTS).map(|project| service.start_export(&key, &order(&format!("p{project}")))).collect();
    // Small ones come while the others are at it. One waits for its turn: at most until each project had one, so its share of the queue is the time of what is before it.
    let mut slowest = Duration::ZERO;
    for _ in 0..3 {
        slowest = slowest.max(time("small")?);
    }
    let mut tasks = 0;
    for id in &ids {
        let export = ended(&service, &key, id)?;
        tasks += export["result"]["tasks"].as_u64().unwrap_or_default();
        ensure!(export["result"]["conversions"][0]["result"] != "failed", "{export}");
    }
    let all = started.elapsed();
    ensure!(tasks == (EXPORTS * TASKS) as u64, "{tasks} tasks were exported");
    let peak = service.peak_memory().context("the system does not say how much memory a process had")?;
    let share = all.as_secs_f64();
    println!(
        "{EXPORTS} exports of {TASKS} tasks with coco, at once: {share:.1} s, all correct, peak memory {:.0} MB (asked: under 1,000)",
        peak as f64 / 1e6
    );
    println!(
        "a small export (100 tasks): alone {:.0} ms; beside them, at worst {:.2} s, which is {:.2} of the time of the whole queue",
        milliseconds(alone),
        slowest.as_secs_f64(),
        slowest.as_secs_f64() / share
    );
    Ok(())
}
