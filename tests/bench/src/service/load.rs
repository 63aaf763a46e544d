//! Many exports at once: what they cost together, and how long small ones wait beside them.
//!
//! A small export is asked for to be done within five times its lone time and its share of the queue. The share is what is left, when the small export is accepted, of the export that the first worker to
//! be free is in the middle of, since no running export is stopped; and the lone times of the small ones that were accepted before it and have not ended, since they have the same right. Whatever else
//! goes before it counts against the bound.

use super::{ended, median, milliseconds};
use ango_tests::project::harbour;
use ango_tests::service::{Home, Service};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Large exports at once, and their tasks.
const EXPORTS: usize = 64;
const TASKS: usize = 10_000;
/// Tasks of a small one.
const FEW: usize = 100;
/// Small ones that are asked for at a time, each of a project of its own, and how often that is done.
const SMALL: usize = 3;
const MOMENTS: u32 = 10;
/// Exports of one project that wait, and the tasks of each.
const QUEUED: usize = 1_000;
const MIDDLING: usize = 1_000;
/// How many times its lone time a small one may take, besides its share of the queue.
const TIMES: u32 = 5;

/// Prints it.
pub fn run(home: &Home) -> Result<()> {
    for project in 0..EXPORTS {
        harbour(&home.projects().join(format!("p{project}")), TASKS);
    }
    for project in 0..SMALL {
        harbour(&home.projects().join(format!("small{project}")), FEW);
    }
    harbour(&home.projects().join("middling"), MIDDLING);
    let key = home.key("manager");
    let service = home.start();
    let bench = Bench { service: &service, key: &key };
    bench.small(0)?;
    let lone = median((0..9).map(|_| bench.small(0).map(|small| small.took)).collect::<Result<_>>()?);
    println!("a small export ({FEW} tasks, with coco) alone: {:.0} ms from the request to its end as a client sees it", milliseconds(lone));
    bench.many_projects(lone)?;
    bench.one_project(lone)?;
    let peak = service.peak_memory().context("the system does not say how much memory a process had")?;
    println!("peak memory of the service: {:.0} MB (asked: under 1,000)", peak as f64 / 1e6);
    Ok(())
}

fn order(project: &str) -> Value {
    json!({ "project": project, "stages": null, "plugins": [{ "name": "coco" }] })
}

/// What is known of a small export.
#[derive(Clone, Copy)]
struct Small {
    took: Duration,
    /// When the service had said that it waits, in milliseconds since 1970: from then on nothing is begun before it that it should go before.
    accepted: i64,
    /// When it had ended.
    ended: i64,
}

#[derive(Clone, Copy)]
struct Bench<'a> {
    service: &'a Service,
    key: &'a str,
}

impl Bench<'_> {
    fn start(&self, project: &str) -> String {
        self.service.start_export(self.key, &order(project))
    }

    /// A small export.
    fn small(&self, project: usize) -> Result<Small> {
        let started = Instant::now();
        let id = self.start(&format!("small{project}"));
        let accepted = now()?;
        ended(self.service, self.key, &id)?;
        Ok(Small { took: started.elapsed(), accepted, ended: now()? })
    }

    /// Small ones of several projects at once.
    fn some_small(&self) -> Result<Vec<Small>> {
        std::thread::scope(|scope| {
            let asked: Vec<_> = (0..SMALL).map(|project| scope.spawn(move || self.small(project))).collect();
            asked.into_iter().map(|one| one.join().map_err(|_| anyhow::anyhow!("a client broke off"))?).collect()
        })
    }

    /// A large export of each of many projects, and small ones all the while.
    fn many_projects(&self, lone: Duration) -> Result<()> {
        let started = Instant::now();
        let ids: Vec<String> = (0..EXPORTS).map(|project| self.start(&format!("p{project}"))).collect();
        let mut small = Vec::new();
        for moment in 0..MOMENTS {
            small.extend(self.some_small()?);
            // Until the next tenth of the large ones has ended.
            ended(self.service, self.key, &ids[ids.len() * (moment as usize + 1) / (MOMENTS as usize + 1)])?;
        }
        let large = ids.iter().map(|id| ended(self.service, self.key, id)).collect::<Result<Vec<_>>>()?;
        let all = started.elapsed();
        let tasks: u64 = large.iter().filter_map(|export| export["result"]["tasks"].as_u64()).sum();
        ensure!(tasks == (EXPORTS * TASKS) as u64, "{tasks} tasks were exported");
        ensure!(large.iter().all(|export| export["result"]["conversions"][0]["result"] != "failed"), "a conversion failed");
        println!("{EXPORTS} exports of {TASKS} tasks with coco, of a project each, at once: {:.1} s, all correct", all.as_secs_f64());
        verdict(&format!("{} small ones beside them, {SMALL} at a time from a project each", small.len()), &small, &large, lone)
    }

    /// Many exports of one project, and small ones of others.
    fn one_project(&self, lone: Duration) -> Result<()> {
        let ids: Vec<String> = (0..QUEUED).map(|_| self.start("middling")).collect();
        let mut small = Vec::new();
        for _ in 0..MOMENTS {
            small.extend(self.some_small()?);
        }
        let now: Vec<Value> = ids.iter().map(|id| self.service.get(self.key, &format!("/v1/exports/{id}"))).collect();
        let waiting = now.iter().filter(|export| export["state"] == "queued").count();
        ensure!(waiting > QUEUED / 2, "only {waiting} of them still wait");
        let begun = ids.iter().take(QUEUED - waiting).map(|id| ended(self.service, self.key, id)).collect::<Result<Vec<_>>>()?;
        for id in &ids {
            self.service.ask(self.key, "POST", &format!("/v1/exports/{id}/cancel"), None);
        }
        println!("{QUEUED} exports of {MIDDLING} tasks with coco, of one project, asked for at once");
        verdict(
            &format!("{} small ones while {waiting} or more of them wait, {SMALL} at a time from a project each", small.len()),
            &small,
            &begun,
            lone,
        )
    }
}

/// Now, in milliseconds since 1970.
fn now() -> Result<i64> {
    Ok(i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?)
}

/// A time of the service, in milliseconds since 1970.
fn time(export: &Value, field: &str) -> Option<i64> {
    ango_model::time::parse_iso(export[field].as_str()?)
}

/// How long the first worker to be free was still busy with a large export when a small one was accepted; nothing, when one was free.
fn rest(accepted: i64, others: &[Value]) -> Duration {
    let ends = others.iter().filter_map(|other| Some((time(other, "startedAt")?, time(other, "finishedAt")?)));
    let mut running: Vec<i64> = ends.filter(|(start, end)| *start <= accepted && accepted < *end).map(|(_, end)| end).collect();
    running.sort_unstable();
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    if running.len() < workers {
        Duration::ZERO
    } else {
        Duration::from_millis(u64::try_from(running[running.len() - workers] - accepted).unwrap_or(0))
    }
}

/// Prints whether small exports were done in time, by the worst of them.
fn verdict(what: &str, small: &[Small], others: &[Value], lone: Duration) -> Result<()> {
    let judge = |one: &Small| {
        let before = small.iter().filter(|other| other.accepted < one.accepted && one.accepted < other.ended).count();
        let share = rest(one.accepted, others) + lone * u32::try_from(before).unwrap_or(u32::MAX);
        (one.took, share, TIMES * lone + share)
    };
    let judged: Vec<_> = small.iter().map(judge).collect();
    let met = judged.iter().filter(|(took, _, bound)| took <= bound).count();
    let part = |(took, _, bound): &(Duration, Duration, Duration)| took.as_secs_f64() / bound.as_secs_f64();
    let slowest = judged.iter().max_by_key(|(took, ..)| *took).context("there are none")?;
    let worst = judged.iter().max_by(|a, b| part(a).total_cmp(&part(b))).context("there are none")?;
    println!("  {what}: median {:.0} ms", milliseconds(median(small.iter().map(|one| one.took).collect())));
    for (name, (took, share, bound)) in [("slowest", slowest), ("nearest to its bound", worst)] {
        println!(
            "  {name}: {:.0} ms; its share of the queue (the rest of what the first worker to be free ran, and small ones before it): {:.0} ms; bound {TIMES} x lone + share = {:.0} ms: {}",
            milliseconds(*took),
            milliseconds(*share),
            milliseconds(*bound),
            if took <= bound { "met" } else { "not met" }
        );
    }
    println!("  the bound is met by {met} of {}", judged.len());
    Ok(())
}
