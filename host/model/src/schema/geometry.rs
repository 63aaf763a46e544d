//! The table of the format: drawn objects and where they are (`ango-v3.md` section 1.3).
//!
//! Coordinates are pixels from the top-left corner of the image, x to the right, y down.

use super::format::{CLASSIFICATION, PROVENANCE};
use super::shape::{Fork, Key, Repeats, Shape, Type};

/// A member of `tools`.
pub static TOOL: Shape = Shape {
    name: "tool",
    title: "Drawn object",
    about: "A drawn object. Which tool drew it is told only by its geometry key; a key that is not listed here is of a tool not known.",
    keys: &[
        Key::new("objectId", Type::NullableText, "Id, unique in the asset; in video it recurs over frames and names the track.").filled(),
        Key::new("schemaId", Type::Id, "Id of the class.").required(),
        Key::new("title", Type::NullableText, "Title of the class."),
        Key::new("classifications", Type::List(&Type::Object(&CLASSIFICATION)), "Questions answered about the object."),
        Key::new("metadata", Type::NullableObject(&PROVENANCE), "Who drew it; with the Annotation Metadata toggle, never on segmentations."),
        Key::new("page", Type::Count, "Page or frame, from 0."),
        Key::new("interpolationStopped", Type::Flag, "Video: from this frame on the object is gone; the geometry is a repeat."),
        Key::new("ocr", Type::LooseObject(&OCR), "Text that Hub's OCR read inside of the box."),
        Key::new("lock", Type::Flag, "Known from imports.").kept(),
        Key::new("medical-brush", Type::Flag, "The shape is in the task's voxel brush volume."),
        Key::new("bounding-box", Type::Object(&BOUNDING_BOX), "An axis-aligned box.").geometry(),
        Key::new("rotated-bounding-box", Type::Object(&ROTATED_BOX), "A rotated box.").geometry(),
        Key::new("polygon", Type::Points, "A ring in click order, the first point not repeated, without holes.").geometry(),
        Key::new("polyline", Type::Points, "A line in click order.").geometry(),
        Key::new("segmentation", Type::Object(&SEGMENTATION), "Regions with holes.").geometry(),
        Key::new("point", Type::Point, "A point.").geometry(),
        Key::new("spline", Type::ObjectOr(&SPLINE, &Type::Points), "A curve by its control points; its form is not public.").geometry(),
        Key::new("ner", Type::Object(&ENTITY), "A span of text or audio.").geometry(),
        Key::new("pdf", Type::Object(&PDF), "An area of a PDF page.").geometry(),
    ],
    repeats: Repeats::Last,
    fork: None,
};

/// `ocr`.
pub static OCR: Shape = Shape {
    name: "ocr",
    title: "Recognised text",
    about: "What Hub's OCR read.",
    keys: &[Key::new("text", Type::NullableText, "The text.")],
    repeats: Repeats::First,
    fork: None,
};

/// `bounding-box`.
pub static BOUNDING_BOX: Shape = Shape {
    name: "boundingBox",
    title: "Bounding box",
    about: "An axis-aligned box from the corner that was clicked first.",
    keys: &[
        Key::new("x", Type::Number, "First corner in pixels from the left.").required(),
        Key::new("y", Type::Number, "First corner in pixels from the top.").required(),
        Key::new("width", Type::Number, "Width in pixels; can be negative.").required(),
        Key::new("height", Type::Number, "Height in pixels; can be negative.").required(),
    ],
    repeats: Repeats::First,
    fork: None,
};

/// `rotated-bounding-box`.
pub static ROTATED_BOX: Shape = Shape {
    name: "rotatedBoundingBox",
    title: "Rotated bounding box",
    about: "A box turned around its first corner.",
    keys: &[
        Key::new("width", Type::Number, "Length in pixels of the edges that are horizontal without the rotation.").required(),
        Key::new("height", Type::Number, "Length in pixels of the other edges.").required(),
        Key::new("rotation", Type::Number, "Degrees, positive clockwise on screen.").required(),
    ],
    repeats: Repeats::First,
    fork: Some(Fork {
        on: "corners",
        null_counts: false,
        with: &[
            Key::new("corners", Type::Corners, "Top-left, bottom-left, bottom-right and top-right of the box before it was turned.").required(),
            Key::new("x", Type::Number, "The rotated top-left corner in pixels from the left.").kept(),
            Key::new("y", Type::Number, "The rotated top-left corner in pixels from the top.").kept(),
        ],
        without: &[
            Key::new("x", Type::Number, "The rotated top-left corner in pixels from the left.").required(),
            Key::new("y", Type::Number, "The rotated top-left corner in pixels from the top.").required(),
        ],
    }),
};

/// `segmentation`.
pub static SEGMENTATION: Shape = Shape {
    name: "segmentation",
    title: "Segmentation",
    about: "The union of its zones.",
    keys: &[Key::new("zones", Type::List(&Type::Object(&ZONE)), "The zones; absent in old exports without points.")],
    repeats: Repeats::First,
    fork: None,
};

/// A member of `zones`.
pub static ZONE: Shape = Shape {
    name: "zone",
    title: "Zone",
    about: "A region and the rings cut out of it.",
    keys: &[
        Key::new("region", Type::Points, "The outer ring; can be empty."),
        Key::new("holes", Type::List(&Type::Points), "The rings that are cut out."),
    ],
    repeats: Repeats::First,
    fork: None,
};

/// `spline`, in its form with an object.
pub static SPLINE: Shape = Shape {
    name: "spline",
    title: "Spline",
    about: "A curve by its control points.",
    keys: &[Key::new("points", Type::Points, "The control points."), Key::new("closed", Type::Flag, "Whether the curve is a ring.").kept()],
    repeats: Repeats::First,
    fork: None,
};

/// `ner`.
pub static ENTITY: Shape = Shape {
    name: "entity",
    title: "Entity",
    about: "A span of text in characters, or of audio in seconds.",
    keys: &[
        Key::new("start", Type::Number, "Where it begins.").required(),
        Key::new("end", Type::Number, "Where it ends, exclusive.").required(),
        Key::new("selection", Type::NullableText, "The text between."),
    ],
    repeats: Repeats::First,
    fork: None,
};

const PAGE_NUMBER: Key = Key::new("pageNumber", Type::Count, "The page, from 1 (unlike page elsewhere).");
const X1: Key = Key::new("x1", Type::Number, "Left edge.").required();
const Y1: Key = Key::new("y1", Type::Number, "Top edge.").required();
const X2: Key = Key::new("x2", Type::Number, "Right edge.").required();
const Y2: Key = Key::new("y2", Type::Number, "Bottom edge.").required();
const PAGE_WIDTH: Key = Key::new("width", Type::Number, "Width of the rendered page.").required();
const PAGE_HEIGHT: Key = Key::new("height", Type::Number, "Height of the rendered page.").required();

/// `pdf`: the nested form of exports, or the flat form of imports.
pub static PDF: Shape = Shape {
    name: "pdf",
    title: "PDF area",
    about: "Highlighted text or a drawn area of a PDF page.",
    keys: &[Key::new("content", Type::LooseObject(&PDF_CONTENT), "What is in the area.").kept()],
    repeats: Repeats::First,
    fork: Some(Fork {
        on: "position",
        null_counts: true,
        with: &[Key::new("position", Type::Object(&PDF_POSITION), "Where it is.").required()],
        without: &[X1, Y1, X2, Y2, PAGE_WIDTH, PAGE_HEIGHT, PAGE_NUMBER],
    }),
};

/// `content` of a PDF area.
pub static PDF_CONTENT: Shape = Shape {
    name: "pdfContent",
    title: "Content of a PDF area",
    about: "What is in a PDF area.",
    keys: &[Key::new("text", Type::NullableText, "The text.").kept(), Key::new("image", Type::NullableText, "A drawn area as a data URL.").kept()],
    repeats: Repeats::First,
    fork: None,
};

/// `position` of a PDF area.
pub static PDF_POSITION: Shape = Shape {
    name: "pdfPosition",
    title: "Position of a PDF area",
    about: "Where a PDF area is.",
    keys: &[
        Key::new("boundingRect", Type::Object(&PDF_RECTANGLE), "The whole area.").required(),
        Key::new("rects", Type::List(&Type::Object(&PDF_RECTANGLE)), "One rectangle per token of highlighted text; empty for a drawn area."),
        PAGE_NUMBER,
    ],
    repeats: Repeats::First,
    fork: None,
};

/// A rectangle of a PDF area.
pub static PDF_RECTANGLE: Shape = Shape {
    name: "pdfRectangle",
    title: "PDF rectangle",
    about: "A rectangle in units of the rendered page.",
    keys: &[X1, Y1, X2, Y2, PAGE_WIDTH, PAGE_HEIGHT],
    repeats: Repeats::First,
    fork: None,
};
