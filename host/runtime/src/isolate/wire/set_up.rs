//! What a child is told before and at each shard.

use crate::bindings::ango::converter::types::{Class, Project};
use crate::limits::Limits;
use ango_packed::write::{list, option, s64, text, u32, u64};
use ango_packed::{Malformed, Reader, Unpack};
use std::time::Duration;

/// What all shards of a conversion have in common.
pub(in crate::isolate) struct SetUp {
    pub(in crate::isolate) options: String,
    pub(in crate::isolate) project: Project,
    pub(in crate::isolate) limits: Limits,
}

pub(in crate::isolate) fn set_up(options: &str, project: &Project, limits: &Limits) -> Vec<u8> {
    let mut out = Vec::new();
    text(&mut out, options);
    text(&mut out, &project.name);
    option(&mut out, project.exported_at, s64);
    for group in [&project.tools, &project.classifications, &project.relations] {
        list(&mut out, group, |out, class: &Class| {
            u32(out, class.index);
            for field in [&class.schema_id, &class.title, &class.kind] {
                text(out, field);
            }
            option(out, class.color.as_deref(), text);
            list(out, &class.options, |out, item| text(out, item));
            option(out, class.parent.as_deref(), text);
        });
    }
    for names in [&project.stages, &project.batches] {
        list(&mut out, names, |out, name| text(out, name));
    }
    option(&mut out, project.task_count, u64);
    let wall_time = limits.wall_time;
    for number in [
        limits.memory,
        limits.fuel_base,
        limits.fuel_per_byte,
        wall_time.as_secs(),
        wall_time.subsec_nanos().into(),
        limits.output_bytes_base,
        limits.output_bytes_per_byte,
        limits.output_files,
        limits.log_bytes,
        limits.handles.into(),
    ] {
        u64(&mut out, number);
    }
    out
}

impl Unpack for SetUp {
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self { options: Unpack::unpack(from)?, project: Unpack::unpack(from)?, limits: Unpack::unpack(from)? })
    }
}

impl Unpack for Limits {
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let mut number = || u64::unpack(from);
        let small = |number: u64| u32::try_from(number).map_err(|_| Malformed);
        Ok(Self {
            memory: number()?,
            fuel_base: number()?,
            fuel_per_byte: number()?,
            wall_time: Duration::new(number()?, small(number()?)?),
            output_bytes_base: number()?,
            output_bytes_per_byte: number()?,
            output_files: number()?,
            log_bytes: number()?,
            handles: small(number()?)?,
        })
    }
}

/// A shard to convert.
pub(in crate::isolate) struct Run {
    pub(in crate::isolate) shard: u32,
    /// Until the run must be over.
    pub(in crate::isolate) left: Duration,
}

pub(in crate::isolate) fn run(run: &Run) -> Vec<u8> {
    let mut out = Vec::new();
    u32(&mut out, run.shard);
    u64(&mut out, u64::try_from(run.left.as_nanos()).unwrap_or(u64::MAX));
    out
}

impl Unpack for Run {
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self { shard: Unpack::unpack(from)?, left: Duration::from_nanos(Unpack::unpack(from)?) })
    }
}
