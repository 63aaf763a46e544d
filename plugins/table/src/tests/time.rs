//! Time, visits of stages, and what is chosen by them.

use super::*;

pub(super) fn worked() -> Value {
    let mut worked = task("a.pdf", &[boxed(), json!({"point": [1, 1], "classifications": [answer("c", "q", json!("x"), &[])]})]);
    let of = |stage: &str, ms: u64, by: Option<&str>, at: &str, status: Option<&str>| json!({"stage": stage, "stageId": stage, "duration": ms, "completedBy": by, "completedAt": at, "reviewStatus": status, "tools": [boxed_with_id("h")]});
    worked["task"]["stageHistory"] = json!([
        of("Start", 0, None, "2023-06-01T00:00:00Z", None),
        of("Label", 61_000, Some("bob@x.test"), "2023-06-02T23:59:59.999Z", None),
        of("Review", 3_600_000, Some("rev@x.test"), "2023-06-03T00:00:00Z", Some("Rejected")),
        of("Label", 500, Some("ann@x.test"), "2023-06-04T00:00:00Z", None),
    ]);
    worked["task"]["totalDuration"] = json!(3_661_500);
    worked["task"]["totalIdleDuration"] = json!(90_000);
    worked["dataset"] = json!(["https://x.test/1", "https://x.test/2"]);
    worked["task"]["classifications"] = json!([answer("c1", "a", json!("x"), &[answer("c2", "b", json!("y"), &[])])]);
    worked
}

fn boxed_with_id(id: &str) -> Value {
    let mut boxed = boxed();
    boxed["objectId"] = json!(id);
    boxed["schemaId"] = json!("s-cat");
    boxed["title"] = json!("cat");
    boxed
}

#[test]
fn time_is_told_as_in_hubs_report() {
    let outcome = run(&[worked()], json!({"what": ["time"]}));
    let head = outcome.text("time.csv").unwrap().lines().next().unwrap();
    assert_eq!(
        head,
        "Batch,Stage,External ID,Task ID,Labeler Name,Reviewer Name,Label Date,Review Date,Label Duration (sec),Review Duration (sec),Number of Pages,\
Number of Classifications,Number of Tools,Number of Tool Classifications,Number of Relations,Total Duration (sec),Idle Duration (sec),Blur Duration (sec),\
Asset URL,Asset ID"
    );
    let cells = |options: Value| {
        let outcome = run(&[worked()], options);
        outcome.text("time.csv").unwrap().lines().nth(1).unwrap().split_once("t-a.pdf,").unwrap().1.to_owned()
    };
    let sec = "ann@x.test,rev@x.test,2023-06-04,2023-06-03,61.5,3600,2,2,2,1,0,3661.5,90,,https://x.test/a.pdf,";
    assert_eq!(cells(json!({"what": ["time"]})), sec);
    let hours = "ann@x.test,rev@x.test,2023-06-04,2023-06-03,0.017083,1,2,1,2,0,0,1.017083,0.025,,https://x.test/a.pdf,";
    assert_eq!(cells(json!({"what": ["time"], "duration_unit": "hour", "count_nested_classifications": false})), hours);
}

#[test]
fn days_choose_tasks_and_visits() {
    let visits = |options: Value| {
        let mut options = options;
        options["what"] = json!(["history", "time"]);
        let outcome = run(&[worked()], options);
        (column(&rows(&outcome, "history.csv"), "visit").join(""), rows(&outcome, "time.csv").len(), outcome.lost.len())
    };
    assert_eq!(visits(json!({})), ("1234".to_owned(), 1, 0));
    assert_eq!(visits(json!({"start_date": "2023-06-02", "end_date": "2023-06-02"})), ("2".to_owned(), 1, 3));
    assert_eq!(visits(json!({"end_date": "2023-06-03", "start_date": null})), ("123".to_owned(), 1, 1));
    assert_eq!(visits(json!({"start_date": "2024-01-01"})), (String::new(), 0, 5));
    for (options, pointer) in
        [(json!({"start_date": "2023-02-29"}), "/start_date"), (json!({"start_date": "2023-02-02", "end_date": "2023-02-01"}), "/end_date")]
    {
        let outcome = kit(&[]).run::<Table>(&options.to_string());
        assert!(matches!(outcome.result, Err(RunError::Failure(Failure::Options(error))) if error.pointer == pointer));
    }
    let outcome = run(&[task("a.jpg", &[])], json!({"what": ["history", "time"]}));
    assert_eq!(outcome.codes(), [("history-missing", 1)].into());
    assert_eq!(rows(&outcome, "time.csv").len(), 1);
}

#[test]
fn a_stage_is_taken_from_the_history_which_stays_as_it_is() {
    let outcome = run(&[worked(), task("b.jpg", &[boxed()])], json!({"what": ["objects", "history"], "stage": "Review"}));
    assert_eq!(column(&rows(&outcome, "objects.csv"), "object_id"), ["h"]);
    assert_eq!(column(&rows(&outcome, "history.csv"), "objects"), ["1"; 4]);
    assert_eq!(outcome.codes(), [("stage-missing", 1)].into());
}
