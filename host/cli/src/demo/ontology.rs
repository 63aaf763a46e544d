//! The classes of the demo project, and the `project.json` that tells them.
//!
//! They are chosen to try converters: one class has no instance, one needs quotes in YAML, one has characters that HTML would eat, and one
//! has a tool whose geometry no public page describes.

use super::random::hex_id;
use serde::Serialize;

/// A class of objects with a shape.
#[derive(Debug)]
pub struct ToolClass {
    /// Name, as shown to annotators.
    pub title: &'static str,
    /// Tool type in the ontology's spelling.
    pub tool: &'static str,
    /// Colour, `#rrggbb`.
    pub color: &'static str,
    /// Questions about each object of the class.
    pub questions: &'static [Question],
}

/// A question with its options, asked about a task or an object.
#[derive(Debug)]
pub struct Question {
    /// Name, as shown to annotators.
    pub title: &'static str,
    /// `radio`, `checkbox` or `text`.
    pub tool: &'static str,
    /// What can be answered; empty for text.
    pub options: &'static [&'static str],
    /// Questions about the answer.
    pub nested: &'static [Question],
}

/// Name of the project.
pub const PROJECT: &str = "Street life";
/// Boxes around cars seen from the side.
pub const CAR: &str = "Car";
/// Boxes around people.
pub const PERSON: &str = "Person";
/// Turned boxes around vehicles seen from above.
pub const VEHICLE: &str = "Vehicle";
/// Outlines of trees.
pub const TREE: &str = "Trees & hedges";
/// Outlines of carriageways.
pub const ROAD: &str = "Road";
/// Walls without their windows.
pub const FACADE: &str = "Facade";
/// Rings: puddles around an island, roundabouts.
pub const RING: &str = "Water or ring";
/// The stripes of a crossing, one zone each.
pub const ZEBRA: &str = "Zebra";
/// Heads of street lamps.
pub const LAMP: &str = "Lamp";
/// Lane marks.
pub const LANE: &str = "Lane mark";
/// Round traffic signs.
pub const SIGN: &str = "Round sign";
/// Signs that answer "may one park here?"; the word is a boolean in YAML unless it is quoted.
pub const YES: &str = "yes";

/// Colour of a car or vehicle.
pub const COLOUR: &str = "Colour";
/// Coating, asked about the colour.
pub const COATING: &str = "Coating";
/// What hides an object.
pub const OCCLUDED: &str = "Occluded";
/// How a person stands.
pub const POSTURE: &str = "Posture";
/// Weather of the scene.
pub const WEATHER: &str = "Weather";
/// Tags of the scene.
pub const TAGS: &str = "Tags";
/// Free text about the scene.
pub const NOTE: &str = "Note";

/// Relation from a person to the car that the person belongs to.
pub const DRIVES: &str = "drives";
/// Relation that groups people.
pub const TOGETHER: &str = "walk together";

const OCCLUSION: Question =
    Question { title: OCCLUDED, tool: "checkbox", options: &["by a vehicle", "by a tree", "cut by the image edge"], nested: &[] };
const PAINT: Question = Question {
    title: COLOUR,
    tool: "radio",
    options: &["red", "blue", "yellow", "white", "green", "grey"],
    nested: &[Question { title: COATING, tool: "radio", options: &["matt", "metallic"], nested: &[] }],
};

/// The classes in project order, which is the order of class ids in every converted export.
pub const TOOLS: &[ToolClass] = &[
    ToolClass { title: CAR, tool: "bounding-box", color: "#2f6fed", questions: &[PAINT, OCCLUSION] },
    ToolClass {
        title: PERSON,
        tool: "bounding-box",
        color: "#e8467c",
        questions: &[Question { title: POSTURE, tool: "radio", options: &["standing", "walking", "waving"], nested: &[] }],
    },
    ToolClass { title: VEHICLE, tool: "rotated-bounding-box", color: "#7a3ff2", questions: &[PAINT] },
    ToolClass { title: TREE, tool: "polygon", color: "#1f9d55", questions: &[] },
    ToolClass { title: ROAD, tool: "polygon", color: "#64748b", questions: &[] },
    ToolClass { title: FACADE, tool: "segmentation", color: "#f08c2e", questions: &[] },
    ToolClass { title: RING, tool: "segmentation", color: "#0ea5c6", questions: &[] },
    ToolClass { title: ZEBRA, tool: "segmentation", color: "#c026d3", questions: &[] },
    ToolClass { title: LAMP, tool: "point", color: "#eab308", questions: &[] },
    ToolClass { title: LANE, tool: "polyline", color: "#84cc16", questions: &[] },
    ToolClass { title: SIGN, tool: "circle", color: "#dc2626", questions: &[] },
    ToolClass { title: YES, tool: "bounding-box", color: "#0d9488", questions: &[] },
    ToolClass { title: "Tram", tool: "bounding-box", color: "#92400e", questions: &[] },
];

/// Questions about the whole task.
pub const QUESTIONS: &[Question] = &[
    Question { title: WEATHER, tool: "radio", options: &["clear", "rain", "fog"], nested: &[] },
    Question { title: TAGS, tool: "checkbox", options: &["day", "dusk", "night", "from above", "crossing", "parking"], nested: &[] },
    Question { title: NOTE, tool: "text", options: &[], nested: &[] },
];

/// Relations by title and kind.
pub const RELATIONS: &[(&str, &str)] = &[(DRIVES, "one-to-one"), (TOGETHER, "group")];

/// Batches of the project.
pub const BATCHES: &[&str] = &["Week 11", "Week 12"];

/// Stages by id, name and type, in the order of the workflow.
pub const STAGES: &[(&str, &str, &str)] = &[
    ("Start", "Start", "Start"),
    (CONSENSUS_1_ID, "Consensus_1", "Label"),
    (CONSENSUS_2_ID, "Consensus_2", "Label"),
    (REVIEW_ID, "Review", "Review"),
    ("Complete", "Complete", "Complete"),
];

/// Id of the first annotator's stage; stages that Hub does not create by itself have UUIDs.
pub const CONSENSUS_1_ID: &str = "5d0c1b0e-6a43-4c1e-9a55-1f7c2f6f0a11";
/// Id of the second annotator's stage.
pub const CONSENSUS_2_ID: &str = "b7e2a9c4-0f5d-4d8b-8e21-63b1d7f4c922";
/// Id of the review stage.
pub const REVIEW_ID: &str = "194e870c-3d5b-4f0a-b1c6-7a9d2e8f5b33";

/// Schema id of the class, question or relation `title` under `owner` (a tool class's title, or nothing for the project's own).
pub fn schema_id(owner: &str, title: &str) -> String {
    hex_id(&format!("schema/{owner}/{title}"), 23)
}

#[derive(Serialize)]
struct Project {
    name: &'static str,
    ontology: Ontology,
    stages: Vec<StageEntry>,
    batches: Vec<BatchEntry>,
}

#[derive(Serialize)]
struct Ontology {
    tools: Vec<ToolEntry>,
    classifications: Vec<QuestionEntry>,
    relations: Vec<RelationEntry>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ToolEntry {
    schema_id: String,
    title: &'static str,
    tool: &'static str,
    color: &'static str,
    classifications: Vec<QuestionEntry>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct QuestionEntry {
    schema_id: String,
    title: &'static str,
    tool: &'static str,
    options: &'static [&'static str],
    classifications: Vec<QuestionEntry>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RelationEntry {
    schema_id: String,
    title: &'static str,
    tool: &'static str,
}

#[derive(Serialize)]
struct StageEntry {
    id: &'static str,
    name: &'static str,
    r#type: &'static str,
}

#[derive(Serialize)]
struct BatchEntry {
    id: String,
    name: &'static str,
}

fn entries(owner: &str, questions: &'static [Question]) -> Vec<QuestionEntry> {
    questions
        .iter()
        .map(|question| QuestionEntry {
            schema_id: schema_id(owner, question.title),
            title: question.title,
            tool: question.tool,
            options: question.options,
            classifications: entries(owner, question.nested),
        })
        .collect()
}

/// The text of `project.json`, with a newline at the end.
pub fn project_json() -> Result<String, serde_json::Error> {
    let project = Project {
        name: PROJECT,
        ontology: Ontology {
            tools: TOOLS
                .iter()
                .map(|class| ToolEntry {
                    schema_id: schema_id("", class.title),
                    title: class.title,
                    tool: class.tool,
                    color: class.color,
                    classifications: entries(class.title, class.questions),
                })
                .collect(),
            classifications: entries("", QUESTIONS),
            relations: RELATIONS.iter().map(|&(title, tool)| RelationEntry { schema_id: schema_id("", title), title, tool }).collect(),
        },
        stages: STAGES.iter().map(|&(id, name, r#type)| StageEntry { id, name, r#type }).collect(),
        batches: BATCHES.iter().map(|&name| BatchEntry { id: hex_id(&format!("batch/{name}"), 24), name }).collect(),
    };
    let mut text = serde_json::to_string_pretty(&project)?;
    text.push('\n');
    Ok(text)
}
