//! Which tasks train, which validate and which test.

use crate::bytes::hash;
use crate::types::{Failure, Task};

/// `split`.
#[derive(Clone, Debug, PartialEq)]
pub struct SplitOptions {
    /// What decides.
    pub by: SplitBy,
    /// Share of the tasks that validate, from 0 to 0.9; with [`SplitBy::Ratio`].
    pub val_ratio: f64,
    /// Share of the tasks that test, from 0 to 0.9; with [`SplitBy::Ratio`].
    pub test_ratio: f64,
    /// Another seed is another choice; with [`SplitBy::Ratio`].
    pub seed: u32,
    /// Batches or stages whose tasks validate.
    pub val: Vec<String>,
    /// Batches or stages whose tasks test.
    pub test: Vec<String>,
}

crate::deserialize_options!(SplitOptions { by, val_ratio, test_ratio, seed, val, test });

impl Default for SplitOptions {
    fn default() -> Self {
        Self { by: SplitBy::None, val_ratio: 0.2, test_ratio: 0.0, seed: 0, val: Vec::new(), test: Vec::new() }
    }
}

/// What decides in which part a task is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SplitBy {
    /// Nothing: there is one part.
    #[default]
    None,
    /// A hash of the task's id and the seed, so that a task stays where it is from export to export.
    Ratio,
    /// A batch that the task is in; the first list that names one counts, test before validation, so that nothing tested is trained on.
    Batch,
    /// The stage that the task is in, by name or by id.
    Stage,
}

crate::deserialize_choice!(SplitBy { None = "none", Ratio = "ratio", Batch = "batch", Stage = "stage" });

/// A part of the data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// For training; with no split, everything.
    Train,
    /// For validation.
    Val,
    /// For testing.
    Test,
}

impl Part {
    /// `train`, `val` or `test`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Val => "val",
            Self::Test => "test",
        }
    }
}

/// A split that makes sense.
#[derive(Clone, Debug)]
pub struct Split {
    options: SplitOptions,
}

impl Split {
    /// Checks the options.
    ///
    /// # Errors
    ///
    /// When the ratios leave less than a tenth for training, or when names are given that decide nothing, or none where they decide.
    pub fn new(options: &SplitOptions) -> Result<Self, Failure> {
        for (name, ratio) in [("val_ratio", options.val_ratio), ("test_ratio", options.test_ratio)] {
            if !(0.0..=0.9).contains(&ratio) {
                return Err(Failure::option(format!("/split/{name}"), "must be from 0 to 0.9"));
            }
        }
        let by_name = matches!(options.by, SplitBy::Batch | SplitBy::Stage);
        if options.by == SplitBy::Ratio && options.val_ratio + options.test_ratio > 0.9 {
            return Err(Failure::option("/split/test_ratio", "validation and test together leave less than a tenth for training"));
        }
        let names_any = !options.val.is_empty() || !options.test.is_empty();
        if !by_name && names_any {
            return Err(Failure::option("/split/by", "lists `val` and `test` are for a split by batch or by stage: set `by`"));
        }
        if by_name && !names_any {
            return Err(Failure::option("/split/val", "a split by batch or by stage needs a list of those that validate or test"));
        }
        Ok(Self { options: options.clone() })
    }

    /// Whether there can be tasks in that part.
    pub fn has(&self, part: Part) -> bool {
        let options = &self.options;
        match (options.by, part) {
            (_, Part::Train) => true,
            (SplitBy::None, _) => false,
            (SplitBy::Ratio, Part::Val) => options.val_ratio > 0.0,
            (SplitBy::Ratio, Part::Test) => options.test_ratio > 0.0,
            (_, Part::Val) => !options.val.is_empty(),
            (_, Part::Test) => !options.test.is_empty(),
        }
    }

    /// Whether the data set is split at all.
    pub fn is_split(&self) -> bool {
        self.options.by != SplitBy::None
    }

    /// The parts that there can be, training first.
    pub fn parts(&self) -> impl Iterator<Item = Part> {
        [Part::Train, Part::Val, Part::Test].into_iter().filter(|part| self.has(*part))
    }

    /// The part that a task is in.
    pub fn part(&self, task: &Task) -> Part {
        let options = &self.options;
        match options.by {
            SplitBy::None => Part::Train,
            SplitBy::Ratio => {
                let place = place(&task.task_id, options.seed);
                if place < options.val_ratio {
                    Part::Val
                } else if place < options.val_ratio + options.test_ratio {
                    Part::Test
                } else {
                    Part::Train
                }
            }
            SplitBy::Batch => self.by_name(|name| task.asset.batches.iter().any(|batch| batch == name)),
            SplitBy::Stage => self.by_name(|name| task.stage == *name || task.stage_id.as_deref() == Some(name)),
        }
    }

    fn by_name(&self, is_of: impl Fn(&str) -> bool) -> Part {
        let any = |names: &[String]| names.iter().any(|name| is_of(name));
        if any(&self.options.test) {
            Part::Test
        } else if any(&self.options.val) {
            Part::Val
        } else {
            Part::Train
        }
    }

    /// Whether a part may well stay empty, with so few tasks.
    pub fn may_leave_empty(&self, task_count: u64) -> bool {
        // With 20 tasks expected, none at all has a chance below one in a hundred million.
        let options = &self.options;
        let ratios = [options.val_ratio, options.test_ratio, 1.0 - options.val_ratio - options.test_ratio];
        options.by == SplitBy::Ratio && ratios.into_iter().any(|ratio| ratio > 0.0 && task_count as f64 * ratio < 20.0)
    }
}

/// Where a task is, from 0 to 1: evenly spread, the same for the same id and seed.
fn place(task_id: &str, seed: u32) -> f64 {
    let seeded: Vec<u8> = seed.to_le_bytes().into_iter().chain(task_id.bytes()).collect();
    let hash = hash(&seeded);
    (hash >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::testkit::read_tasks;

    fn tasks(count: usize) -> Vec<Task> {
        let lines: Vec<String> = (0..count)
            .map(|at| {
                format!(
                    r#"{{"asset":"u","externalId":"{at}.jpg","metadata":{{}},"batches":["b{}","all"],"task":{{"taskId":"65b7da3c2656cfc3fcc{at:05x}","stage":"s{}","tools":[]}}}}"#,
                    at % 3,
                    at % 2
                )
            })
            .collect();
        read_tasks(&lines.join("\n")).unwrap()
    }

    fn options(text: &str) -> SplitOptions {
        serde_json::from_str(text).unwrap()
    }

    fn parts(text: &str, tasks: &[Task]) -> Vec<Part> {
        let split = Split::new(&options(text)).unwrap();
        tasks.iter().map(|task| split.part(task)).collect()
    }

    #[test]
    fn about_the_ratios_are_taken_and_a_seed_changes_who() {
        let tasks = tasks(10_000);
        let chosen = |seed: u32| parts(&format!(r#"{{"by":"ratio","val_ratio":0.2,"test_ratio":0.1,"seed":{seed}}}"#), &tasks);
        let count = |wanted: Part| chosen(0).into_iter().filter(|part| *part == wanted).count();
        assert!((1850..2150).contains(&count(Part::Val)), "{}", count(Part::Val));
        assert!((880..1120).contains(&count(Part::Test)), "{}", count(Part::Test));
        let same = chosen(0).iter().zip(chosen(1)).filter(|(a, b)| **a == *b).count();
        assert!((5000..5800).contains(&same), "{same}");
        // What validates with one share validates with a greater one too.
        let more = parts(r#"{"by":"ratio","val_ratio":0.3}"#, &tasks);
        assert!(chosen(0).iter().zip(more).all(|(less, more)| *less != Part::Val || more == Part::Val));
    }

    #[test]
    fn batches_and_stages_decide_by_name_and_tests_come_first() {
        let tasks = tasks(6);
        use Part::{Test, Train, Val};
        assert_eq!(parts(r#"{"by":"batch","val":["b1"],"test":["b2"]}"#, &tasks), [Train, Val, Test, Train, Val, Test]);
        assert_eq!(parts(r#"{"by":"batch","val":["all"],"test":["b0"]}"#, &tasks), [Test, Val, Val, Test, Val, Val]);
        assert_eq!(parts(r#"{"by":"stage","val":["s1"]}"#, &tasks), [Train, Val, Train, Val, Train, Val]);
        assert_eq!(parts("{}", &tasks), [Train; 6]);
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_its_name() {
        for (text, pointer) in [
            (r#"{"by":"ratio","val_ratio":0.95}"#, "/split/val_ratio"),
            (r#"{"by":"ratio","val_ratio":0.5,"test_ratio":0.5}"#, "/split/test_ratio"),
            (r#"{"val":["a"]}"#, "/split/by"),
            (r#"{"by":"stage"}"#, "/split/val"),
        ] {
            let Err(Failure::Options(error)) = Split::new(&options(text)) else { panic!("{text}") };
            assert_eq!(error.pointer, pointer);
        }
    }

    #[test]
    fn parts_that_cannot_be_are_not_there() {
        let has = |text: &str| Split::new(&options(text)).unwrap().parts().map(Part::name).collect::<Vec<_>>();
        assert_eq!(has("{}"), ["train"]);
        assert_eq!(has(r#"{"by":"ratio"}"#), ["train", "val"]);
        assert_eq!(has(r#"{"by":"batch","test":["x"]}"#), ["train", "test"]);
        assert!(Split::new(&options(r#"{"by":"ratio"}"#)).unwrap().may_leave_empty(50));
        assert!(!Split::new(&options(r#"{"by":"ratio"}"#)).unwrap().may_leave_empty(500));
        assert!(!Split::new(&options("{}")).unwrap().may_leave_empty(1));
    }
}
