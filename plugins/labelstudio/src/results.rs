//! Results: what Label Studio calls every single thing that was said about a task.

use ango_plugin_sdk::bytes::{fingerprint, is_equal};
use ango_plugin_sdk::json::{write_answer, write_string, write_strings};
use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::order::group;
use ango_plugin_sdk::{Answer, Classification, Direction, Object, Relation, RelationMembers, Run};

use crate::config::{Config, Form, Question, STEP};

/// The results of a task as they are written.
#[derive(Debug, Default)]
pub(crate) struct Results {
    pub(crate) out: Vec<u8>,
    count: u64,
    /// By position: whether the id of the object is another one's too, or none.
    repeats: Vec<bool>,
}

impl Results {
    /// Begins with another task, of which these are the objects.
    pub(crate) fn open<'a>(&mut self, objects: impl Iterator<Item = (u64, &'a Object)>) {
        self.out.clear();
        self.count = 0;
        self.repeats.clear();
        let objects: Vec<(u64, &[u8])> = objects.map(|(position, object)| (position, object.object_id.as_bytes())).collect();
        let id = |at: u32| objects.get(at as usize).map_or(&[][..], |(_, id)| id);
        self.repeats.resize(objects.iter().map(|(position, _)| index(*position) + 1).max().unwrap_or(0), false);
        for (first, at) in group(objects.len() as u32, &|at| fingerprint(id(at)), &|a, b| is_equal(id(a), id(b))) {
            if (first != u64::from(at) || id(at).is_empty())
                && let Some(place) = objects.get(at as usize).and_then(|(position, _)| self.repeats.get_mut(index(*position)))
            {
                *place = true;
            }
        }
    }

    /// How many results there are.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Appends a result up to the name of its control. `part` tells the regions of one object apart.
    pub(crate) fn begin(&mut self, object: &Object, position: u64, part: usize) {
        self.separate();
        self.out.extend_from_slice(b"{\"id\":");
        self.id(object, position, part);
    }

    /// The same of something that is no object: an id that is a word, which no object has, and a number.
    pub(crate) fn begin_other(&mut self, word: &[u8], number: u64) {
        self.separate();
        self.out.extend_from_slice(b"{\"id\":\"");
        self.out.extend_from_slice(word);
        write_u64(&mut self.out, number + 1);
        self.out.push(b'"');
    }

    /// Appends `,"from_name":...,"to_name":...,"type":...`.
    pub(crate) fn control(&mut self, from: &str, to: &str, kind: &str) {
        for (key, value) in [(&b",\"from_name\":\""[..], from), (b"\",\"to_name\":\"", to), (b"\",\"type\":\"", kind)] {
            self.out.extend_from_slice(key);
            self.out.extend_from_slice(value.as_bytes());
        }
        self.out.push(b'"');
    }

    /// The id of an object's region: that of the object, where no other object has it.
    fn id(&mut self, object: &Object, position: u64, part: usize) {
        let is_repeat = self.repeats.get(index(position)).copied().unwrap_or(false);
        write_string(&mut self.out, &object.object_id);
        if !is_repeat && part == 0 {
            return;
        }
        self.out.pop();
        if is_repeat {
            self.out.push(b'@');
            write_u64(&mut self.out, position + 1);
        }
        if part > 0 {
            self.out.push(b'-');
            write_u64(&mut self.out, part as u64 + 1);
        }
        self.out.push(b'"');
    }

    fn separate(&mut self) {
        self.out.extend_from_slice(if self.count > 0 { b",\n" } else { b"\n" });
        self.count += 1;
    }

    /// Appends the answers about an object, each with the id of its (first) region.
    pub(crate) fn object_answers(&mut self, run: &Run, task: u64, config: &Config, object: &Object, position: u64, to: &str) {
        let answers = &object.classifications;
        for (at, answered) in answers.iter().enumerate() {
            if answered.answer == Answer::Empty || is_repeated(&answers[..at], answered) {
                continue;
            }
            let Some(question) = known(run, task, config, answered, &object.object_id) else { continue };
            self.begin(object, position, 0);
            self.answer(question, to, answers[at..].iter().filter(|other| is_of_same(other, answered)));
        }
    }

    /// Appends the answers about the whole, those of one question as one.
    pub(crate) fn answers<'a>(
        &mut self,
        run: &Run,
        task: u64,
        config: &Config,
        answers: impl Iterator<Item = (usize, &'a Classification)>,
        to: &str,
    ) {
        let answers: Vec<(usize, &Classification)> =
            answers.filter(|(_, answered)| answered.answer != Answer::Empty && !answered.interpolation_stopped).collect();
        for (at, (position, answered)) in answers.iter().enumerate() {
            if answers[..at].iter().any(|(_, before)| before.schema_id == answered.schema_id) {
                continue;
            }
            let Some(question) = known(run, task, config, answered, &answered.object_id) else { continue };
            self.begin_other(b"answer-", *position as u64);
            self.answer(question, to, answers[at..].iter().map(|(_, other)| *other).filter(|other| is_of_same(other, answered)));
        }
    }

    /// Appends what was answered, after the id.
    fn answer<'a>(&mut self, question: &Question, to: &str, answers: impl Iterator<Item = &'a Classification>) {
        let (kind, key) = match question.form {
            Form::Choices => ("choices", "choices"),
            Form::Taxonomy => ("taxonomy", "taxonomy"),
            Form::Text => ("textarea", "text"),
        };
        self.control(&question.name, to, kind);
        let out = &mut self.out;
        out.extend_from_slice(b",\"value\":{\"");
        out.extend_from_slice(key.as_bytes());
        out.extend_from_slice(b"\":[");
        let mut any = false;
        for answered in answers {
            let mut text = |out: &mut Vec<u8>, text: &str| {
                if std::mem::replace(&mut any, true) {
                    out.push(b',');
                }
                if question.form == Form::Taxonomy {
                    write_strings(out, &text.split(STEP).collect::<Vec<_>>());
                } else {
                    write_string(out, text);
                }
            };
            match &answered.answer {
                Answer::Empty => {}
                Answer::Text(answer) | Answer::Other(answer) => text(out, answer),
                Answer::Choices(choices) => choices.iter().for_each(|choice| text(out, choice)),
                Answer::Flag(_) | Answer::Number(_) => {
                    let mut answer = Vec::new();
                    write_answer(&mut answer, &answered.answer);
                    text(out, &String::from_utf8_lossy(&answer));
                }
            }
        }
        out.extend_from_slice(b"]}}");
    }

    /// Appends relations between regions, and reports those of which a member is not there. `find` gives a written object by its id, with its position.
    pub(crate) fn relations<'a>(
        &mut self,
        run: &Run,
        task: u64,
        relations: impl Iterator<Item = &'a Relation>,
        find: impl Fn(&str) -> Option<(u64, &'a Object)>,
    ) {
        for relation in relations {
            let lost = |code: &str, detail: &str| run.lost(task, Some(&relation.object_id), code, detail);
            match &relation.members {
                RelationMembers::Pair(pair) => match (find(&pair.source), find(&pair.target)) {
                    (Some(source), Some(target)) => self.relation(relation, source, target, pair.direction),
                    _ => lost("relation-unsupported", "a member of the relation is not among the regions"),
                },
                RelationMembers::Group(members) => {
                    let mut found = members.iter().filter_map(|member| find(member));
                    let Some(first) = found.next() else {
                        lost("relation-unsupported", "no member of the relation is among the regions");
                        continue;
                    };
                    let others: Vec<(u64, &Object)> = found.collect();
                    if others.is_empty() {
                        lost("relation-unsupported", "only one member of the relation is among the regions");
                        continue;
                    }
                    if others.len() + 1 < members.len() {
                        lost("relation-member-missing", "relation is there, but not all of its members are among the regions");
                    }
                    if others.len() > 1 {
                        lost("relation-split", "Label Studio relates two regions: the first member is related to each of the others");
                    }
                    for other in others {
                        self.relation(relation, first, other, Direction::Bidirectional);
                    }
                }
            }
        }
    }

    fn relation(&mut self, relation: &Relation, source: (u64, &Object), target: (u64, &Object), direction: Direction) {
        self.separate();
        self.out.extend_from_slice(b"{\"from_id\":");
        self.id(source.1, source.0, 0);
        self.out.extend_from_slice(b",\"to_id\":");
        self.id(target.1, target.0, 0);
        self.out.extend_from_slice(match direction {
            Direction::Straight => b",\"type\":\"relation\",\"direction\":\"right\",\"labels\":",
            Direction::Reverse => b",\"type\":\"relation\",\"direction\":\"left\",\"labels\":",
            Direction::Bidirectional => b",\"type\":\"relation\",\"direction\":\"bi\",\"labels\":",
        });
        write_strings(&mut self.out, &[&relation.title]);
        self.out.push(b'}');
    }
}

fn index(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX - 1)
}

/// Whether an earlier answer is to the same question, and has this one with it.
fn is_repeated(before: &[Classification], answered: &Classification) -> bool {
    before.iter().any(|other| is_of_same(other, answered))
}

fn is_of_same(other: &Classification, answered: &Classification) -> bool {
    other.schema_id == answered.schema_id && other.answer != Answer::Empty
}

/// The control of a question; `None` if there is none, which is reported.
fn known<'c>(run: &Run, task: u64, config: &'c Config, answered: &Classification, object: &str) -> Option<&'c Question> {
    let question = config.question(&answered.schema_id);
    if question.is_none() {
        let detail = format_args!("question {:?} is not in the ontology, so that the configuration has no control for it", answered.title);
        run.lost(task, Some(object), "classification-unsupported", detail);
    }
    question
}
