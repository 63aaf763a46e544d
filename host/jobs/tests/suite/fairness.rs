//! Whose turn it is.

use crate::support::{Place, T0, claim, ending, queue};
use ango_jobs::{Database, State};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::{BTreeMap, VecDeque};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_of_one_project_do_not_stand_before_one_of_another() {
    for place in Place::all() {
        let database = place.open().await;
        for _ in 0..1_000 {
            queue(&database, "large").await;
        }
        // The large one has had its turns already.
        for _ in 0..2 {
            let taken = claim(&database, "n", T0).await.unwrap();
            assert!(database.finish(&taken.export.id, 1, "n", T0, &ending(State::Succeeded)).await.unwrap());
        }
        queue(&database, "small").await;
        let mut taken = Vec::new();
        for _ in 0..2 {
            taken.push(claim(&database, "n", T0).await.unwrap().export.project);
        }
        assert!(taken.contains(&"small".to_owned()), "{taken:?}");
    }
}

#[derive(Debug, Clone)]
enum Step {
    Arrives(usize),
    Taken,
    Ended(usize),
}

const PROJECTS: usize = 5;

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0..PROJECTS).prop_map(Step::Arrives),
        3 => Just(Step::Taken),
        2 => (0..100_usize).prop_map(Step::Ended),
    ];
    vec(step, 0..120)
}

/// Carries out the steps, and checks after each taking whose turn it was.
async fn check(database: &Database, steps: Vec<Step>) {
    // What waits of each project, in order; how many of it run; how many of others were taken since it waits and none of it runs.
    let mut waiting: BTreeMap<String, VecDeque<String>> = BTreeMap::new();
    let mut running: Vec<(String, String)> = Vec::new();
    let mut passed: BTreeMap<String, usize> = BTreeMap::new();
    for step in steps {
        match step {
            Step::Arrives(project) => {
                let export = queue(database, &format!("p{project}")).await;
                waiting.entry(export.project).or_default().push_back(export.id);
            }
            Step::Ended(index) if !running.is_empty() => {
                let (_, id) = running.swap_remove(index % running.len());
                assert!(database.finish(&id, 1, "n", T0, &ending(State::Succeeded)).await.unwrap());
            }
            Step::Ended(_) => {}
            Step::Taken => {
                let of = |project: &str| running.iter().filter(|(other, _)| other == project).count();
                let fewest = waiting.iter().filter(|(_, ids)| !ids.is_empty()).map(|(project, _)| of(project)).min();
                let taken = claim(database, "n", T0).await;
                assert_eq!(taken.is_some(), fewest.is_some());
                let Some(taken) = taken else { continue };
                let project = taken.export.project;
                // The oldest of a project that has the fewest running.
                assert_eq!(Some(of(&project)), fewest);
                assert_eq!(waiting.get_mut(&project).and_then(VecDeque::pop_front), Some(taken.export.id.clone()));
                for (other, ids) in &waiting {
                    let count = passed.entry(other.clone()).or_default();
                    *count = if *other == project || ids.is_empty() || of(other) > 0 { 0 } else { *count + 1 };
                    assert!(*count < PROJECTS, "{other} waits for {count} turns of others");
                }
                running.push((project, taken.export.id));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_project_waits_for_more_turns_than_there_are_projects(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let place = Place::sqlite();
            check(&place.open().await, steps).await;
        });
    }
}
