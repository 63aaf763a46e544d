//! Whose turn it is.

use crate::support::{Place, T0, after_lease, asked, claim, ending, queue_this};
use ango_jobs::{Database, NewExport, RunningLimits, State};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::{BTreeMap, HashMap, VecDeque};

/// What a small and a large export cost.
const SMALL: u64 = 10_000;
const LARGE: u64 = 1_000_000;

/// Queues an export that costs so much.
async fn ask(database: &Database, project: &str, cost: u64) -> String {
    queue_this(database, &NewExport { cost, ..asked(project) }).await.id
}

/// Takes the next one, and ends it. Its project.
async fn done(database: &Database) -> String {
    let taken = claim(database, "n", T0).await.unwrap();
    assert!(database.finish(&taken.export.id, taken.attempt, "n", T0, &ending(State::Succeeded)).await.unwrap());
    taken.export.project
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_of_one_project_do_not_stand_before_one_of_another() {
    for place in Place::all() {
        let database = place.open().await;
        for _ in 0..1_000 {
            ask(&database, "thousand", LARGE).await;
        }
        // It has had its turns already, and the other's is as large.
        done(&database).await;
        done(&database).await;
        ask(&database, "one", LARGE).await;
        let mut taken = Vec::new();
        for _ in 0..2 {
            taken.push(claim(&database, "n", T0).await.unwrap().export.project);
        }
        assert!(taken.contains(&"one".to_owned()), "{taken:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn small_ones_go_before_large_ones_of_however_many_projects() {
    for place in Place::all() {
        let database = place.open().await;
        for project in 0..64 {
            ask(&database, &format!("large{project}"), LARGE).await;
        }
        // Whenever they come: before the first large one, between them, before the last ones.
        for moment in 0..60 {
            let small = [format!("a{moment}"), format!("b{moment}"), "again".to_owned()];
            for project in small.iter().take(if moment % 10 == 0 { 3 } else { 0 }) {
                ask(&database, project, SMALL).await;
            }
            if moment % 10 == 0 {
                for project in &small {
                    assert_eq!(&done(&database).await, project, "at {moment}");
                }
            }
            assert!(done(&database).await.starts_with("large"));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn small_ones_that_keep_coming_do_not_pass_a_large_one_for_ever() {
    let place = Place::sqlite();
    let database = place.open().await;
    ask(&database, "large", LARGE).await;
    for project in ["a", "b", "c"] {
        ask(&database, project, SMALL).await;
    }
    let mut passed: BTreeMap<String, u64> = BTreeMap::new();
    loop {
        let project = done(&database).await;
        if project == "large" {
            break;
        }
        ask(&database, &project, SMALL).await;
        *passed.entry(project).or_default() += SMALL;
        assert!(passed.values().all(|work| *work <= LARGE), "{passed:?}");
    }
    // They did go first, and none of them more than the others.
    assert!(passed.len() == 3 && passed.values().all(|work| *work > LARGE * 9 / 10), "{passed:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ever_new_projects_do_not_pass_a_large_export_for_ever() {
    let place = Place::sqlite();
    let database = place.open().await;
    ask(&database, "large", LARGE / 10).await;
    let mut passed = 0;
    loop {
        ask(&database, &format!("new{passed}"), SMALL).await;
        if done(&database).await == "large" {
            break;
        }
        passed += 1;
        assert!(passed < 200, "the large one still waits");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asked_for_nothing_for_long_has_no_more_than_his_share() {
    let place = Place::sqlite();
    let database = place.open().await;
    ask(&database, "away", SMALL).await;
    ask(&database, "there", SMALL).await;
    for _ in 0..50 {
        ask(&database, "there", SMALL).await;
        done(&database).await;
    }
    for _ in 0..20 {
        ask(&database, "away", SMALL).await;
        ask(&database, "there", SMALL).await;
    }
    let mut away = 0;
    for turn in 1..20 {
        away += i32::from(done(&database).await == "away");
        assert!((away * 2 - turn).abs() <= 3, "{away} of {turn} turns");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_handed_back_keeps_its_place() {
    for place in Place::all() {
        let database = place.open().await;
        for project in ["first", "second", "third"] {
            ask(&database, project, LARGE).await;
        }
        let order = ["first", "second", "third"];
        // By a node that ends, and by one that died.
        let taken = claim(&database, "n", T0).await.unwrap();
        assert_eq!(taken.export.project, order[0]);
        database.release(&taken.export.id, taken.attempt, "n").await.unwrap();
        let taken = claim(&database, "n", T0).await.unwrap();
        assert_eq!((taken.export.project.as_str(), taken.attempt), (order[0], 2));
        // Nor does it lose it when its project is tidied up meanwhile.
        database.forget(0).await.unwrap();
        for project in order {
            let taken = claim(&database, "n", after_lease(T0)).await.unwrap();
            assert_eq!(taken.export.project, project);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_organisation_was_not_allowed_to_run_it_does_not_catch_up_on_before_others() {
    let place = Place::sqlite();
    let database = place.open().await;
    let limits = |held: u32| RunningLimits { organisations: HashMap::from([("held".to_owned(), held)]), default: u32::MAX };
    let take = async |held: u32| {
        let taken = database.claim("n", T0, crate::support::LEASE, &limits(held), 3).await.unwrap().unwrap().export;
        assert!(database.finish(&taken.id, 1, "n", T0, &ending(State::Succeeded)).await.unwrap());
        taken.organisation
    };
    for project in 0..30 {
        for organisation in ["held", "free"] {
            let new = NewExport { organisation: organisation.into(), cost: LARGE, ..asked(&format!("p{project}")) };
            queue_this(&database, &new).await;
        }
    }
    for _ in 0..15 {
        assert_eq!(take(0).await, "free");
    }
    let mut held = 0;
    for turn in 1..=20 {
        held += i32::from(take(1).await == "held");
        assert!((held * 2 - turn).abs() <= 3, "{held} of {turn} turns");
    }
    // Within it, who comes with little does not wait for those who were held up.
    let small = NewExport { organisation: "held".into(), cost: SMALL, ..asked("small") };
    let id = queue_this(&database, &small).await.id;
    for _ in 0..2 {
        take(1).await;
    }
    assert!(database.find(&id).await.unwrap().unwrap().state.is_final());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn projects_that_are_done_with_leave_nothing_in_the_queue() {
    let Some(place) = Place::postgres() else { return };
    let ango_jobs::Address::Postgres(url) = &place.address else { unreachable!("it is a server") };
    let (database, raw) = (place.open().await, crate::support::raw(url).await);
    let left = async || {
        let rows = raw.query("SELECT project FROM queues ORDER BY project", &[]).await.unwrap();
        rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>()
    };
    for project in 0..20 {
        ask(&database, &format!("p{project:02}"), SMALL).await;
    }
    for _ in 0..18 {
        done(&database).await;
    }
    claim(&database, "n", T0).await.unwrap();
    database.forget(0).await.unwrap();
    // One runs and one waits; of those that are done none is ahead of the others by now.
    let rows = left().await;
    assert!(rows.contains(&"p18".to_owned()) && rows.contains(&"p19".to_owned()), "{rows:?}");
    done(&database).await;
    ask(&database, "last", LARGE).await;
    done(&database).await;
    database.forget(0).await.unwrap();
    assert_eq!(left().await, ["p18"]);
}

/// Nobody is told that a project is done with while somebody queues an export of it: it would wait for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tidying_up_loses_nobody() {
    for place in Place::all() {
        let nodes = [place.open().await, place.open().await];
        let tidy = tokio::spawn({
            let database = nodes[1].clone();
            async move {
                for _ in 0..300 {
                    database.forget(0).await.unwrap();
                }
            }
        });
        for round in 0..150 {
            let id = ask(&nodes[0], ["a", "b"][round % 2], SMALL).await;
            let taken = claim(&nodes[0], "n", T0).await.unwrap_or_else(|| panic!("{id} is not found in round {round}"));
            assert_eq!(taken.export.id, id);
            assert!(nodes[0].finish(&id, 1, "n", T0, &ending(State::Succeeded)).await.unwrap());
        }
        tidy.await.unwrap();
    }
}

#[derive(Debug, Clone)]
enum Step {
    Arrives(usize, u64),
    Comes(u64),
    Taken,
}

const PROJECTS: usize = 5;
/// The most that an export of the steps costs.
const MOST: u64 = 100_000;

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let cost = || prop_oneof![Just(2_000_u64), 2_000..MOST];
    let step = prop_oneof![
        4 => (0..PROJECTS, cost()).prop_map(|(project, cost)| Step::Arrives(project, cost)),
        1 => cost().prop_map(Step::Comes),
        4 => Just(Step::Taken),
    ];
    vec(step, 0..120)
}

/// Carries out the steps, and checks after each taking how much others were given while something waits. Returns the order.
async fn check(database: &Database, steps: &[Step]) -> Vec<String> {
    let mut waiting: BTreeMap<String, VecDeque<(String, u64)>> = BTreeMap::new();
    // Of projects that never asked before: what their first export costs, and how much of others was taken since.
    let mut passed: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let mut order = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        match step {
            Step::Arrives(..) | Step::Comes(_) => {
                let (project, cost) = match step {
                    Step::Arrives(project, cost) => (format!("p{project}"), *cost),
                    Step::Comes(cost) => (format!("new{index}"), *cost),
                    Step::Taken => unreachable!(),
                };
                let id = ask(database, &project, cost).await;
                if !waiting.contains_key(&project) {
                    passed.insert(project.clone(), (cost, 0));
                }
                waiting.entry(project).or_default().push_back((id, cost));
            }
            Step::Taken => {
                let taken = claim(database, "n", T0).await;
                assert_eq!(taken.is_some(), waiting.values().any(|ids| !ids.is_empty()), "nobody waits while somebody could work");
                let Some(taken) = taken else { continue };
                let project = taken.export.project;
                let (id, cost) = waiting.get_mut(&project).and_then(VecDeque::pop_front).unwrap();
                assert_eq!(id, taken.export.id, "each project's own come in the order of their asking");
                passed.remove(&project);
                for (other, (own, work)) in &mut passed {
                    *work += cost;
                    // As much for each of the others as it is itself, and what they may have been behind.
                    let most = waiting.len() as u64 * *own + 3 * MOST;
                    assert!(*work <= most, "{other}, which costs {own}, was passed by {work}");
                }
                order.push(project);
            }
        }
    }
    order
}

/// All ask at once; as long as two have something waiting, neither gets much more than one export ahead of the other.
async fn check_shares(database: &Database, costs: &[Vec<u64>]) {
    let mut waiting: BTreeMap<String, VecDeque<u64>> = BTreeMap::new();
    for (project, costs) in costs.iter().enumerate() {
        let project = format!("p{project}");
        for cost in costs {
            ask(database, &project, *cost).await;
        }
        waiting.insert(project, costs.iter().copied().collect());
    }
    let mut given: BTreeMap<String, u64> = BTreeMap::new();
    let most = costs.iter().flatten().copied().max().unwrap_or_default();
    while waiting.values().any(|costs| !costs.is_empty()) {
        let project = done(database).await;
        let cost = waiting.get_mut(&project).and_then(VecDeque::pop_front).unwrap();
        *given.entry(project).or_default() += cost;
        let of = waiting.iter().filter(|(_, costs)| !costs.is_empty()).map(|(project, _)| given.get(project).copied().unwrap_or(0));
        let (least, largest) = (of.clone().min().unwrap_or(0), of.max().unwrap_or(0));
        assert!(largest - least <= most + most / 2, "{given:?}");
    }
}

fn run(test: impl AsyncFnOnce()) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(test());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nobody_is_passed_by_more_than_the_others_share_and_the_order_is_always_the_same(steps in steps()) {
        run(async || {
            let (once, again) = (Place::sqlite(), Place::sqlite());
            let order = check(&once.open().await, &steps).await;
            assert_eq!(check(&again.open().await, &steps).await, order);
        });
    }

    #[test]
    fn those_that_wait_at_once_get_as_much_as_each_other(costs in vec(vec(prop_oneof![2_000..5_000_u64, 50_000..MOST], 1..12), 2..6)) {
        run(async || {
            let place = Place::sqlite();
            check_shares(&place.open().await, &costs).await;
        });
    }
}
