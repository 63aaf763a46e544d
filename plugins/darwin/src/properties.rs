//! Answers as properties: a name and a value for each, several with one name where several were chosen.

use ango_plugin_sdk::json::{write_answer, write_string};
use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::{Answer, Classification};

/// Appends the list of properties. Of a video each answer comes with the frame from which on it holds.
pub(crate) fn write(out: &mut Vec<u8>, answers: &mut dyn Iterator<Item = (Option<u32>, &Classification)>) {
    out.push(b'[');
    let mut is_first = true;
    for (frame, answer) in answers {
        one(out, &mut is_first, frame, answer);
    }
    out.push(b']');
}

#[inline(never)]
fn one(out: &mut Vec<u8>, is_first: &mut bool, frame: Option<u32>, answer: &Classification) {
    let mut put = |value: &str| {
        out.extend_from_slice(if *is_first { b"{\"frame_index\":" } else { b",{\"frame_index\":" });
        *is_first = false;
        match frame {
            Some(frame) => write_u64(out, frame.into()),
            None => out.extend_from_slice(b"null"),
        }
        out.extend_from_slice(b",\"name\":");
        write_string(out, &answer.title);
        out.extend_from_slice(b",\"value\":");
        write_string(out, value);
        out.push(b'}');
    };
    match &answer.answer {
        Answer::Empty => {}
        Answer::Text(text) => put(text),
        Answer::Choices(choices) => choices.iter().for_each(|choice| put(choice)),
        // Values are texts.
        other => {
            let mut text = Vec::new();
            write_answer(&mut text, other);
            put(std::str::from_utf8(&text).unwrap_or_default());
        }
    }
}
