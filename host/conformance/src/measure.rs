//! What a plugin costs: time, fuel and memory, on one thread.

use crate::ConformanceError;
use crate::kit::many;
use crate::once::Once;
use ango_pipeline::report::PluginReport;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Tasks of the export that [`measure_kit`] converts: about 4 MB, long enough to be measured and short enough to wait for.
const TASKS: usize = 6_000;

/// What a plugin needed for an input.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cost {
    /// Seconds in the sandbox.
    pub seconds: f64,
    /// Tasks converted.
    pub tasks: u64,
    /// Bytes of input.
    pub bytes: u64,
    /// Fuel burnt.
    pub fuel: u64,
    /// Bytes of memories and tables.
    pub memory: u64,
}

impl Cost {
    fn of(report: &PluginReport) -> Self {
        Self {
            seconds: report.timings.convert.max(1e-9),
            tasks: report.tasks,
            bytes: report.input.bytes,
            fuel: report.used.fuel,
            memory: report.used.peak_memory,
        }
    }

    /// Millions of bytes of input a second.
    pub fn megabytes_per_second(self) -> f64 {
        self.bytes as f64 / 1e6 / self.seconds
    }

    /// Tasks a second.
    pub fn tasks_per_second(self) -> f64 {
        self.tasks as f64 / self.seconds
    }

    /// Fuel for each byte of input.
    pub fn fuel_per_byte(self) -> f64 {
        self.fuel as f64 / (self.bytes as f64).max(1.0)
    }
}

/// Converts an export so many times and gives the cost of the quickest; or why the plugin failed.
///
/// # Errors
/// As [`Once::convert`].
pub fn measure(once: &Once<'_>, input: &Path, rounds: u32) -> Result<Result<Cost, String>, ConformanceError> {
    let mut best: Option<Cost> = None;
    for _ in 0..rounds {
        let (report, _folder) = once.convert(input)?;
        let Some(converted) = report.plugins.first() else { continue };
        if let Some(error) = &converted.error {
            return Ok(Err(error.message.clone()));
        }
        let cost = Cost::of(converted);
        if best.is_none_or(|best| cost.seconds < best.seconds) {
            best = Some(cost);
        }
    }
    Ok(best.ok_or_else(|| "no rounds".to_owned()))
}

/// The same on an export of the kit's own.
///
/// # Errors
/// As [`Once::convert`].
pub fn measure_kit(once: &Once<'_>) -> Result<Result<Cost, String>, ConformanceError> {
    let folder = tempfile::tempdir().map_err(ConformanceError::io("no temporary folder"))?;
    let input = folder.path().join("input.ndjson");
    std::fs::write(&input, many(TASKS)).map_err(ConformanceError::io("no temporary file"))?;
    measure(once, &input, 2)
}
