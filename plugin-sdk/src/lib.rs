//! Write a converter for Ango exports in Rust.
//!
//! A converter gets the tasks of an annotation project, typed, and writes the files of another format. It runs inside a WebAssembly sandbox
//! as a component of the world `ango:converter/converter`; this crate is that contract (`wit/0.1/converter.wit`) made pleasant.
//!
//! # A whole converter
//!
//! ```
//! use ango_plugin_sdk::{Converter, Failure, Geometry, Info, Run, json, number};
//!
//! struct Boxes;
//!
//! #[derive(serde::Deserialize)]
//! #[serde(default, deny_unknown_fields)]
//! struct Options {
//!     decimals: u8,
//! }
//!
//! impl Default for Options {
//!     fn default() -> Self {
//!         Self { decimals: 2 }
//!     }
//! }
//!
//! impl Converter for Boxes {
//!     type Options = Options;
//!
//!     fn describe() -> Info {
//!         Info::new("boxes", env!("CARGO_PKG_VERSION"), "One JSON line per box", "NDJSON").with_options_schema(
//!             r#"{"type":"object","additionalProperties":false,"properties":{
//!                 "decimals":{"type":"integer","minimum":0,"maximum":15,"default":2,"description":"Decimals of coordinates"}}}"#,
//!         )
//!     }
//!
//!     fn convert(options: Options, run: &Run) -> Result<(), Failure> {
//!         // One file that all shards write into: section 0 of it, nothing between the shards' parts.
//!         let mut out = run.section("boxes.ndjson", 0, "");
//!         for task in run.tasks() {
//!             for object in &task.annotations.objects {
//!                 let Geometry::BoundingBox(bounds) = &object.geometry else {
//!                     run.lost(task.index, Some(&object.object_id), "geometry-unsupported", object.geometry.kind());
//!                     continue;
//!                 };
//!                 let row = out.buffer();
//!                 row.extend_from_slice(b"{\"file\":");
//!                 json::write_string(row, &task.asset.file_name);
//!                 row.extend_from_slice(b",\"x\":");
//!                 number::write_rounded(row, bounds.x, options.decimals);
//!                 row.extend_from_slice(b"}\n");
//!             }
//!         }
//!         out.finish();
//!         Ok(())
//!     }
//! }
//!
//! ango_plugin_sdk::export!(Boxes);
//!
//! // What `cargo test` can say about it, without a sandbox:
//! use ango_plugin_sdk::testkit::TestKit;
//! let export = r#"{"asset":"https://x.test/a.jpg","externalId":"a.jpg","metadata":{},"batches":[],"task":{"taskId":"t","tools":[
//!     {"bounding-box":{"x":1.256,"y":2,"width":3,"height":4},"objectId":"o1","schemaId":"s","title":"cat"},
//!     {"point":[1,2],"objectId":"o2","schemaId":"s","title":"cat"}]}}"#;
//! let outcome = TestKit::from_json(export)?.run::<Boxes>("{}");
//! assert_eq!(outcome.result, Ok(()));
//! assert_eq!(outcome.text("boxes.ndjson"), Some("{\"file\":\"a.jpg\",\"x\":1.26}\n"));
//! assert_eq!(outcome.codes(), [("geometry-unsupported", 1)].into());
//! # Ok::<(), ango_plugin_sdk::testkit::ReadError>(())
//! ```
//!
//! Its `Cargo.toml` needs `crate-type = ["cdylib", "rlib"]`, this crate and `serde`; build it with
//! `cargo build --release --target wasm32-wasip2`. The `.wasm` file is the plugin.
//!
//! # What to know
//!
//! * **Shards.** Unless [`Info::sequential`] is asked for, several instances run at once, each on a stretch of the export, and know nothing of
//!   each other. Files of one's own are made with [`Run::add`] and [`Run::create`], a file that all write into with [`Run::section`]. Numbers that
//!   must be unique over the export come from [`Task::index`] and [`Task::object_offset`]. [`testkit::TestKit::shard_size`] shows whether the cutting changes the output.
//! * **Losses.** What the target format cannot hold, or only roughly, is reported with [`Run::lost`]. Dropping something silently is a fault.
//! * **Hostile input.** Texts hold anything, coordinates are finite and nothing else: [`geometry::usable`].
//! * **Speed.** Append to [`File::buffer`] with [`number`] and [`json`]; `format!` and allocations for every object are what makes converters slow.

#[cfg(any(target_arch = "wasm32", test))]
mod allocator;
pub mod answers;
pub mod bindings;
pub mod bytes;
mod class_table;
mod classes;
pub mod coco;
pub mod color;
mod converter;
mod file;
pub mod geometry;
mod host;
pub mod images;
pub mod json;
pub mod keypoints;
pub mod labels;
mod losses;
pub mod number;
pub mod options;
pub mod order;
pub mod png;
pub mod raster;
pub mod rle;
mod run;
#[cfg(not(target_arch = "wasm32"))]
pub mod testkit;
pub mod text;
pub mod time;
pub mod tracks;
mod types;

pub use class_table::{ClassTable, Found, TableClass};
pub use classes::ClassIndex;
pub use converter::Converter;
#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub use converter::convert_component;
pub use file::File;
pub use run::{Run, Tasks};
pub use types::*;

/// Memory of every component that is built with this SDK.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static MEMORY: allocator::Classes = allocator::Classes::new();
