//! Answers as flags and descriptions.

use ango_plugin_sdk::json::{write_answer, write_string};
use ango_plugin_sdk::{Answer, Classification};

/// Appends `flags`: for each chosen option `"question: option": true`, for a yes or no `"question": true`. Of answers that come twice one stays,
/// as the keys of an object are different.
pub(crate) fn write_flags<'a>(out: &mut Vec<u8>, answers: impl Iterator<Item = &'a Classification>) {
    let mut flags: Vec<(String, bool)> = Vec::new();
    for answer in answers {
        let title = &answer.title;
        match &answer.answer {
            Answer::Choices(choices) => flags.extend(choices.iter().map(|choice| (format!("{title}: {choice}"), true))),
            Answer::Flag(flag) => flags.push((title.clone(), *flag)),
            Answer::Text(choice) if !is_free_text(answer) => flags.push((format!("{title}: {choice}"), true)),
            _ => {}
        }
    }
    // The last one counts, as it would for a reader of JSON; the first one's place stays.
    let mut kept: Vec<(String, bool)> = Vec::with_capacity(flags.len());
    for (name, value) in flags {
        match kept.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known |= value,
            None => kept.push((name, value)),
        }
    }
    out.push(b'{');
    for (at, (name, value)) in kept.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write_string(out, name);
        out.extend_from_slice(if *value { b":true" } else { b":false" });
    }
    out.push(b'}');
}

/// Appends the description: the text read in the object, and each free answer, in a line of its own.
pub(crate) fn write_description<'a>(out: &mut Vec<u8>, answers: impl Iterator<Item = &'a Classification>, ocr: Option<&str>) {
    let mut lines: Vec<String> = ocr.map(str::to_owned).into_iter().collect();
    for answer in answers {
        match &answer.answer {
            Answer::Text(text) if is_free_text(answer) => lines.push(format!("{}: {text}", answer.title)),
            Answer::Number(_) | Answer::Other(_) => {
                let mut text = Vec::new();
                write_answer(&mut text, &answer.answer);
                lines.push(format!("{}: {}", answer.title, String::from_utf8_lossy(&text)));
            }
            _ => {}
        }
    }
    write_string(out, &lines.join("\n"));
}

/// Whether an answer is written by hand instead of chosen.
fn is_free_text(answer: &Classification) -> bool {
    answer.kind == "text"
}
