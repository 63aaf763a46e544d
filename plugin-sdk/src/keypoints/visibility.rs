//! Whether a point can be seen, by how people commonly ask for it.

use crate::types::Answer;

/// A keypoint that is not there.
pub(super) const ABSENT: u8 = 0;
/// A keypoint that is hidden.
pub(super) const HIDDEN: u8 = 1;
/// A keypoint that can be seen.
pub(super) const VISIBLE: u8 = 2;

/// What an answer says about that, if its question is called after visibility, and the answer is a common one.
pub(super) fn by_custom(title: &str, answer: &Answer) -> Option<u8> {
    said(answer, sense(title)?)
}

/// Whether yes means that something can be seen (`Visible`), or that it cannot (`Occluded`); `None` if the title is about something else.
fn sense(title: &str) -> Option<bool> {
    match plain(title).as_str() {
        "visible" | "visibility" | "is visible" | "v" => Some(true),
        "occluded" | "occlusion" | "hidden" | "invisible" | "is occluded" | "is hidden" | "not visible" => Some(false),
        _ => None,
    }
}

/// `v` by an answer; `None` if it says nothing about it.
fn said(answer: &Answer, yes_is_visible: bool) -> Option<u8> {
    let by_flag = |yes: bool| if yes == yes_is_visible { VISIBLE } else { HIDDEN };
    let by_text = |text: &str| match plain(text).as_str() {
        "2" | "visible" | "fully visible" | "partly visible" | "partially visible" => Some(VISIBLE),
        "1" | "hidden" | "occluded" | "invisible" | "not visible" => Some(HIDDEN),
        "0" | "absent" | "missing" | "not labeled" | "not labelled" | "out of frame" => Some(ABSENT),
        "yes" | "true" => Some(by_flag(true)),
        "no" | "false" => Some(by_flag(false)),
        _ => None,
    };
    match answer {
        Answer::Flag(yes) => Some(by_flag(*yes)),
        Answer::Number(number) => [ABSENT, HIDDEN, VISIBLE].into_iter().find(|v| f64::from(*v) == *number),
        Answer::Text(text) => by_text(text),
        Answer::Choices(choices) => choices.iter().find_map(|choice| by_text(choice)),
        Answer::Empty | Answer::Other(_) => None,
    }
}

/// A text as people may write it in any way: in small letters, with spaces.
fn plain(text: &str) -> String {
    let letter = |letter: char| if matches!(letter, '_' | '-') { ' ' } else { letter.to_ascii_lowercase() };
    text.trim().chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_are_understood_and_others_say_nothing() {
        let text = |text: &str| Answer::Text(text.to_owned());
        for (title, answer, want) in [
            ("Visible", text("yes"), Some(VISIBLE)),
            ("visible", Answer::Flag(false), Some(HIDDEN)),
            ("Occluded", Answer::Choices(vec!["Occluded".to_owned()]), Some(HIDDEN)),
            ("is_occluded", text("No"), Some(VISIBLE)),
            ("Visibility", text("not-labeled"), Some(ABSENT)),
            ("visibility", Answer::Number(1.0), Some(HIDDEN)),
            ("V", text("2"), Some(VISIBLE)),
            ("Visibility", text("?"), None),
            ("Visibility", Answer::Empty, None),
            ("Colour", text("hidden"), None),
        ] {
            assert_eq!(by_custom(title, &answer), want, "{title}: {answer:?}");
        }
    }
}
