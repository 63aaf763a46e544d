//! Whose turn it is. Organisations share the work, and in each of them its projects do: the work, and not the number of turns.
//!
//! Each export has a cost, which is known when it is asked for. A clock runs as fast as each of those that share would be served, if everybody who has something to do were served at once and exports
//! could be cut as finely as one likes. Each has a tag: when, on this clock, all of it that was begun would be done. Next comes the export that would be done first so, that with the smallest sum of
//! tag and cost. A small export of somebody who did not ask for much goes before large ones that wait; and as each export that is begun moves a tag and the clock, nobody is passed for ever: others get as
//! much done meanwhile, each, as the export that waits is itself, and what they were behind. Time on the clock is work that was begun and not seconds: nobody has to know how fast nodes are.
//!
//! This is fair queueing (Demers, Keshav, Shenker: Analysis and Simulation of a Fair Queueing Algorithm, SIGCOMM 1989; Parekh, Gallager: A Generalized Processor Sharing Approach to Flow Control, 1993),
//! in two levels, with one addition of WF2Q+ (Bennett, Zhang: Hierarchical Packet Fair Queueing Algorithms, 1997): the clock is not behind everybody who waits. Clocks that are easier to keep will not
//! do. That of self-clocked fair queueing (Golestani 1994) jumps to the end of the large export that was begun last, so that a small one that comes then waits for all large ones; that of start-time fair
//! queueing (Goyal 1996) stands while new projects come, so that small exports of ever new ones would pass a large one for ever.
//!
//! Two levels, because an organisation that runs as many as it may falls behind the others, and within it nobody may fall behind for that.

use crate::db::{Database, Session};
use crate::error::DatabaseError;
use crate::queue::RunningLimits;
use std::cmp::Reverse;
use std::collections::HashMap;

/// The least that an export can cost: the clock counts in whole numbers, and goes on by one at least.
const MIN_COST: u64 = 1 << 10;
/// The most. Sums of it never overflow, whoever asks for what.
const MAX_COST: u64 = 1 << 40;

/// Somebody who shares: an organisation, or a project of one.
struct Share {
    name: String,
    tag: i64,
    /// What is next of it, when something waits and may run.
    first: Option<First>,
}

/// An export that is the next of whoever asked for it.
#[derive(Clone, Copy)]
struct First {
    /// When it was asked for.
    since: i64,
    cost: i64,
}

impl Share {
    /// When all of it and the next export would be done.
    fn due(&self) -> Option<i64> {
        self.first.map(|first| self.tag.saturating_add(first.cost))
    }
}

/// Whose turn it is, and how the clocks stand when it was taken.
pub(crate) struct Turn {
    pub(crate) organisation: String,
    pub(crate) project: String,
    of_organisation: Step,
    of_project: Step,
}

/// What taking an export moves.
#[derive(Debug, PartialEq, Eq)]
struct Step {
    /// How far the tag of whoever has the turn.
    by: i64,
    /// Where to the clock.
    clock: i64,
}

/// A cost as it is kept.
pub(crate) fn cost(asked: u64) -> u64 {
    asked.clamp(MIN_COST, MAX_COST)
}

/// Lets a project and its organisation share, of which an export was just written down. Who had nothing waiting begins now: nobody saves up what he did not use.
pub(crate) async fn join(session: &mut Session<'_>, organisation: &str, project: &str, id: &str) -> Result<(), DatabaseError> {
    let shares = concat!(
        "INSERT INTO shares (organisation, tag, clock) SELECT CAST($1 AS TEXT), clock, 0 FROM served WHERE id = 1 ",
        "ON CONFLICT (organisation) DO UPDATE SET tag = excluded.tag WHERE excluded.tag > shares.tag AND NOT EXISTS ",
        "(SELECT 1 FROM exports e WHERE e.state = 'queued' AND e.organisation = $1 AND e.id <> $2)"
    );
    session.execute(shares, &[organisation.into(), id.into()]).await?;
    let queues = concat!(
        "INSERT INTO queues (organisation, project, tag) SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), clock FROM shares WHERE organisation = $1 ",
        "ON CONFLICT (organisation, project) DO UPDATE SET tag = excluded.tag WHERE excluded.tag > queues.tag AND NOT EXISTS ",
        "(SELECT 1 FROM exports e WHERE e.state = 'queued' AND e.organisation = $1 AND e.project = $2 AND e.id <> $3)"
    );
    session.execute(queues, &[organisation.into(), project.into(), id.into()]).await.map(|_| ())
}

/// Takes back what an export was counted with that waits again, so that it keeps its place. It has a row: [`Database::tidy`] leaves those of projects that run something.
pub(crate) async fn give_back(session: &mut Session<'_>, organisation: &str, project: &str, cost: i64) -> Result<(), DatabaseError> {
    session.execute("UPDATE shares SET tag = tag - $2 WHERE organisation = $1", &[organisation.into(), cost.into()]).await?;
    let queues = "UPDATE queues SET tag = tag - $3 WHERE organisation = $1 AND project = $2";
    session.execute(queues, &[organisation.into(), project.into(), cost.into()]).await.map(|_| ())
}

/// Finds out whose turn it is, if anything waits that may run. Nobody else takes one meanwhile.
pub(crate) async fn next(session: &mut Session<'_>, limits: &RunningLimits) -> Result<Option<Turn>, DatabaseError> {
    let running = session.query("SELECT organisation, COUNT(*) FROM exports WHERE state = 'running' GROUP BY organisation", &[]).await?;
    let running: HashMap<String, u64> = running.iter().map(|row| (row.text(0), row.count(1))).collect();
    let may_run = |organisation: &str| {
        let limit = limits.organisations.get(organisation).copied().unwrap_or(limits.default);
        running.get(organisation).copied().unwrap_or(0) < u64::from(limit)
    };
    let mut projects = projects(session).await?;
    // What is next of an organisation is what is next of its project whose turn it is.
    let first = |organisation: &str| {
        let projects = projects.get(organisation).filter(|_| may_run(organisation))?;
        chosen(projects).and_then(|index| projects[index].first)
    };
    let rows = session.query("SELECT organisation, tag, clock FROM shares ORDER BY organisation", &[]).await?;
    let organisations: Vec<Share> = rows.iter().map(|row| Share { name: row.text(0), tag: row.int(1), first: first(&row.text(0)) }).collect();
    let Some(index) = chosen(&organisations) else { return Ok(None) };
    let served = session.query("SELECT clock FROM served WHERE id = 1", &[]).await?.first().map_or(0, |row| row.int(0));
    let organisation = organisations[index].name.clone();
    let projects = projects.remove(&organisation).unwrap_or_default();
    let (Some(of_organisation), Some(at)) = (step(served, &organisations, index), chosen(&projects)) else { return Ok(None) };
    let Some(of_project) = step(rows[index].int(2), &projects, at) else { return Ok(None) };
    Ok(Some(Turn { organisation, project: projects[at].name.clone(), of_organisation, of_project }))
}

/// Counts that the turn was taken. By how much a tag moves is written, and not where to: whoever hands an export back at this moment does the same.
pub(crate) async fn taken(session: &mut Session<'_>, turn: &Turn) -> Result<(), DatabaseError> {
    let Turn { organisation, project, of_organisation, of_project } = turn;
    session
        .execute(
            "UPDATE shares SET tag = tag + $2, clock = $3 WHERE organisation = $1",
            &[organisation.into(), of_organisation.by.into(), of_project.clock.into()],
        )
        .await?;
    let queues = "UPDATE queues SET tag = tag + $3 WHERE organisation = $1 AND project = $2";
    session.execute(queues, &[organisation.into(), project.into(), of_project.by.into()]).await?;
    session.execute("UPDATE served SET clock = $1 WHERE id = 1", &[of_organisation.clock.into()]).await.map(|_| ())
}

/// The projects that share, by organisation. One index entry for each and its first export, however many it has waiting.
async fn projects(session: &mut Session<'_>) -> Result<HashMap<String, Vec<Share>>, DatabaseError> {
    let sql = concat!(
        "SELECT q.organisation, q.project, q.tag, ",
        "(SELECT e.created_at FROM exports e WHERE e.state = 'queued' AND e.organisation = q.organisation AND e.project = q.project ORDER BY e.created_at, e.id LIMIT 1), ",
        "(SELECT e.cost FROM exports e WHERE e.state = 'queued' AND e.organisation = q.organisation AND e.project = q.project ORDER BY e.created_at, e.id LIMIT 1) ",
        "FROM queues q"
    );
    let mut projects: HashMap<String, Vec<Share>> = HashMap::new();
    for row in &session.query(sql, &[]).await? {
        let first = row.int_or_none(3).zip(row.int_or_none(4)).map(|(since, cost)| First { since, cost });
        projects.entry(row.text(0)).or_default().push(Share { name: row.text(1), tag: row.int(2), first });
    }
    Ok(projects)
}

/// Which of them has the turn: that which would be done first; of several the one that waits longest.
fn chosen(shares: &[Share]) -> Option<usize> {
    let waiting = shares.iter().enumerate().filter_map(|(index, share)| Some((index, share.due()?, share.first?.since, &share.name)));
    waiting.min_by_key(|(_, due, since, name)| (*due, *since, *name)).map(|(index, ..)| index)
}

/// What it moves that this one has its turn.
fn step(clock: i64, shares: &[Share], index: usize) -> Option<Step> {
    let waiting = || shares.iter().filter(|share| share.first.is_some());
    let clock = clock.max(waiting().map(|share| share.tag).min()?);
    let share = &shares[index];
    // Who had to wait for longer than his share goes first now, and is owed no more than this one: who was held up for long does not catch up on all of it before others.
    let tag = share.due()?.max(clock);
    let others = || shares.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, other)| other);
    let stay = others().filter(|other| other.first.is_some()).count();
    let leave = others().filter(|other| other.first.is_none()).map(|other| other.tag).chain([tag]);
    Some(Step { by: tag - share.tag, clock: advance(clock, share.first?.cost, stay, leave.collect()) })
}

/// The clock after so much work was begun. Those that `stay` have more to do than that; the others share in it until the clock reaches their tag.
fn advance(mut clock: i64, mut work: i64, stay: usize, mut leave: Vec<i64>) -> i64 {
    // The first to leave is the last of these.
    leave.retain(|tag| *tag > clock);
    leave.sort_unstable_by_key(|tag| Reverse(*tag));
    loop {
        let sharing = i64::try_from(stay + leave.len()).unwrap_or(i64::MAX);
        if sharing == 0 {
            return clock;
        }
        // Rounded up: a clock that stood still would let others pass for ever.
        let end = clock.saturating_add(work.saturating_add(sharing - 1) / sharing);
        match leave.pop() {
            Some(tag) if tag < end => {
                work = work.saturating_sub((tag - clock).saturating_mul(sharing));
                clock = tag;
            }
            _ => return end,
        }
    }
}

impl Database {
    /// Forgets projects that have nothing in the queue and that the clock has passed: they begin as if they had never been there.
    pub(crate) async fn tidy(&self) -> Result<(), DatabaseError> {
        for row in self.query("SELECT DISTINCT organisation FROM queues ORDER BY organisation", &[]).await? {
            let organisation = row.text(0);
            let mut session = self.write(false).await?;
            // Nobody queues an export of the organisation meanwhile, which would be seen too late here and wait for ever.
            session.lock(&organisation).await?;
            let sql = concat!(
                "DELETE FROM queues WHERE organisation = $1 AND tag <= (SELECT clock FROM shares WHERE organisation = $1) ",
                "AND NOT EXISTS (SELECT 1 FROM exports e WHERE e.state = 'queued' AND e.organisation = queues.organisation AND e.project = queues.project) ",
                "AND NOT EXISTS (SELECT 1 FROM exports e WHERE e.state = 'running' AND e.organisation = queues.organisation AND e.project = queues.project)"
            );
            session.execute(sql, &[(&organisation).into()]).await?;
            session.commit().await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::advance;

    #[test]
    fn the_clock_runs_as_fast_as_each_is_served() {
        // Alone, it is at the end of what was begun; nobody makes it go on after that.
        assert_eq!(advance(0, 100, 0, vec![100]), 100);
        assert_eq!(advance(0, 100, 0, vec![60]), 60);
        assert_eq!(advance(7, 100, 0, vec![]), 7);
        // Four share it; those whose tag it has passed do not.
        assert_eq!(advance(50, 100, 3, vec![90, 20, 50]), 75);
        // One leaves at 10, when 30 are done, and one at 30, when 40 more are.
        assert_eq!(advance(0, 75, 1, vec![30, 10]), 35);
        // It never stands still.
        assert_eq!(advance(0, 1, 1_000, vec![]), 1);
        assert_eq!(advance(i64::MAX - 5, i64::MAX, 1, vec![i64::MAX]), i64::MAX);
    }
}
