//! Answers as attributes: a text for one answer, `{"red": true}` for choices, as VIA's own check boxes have it.

use ango_plugin_sdk::answers::by_title;
use ango_plugin_sdk::json::write_string;
use ango_plugin_sdk::number::write_f64;
use ango_plugin_sdk::{Answer, Classification};

/// Appends `,"title":answer` for each title that was answered, in the order in which titles first occur. A title that is a key of ours already is called
/// `answer: title`.
pub(crate) fn write_answers<'a>(out: &mut Vec<u8>, classifications: impl IntoIterator<Item = &'a Classification>, ours: &[&str]) {
    for (title, answers) in by_title(classifications) {
        out.push(b',');
        if ours.contains(&title) {
            write_string(out, &["answer: ", title].concat());
        } else {
            write_string(out, title);
        }
        out.push(b':');
        match answers[..] {
            [only] if !matches!(only, Answer::Choices(_)) => each_text(only, &mut |text| write_string(out, text)),
            _ => write_choices(out, &answers),
        }
    }
}

fn write_choices(out: &mut Vec<u8>, answers: &[&Answer]) {
    // A choice made twice is one key.
    let mut written: Vec<String> = Vec::new();
    out.push(b'{');
    for answer in answers {
        each_text(answer, &mut |text| {
            if !written.iter().any(|known| known == text) {
                if !written.is_empty() {
                    out.push(b',');
                }
                write_string(out, text);
                out.extend_from_slice(b":true");
                written.push(text.to_owned());
            }
        });
    }
    out.push(b'}');
}

/// Calls with every text that an answer is.
fn each_text(answer: &Answer, take: &mut dyn FnMut(&str)) {
    match answer {
        Answer::Empty => {}
        Answer::Text(text) | Answer::Other(text) => take(text),
        Answer::Choices(choices) => choices.iter().for_each(|choice| take(choice)),
        Answer::Flag(flag) => take(if *flag { "true" } else { "false" }),
        Answer::Number(number) => {
            let mut text = Vec::new();
            write_f64(&mut text, *number);
            take(std::str::from_utf8(&text).unwrap_or_default());
        }
    }
}
