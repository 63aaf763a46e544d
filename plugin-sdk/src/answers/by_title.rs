//! Answers by the title of their question, for formats that have one place for each.

use crate::bytes::{fingerprint, is_equal};
use crate::json::{write_answer, write_string};
use crate::order::group;
use crate::types::{Answer, Classification};

/// Answers by title, in the order in which titles first occur; what was not answered is not there. Several answers have one title where a question can be answered
/// several times, is nested in several others, or is called like another one.
pub fn by_title<'a>(classifications: impl IntoIterator<Item = &'a Classification>) -> Vec<(&'a str, Vec<&'a Answer>)> {
    let answered: Vec<&Classification> = classifications.into_iter().filter(|classification| classification.answer != Answer::Empty).collect();
    let title = |at: u32| answered.get(at as usize).map_or("", |classification| classification.title.as_str());
    let count = u32::try_from(answered.len()).unwrap_or(u32::MAX);
    let is_same = |a: u32, b: u32| is_equal(title(a).as_bytes(), title(b).as_bytes());
    let groups = group(count, &|at| fingerprint(title(at).as_bytes()), &is_same);
    let answers = |group: &[(u64, u32)]| group.iter().filter_map(|&(_, at)| Some(&answered.get(at as usize)?.answer)).collect();
    groups.chunk_by(|a, b| a.0 == b.0).filter_map(|group| Some((answered.get(group.first()?.1 as usize)?.title.as_str(), answers(group)))).collect()
}

/// Appends the answers of one title: the only one, or a list.
pub(crate) fn write_group(out: &mut Vec<u8>, group: &[&Answer]) {
    if let [only] = *group {
        return write_answer(out, only);
    }
    for (at, answer) in group.iter().enumerate() {
        out.push(if at == 0 { b'[' } else { b',' });
        write_answer(out, answer);
    }
    out.push(b']');
}

/// Appends answers as a JSON object: a key for each title, and a list where there are several answers.
pub fn write_json<'a>(out: &mut Vec<u8>, classifications: impl IntoIterator<Item = &'a Classification>) {
    out.push(b'{');
    for (position, (title, group)) in by_title(classifications).into_iter().enumerate() {
        if position > 0 {
            out.push(b',');
        }
        write_string(out, title);
        out.push(b':');
        write_group(out, &group);
    }
    out.push(b'}');
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn classification(title: &str, answer: Answer) -> Classification {
        Classification {
            object_id: String::new(),
            schema_id: String::new(),
            title: title.to_owned(),
            kind: String::new(),
            answer,
            parent: None,
            page: None,
            interpolation_stopped: false,
            provenance: None,
        }
    }

    #[test]
    fn titles_stay_in_order_and_those_that_recur_have_a_list() {
        let text = |text: &str| Answer::Text(text.to_owned());
        let all = [
            classification("z", text("1")),
            classification("a \"b\"", Answer::Flag(true)),
            classification("none", Answer::Empty),
            classification("z", Answer::Choices(vec!["2".to_owned(), "3".to_owned()])),
            classification("m", Answer::Number(0.5)),
        ];
        let mut out = Vec::new();
        write_json(&mut out, &all);
        assert_eq!(String::from_utf8(out).unwrap(), r#"{"z":["1",["2","3"]],"a \"b\"":true,"m":0.5}"#);
        let mut out = Vec::new();
        write_json(&mut out, []);
        assert_eq!(out, b"{}");
    }
}
