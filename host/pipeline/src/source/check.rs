//! What is wrong with a project, and where: everything that can be found, not only the first.

use super::Source;
use super::each::each_record;
use crate::error::JobError;
use crate::job::progress::Progress;
use ango_model::Place;
use ango_model::issue::{Issue, STATUSES, brief};
use ango_model::json::Document;
use ango_model::ontology::{Class, Project};
use ango_model::stream::MAX_RECORD_BYTES;
use ango_model::v3::{Annotations, Asset, Members};
use ango_runtime::Cancel;
use std::collections::{HashMap, HashSet};
use std::fmt;

/// Problems listed of one kind; the rest is counted.
const LISTED: u64 = 20;

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What.
    pub problem: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.problem)
    }
}

/// What is known of the project, for looking up.
struct Known {
    tools: HashSet<String>,
    classifications: HashSet<String>,
    relations: HashSet<String>,
    stages: HashSet<String>,
    batches: HashSet<String>,
}

impl Known {
    fn new(project: &Project) -> Self {
        fn ids(classes: &[Class], all: &mut HashSet<String>) {
            for class in classes {
                all.insert(class.schema_id.clone());
                ids(&class.classifications, all);
            }
        }
        fn group(classes: &[Class]) -> HashSet<String> {
            let mut all = HashSet::new();
            ids(classes, &mut all);
            all
        }
        let ontology = &project.ontology;
        Self {
            tools: ontology.tools.iter().map(|class| class.schema_id.clone()).collect(),
            classifications: group(&ontology.classifications),
            relations: group(&ontology.relations),
            stages: project.stages.iter().flat_map(|stage| [stage.id.clone(), stage.name.clone()]).collect(),
            batches: project.batches.iter().flat_map(|batch| [batch.id.clone(), batch.name.clone()]).collect(),
        }
    }

    /// Whether the project has the batch, as far as it says what batches it has.
    fn has_batch(&self, name: &str) -> bool {
        self.batches.is_empty() || self.batches.contains(name)
    }
}

/// Collects problems and keeps floods short.
struct Findings<'a> {
    report: &'a mut dyn FnMut(Problem),
    counts: HashMap<&'static str, u64>,
    total: u64,
}

impl Findings<'_> {
    fn add(&mut self, kind: &'static str, place: Place, problem: String) {
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        self.total += 1;
        if *count <= LISTED {
            (self.report)(Problem { place, problem });
        }
    }
}

/// Reads every record of a source and hands each problem to `report`. Returns the number of tasks and of problems; of one kind only the first
/// twenty are reported, but all are counted.
///
/// # Errors
/// When the source cannot be read any further: a damaged file, or text that is not a row of records.
pub fn check_project(source: &Source, report: &mut dyn FnMut(Problem)) -> Result<(u64, u64), JobError> {
    let known = source.project().map(Known::new);
    let mut findings = Findings { report, counts: HashMap::new(), total: 0 };
    let mut seen = HashSet::new();
    let tasks = each_record(source, MAX_RECORD_BYTES, &Progress::default(), &Cancel::default(), |record| {
        let Ok(text) = record.text() else {
            findings.add("utf-8", record.place(0), "the record is not UTF-8".into());
            return Ok(());
        };
        match Document::parse(text) {
            Err(error) => findings.add("json", Place { field: error.field, ..record.place(error.offset) }, error.problem),
            Ok(document) => match Asset::read(&document.root()) {
                Err(error) => findings.add("field", Place { field: error.field, ..record.place(error.offset) }, error.problem),
                Ok(asset) => {
                    let task = asset.task.task_id.to_string();
                    let place = Place { task: Some(task.clone()), ..record.place(0) };
                    if !seen.insert(task) {
                        findings.add("task", place.clone(), "the task id occurred before".into());
                    }
                    if let Some(known) = &known {
                        check_asset(&asset, known, &place, &mut findings);
                    }
                }
            },
        }
        Ok(())
    })?;
    Ok((tasks, findings.total))
}

/// Reads every issue of a source, as [`check_project`] reads the records. An unknown status is a problem here, and travels through an export all the same.
///
/// # Errors
/// As [`check_project`].
pub fn check_issues(source: &Source, report: &mut dyn FnMut(Problem)) -> Result<(u64, u64), JobError> {
    let known = source.project().map(Known::new);
    let mut findings = Findings { report, counts: HashMap::new(), total: 0 };
    let mut seen = HashSet::new();
    let issues = each_record(source, MAX_RECORD_BYTES, &Progress::default(), &Cancel::default(), |record| {
        let Ok(text) = record.text() else {
            findings.add("utf-8", record.place(0), "the issue is not UTF-8".into());
            return Ok(());
        };
        let document = match Document::parse(text) {
            Ok(document) => document,
            Err(error) => {
                findings.add("json", Place { field: error.field, ..record.place(error.offset) }, error.problem);
                return Ok(());
            }
        };
        match Issue::read(&document.root()) {
            Err(error) => {
                let (issue, task) = Issue::ids(&document.root());
                findings.add("field", Place { issue, task, field: error.field, ..record.place(error.offset) }, error.problem);
            }
            Ok(issue) => {
                let (id, task) = (issue.id.to_string(), issue.task.as_ref().map(|task| task.to_string()));
                let at = |field: &str| Place { issue: Some(id.clone()), task: task.clone(), field: field.to_owned(), ..record.place(0) };
                if let Some(status) = issue.unknown_status() {
                    findings.add("status", at("status"), format!("the status '{}' is none of {}", brief(status), STATUSES.join(", ")));
                }
                let strangers = issue.batches.iter().filter(|name| known.as_ref().is_some_and(|known| !known.has_batch(name)));
                for batch in strangers {
                    findings.add("batch", at("asset.batches"), format!("the project has no batch '{batch}'"));
                }
                if seen.contains(&id) {
                    findings.add("issue", at("_id"), "the issue id occurred before".into());
                }
                seen.insert(id);
            }
        }
        Ok(())
    })?;
    Ok((issues, findings.total))
}

fn check_asset(asset: &Asset<'_>, known: &Known, place: &Place, findings: &mut Findings<'_>) {
    let task = &asset.task;
    let at = |field: &str| Place { field: field.to_owned(), ..place.clone() };
    let known_stage =
        known.stages.is_empty() || known.stages.contains(task.stage_id.as_deref().unwrap_or(&task.stage)) || known.stages.contains(&*task.stage);
    if !known_stage {
        findings.add("stage", at("task.stage"), format!("the project has no stage '{}'", task.stage));
    }
    for batch in asset.batches.iter().filter(|batch| !known.has_batch(batch)) {
        findings.add("batch", at("batches"), format!("the project has no batch '{batch}'"));
    }
    check_annotations(&task.annotations, known, &at, findings);
}

fn check_annotations(annotations: &Annotations<'_>, known: &Known, at: &dyn Fn(&str) -> Place, findings: &mut Findings<'_>) {
    let mut objects = HashSet::new();
    for (index, object) in annotations.objects.iter().enumerate() {
        objects.insert(&*object.object_id);
        if !known.tools.contains(&*object.schema_id) {
            findings.add(
                "class",
                at(&format!("task.tools[{index}].schemaId")),
                format!("the ontology has no tool '{}' ({})", object.schema_id, object.title),
            );
        }
    }
    for (index, item) in annotations.classifications.iter().enumerate() {
        if !known.classifications.contains(&*item.schema_id) {
            let field = format!("task.classifications[{index}].schemaId");
            findings.add("class", at(&field), format!("the ontology has no classification '{}' ({})", item.schema_id, item.title));
        }
    }
    for (index, relation) in annotations.relations.iter().enumerate() {
        let field = format!("task.relations[{index}]");
        if !known.relations.contains(&*relation.schema_id) {
            findings.add("class", at(&field), format!("the ontology has no relation '{}' ({})", relation.schema_id, relation.title));
        }
        let members: Vec<&str> = match &relation.members {
            Members::Pair { source, target, .. } => vec![source, target],
            Members::OneToMany { source, targets } => std::iter::once(&**source).chain(targets.iter().map(|member| &**member)).collect(),
            Members::Group(members) => members.iter().map(|member| &**member).collect(),
        };
        for member in members.into_iter().filter(|member| !objects.contains(member)) {
            findings.add("relation", at(&field), format!("the relation joins '{member}', which is not an object of the task"));
        }
    }
}
