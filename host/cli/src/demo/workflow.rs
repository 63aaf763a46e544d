//! Turns a scene into a V3 record: who drew what in which stage, and when.
//!
//! Two annotators draw everything independently (`Consensus_1`, `Consensus_2`), a reviewer keeps the second's objects and moves them onto
//! the true outline. Clocks are derived from the task's number, so that the bytes never change.

use super::ontology::{CONSENSUS_1_ID, CONSENSUS_2_ID, DRIVES, QUESTIONS, Question, REVIEW_ID, TOGETHER, TOOLS, schema_id};
use super::random::{Random, hex_id};
use super::record::{Asset, Classification, Geometry, Origin, Relation, Size, Stage, Task, Tool};
use super::scene::{Answer, Link, Scene};
use super::tasks::Plan;
use serde_json::Value;

/// 14 March 2025, 00:00 UTC, in milliseconds since 1970.
const FIRST_DAY: u64 = 1_741_910_400_000;
const FIRST_DAY_OF_MONTH: u64 = 14;
const MILLISECONDS_PER_DAY: u64 = 86_400_000;
const ANNOTATORS: [&str; 2] = ["ada@example.net", "ben@example.net"];
const REVIEWER: &str = "rita@example.net";

/// A moment of the project, in milliseconds since its first day.
#[derive(Debug, Clone, Copy)]
struct Moment(u64);

impl Moment {
    fn plus(self, milliseconds: u64) -> Self {
        Self(self.0 + milliseconds)
    }

    /// ISO 8601 in UTC; the demo stays within one month, so no calendar is needed.
    fn iso(self) -> String {
        let day = FIRST_DAY_OF_MONTH + self.0 / MILLISECONDS_PER_DAY;
        let rest = self.0 % MILLISECONDS_PER_DAY;
        let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60);
        let (second, fraction) = (rest / 1000 % 60, rest % 1000);
        format!("2025-03-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:03}Z")
    }

    fn epoch(self) -> u64 {
        FIRST_DAY + self.0
    }
}

/// Whose version of the annotations is written.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Version {
    First,
    Second,
    Final,
}

/// The record of task number `index`.
pub fn record(index: usize, plan: &Plan, scene: &Scene) -> Asset {
    let mut clock = Random::named(&format!("clock/{}", plan.file));
    let opened = Moment(index as u64 / 2 * MILLISECONDS_PER_DAY + 8 * 3_600_000 + clock.bits() % 3_600_000);
    let durations = [0; 3].map(|_: u64| 45_000 + clock.bits() % 240_000);
    let idle = [0; 3].map(|_: u64| clock.bits() % 9_000);
    let first_done = opened.plus(600_000 + durations[0]);
    let second_done = first_done.plus(120_000 + durations[1]);
    let reviewed = second_done.plus(3_600_000 + durations[2]);
    let writer = Writer { plan, scene, index, opened, reviewed };

    let mut history = vec![
        writer.stage(("Start", "Start"), 0, opened, None),
        writer.stage(("Consensus_1", CONSENSUS_1_ID), durations[0], first_done, Some((Version::First, ANNOTATORS[0]))),
        writer.stage(("Consensus_2", CONSENSUS_2_ID), durations[1], second_done, Some((Version::Second, ANNOTATORS[1]))),
    ];
    let worked = if plan.complete { 3 } else { 2 };
    if plan.complete {
        let mut review = writer.stage(("Review", REVIEW_ID), durations[2], reviewed, Some((Version::Final, REVIEWER)));
        review.review_status = Some(if index % 4 == 2 { "Fixed" } else { "Accepted" });
        history.push(review);
    }
    let version = if plan.complete { Version::Final } else { Version::Second };
    let (stage, stage_id) = if plan.complete { ("Complete", "Complete") } else { ("Review", REVIEW_ID) };
    let (updated, by) = if plan.complete { (reviewed, REVIEWER) } else { (second_done, ANNOTATORS[1]) };
    let idle_sum: u64 = idle[..worked].iter().sum();
    Asset {
        asset: format!("images/{}", plan.file),
        asset_id: hex_id(&format!("asset/{}", plan.file), 24),
        external_id: plan.external_id.to_owned(),
        metadata: Size { width: scene.canvas.width(), height: scene.canvas.height() },
        batches: vec![plan.batch.to_owned()],
        task: Task {
            task_id: hex_id(&format!("task/{}", plan.file), 24),
            stage,
            stage_id,
            updated_at: updated.iso(),
            updated_by: by,
            total_duration: durations[..worked].iter().sum(),
            total_blur_duration: idle_sum / 3,
            total_idle_duration: idle_sum,
            tools: writer.tools(version, true),
            classifications: writer.classifications(version, true),
            relations: writer.relations(version),
            stage_history: history,
        },
    }
}

struct Writer<'a> {
    plan: &'a Plan,
    scene: &'a Scene,
    index: usize,
    opened: Moment,
    reviewed: Moment,
}

impl Writer<'_> {
    fn stage(&self, (stage, stage_id): (&'static str, &'static str), duration: u64, at: Moment, by: Option<(Version, &'static str)>) -> Stage {
        let version = by.map(|(version, _)| version);
        Stage {
            stage,
            stage_id,
            duration,
            completed_at: at.iso(),
            completed_by: by.map(|(_, name)| name),
            review_status: None,
            tools: version.map_or_else(Vec::new, |version| self.tools(version, false)),
            classifications: version.map_or_else(Vec::new, |version| self.classifications(version, false)),
            relations: version.map_or_else(Vec::new, |version| self.relations(version)),
        }
    }

    /// An id that the first annotator's object does not share with the second's, which the reviewer keeps.
    fn id(&self, kind: &str, number: usize, version: Version) -> String {
        let author = if version == Version::First { 1 } else { 2 };
        hex_id(&format!("{}/{author}/{kind}/{number}", self.plan.file), 23)
    }

    fn origin(&self, number: usize) -> Origin {
        let created = self.opened.plus(700_000 + number as u64 * 4_321);
        let stamp = |moment: Moment| -> Value { if self.index.is_multiple_of(2) { moment.iso().into() } else { moment.epoch().into() } };
        let fixed = self.plan.complete && number.is_multiple_of(3);
        Origin {
            created_at: stamp(created),
            created_by: ANNOTATORS[1],
            created_in: CONSENSUS_2_ID,
            updated_at: fixed.then(|| stamp(self.reviewed)),
            updated_by: fixed.then_some(REVIEWER),
            updated_in: fixed.then_some(REVIEW_ID),
        }
    }

    fn tools(&self, version: Version, with_origin: bool) -> Vec<Tool> {
        let mut hand = Random::named(&format!("hand/{}/{version:?}", self.plan.file));
        self.scene
            .marks
            .iter()
            .enumerate()
            .map(|(number, mark)| {
                let geometry = match version {
                    Version::Final => mark.geometry.clone(),
                    Version::First => mark.geometry.redrawn(&mut hand, 3.5),
                    Version::Second => mark.geometry.redrawn(&mut hand, 1.5),
                };
                let questions = TOOLS.iter().find(|class| class.title == mark.class).map_or(&[][..], |class| class.questions);
                // Published exports never carry metadata on segmentations.
                let bare = matches!(geometry, Geometry::Segmentation { .. });
                Tool {
                    object_id: self.id("tool", number, version),
                    classifications: self.answers(&format!("{number}"), mark.class, &mark.answers, questions, version, with_origin.then_some(number)),
                    metadata: (with_origin && !bare).then(|| self.origin(number)),
                    schema_id: schema_id("", mark.class),
                    title: mark.class,
                    geometry,
                }
            })
            .collect()
    }

    fn classifications(&self, version: Version, with_origin: bool) -> Vec<Classification> {
        self.answers("task", "", &self.scene.answers, QUESTIONS, version, with_origin.then_some(1))
    }

    fn answers(
        &self,
        path: &str,
        owner: &str,
        answers: &[Answer],
        questions: &'static [Question],
        version: Version,
        origin: Option<usize>,
    ) -> Vec<Classification> {
        answers
            .iter()
            .filter_map(|answer| {
                let question = questions.iter().find(|question| question.title == answer.question)?;
                let path = format!("{path}/{}", question.title);
                Some(Classification {
                    object_id: self.id(&path, 0, version),
                    schema_id: schema_id(owner, question.title),
                    tool: question.tool,
                    title: question.title,
                    answer: answer.value.clone(),
                    metadata: origin.map(|number| self.origin(number)),
                    classifications: self.answers(&path, owner, &answer.nested, question.nested, version, origin),
                })
            })
            .collect()
    }

    fn relations(&self, version: Version) -> Vec<Relation> {
        self.scene
            .links
            .iter()
            .enumerate()
            .map(|(number, link)| {
                let object_id = self.id("relation", number, version);
                match link {
                    Link::Drives(person, car) => Relation::OneToOne {
                        from: self.id("tool", *person, version),
                        to: self.id("tool", *car, version),
                        object_id,
                        schema_id: schema_id("", DRIVES),
                        direction: "straight",
                        title: DRIVES,
                    },
                    Link::Together(people) => Relation::Group {
                        object_id,
                        schema_id: schema_id("", TOGETHER),
                        group: people.iter().map(|person| self.id("tool", *person, version)).collect(),
                        title: TOGETHER,
                    },
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_iso_text_and_as_the_same_epoch() {
        let moment = Moment(MILLISECONDS_PER_DAY + 3_723_004);
        assert_eq!(moment.iso(), "2025-03-15T01:02:03.004Z");
        // 15 March 2025, 01:02:03.004 UTC.
        assert_eq!(moment.epoch(), 1_742_000_523_004);
    }
}
