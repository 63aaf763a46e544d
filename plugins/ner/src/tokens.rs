//! Cutting a text into tokens and sentences.
//!
//! Tokens are the words of Unicode (UAX #29, word boundaries) without white space and control characters. So a word is a token with the points and apostrophes
//! within it (`U.S`, `don't`, `3.14`), a punctuation mark is one, an emoji with all its parts is one; in scripts without spaces a token is a character with its
//! marks (Chinese, Hiragana, Thai) or a run of Katakana. Whoever has to reproduce them finds the same rules in ICU.

use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::options::Sentences;

/// Whether a character separates tokens and belongs to none. Also control characters, as readers of CoNLL take some of them for white space and line breaks.
pub(crate) fn is_separator(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// The tokens of a text in order, in bytes.
#[inline(never)]
pub(crate) fn tokens(text: &str) -> Vec<Range<usize>> {
    let mut tokens = Vec::with_capacity(text.len() / 5);
    let mut start = 0;
    // Every word ends where there is such white space, and most have no letter beyond ASCII: for them the rules are short.
    for chunk in text.split(|c: char| c.is_ascii_whitespace() || c.is_ascii_control()) {
        if chunk.is_ascii() {
            ascii_words(chunk.as_bytes(), start, &mut tokens);
        } else {
            words(chunk, start, &mut tokens);
        }
        start += chunk.len() + 1;
    }
    tokens
}

/// Appends the words of a text that begins at `start`.
fn words(text: &str, start: usize, tokens: &mut Vec<Range<usize>>) {
    for (at, word) in text.split_word_bound_indices() {
        // A mark that follows a space is part of its word in Unicode, so a word can have separators at any place.
        for piece in word.split(is_separator).filter(|piece| !piece.is_empty()) {
            let begin = start + at + (piece.as_ptr() as usize - word.as_ptr() as usize);
            tokens.push(begin..begin + piece.len());
        }
    }
}

/// The same for a text of ASCII without white space: letters, digits and `_` stay together, and so do two letters or two digits around certain marks (WB5 to
/// WB13).
fn ascii_words(text: &[u8], start: usize, tokens: &mut Vec<Range<usize>>) {
    let is_of_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let mut at = 0;
    while let Some(&first) = text.get(at) {
        let begin = at;
        at += 1;
        while is_of_word(first) {
            match &text[at - 1..] {
                [_, next, ..] if is_of_word(*next) => at += 1,
                [before, b'.' | b'\'' | b':', after, ..] if before.is_ascii_alphabetic() && after.is_ascii_alphabetic() => at += 2,
                [before, b'.' | b'\'' | b',' | b';', after, ..] if before.is_ascii_digit() && after.is_ascii_digit() => at += 2,
                _ => break,
            }
        }
        tokens.push(start + begin..start + at);
    }
}

/// Where sentences begin, in bytes and in order, but for the first one.
pub(crate) fn sentence_starts(text: &str, sentences: Sentences) -> Vec<usize> {
    match sentences {
        Sentences::None => Vec::new(),
        Sentences::Lines => text.match_indices(is_line_break).map(|(at, found)| at + found.len()).collect(),
        // Line breaks end a sentence by these rules too.
        Sentences::Unicode => text.split_sentence_bound_indices().skip(1).map(|(at, _)| at).collect(),
    }
}

fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<&str> {
        tokens(text).into_iter().map(|token| &text[token]).collect()
    }

    #[test]
    fn tokens_are_the_words_of_unicode() {
        assert_eq!(words("Anna didn't pay $3.50 (U.S.)!"), ["Anna", "didn't", "pay", "$", "3.50", "(", "U.S", ".", ")", "!"]);
        assert_eq!(words("北京大学の テレビ"), ["北", "京", "大", "学", "の", "テレビ"]);
        assert_eq!(words("हिन्दी भाषा"), ["हिन्दी", "भाषा"]);
        assert_eq!(words("👩‍👩‍👧‍👦🇩🇪!"), ["👩‍👩‍👧‍👦", "🇩🇪", "!"]);
        assert_eq!(words(" \t\u{a0}\n\u{0}a\u{1c}b\u{2028}c \u{308}d"), ["a", "b", "c", "\u{308}", "d"]);
        assert_eq!(words(""), [] as [&str; 0]);
    }

    #[test]
    fn sentences_begin_behind_lines_or_full_stops() {
        let text = "One. Two\nThree";
        let starts = |sentences| sentence_starts(text, sentences).iter().map(|&at| &text[at..]).collect::<Vec<_>>();
        assert_eq!(starts(Sentences::Lines), ["Three"]);
        assert_eq!(starts(Sentences::Unicode), ["Two\nThree", "Three"]);
        assert_eq!(starts(Sentences::None), [] as [&str; 0]);
    }

    proptest! {
        #[test]
        fn tokens_are_everything_but_separators(text in any::<String>()) {
            let joined: String = words(&text).concat();
            let visible: String = text.chars().filter(|&c| !is_separator(c)).collect();
            prop_assert_eq!(joined, visible);
        }

        #[test]
        fn words_of_ascii_are_those_of_unicode(text in "[a1_.':,;!\\- \n\u{1}é]{0,20}|[ -~\n]{0,20}") {
            let mut expected = Vec::new();
            super::words(&text, 0, &mut expected);
            prop_assert_eq!(tokens(&text), expected);
        }
    }
}
