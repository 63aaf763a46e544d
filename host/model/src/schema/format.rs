//! The table of the format: assets, tasks, answers, relations, stages (`ango-v3.md` sections 1.1 to 1.6).

use super::geometry;
use super::shape::{AnswerType, Fork, Key, Repeats, Shape, Type};

/// The asset object: one row of an export.
pub static ASSET: Shape = Shape {
    name: "asset",
    title: "Asset",
    about: "An asset with its one task: one element of the array, or one line of NDJSON.",
    keys: &[
        Key::new("asset", Type::Text, "URL of the asset, often signed and expiring; of a multi-image asset, of page 0.").required(),
        Key::new("assetId", Type::NullableText, "Hub's id of the asset; absent in old exports."),
        Key::new("dataset", Type::List(&Type::Text), "URLs of all images of a multi-image asset, page 0 onwards."),
        Key::new("overlay", Type::List(&Type::Any), "Not documented; seen empty.").kept(),
        Key::new("externalId", Type::NullableText, "Name given at import: free text, not unique."),
        Key::new("contextData", Type::NullableObject(&FREE), "Free data given at import.").kept(),
        Key::new("metadata", Type::NullableObject(&ASSET_METADATA), "Measures of the file; empty until Hub has opened it."),
        Key::new("batches", Type::List(&Type::Text), "Names of the batches that the asset is in."),
        Key::new("attachments", Type::List(&Type::Any), "What was attached to the asset at import, as type and value.").kept(),
        Key::new("task", Type::Object(&TASK), "The task.").required(),
        Key::new(
            "tasks",
            Type::Forbidden("this is the legacy format: export the project again in the current format"),
            "Only in the legacy format, which had several tasks in an asset.",
        ),
    ],
    repeats: Repeats::Last,
    fork: None,
};

/// An object of which nothing is known.
static FREE: Shape = Shape { name: "free", title: "Free data", about: "Any keys with any values.", keys: &[], repeats: Repeats::Last, fork: None };

/// `metadata` of an asset.
pub static ASSET_METADATA: Shape = Shape {
    name: "assetMetadata",
    title: "Measures of an asset",
    about: "Size and length of the file, as far as Hub has measured them.",
    keys: &[
        Key::new("width", Type::Count, "Width in pixels; 0 when not measured."),
        Key::new("height", Type::Count, "Height in pixels; 0 when not measured."),
        Key::new("frameTotal", Type::Count, "Video and multi-frame files: the number of frames."),
        Key::new("frameRate", Type::NullableNumber, "Video: frames a second."),
    ],
    repeats: Repeats::Last,
    fork: None,
};

const TOOLS_TYPE: Type = Type::List(&Type::Object(&geometry::TOOL));
const CLASSIFICATIONS_TYPE: Type = Type::List(&Type::Object(&CLASSIFICATION));
const RELATIONS_TYPE: Type = Type::List(&Type::Object(&RELATION));
const TOOLS: Key = Key::new("tools", TOOLS_TYPE, "Drawn objects.");
const CLASSIFICATIONS: Key = Key::new("classifications", CLASSIFICATIONS_TYPE, "Answers about the whole asset or page.");
const RELATIONS: Key = Key::new("relations", RELATIONS_TYPE, "Relations between objects.");
const BRUSH: Key = Key::new("brushDataUrl", Type::NullableText, "Signed, expiring URL of a PNG with all brush traces.");
const VOXEL_BRUSH: Key = Key::new("medicalBrushDataUrl", Type::NullableText, "Signed, expiring URL of a .seg.nrrd with the voxel brush traces.");

/// The task of an asset.
pub static TASK: Shape = Shape {
    name: "task",
    title: "Task",
    about: "A task with its annotations as saved into the stage being exported.",
    keys: &[
        Key::new("taskId", Type::NullableText, "Id of the task.").filled(),
        Key::new("type", Type::NullableText, "default, consensus or benchmark.").kept(),
        Key::new("stage", Type::NullableText, "Name of the stage."),
        Key::new("stageId", Type::NullableText, "Id of the stage; absent in old exports."),
        Key::new("updatedAt", Type::Time, "When the task was last changed."),
        Key::new("updatedBy", Type::NullableText, "Who changed it (an email address)."),
        Key::new("totalDuration", Type::Duration, "Active time over all stages in milliseconds."),
        Key::new("duration", Type::Duration, "Active time in milliseconds.").kept(),
        Key::new("blurDuration", Type::Duration, "Time out of focus in milliseconds.").kept(),
        Key::new("idleDuration", Type::Duration, "Idle time in milliseconds.").kept(),
        Key::new("totalBlurDuration", Type::Duration, "Time out of focus over all stages in milliseconds.").kept(),
        Key::new("totalIdleDuration", Type::Duration, "Idle time over all stages in milliseconds.").kept(),
        Key::new("consensusAverage", Type::NullableNumber, "Consensus score of the task, 0 to 100.").kept(),
        Key::new("consensusDetailed", Type::List(&Type::Any), "Consensus scores by class.").kept(),
        TOOLS,
        CLASSIFICATIONS,
        RELATIONS,
        BRUSH,
        VOXEL_BRUSH,
        Key::new("stageHistory", Type::List(&Type::Object(&STAGE_VISIT)), "The stages before this one, oldest first; with the Stage History toggle."),
    ],
    repeats: Repeats::Last,
    fork: None,
};

/// A member of `stageHistory`.
pub static STAGE_VISIT: Shape = Shape {
    name: "stageVisit",
    title: "Stage visit",
    about: "A pass of the task through a stage, with its annotations as they left it. Stages recur after a requeue.",
    keys: &[
        Key::new("stage", Type::NullableText, "Name of the stage."),
        Key::new("stageId", Type::NullableText, "Id of the stage; absent in old exports."),
        Key::new("duration", Type::Duration, "Active time of this pass in milliseconds."),
        Key::new("blurDuration", Type::Duration, "Time out of focus in milliseconds.").kept(),
        Key::new("idleDuration", Type::Duration, "Idle time in milliseconds.").kept(),
        Key::new("completedAt", Type::Time, "When the task left the stage."),
        Key::new("completedBy", Type::NullableText, "Who completed it (an email address); absent for automatic stages."),
        Key::new("reviewStatus", Type::NullableText, "On review stages: Accepted, Rejected, Todo or Fixed."),
        TOOLS,
        CLASSIFICATIONS,
        RELATIONS,
        BRUSH,
        VOXEL_BRUSH,
    ],
    repeats: Repeats::Last,
    fork: None,
};

/// An answered question.
pub static CLASSIFICATION: Shape = Shape {
    name: "classification",
    title: "Classification",
    about: "An answered question, with the questions nested in it.",
    keys: &[
        Key::new("objectId", Type::NullableText, "Id of this answer."),
        Key::new("schemaId", Type::Id, "Id of the question.").required(),
        Key::new("tool", Type::NullableText, "Type of the question; it tells what the answer is."),
        Key::new("title", Type::NullableText, "The question."),
        Key::new("answer", Type::Answer, "The answer; null, absent or an empty list when there is none."),
        Key::new("page", Type::Count, "Page or frame, from 0."),
        Key::new("interpolationStopped", Type::Flag, "From this frame on the answer no longer holds."),
        Key::new("columnField", Type::Flag, "Only in old exports.").kept(),
        Key::new("metadata", Type::NullableObject(&PROVENANCE), "Who answered; with the Annotation Metadata toggle."),
        Key::new("classifications", Type::List(&Type::Object(&CLASSIFICATION)), "Nested questions, any depth."),
    ],
    repeats: Repeats::Last,
    fork: None,
};

/// What the answer is, by the `tool` of a classification.
pub static ANSWERS: &[(&str, AnswerType)] = &[
    ("radio", AnswerType::Text),
    ("checkbox", AnswerType::List),
    ("single-dropdown", AnswerType::Text),
    ("multi-dropdown", AnswerType::List),
    ("text", AnswerType::Text),
    ("tree-dropdown", AnswerType::TextOrList),
    ("rank", AnswerType::List),
    ("boolean", AnswerType::Flag),
    ("instance", AnswerType::Unknown),
];

/// `metadata` of an annotation.
pub static PROVENANCE: Shape = Shape {
    name: "provenance",
    title: "Annotation metadata",
    about: "Who made or changed an annotation, when, and in which stage.",
    keys: &[
        Key::new("createdAt", Type::Time, "When it was made; published samples have both text and milliseconds."),
        Key::new("createdBy", Type::NullableText, "Who made it (an email address)."),
        Key::new("createdIn", Type::NullableText, "In which stage (id)."),
        Key::new("updatedAt", Type::Time, "When it was last changed."),
        Key::new("updatedBy", Type::NullableText, "Who changed it (an email address)."),
        Key::new("updatedIn", Type::NullableText, "In which stage (id)."),
    ],
    repeats: Repeats::Last,
    fork: None,
};

/// A relation between objects.
pub static RELATION: Shape = Shape {
    name: "relation",
    title: "Relation",
    about: "A relation of two objects (from and to), of one object to many, or of a group.",
    keys: &[
        Key::new("objectId", Type::NullableText, "Id of this relation."),
        Key::new("schemaId", Type::Id, "Id of its class."),
        Key::new("title", Type::NullableText, "Title of its class."),
        Key::new("page", Type::Count, "Page or frame, from 0."),
        Key::new("from", Type::NullableText, "Pair: objectId of the object clicked first."),
        Key::new("to", Type::OneOrMoreTexts, "Pair: objectId of the object clicked second; one to many: a list of them."),
        Key::new("direction", Type::OneOf(&["straight", "reverse", "bidirectional"]), "Pair: which way it points; straight is from first to second."),
        Key::new("group", Type::List(&Type::Text), "Group: objectIds of its members, also of only one."),
    ],
    repeats: Repeats::Last,
    fork: Some(Fork {
        on: "group",
        null_counts: true,
        with: &[],
        without: &[
            Key::new("from", Type::Any, "Needed when there is no group.").filled(),
            Key::new("to", Type::Any, "Needed when there is no group.").filled(),
        ],
    }),
};
