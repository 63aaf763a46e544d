//! Answers about objects as the fields that many formats have: yes or no, a level, a word.

use crate::options::Pairs;
use crate::run::Run;
use crate::types::{Answer, Classification, Failure, Object, Task};

/// Whether an answer says yes or no; `None` if it says neither. A chosen option that is called as the question itself (a check box `occluded` of the question
/// `Occluded`) says yes, and a list without a choice no.
pub fn is_yes(answered: &Classification) -> Option<bool> {
    match &answered.answer {
        Answer::Flag(flag) => Some(*flag),
        Answer::Number(number) => Some(*number != 0.0),
        Answer::Choices(choices) if choices.is_empty() => Some(false),
        answer => {
            let word = word(answer)?.trim();
            let is = |known: &str| word.eq_ignore_ascii_case(known);
            if ["yes", "true", "y", "1", "on"].into_iter().any(is) || is(answered.title.trim()) {
                Some(true)
            } else {
                ["no", "false", "n", "0", "off", "none"].into_iter().any(is).then_some(false)
            }
        }
    }
}

/// The text of an answer that is one: a text, or the only choice.
pub fn word(answer: &Answer) -> Option<&str> {
    match answer {
        Answer::Text(text) => Some(text),
        Answer::Choices(choices) => match choices.as_slice() {
            [only] => Some(only),
            _ => None,
        },
        _ => None,
    }
}

/// Which questions about an object fill which of the `N` fields that a format has.
#[derive(Clone, Debug)]
pub struct Fields<const N: usize> {
    format: &'static str,
    titles: [String; N],
}

impl<const N: usize> Fields<N> {
    /// The fields of a format (`KITTI`), each by its name and the title of its question, where the case of plain letters does not matter. `options` is the option
    /// `questions`: other titles by the names of fields. A field with an empty title has no question.
    ///
    /// # Errors
    ///
    /// When the options name a field that there is not.
    #[inline(never)]
    pub fn new(format: &'static str, options: &Pairs<String>, fields: [(&str, &str); N]) -> Result<Self, Failure> {
        let mut titles = fields.map(|(_, title)| title.to_owned());
        for (name, title) in &options.0 {
            let Some(at) = fields.iter().position(|(field, _)| field == name) else {
                let known = fields.map(|(field, _)| field).join(", ");
                return Err(Failure::option("/questions", format!("there is no field `{name}`; there are {known}")));
            };
            titles[at] = title.trim().to_ascii_lowercase();
        }
        Ok(Self { format, titles })
    }

    /// The answers for the fields of an object; the first one where a question was answered several times. Reports, once, if there are others.
    #[inline]
    pub fn of<'o>(&self, run: &Run, task: &Task, object: &'o Object) -> [Option<&'o Classification>; N] {
        let mut found = [None; N];
        if !object.classifications.is_empty() {
            self.find(run, task, object, &mut found);
        }
        found
    }

    #[inline(never)]
    fn find<'o>(&self, run: &Run, task: &Task, object: &'o Object, found: &mut [Option<&'o Classification>; N]) {
        let mut without_place = None;
        for answered in object.classifications.iter().filter(|answered| answered.answer != Answer::Empty) {
            let title = answered.title.trim().to_ascii_lowercase();
            match self.titles.iter().position(|wanted| !wanted.is_empty() && *wanted == title).and_then(|at| found.get_mut(at)) {
                Some(place) if place.is_none() => *place = Some(answered),
                _ => without_place = without_place.or(Some(answered)),
            }
        }
        if let Some(answered) = without_place {
            let (name, title) = (self.format, &answered.title);
            let detail = format_args!("object is there, but {name} has no place for its answer to {title:?}");
            run.lost(task.index, Some(&object.object_id), "classification-unsupported", detail);
        }
    }

    /// Reports an answer that does not say what its field holds (`yes or no`).
    #[cold]
    pub fn not_understood(&self, run: &Run, task: &Task, object: &Object, answered: &Classification, holds: &str) {
        let (name, title) = (self.format, &answered.title);
        let detail = format_args!("object is there, but its answer to {title:?} does not say what {name} holds: {holds}");
        run.lost(task.index, Some(&object.object_id), "classification-unsupported", detail);
    }

    /// Whether the answer of a field says yes; `None` without one, or if it says neither yes nor no, which is reported.
    #[inline]
    pub fn yes(&self, run: &Run, task: &Task, object: &Object, answered: Option<&Classification>) -> Option<bool> {
        let answered = answered?;
        let yes = is_yes(answered);
        if yes.is_none() {
            self.not_understood(run, task, object, answered, "yes or no");
        }
        yes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(title: &str, answer: Answer) -> Classification {
        Classification {
            object_id: "c".to_owned(),
            schema_id: "q".to_owned(),
            title: title.to_owned(),
            kind: "radio".to_owned(),
            answer,
            parent: None,
            page: None,
            interpolation_stopped: false,
            provenance: None,
        }
    }

    #[test]
    fn yes_and_no_are_said_in_many_ways() {
        let text = |text: &str| Answer::Text(text.to_owned());
        let choices = |choices: &[&str]| Answer::Choices(choices.iter().map(|&choice| choice.to_owned()).collect());
        for (answer, want) in [
            (Answer::Flag(false), Some(false)),
            (Answer::Number(1.0), Some(true)),
            (text("Yes"), Some(true)),
            (text(" no "), Some(false)),
            (text("occluded"), Some(true)),
            (text("partly"), None),
            (choices(&[]), Some(false)),
            (choices(&["OCCLUDED"]), Some(true)),
            (choices(&["yes", "no"]), None),
            (Answer::Empty, None),
            (Answer::Other("{}".to_owned()), None),
        ] {
            assert_eq!(is_yes(&answered("Occluded ", answer.clone())), want, "{answer:?}");
        }
    }
}
