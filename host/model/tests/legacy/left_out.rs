//! What is counted as left out.

use super::{converted, counts, with_task};
use ango_model::legacy::{Code, LeftOut};
use std::collections::HashSet;

/// The counts of a record whose task has these members, without those of every task.
fn of_task(members: &str) -> Vec<(&'static str, u64)> {
    let every_task = ["is-skipped", "benchmark", "issues"];
    let mut counts = counts(&converted(&with_task(&format!(r#""type":"default"{members}"#))).1);
    counts.retain(|(name, _)| !every_task.contains(name));
    counts
}

#[test]
fn each_code_counts_what_concerns_the_record() {
    for (members, expected) in [
        ("", &[] as &[(&str, u64)]),
        (r#","stage":"Label","stageId":"Label""#, &[("stage", 1)]),
        (r#","stage":"","stageId":null"#, &[]),
        (r#","updatedBy":"a@x.test""#, &[("user-name", 1)]),
        (r#","consensusDetailed":[{"score":1},{"score":0}]"#, &[("consensus-detailed", 1)]),
        (r#","consensusDetailed":[]"#, &[]),
        (
            r#","totalIdleDuration":0,"blurDuration":null,"stageHistory":[{"idleDuration":3,"blurDuration":4}]"#,
            &[("stage-visit", 1), ("idle-blur", 3)],
        ),
        (r#","stageHistory":[null,{"tools":[],"relations":null,"brushDataUrl":""},{"relations":[{}]}]"#, &[("stage-history", 1), ("stage-visit", 2)]),
        (
            r#","stageHistory":[{"completedBy":"a"},{"completedBy":"a","brushDataUrl":"u"},{"reviewStatus":"Fixed","completedBy":"r"}]"#,
            &[("stage-history", 1), ("stage-visit", 1), ("user-name", 2)],
        ),
        (
            r#","tools":[{"segmentation":{}},{"polygon":[]},{"segmentation":{},"masks":[]},null,{"classifications":[{}]}]"#,
            &[("masks", 1), ("column-field", 1)],
        ),
        (
            r#","classifications":[{"classifications":[{"classifications":[{}]}]},{"columnField":false},{"columnField":null},null]"#,
            &[("column-field", 4)],
        ),
        (r#","relations":[{"metadata":{"createdBy":"a@x.test","updatedBy":"b@x.test","createdAt":1}},{"metadata":null}]"#, &[("user-name", 2)]),
        (r#","review":{},"duration":5"#, &[("replaced-key", 2)]),
    ] {
        assert_eq!(of_task(members), expected, "{members}");
    }
}

#[test]
fn a_task_that_has_the_old_keys_lacks_nothing() {
    let (_, left_out) = converted(&with_task(r#""type":"default","isSkipped":false,"benchmark":"","issues":[]"#));
    assert!(left_out.is_empty(), "{left_out:?}");
    let (_, left_out) = converted(r#"{"asset":"u","status":"x","task":{"isSkipped":null}}"#);
    assert_eq!(counts(&left_out), [("is-skipped", 1), ("is-benchmark", 1), ("benchmark", 1), ("issues", 1), ("replaced-key", 1)]);
}

#[test]
fn counts_of_several_records_add_up_in_a_fixed_order() {
    let (mut one, mut other) = (LeftOut::default(), LeftOut::default());
    other.add(Code::Masks, 2);
    one.add(Code::Masks, u64::MAX - 1);
    other.add(Code::Stage, 3);
    one.merge(&other);
    assert_eq!(one.iter().collect::<Vec<_>>(), [(Code::Stage, 3), (Code::Masks, u64::MAX)]);
    assert_eq!((one.count(Code::Stage), one.count(Code::Issues)), (3, 0));
}

#[test]
fn every_code_has_a_name_of_its_own_and_says_what_is_missing() {
    let names: HashSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
    let meanings: HashSet<_> = Code::ALL.iter().map(|code| code.meaning()).collect();
    assert_eq!((names.len(), meanings.len()), (Code::ALL.len(), Code::ALL.len()));
    for code in Code::ALL {
        assert!(code.name().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{code:?}");
        assert!(!code.meaning().contains('\n') && code.meaning().len() > 20, "{code:?}");
        let mut left_out = LeftOut::default();
        left_out.add(code, 1);
        assert_eq!(left_out.iter().collect::<Vec<_>>(), [(code, 1)]);
    }
}
