//! What goes in comes out: whole, by every filter, after changes, in the order of first import.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use ango_store::{Added, Imported, Selection, Store, StoreError};
use common::{STAGES, START, Spec, import, lines, read_all, text};
use proptest::prelude::*;
use std::collections::HashMap;
use std::io::Read;

const TASKS: u64 = 3000;

fn specs() -> Vec<Spec> {
    (0..TASKS).map(Spec::of).collect()
}

fn strings<S: ToString>(items: impl IntoIterator<Item = S>) -> Option<Vec<String>> {
    Some(items.into_iter().map(|item| item.to_string()).collect())
}

#[test]
fn everything_comes_back_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("project.store");
    let specs = specs();
    assert_eq!(import(&path, &specs), Imported { inserted: TASKS, updated: 0, unchanged: 0 });
    let expected = lines(&specs);
    assert_eq!(read_all(&path).unwrap(), expected);
    let store = Store::open_read(&path).unwrap();
    assert_eq!(store.count(&Selection::default()).unwrap(), TASKS);
    assert_eq!(store.bytes(&Selection::default()).unwrap(), expected.len() as u64);
    let size = std::fs::metadata(&path).unwrap().len() as usize;
    assert!(size < expected.len() / 2, "{size} of {}", expected.len());
    // As a pipeline takes it, in small pieces.
    let mut boxed: Box<dyn Read + Send> = Box::new(store.read(&Selection::default()).unwrap());
    let mut pieces = Vec::new();
    let mut piece = [0; 777];
    while let Ok(read @ 1..) = boxed.read(&mut piece) {
        pieces.extend_from_slice(&piece[..read]);
    }
    assert_eq!(pieces, expected.as_bytes());
}

#[test]
fn an_unchanged_import_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("project.store");
    let specs = &specs()[..1500];
    import(&path, specs);
    let before = std::fs::read(&path).unwrap();
    assert_eq!(import(&path, specs), Imported { inserted: 0, updated: 0, unchanged: 1500 });
    assert!(before == std::fs::read(&path).unwrap(), "the file was written to");
    let mut importer = Store::create_or_open(&path).unwrap().importer().unwrap();
    // The same content laid out in another way.
    assert_eq!(importer.add(&specs[3].text().replace(",\"task\":", " ,\r\n\t\"task\" : ")).unwrap(), Added::Unchanged);
    assert_eq!(importer.add(&Spec { revision: 9, ..specs[3].clone() }.text()).unwrap(), Added::Updated);
    assert_eq!(importer.add(&Spec::of(9_999_999).text()).unwrap(), Added::Inserted);
    assert_eq!(importer.finish().unwrap(), Imported { inserted: 1, updated: 1, unchanged: 1 });
}

#[test]
fn every_filter_selects_what_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("project.store");
    let mut specs = specs();
    import(&path, &specs);
    // Changes move tasks from filter to filter, and leave their places.
    for spec in specs.iter_mut().step_by(7) {
        spec.stage = (spec.stage + 1) % 4;
        spec.task_type = (spec.task_type + 1) % 4;
        spec.batches = vec!["late".into()];
        spec.updated = Some(START - 1000);
        spec.points = 3;
    }
    assert_eq!(import(&path, &specs).updated, TASKS.div_ceil(7));
    let store = Store::open_read(&path).unwrap();
    let all = Selection::default();
    let middle = START + 500_000 * 60_000;
    let exact = specs[5].created.unwrap();
    let within = |time: Option<i64>, bounds: (Option<i64>, Option<i64>)| {
        bounds == (None, None) || time.is_some_and(|time| bounds.0.is_none_or(|after| time > after) && bounds.1.is_none_or(|before| time < before))
    };
    let one_in_three = strings(specs.iter().step_by(3).map(Spec::task_id).chain(["nobody".into()]));
    let selections = [
        Selection { stages: strings(["Complete"]), ..all.clone() },
        Selection { stages: strings(["5f0c-77"]), ..all.clone() },
        Selection { stages: strings(["Review", "Label", "nowhere"]), ..all.clone() },
        Selection { stages: strings([""; 0]), ..all.clone() },
        Selection { batches: strings(["batch-1"]), ..all.clone() },
        Selection { batches: strings(["late", "batch-2", "none"]), ..all.clone() },
        Selection { task_types: strings(["default"]), ..all.clone() },
        Selection { task_types: strings(["consensus", "benchmark"]), ..all.clone() },
        Selection { updated: (Some(middle), None), ..all.clone() },
        Selection { updated: (None, Some(START)), ..all.clone() },
        Selection { created: (Some(exact), Some(exact + 600_001)), ..all.clone() },
        Selection { created: (Some(exact - 1), Some(exact + 1)), ..all.clone() },
        Selection { tasks: one_in_three.clone(), ..all.clone() },
        Selection { tasks: strings([""; 0]), ..all.clone() },
        Selection { stages: strings(["Complete"]), updated: (Some(START), Some(middle)), ..all.clone() },
        Selection {
            stages: strings(["Complete", "Review"]),
            batches: strings(["batch-0", "batch-3", "late"]),
            task_types: strings(["default", "consensus"]),
            updated: (None, Some(middle)),
            created: (Some(exact), None),
            tasks: one_in_three,
        },
        all,
    ];
    for selection in &selections {
        let has =
            |list: &Option<Vec<String>>, values: &[&str]| list.as_ref().is_none_or(|list| list.iter().any(|item| values.contains(&item.as_str())));
        let expected: Vec<&Spec> = specs
            .iter()
            .filter(|spec| {
                has(&selection.stages, &[STAGES[spec.stage].0, STAGES[spec.stage].1])
                    && has(&selection.task_types, &[spec.type_name()])
                    && (selection.batches.is_none() || spec.batches.iter().any(|batch| has(&selection.batches, &[batch])))
                    && within(spec.updated, selection.updated)
                    && within(spec.created, selection.created)
                    && has(&selection.tasks, &[&spec.task_id()])
            })
            .collect();
        let expected_text = lines(expected.iter().copied());
        let records = store.read(selection).unwrap();
        assert_eq!(records.tasks(), expected.len() as u64, "{selection:?}");
        assert!(text(records) == expected_text, "{selection:?}");
        assert_eq!(store.count(selection).unwrap(), expected.len() as u64);
        assert_eq!(store.bytes(selection).unwrap(), expected_text.len() as u64);
    }
    for group in store.stages().unwrap() {
        let stage = STAGES.iter().position(|stage| *stage == (group.id.as_str(), group.name.as_str())).unwrap();
        assert_eq!(group.tasks, specs.iter().filter(|spec| spec.stage == stage).count() as u64);
    }
    assert_eq!(
        store.batches().unwrap().iter().map(|group| group.tasks).sum::<u64>(),
        specs.iter().map(|spec| spec.batches.len() as u64).sum::<u64>()
    );
}

#[test]
fn a_hundred_thousand_ids_are_a_selection() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("project.store");
    import(&path, &specs()[..100]);
    let store = Store::open_read(&path).unwrap();
    let ids: Vec<String> = (0..100_000).rev().map(|id| Spec::of(id).task_id()).collect();
    assert_eq!(store.task_ids_missing(&ids).unwrap(), &ids[..99_900]);
    assert_eq!(text(store.read(&Selection { tasks: Some(ids), ..Selection::default() }).unwrap()), lines(&specs()[..100]));
}

#[test]
fn the_project_is_kept_and_names_its_batches() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("project.store");
    let specs = &specs()[..200];
    import(&path, specs);
    let store = Store::create_or_open(&path).unwrap();
    assert_eq!(store.project().unwrap(), None);
    let mut importer = store.importer().unwrap();
    for wrong in ["", "[]", "{\"name\":}"] {
        assert!(matches!(importer.set_project(wrong), Err(StoreError::Project { .. })), "{wrong}");
    }
    let json = r#"{"name":"P","batches":[{"_id":"64b0","name":"batch-1"},{"id":"64b1","name":"nothing"}]}"#;
    importer.set_project("{}").unwrap();
    importer.set_project(json).unwrap();
    importer.finish().unwrap();
    assert_eq!(store.project().unwrap().as_deref(), Some(json));
    let by = |name: &str| store.count(&Selection { batches: strings([name]), ..Selection::default() }).unwrap();
    assert!(by("batch-1") > 0);
    assert_eq!(by("64b0"), by("batch-1"));
    assert_eq!(by("64b1"), 0);
}

#[test]
fn a_malformed_record_is_named_and_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("project.store");
    let mut importer = Store::create_or_open(&path).unwrap().importer().unwrap();
    importer.add(&Spec::of(1).text()).unwrap();
    let broken = Spec::of(2).text().replace("\"width\":1537", "\"width\":-3");
    let message = importer.add(&broken).unwrap_err().to_string();
    assert!(message.contains("record 2, task ") && message.contains(&Spec::of(2).task_id()) && message.contains("field metadata.width"), "{message}");
    assert!(importer.add("{").is_err());
    importer.add(&Spec::of(3).text()).unwrap();
    assert_eq!(importer.finish().unwrap().inserted, 2);
    assert_eq!(read_all(&path).unwrap(), lines(&[Spec::of(1), Spec::of(3)]));
}

#[test]
fn long_and_short_records_live_together() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("project.store");
    let mut specs: Vec<Spec> = (0..1200).map(|id| Spec { points: 0, ..Spec::of(id) }).collect();
    specs[600].points = 300_000;
    specs[1199].points = 100_000;
    import(&path, &specs);
    assert!(read_all(&path).unwrap() == lines(&specs));
    let ids = strings([specs[600].task_id(), specs[2].task_id()]);
    let store = Store::open_read(&path).unwrap();
    assert!(text(store.read(&Selection { tasks: ids, ..Selection::default() }).unwrap()) == lines([&specs[2], &specs[600]]));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]
    #[test]
    fn any_sequence_of_adds_is_a_map_in_order_of_first_insertion(
        sessions in prop::collection::vec((1u64..6, any::<bool>(), prop::collection::vec((0u64..8, 0usize..3), 0..20)), 1..5)
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("project.store");
        let mut order: Vec<u64> = Vec::new();
        let mut content: HashMap<u64, Spec> = HashMap::new();
        for (batch, finished, adds) in sessions {
            let store = Store::create_or_open(&path).unwrap();
            let mut importer = store.importer().unwrap().with_batch(batch, usize::MAX);
            // An import that is dropped keeps its whole batches.
            let kept = if finished { adds.len() } else { adds.len() - adds.len() % batch as usize };
            for (index, (id, variant)) in adds.into_iter().enumerate() {
                let spec = Spec { stage: variant, revision: variant as u64, batches: vec![format!("b{variant}")], points: 2, ..Spec::of(id) };
                let added = importer.add(&spec.text()).unwrap();
                if index < kept {
                    let expected = match content.insert(id, spec.clone()) {
                        None => Added::Inserted,
                        Some(before) if before == spec => Added::Unchanged,
                        Some(_) => Added::Updated,
                    };
                    prop_assert_eq!(added, expected);
                    if expected == Added::Inserted {
                        order.push(id);
                    }
                }
            }
            if finished {
                importer.finish().unwrap();
            } else {
                drop(importer);
            }
            let expected = lines(order.iter().map(|id| &content[id]));
            prop_assert_eq!(text(store.read(&Selection::default()).unwrap()), expected);
            let batch: Vec<&Spec> = order.iter().map(|id| &content[id]).filter(|spec| spec.revision == 1).collect();
            let one = Selection { batches: strings(["b1"]), ..Selection::default() };
            prop_assert_eq!(text(store.read(&one).unwrap()), lines(batch));
        }
    }
}
