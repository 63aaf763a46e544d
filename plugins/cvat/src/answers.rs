//! Answers as the attributes of a shape or a tag.

use ango_plugin_sdk::labels::Label;
use ango_plugin_sdk::number::write_f64;
use ango_plugin_sdk::text::xml::{can_hold, write_attribute, write_text};
use ango_plugin_sdk::{Answer, Classification, Run};

/// What stands between answers of one attribute, which has room for one.
const BETWEEN: &[u8] = b"; ";

/// What the answers are about: the task, and the object or the answer that they are nested in.
#[derive(Clone, Copy)]
pub(crate) struct About<'a> {
    pub(crate) run: &'a Run,
    pub(crate) task: u64,
    pub(crate) object: &'a str,
}

/// Ends a start tag, appends an attribute for each question that was answered, and appends the end tag. Answers of one title are one attribute.
#[inline]
pub(crate) fn close(out: &mut Vec<u8>, tag: &[u8], about: About<'_>, label: &Label, answers: &[Classification]) {
    if answers.is_empty() {
        out.extend_from_slice(b"/>\n");
    } else {
        close_with(out, tag, about, label, answers);
    }
}

#[inline(never)]
fn close_with(out: &mut Vec<u8>, tag: &[u8], about: About<'_>, label: &Label, answers: &[Classification]) {
    out.push(b'>');
    for (at, answer) in answers.iter().enumerate() {
        let is_told = |answer: &&Classification| answer.answer != Answer::Empty;
        if !is_told(&answer) || answers[..at].iter().filter(is_told).any(|before| before.title == answer.title) {
            continue;
        }
        if !label.has(&answer.title) {
            let detail =
                format_args!("label {:?} does not declare an attribute {:?}, as the ontology has no such question there", label.name, answer.title);
            about.run.lost(about.task, Some(about.object), "classification-unsupported", detail);
            continue;
        }
        out.extend_from_slice(b"<attribute name=\"");
        write_attribute(out, &answer.title);
        out.extend_from_slice(b"\">");
        let mut is_whole = can_hold(&answer.title);
        for (number, same) in answers[at..].iter().filter(|same| is_told(same) && same.title == answer.title).enumerate() {
            if number > 0 {
                out.extend_from_slice(BETWEEN);
            }
            is_whole &= write_value(out, &same.answer);
        }
        out.extend_from_slice(b"</attribute>");
        if !is_whole {
            let detail = format_args!("answer to {:?} has characters that XML cannot hold: U+FFFD stands for them", answer.title);
            about.run.lost(about.task, Some(about.object), "text-changed", detail);
        }
    }
    out.extend_from_slice(b"</");
    out.extend_from_slice(tag);
    out.extend_from_slice(b">\n");
}

/// Appends an answer, and says whether XML can hold all of it.
fn write_value(out: &mut Vec<u8>, answer: &Answer) -> bool {
    match answer {
        Answer::Empty => true,
        Answer::Text(text) | Answer::Other(text) => {
            write_text(out, text);
            can_hold(text)
        }
        Answer::Choices(choices) => {
            for (at, choice) in choices.iter().enumerate() {
                if at > 0 {
                    out.extend_from_slice(BETWEEN);
                }
                write_text(out, choice);
            }
            choices.iter().all(|choice| can_hold(choice))
        }
        Answer::Flag(flag) => {
            out.extend_from_slice(if *flag { b"true" } else { b"false" });
            true
        }
        Answer::Number(number) => {
            write_f64(out, *number);
            true
        }
    }
}
