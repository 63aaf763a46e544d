//! What the table of the format is made of.

/// An object of the format.
#[derive(Debug)]
pub struct Shape {
    /// Its name under `$defs` of the JSON Schema.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What it is, in one line.
    pub about: &'static str,
    /// The keys it has in any case. Others are allowed.
    pub keys: &'static [Key],
    /// Which of several members with the same key counts.
    pub repeats: Repeats,
    /// Keys that depend on whether another key is there.
    pub fork: Option<Fork>,
}

/// Two forms of an object, told apart by one key.
#[derive(Debug)]
pub struct Fork {
    /// The key.
    pub on: &'static str,
    /// Whether the key counts as being there when it is `null`.
    pub null_counts: bool,
    /// Keys when it is there.
    pub with: &'static [Key],
    /// Keys when it is not.
    pub without: &'static [Key],
}

/// Which of several members with the same key the typed reader looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeats {
    /// At all of them; the last one counts.
    Last,
    /// Only at the first one.
    First,
}

/// A key of an object.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The key.
    pub name: &'static str,
    /// What its value may be.
    pub value: Type,
    /// Whether it has to be there.
    pub presence: Presence,
    /// The typed reader looks at it, so that a wrong type is an error. Of a key that is only documented, a wrong type is worth a warning.
    pub read: bool,
    /// Its presence tells which tool an object was drawn with.
    pub geometry: bool,
    /// What it means, in one line.
    pub about: &'static str,
}

/// Whether a key has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It may be absent.
    Optional,
    /// It has to be there.
    Required,
    /// It has to be there, and neither `null` nor an empty string will do.
    Filled,
}

/// What a value may be.
#[derive(Debug, Clone, Copy)]
pub enum Type {
    /// Anything.
    Any,
    /// A string.
    Text,
    /// A string or `null`.
    NullableText,
    /// A string, a list of strings (members that are `null` are left out), or `null`.
    OneOrMoreTexts,
    /// A string, or a whole number from 0 up (old schema ids, labels of voxel brushes).
    Id,
    /// A number that a 64-bit float can hold.
    Number,
    /// Such a number or `null`.
    NullableNumber,
    /// A whole number that 32 bits can hold, from 0 up, or `null`.
    Count,
    /// Milliseconds from 0 up, or `null`.
    Duration,
    /// A time as ISO-8601 text, an empty string, milliseconds since 1970, or `null`.
    Time,
    /// `true`, `false` or `null`.
    Flag,
    /// One of these strings, or `null`.
    OneOf(&'static [&'static str]),
    /// An answer: anything, but a number has to be one that a 64-bit float can hold.
    Answer,
    /// `[x, y]` in pixels; what follows (a z) is ignored.
    Point,
    /// A list of points, or `null`.
    Points,
    /// A list of four points, or `null`.
    Corners,
    /// An object.
    Object(&'static Shape),
    /// An object or `null`.
    NullableObject(&'static Shape),
    /// Meant to be an object, but the reader passes by anything else.
    LooseObject(&'static Shape),
    /// An object, or else something of the other type.
    ObjectOr(&'static Shape, &'static Type),
    /// A list or `null`; members that are `null` are left out.
    List(&'static Type),
    /// Must not be there, for this reason.
    Forbidden(&'static str),
}

/// What the answer to a question is, by the question's `tool`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerType {
    /// A string.
    Text,
    /// A list of strings.
    List,
    /// Either.
    TextOrList,
    /// `true` or `false`.
    Flag,
    /// Not public.
    Unknown,
}

impl AnswerType {
    /// The type with its article, for messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::List => "a list of strings",
            Self::TextOrList => "a string or a list of strings",
            Self::Flag => "true or false",
            Self::Unknown => "anything",
        }
    }
}

impl Key {
    /// An optional key that the reader looks at.
    pub const fn new(name: &'static str, value: Type, about: &'static str) -> Self {
        Self { name, value, presence: Presence::Optional, read: true, geometry: false, about }
    }

    /// The key has to be there.
    pub const fn required(mut self) -> Self {
        self.presence = Presence::Required;
        self
    }

    /// The key has to be there with something in it.
    pub const fn filled(mut self) -> Self {
        self.presence = Presence::Filled;
        self
    }

    /// The key is documented, but the reader only keeps it.
    pub const fn kept(mut self) -> Self {
        self.read = false;
        self
    }

    /// The key tells the tool.
    pub const fn geometry(mut self) -> Self {
        self.geometry = true;
        self
    }
}
