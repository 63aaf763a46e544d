//! Names in formats that hold only some of them: without spaces, or as parts of file names. No two names become one.

use crate::class_table::{ClassTable, TableClass};
use crate::order::sorted_positions;
use crate::run::Run;
use crate::text::xml;

/// What a name is called that has nothing of what the format can hold.
const NAMELESS: &str = "unnamed";
/// The longest part of a file name, in bytes: room for a suffix is left.
const MAX_FILE_TOKEN: usize = 150;

/// Names as a format can hold them, by their position in the list that they were made from.
#[derive(Clone, Debug, Default)]
pub struct Tokens(Vec<Token>);

#[derive(Clone, Debug)]
struct Token {
    text: String,
    changed: bool,
}

impl Tokens {
    /// The names of classes as words: what is white space, a control character or a quote in them becomes `_`. For formats whose rows are words between
    /// spaces, which some readers take for CSV.
    pub fn words(classes: &ClassTable) -> Self {
        Self::new(classes, &|name| name.chars().map(|c| if is_of_word(c) { c } else { '_' }).collect(), str::to_owned)
    }

    /// The names of classes as XML can hold them: for names that [`xml`](super::xml) would otherwise write with U+FFFD in the place of a character.
    pub fn of_xml(classes: &ClassTable) -> Self {
        Self::new(classes, &|name| name.chars().map(|c| if xml::is_char(c) { c } else { '\u{fffd}' }).collect(), str::to_owned)
    }

    /// The names of classes as parts of file names, to stand between others: what some system refuses, or writes in two ways, becomes `_`. They differ also
    /// when case is ignored.
    pub fn of_files(classes: &ClassTable) -> Self {
        let part = |name: &str| {
            let mut part: String = name.chars().map(|c| if is_of_file(c) { c } else { '_' }).collect();
            let end = (0..=MAX_FILE_TOKEN.min(part.len())).rev().find(|&at| part.is_char_boundary(at)).unwrap_or(0);
            part.truncate(end);
            part
        };
        Self::new(classes, &part, str::to_lowercase)
    }

    /// `clean` makes a name one that the format holds (an empty one is replaced); two names with the same `key` are the same to its readers.
    #[inline(never)]
    pub fn new(classes: &ClassTable, clean: &dyn Fn(&str) -> String, key: fn(&str) -> String) -> Self {
        let token = |class: &TableClass| {
            let text = Some(clean(&class.name)).filter(|text| !text.is_empty()).unwrap_or_else(|| NAMELESS.to_owned());
            Token { changed: text != class.name, text }
        };
        let mut tokens: Vec<Token> = classes.classes().iter().map(token).collect();
        let keys: Vec<String> = tokens.iter().map(|token| key(&token.text)).collect();
        let key_at = |place: u32| keys[place as usize].as_str();
        // Of those that are the same, one that can stay as it is comes first.
        let order = sorted_positions(keys.len(), &mut |a, b| (key_at(a), tokens[a as usize].changed) < (key_at(b), tokens[b as usize].changed));
        for alike in order.chunk_by(|&a, &b| key_at(a) == key_at(b)) {
            let mut number = 1;
            for &place in &alike[1..] {
                // A number behind the last `_` belongs to one text only, so that what is made here cannot meet what is made of others; only what was there before.
                let text = loop {
                    number += 1;
                    let text = format!("{}_{number}", tokens[place as usize].text);
                    let wanted = key(&text);
                    let at = order.partition_point(|&other| key_at(other) < wanted.as_str());
                    if order.get(at).is_none_or(|&other| key_at(other) != wanted) {
                        break text;
                    }
                };
                tokens[place as usize] = Token { text, changed: true };
            }
        }
        Self(tokens)
    }

    /// The name at a position; empty beyond the last.
    #[inline]
    pub fn get(&self, place: u32) -> &str {
        self.0.get(place as usize).map_or("", |token| &token.text)
    }

    /// Reports an object that is written under a name that is not its class's own.
    #[inline]
    pub fn report(&self, run: &Run, task: u64, object: &str, classes: &ClassTable, place: u32) {
        if self.0.get(place as usize).is_some_and(|token| token.changed) {
            let (from, to) = (classes.name(place), self.get(place));
            run.lost(
                task,
                Some(object),
                "name-changed",
                format_args!("object is there; its class {from:?} is called {to:?}, which the format can hold"),
            );
        }
    }
}

/// Whether a word can have this character in it.
fn is_of_word(c: char) -> bool {
    // The joiner and the mark are no white space to Unicode, but to some readers.
    !c.is_whitespace() && !c.is_control() && !matches!(c, '"' | '\u{180e}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether a part of a file name can have this character in it: letters and digits of which there is one way to write them, so that systems that normalise
/// names do not make two of them one.
fn is_of_file(c: char) -> bool {
    match c {
        '-' | '_' => true,
        '\0'..='\u{7f}' => c.is_ascii_alphanumeric(),
        '\u{c0}'..='\u{2ff}' | '\u{400}'..='\u{482}' | '\u{48a}'..='\u{52f}' => c.is_alphabetic(),
        '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::options::ClassOptions;
    use crate::types::Class;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn table(titles: &[impl AsRef<str>]) -> ClassTable {
        let class = |(index, title): (u32, &str)| Class {
            index,
            schema_id: format!("s{index}"),
            title: title.to_owned(),
            kind: "polygon".to_owned(),
            color: None,
            options: Vec::new(),
            parent: None,
        };
        let classes: Vec<Class> = (0..).zip(titles.iter().map(AsRef::as_ref)).map(class).collect();
        ClassTable::new(&classes, &ClassOptions::default()).unwrap()
    }

    fn texts(tokens: &Tokens) -> Vec<&str> {
        (0..tokens.0.len() as u32).map(|place| tokens.get(place)).collect()
    }

    #[test]
    fn words_have_no_spaces_and_differ() {
        let tokens = Tokens::words(&table(&["traffic light", "traffic_light", "traffic\tlight", "", "a\u{a0}\"b", "car", "straße"]));
        assert_eq!(
            texts(&tokens),
            ["traffic_light_2", "traffic_light", "traffic_light_3", "unnamed", "a__b", "car", "straße"],
            "names that can stay do"
        );
        assert_eq!(tokens.0.iter().map(|token| token.changed).collect::<Vec<_>>(), [true, false, true, true, true, false, false]);
        assert_eq!(tokens.get(99), "");
    }

    #[test]
    fn names_that_xml_cannot_hold_differ_too() {
        assert_eq!(texts(&Tokens::of_xml(&table(&["a\u{1}", "a\u{2}", "<a & b>", ""]))), ["a\u{fffd}", "a\u{fffd}_2", "<a & b>", "unnamed"]);
    }

    #[test]
    fn parts_of_file_names_differ_also_without_case() {
        let tokens = Tokens::of_files(&table(&["Car", "car", "a/b", "a:b", "größe", "e\u{301}", "é", "\u{212a}", "K"]));
        assert_eq!(texts(&tokens), ["Car", "car_2", "a_b", "a_b_2", "größe", "e_", "é", "_", "K"]);
        let long = ["x".repeat(4000), "x".repeat(4001)];
        let tokens = Tokens::of_files(&table(&long));
        assert!(texts(&tokens).iter().all(|text| text.len() <= MAX_FILE_TOKEN + 2));
        assert_ne!(tokens.get(0), tokens.get(1));
    }

    proptest! {
        #[test]
        fn different_names_stay_different(names in prop::collection::vec("[ab_2 \t\"]{0,4}", 1..40)) {
            let table = table(&names);
            for (tokens, key) in [(Tokens::words(&table), str::to_owned as fn(&str) -> String), (Tokens::of_files(&table), str::to_lowercase)] {
                let different: BTreeSet<&String> = names.iter().collect();
                let made: BTreeSet<String> = texts(&tokens).into_iter().map(key).collect();
                prop_assert_eq!(made.len(), different.len());
                prop_assert!(made.iter().all(|token| !token.is_empty() && token.chars().all(is_of_word)));
            }
        }
    }
}
