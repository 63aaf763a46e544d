//! The contract's types under one roof, and the constructors that make them pleasant to use.
//!
//! The meaning of every field, its unit and its coordinate convention is written in `wit/0.1/converter.wit`; the doc comments of the
//! generated types are that text.

pub use crate::bindings::ango::converter::assets::FetchError;
pub use crate::bindings::ango::converter::description::{Grant, Info, Parallelism};
pub use crate::bindings::ango::converter::diagnostics::Level;
pub use crate::bindings::ango::converter::types::{
    Annotations, Answer, Asset, BoundingBox, Class, Classification, Direction, Geometry, Object, Pair, PdfArea, PdfRectangle, Point, Project,
    Provenance, Relation, RelationMembers, RotatedBox, Span, StageVisit, Task, Zone,
};
pub use crate::bindings::{Failure, OptionError};

/// The options schema of a converter that has no options.
const NO_OPTIONS: &str = r#"{"type":"object","properties":{},"additionalProperties":false}"#;

impl Info {
    /// A converter without options and grants whose tasks are independent of each other. Change what differs with the methods below, which can
    /// be chained.
    ///
    /// `name` is kebab-case and at most 64 characters, `version` semantic (`env!("CARGO_PKG_VERSION")`), `title` one line for people and
    /// `format` the name of the target format.
    pub fn new(name: &str, version: &str, title: &str, format: &str) -> Self {
        Self {
            name: name.to_owned(),
            version: version.to_owned(),
            title: title.to_owned(),
            format: format.to_owned(),
            options_schema: NO_OPTIONS.to_owned(),
            grants: Vec::new(),
            parallelism: Parallelism::IndependentTasks,
            history: false,
        }
    }

    /// The JSON Schema of the options. The host checks options against it before a run and draws a form from it.
    pub fn with_options_schema(mut self, schema: &str) -> Self {
        schema.clone_into(&mut self.options_schema);
        self
    }

    /// Asks for the issues of the project: tasks then carry theirs in [`extra`](crate::Task), a list under the key `issues`, when the project says what issues there
    /// are (`issues.ndjson`). It is told by `"x-issues": true` in the schema of the options, so call it after [`with_options_schema`](Self::with_options_schema).
    ///
    /// ```
    /// use ango_plugin_sdk::Info;
    /// let info = Info::new("a", "1.0.0", "A", "A").with_options_schema(r#"{ "type": "object" }"#).with_issues();
    /// assert_eq!(info.options_schema, r#"{"x-issues":true,"type": "object" }"#);
    /// ```
    pub fn with_issues(mut self) -> Self {
        let rest = self.options_schema.trim_start().trim_start_matches('{').trim_start();
        self.options_schema = ["{\"x-issues\":true", if rest.starts_with('}') { "" } else { "," }, rest].concat();
        self
    }

    /// Asks for the right to ask for sizes and bytes of assets.
    pub fn with_assets(mut self) -> Self {
        self.grants.push(Grant::Assets);
        self
    }

    /// Asks for one instance that sees all tasks in order. Slower: such a converter uses one core.
    pub fn sequential(mut self) -> Self {
        self.parallelism = Parallelism::Sequential;
        self
    }

    /// Asks for `task.history`.
    pub fn with_history(mut self) -> Self {
        self.history = true;
        self
    }
}

impl Failure {
    /// The option at the JSON pointer (`/classes/0`, or `""` for the whole) is wrong in a way that the schema cannot say.
    pub fn option(pointer: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Options(OptionError { pointer: pointer.into(), reason: reason.into() })
    }

    /// The export cannot be converted at all.
    pub fn input(reason: impl Into<String>) -> Self {
        Self::Input(reason.into())
    }

    /// Anything else.
    pub fn failed(reason: impl Into<String>) -> Self {
        Self::Failed(reason.into())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

impl Geometry {
    /// The key of this geometry in a V3 export (`bounding-box`, `rotated-bounding-box`, ...); for an untyped one `other`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::BoundingBox(_) => "bounding-box",
            Self::RotatedBox(_) => "rotated-bounding-box",
            Self::Polygon(_) => "polygon",
            Self::Polyline(_) => "polyline",
            Self::Segmentation(_) => "segmentation",
            Self::Point(_) => "point",
            Self::Spline(_) => "spline",
            Self::Entity(_) => "ner",
            Self::Pdf(_) => "pdf",
            Self::VoxelBrush => "medical-brush",
            Self::Other(_) => "other",
        }
    }
}
