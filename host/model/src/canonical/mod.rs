//! The canonical writer: a record with the export's options applied, and the frame of the file around the records.
//!
//! Keys keep their order, numbers their text; unknown keys stay. A record in which nothing changes is one copy; dropping a part means not copying it,
//! so an export with less in it is never slower.

mod boxes;
mod format;
mod rules;

pub use format::Format;

use crate::json::Value;
use crate::legacy::{self, LeftOut};
use crate::links::Links;
use crate::options::ExportOptions;
use crate::sink::Sink;
use crate::video::Video;
use rules::{Rules, Scope};

/// Writes records as an export has them.
#[derive(Debug, Clone, Copy)]
pub struct Canonical<'o> {
    options: &'o ExportOptions,
    links: Option<&'o dyn Links>,
}

impl<'o> Canonical<'o> {
    /// A writer with these options, that gives out links as they are.
    pub fn new(options: &'o ExportOptions) -> Self {
        Self { options, links: None }
    }

    /// Lets `links` sign links to assets and masks.
    pub fn with_links(mut self, links: Option<&'o dyn Links>) -> Self {
        self.links = links;
        self
    }

    /// Appends one asset object as compact JSON. When it is one of a `video`, the frames between its key frames are computed, unless the options say otherwise.
    pub fn write<S: Sink>(&self, sink: &mut S, record: &Value<'_, '_>, video: Option<Video>) {
        let rules = Rules::new(self.options, self.links, record, video);
        if rules.change_nothing() {
            record.write(sink.buffer());
        } else {
            record.write_by(sink, Scope::Record, &rules);
        }
    }

    /// Appends one asset object of the legacy export, and counts what that leaves out.
    pub fn write_legacy<S: Sink>(&self, sink: &mut S, record: &Value<'_, '_>, video: Option<Video>, left_out: &mut LeftOut) {
        legacy::write_asset(sink, record, &Rules::new(self.options, self.links, record, video).legacy(), left_out);
    }
}

/// Appends one asset object as compact JSON with the options applied, and links as they are.
pub fn write_asset(out: &mut Vec<u8>, record: &Value<'_, '_>, options: &ExportOptions) {
    Canonical::new(options).write(out, record, Video::of(record));
}
