//! JSON by hand, and instants.

use crate::random::Random;
use crate::{bits, check};
use ango_plugin_sdk::time::{format_iso, parse_iso, year};
use ango_plugin_sdk::{Answer, json as by_hand};
use serde_json::{Value, json};

fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn texts() {
    const LETTERS: [char; 20] =
        ['a', 'Z', '0', ' ', '"', '\\', '/', '\n', '\r', '\t', '\0', '\u{1}', '\u{1f}', '\u{7f}', '\u{85}', 'é', '\u{2028}', '漢', '\u{feff}', '😀'];
    let mut random = Random(1);
    let mut texts: Vec<String> = (0..200)
        .map(|_| {
            let length = random.below(20);
            (0..length).map(|_| LETTERS[random.below(20) as usize]).collect()
        })
        .collect();
    texts.extend(["", "plain", "\"", "a text that is longer than eight bytes"].map(str::to_owned));
    let strings = texts.iter().map(|text| json!([text, written(|out| by_hand::write_string(out, text))])).collect();
    let answer = |kind: &str, given: Value, answer: &Answer| json!([kind, given, written(|out| by_hand::write_answer(out, answer))]);
    let answers = vec![
        answer("empty", Value::Null, &Answer::Empty),
        answer("text", json!("a \"b\""), &Answer::Text("a \"b\"".to_owned())),
        answer("choices", json!(["a", "ü\n"]), &Answer::Choices(vec!["a".to_owned(), "ü\n".to_owned()])),
        answer("choices", json!([]), &Answer::Choices(Vec::new())),
        answer("flag", json!(true), &Answer::Flag(true)),
        answer("flag", json!(false), &Answer::Flag(false)),
        answer("number", bits(0.1), &Answer::Number(0.1)),
        answer("number", bits(-3.0), &Answer::Number(-3.0)),
        answer("other", json!("{\"k\": [1 ]}"), &Answer::Other("{\"k\": [1 ]}".to_owned())),
    ];
    let mut instants =
        vec![0, -1, 1_686_656_626_604, 951_868_799_999, 253_402_300_799_999, 253_402_300_800_000, -62_167_219_200_001, i64::MAX / 1000];
    instants.extend((0..200).map(|_| (random.next() as i64) >> random.below(40)));
    let formatted = instants.iter().map(|&instant| json!([instant, format_iso(instant), year(instant)])).collect();
    let mut parsed: Vec<String> = [
        "1970-01-01T00:00:00.000Z",
        "2023-06-13T13:43:46.6041234+02:00",
        "2023-06-13T11:43:46Z",
        "2023-06-13 11:43:46.5",
        "2023-06-13t11:43:46.05z",
        "2023-06-13T11:43:46-0130",
        "2023-06-13T11:43:46+1",
        "2023-06-13T11:43:46+01:",
        "2023-06-13T24:00:60Z",
        "2023-06-13T25:00:00Z",
        "2023-13-01T00:00:00Z",
        "2023-00-01T00:00:00Z",
        "2023-02-31T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "-001-01-01T00:00:00Z",
        "2023-06-13T11:43Z",
        "2023-06-13T11:43:46.",
        "2023-06-13T11:43:46. 5",
        "2023-06-13T11:43:46.é",
        "2023-06-13T11:43:46.12é",
        "2023-06-13T1１:43:46Z",
        "é-é-éTé:é:éé",
        "2023",
        "",
        "T",
        "2023-06-13Tx",
        "2023-6-3T1:2:3.4Z",
        "2023-06-13T11:43:46.604 Z",
        "1234567890-01-01T00:00:00Z",
        "2023-06-13T11:43:46+01:02:03",
    ]
    .map(str::to_owned)
    .to_vec();
    parsed.extend(instants.iter().map(|&instant| format_iso(instant)));
    let read = parsed.iter().map(|text| json!([text, parse_iso(text)])).collect();
    check("text.json", &[("string", strings), ("answer", answers), ("format-iso", formatted), ("parse-iso", read)]);
}
