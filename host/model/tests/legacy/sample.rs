//! Published samples as a whole, key order included.

use super::{converted_value, counts};
use ango_model::json::Document;

/// The samples in the legacy format.
fn samples() -> Vec<(String, Vec<(&'static str, u64)>)> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/v3-samples.json")).unwrap();
    let document = Document::parse(&text).unwrap();
    document
        .root()
        .elements()
        .map(|record| {
            let (text, left_out) = converted_value(&record);
            (text, counts(&left_out))
        })
        .collect()
}

#[test]
fn the_task_with_two_consensus_branches() {
    let (text, counts) = samples().swap_remove(0);
    let expected = concat!(
        r#"{"asset":"https://asset.com/4b6cf400-4c8c-407c-ac17-7fc46ff31ed6.jpg#signed","externalId":"id.jpg","metadata":{},"#,
        r#""labeledAt":"2023-06-13T11:43:50.821Z","status":"Labeled","labelDuration":18069,"consensus":"","#,
        r#""tasks":[{"completedBy":"example@ango.ai","completedAt":"2023-06-13T11:43:50.821Z","duration":18069,"#,
        r#""review":{"status":"Todo","completedBy":[],"completedAt":null,"duration":0},"#,
        r#""status":"Completed","updatedBy":"example@ango.ai","updatedAt":"2023-06-13T11:43:50.774Z","taskId":"64885625c5c18a0015b9a2b2","#,
        r#""objects":[{"bounding-box":{"x":559.1259640102828,"y":370.33893919793013,"height":243.03492884864167,"width":462.72493573264785},"#,
        r#""objectId":"46977649fb0d3fe07aaf604","classifications":[],"metadata":{"createdAt":1686656626604,"createdBy":"example@ango.ai","#,
        r#""createdIn":"9c9b1d95-e366-4b43-b2e9-ec8a23b65792"},"schemaId":"f85d16526793ef2df7da359","title":"BB"}],"#,
        r#""classifications":[{"objectId":"6cd4e0c70542b29a457d908","schemaId":"6c1eaa823dcda15716b0591","tool":"radio","title":"Rad","answer":"2","#,
        r#""classifications":[]}],"relations":[]}],"batches":[]}"#,
    );
    assert_eq!(text, expected);
    // Of three visits the last one says who completed the task; Start holds no annotations.
    assert_eq!(
        counts,
        [
            ("stage", 1),
            ("stage-history", 2),
            ("stage-visit", 2),
            ("user-name", 2),
            ("is-skipped", 1),
            ("is-benchmark", 1),
            ("benchmark", 1),
            ("issues", 1),
            ("column-field", 1),
        ]
    );
}

#[test]
fn the_task_with_one_of_everything() {
    let (text, counts) = samples().swap_remove(1);
    let start = concat!(
        r#"{"asset":"https://assets.example.com/66a1/assets/3f2c.png?X-Amz-Expires=120000&X-Amz-Signature=0a1b#signed","#,
        r#""externalId":"folder/every tool: one.png","assetId":"66a1f0b2c3d4e5f60718293a","#,
        r#""contextData":{"city":"Roma","weather":"überall \"nass\" \\ \u00e4 \ud83d\udea2 / \/"},"#,
        r#""attachments":[{"type":"TEXT","value":"unknown keys stay"}],"metadata":{"width":1920,"height":1.08e3,"frameRate":30.0},"#,
        r#""labeledAt":"2023-09-01T13:02:49.271Z","reviewedAt":"2023-09-01T13:00:00.000Z","status":"Labeled","labelDuration":18069,"consensus":87,"#,
        r#""tasks":[{"completedBy":null,"completedAt":"2023-09-01T13:02:49.271Z","duration":0,"#,
        r#""review":{"status":"Accepted","completedBy":["rita@example.net"],"completedAt":"2023-09-01T13:00:00.000Z","duration":12},"#,
        r#""status":"Completed","updatedBy":"lorenzo@example.net","updatedAt":"2023-09-01T13:02:49.271Z","isBenchmark":false,"#,
        r#""taskId":"66a1f0b2c3d4e5f60718293b","#,
        r#""brushDataUrl":"https://assets.example.com/66a1f0b2c3d4e5f60718293b-1693573369271.png?X-Amz-Expires=120000#signed","objects":[{"#,
    );
    let end = concat!(
        r#""relations":[{"from":"1b2c3d4e5f60718293a4b01","to":"1b2c3d4e5f60718293a4b02","objectId":"572c2545502ba09bd661714","#,
        r#""schemaId":"8f8e617174718e80bbea268","direction":"straight","page":0,"title":"sng"},"#,
        r#"{"objectId":"15ff30bd776c19fee934398","schemaId":"37ccadce8a7505b93659450","#,
        r#""group":["1b2c3d4e5f60718293a4b01","1b2c3d4e5f60718293a4b02","1b2c3d4e5f60718293a4b03"],"page":0,"title":"gru"}]}],"#,
        r#""batches":["week 1","ночь"]}"#,
    );
    assert!(text.starts_with(start), "{text}");
    assert!(text.ends_with(end), "{text}");
    // The six questions are the four of the task and the two nested ones of the voxel brush.
    assert_eq!(
        counts,
        [
            ("stage", 1),
            ("stage-visit", 1),
            ("consensus-detailed", 1),
            ("idle-blur", 1),
            ("user-name", 2),
            ("is-skipped", 1),
            ("benchmark", 1),
            ("issues", 1),
            ("masks", 1),
            ("column-field", 6),
        ]
    );
}

#[test]
fn the_task_in_review_with_two_pages() {
    let (text, _) = samples().swap_remove(2);
    let expected = concat!(
        r#"{"asset":"https://assets.example.com/pages/0.png#signed","externalId":"in review","#,
        r#""dataset":["https://assets.example.com/pages/0.png#signed","https://assets.example.com/pages/1.png#signed"],"#,
        r#""metadata":{},"labeledAt":null,"status":"Unlabeled","labelDuration":0,"consensus":"","#,
        r#""tasks":[{"completedBy":null,"completedAt":null,"duration":0,"#,
        r#""review":{"status":"Todo","completedBy":[],"completedAt":null,"duration":0},"status":"TODO","updatedBy":null,"updatedAt":null,"#,
        r#""taskId":"66a1f0b2c3d4e5f60718293c","objects":[],"classifications":[],"relations":[]}],"batches":[]}"#,
    );
    assert_eq!(text, expected);
}
