//! Limits, by name.

mod memory;
mod meter;

pub(crate) use memory::MemoryLimiter;
pub(crate) use meter::{Counters, Meter};

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// The name of a limit, as in errors, reports and settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LimitName {
    /// Linear memories and tables of an instance together.
    Memory,
    /// CPU work.
    Fuel,
    /// Time on the clock.
    WallTime,
    /// Bytes written into the archive.
    OutputBytes,
    /// Files in the archive.
    OutputFiles,
    /// Bytes of log messages.
    LogBytes,
    /// Paths in the archive.
    Path,
    /// Open files and other handles.
    Handles,
    /// Compiling: time, memory and what comes out.
    Compile,
}

impl LimitName {
    /// The name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Fuel => "fuel",
            Self::WallTime => "wall-time",
            Self::OutputBytes => "output-bytes",
            Self::OutputFiles => "output-files",
            Self::LogBytes => "log-bytes",
            Self::Path => "path",
            Self::Handles => "handles",
            Self::Compile => "compile",
        }
    }
}

/// A limit that was reached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("limit '{}' reached: {problem}", name.as_str())]
pub struct LimitExceeded {
    /// Which limit.
    pub name: LimitName,
    /// What was asked and what is allowed, in words.
    pub problem: String,
}

impl LimitExceeded {
    pub(crate) fn new(name: LimitName, problem: impl Into<String>) -> Self {
        Self { name, problem: problem.into() }
    }
}

/// What one run of a plugin may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// Bytes of linear memories and tables, per instance. JavaScript guests need 150 MB for large batches.
    pub memory: u64,
    /// Fuel that every instance starts with: about a second of work.
    pub fuel_base: u64,
    /// Fuel added per byte of canonical NDJSON that the instance is given. A Rust guest burns about 100 for parsing, a Python guest about 700; the rest is room for work.
    pub fuel_per_byte: u64,
    /// How long the whole run may take.
    #[serde(serialize_with = "seconds")]
    pub wall_time: Duration,
    /// Bytes that may be written whatever the input.
    pub output_bytes_base: u64,
    /// Bytes that may be written besides, per byte of input.
    pub output_bytes_per_byte: u64,
    /// Files in the archive, besides one for each task.
    pub output_files: u64,
    /// Bytes of log messages in the whole run.
    pub log_bytes: u64,
    /// Open files per instance.
    pub handles: u32,
}

fn seconds<S: serde::Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64())
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: 512 << 20,
            fuel_base: 2_000_000_000,
            fuel_per_byte: 5_000,
            wall_time: Duration::from_secs(30 * 60),
            output_bytes_base: 1 << 30,
            output_bytes_per_byte: 20,
            output_files: 10_000,
            log_bytes: 1 << 20,
            handles: 256,
        }
    }
}

impl Limits {
    /// What `describe` may use: it has nothing to do but answer.
    pub(crate) fn describe() -> Self {
        Self { memory: 256 << 20, fuel_base: 200_000_000, wall_time: Duration::from_secs(60), log_bytes: 1 << 10, ..Self::default() }
    }

    /// The first limit that allows more than in `other`, by the name that [`set`](Self::set) knows it by.
    pub fn exceeds(&self, other: &Self) -> Option<&'static str> {
        let pairs = [
            ("memory", self.memory > other.memory),
            ("fuel-base", self.fuel_base > other.fuel_base),
            ("fuel-per-byte", self.fuel_per_byte > other.fuel_per_byte),
            ("wall-time", self.wall_time > other.wall_time),
            ("output-bytes", self.output_bytes_base > other.output_bytes_base),
            ("output-bytes-per-byte", self.output_bytes_per_byte > other.output_bytes_per_byte),
            ("output-files", self.output_files > other.output_files),
            ("log-bytes", self.log_bytes > other.log_bytes),
            ("handles", self.handles > other.handles),
        ];
        pairs.into_iter().find_map(|(name, exceeds)| exceeds.then_some(name))
    }

    /// Sets one limit from text, `NAME=VALUE`: sizes with an optional `KiB`, `MiB` or `GiB`, times in seconds.
    ///
    /// # Errors
    /// When the name is not one of a limit or the value not one for it.
    pub fn set(&mut self, setting: &str) -> Result<(), String> {
        let Some((name, value)) = setting.split_once('=') else {
            return Err(format!("limit '{setting}': expected NAME=VALUE"));
        };
        match name {
            "memory" => self.memory = size(name, value)?,
            "fuel-base" => self.fuel_base = count(name, value)?,
            "fuel-per-byte" => self.fuel_per_byte = count(name, value)?,
            "wall-time" => {
                let seconds: f64 =
                    value.trim_end_matches('s').parse().map_err(|_| format!("limit wall-time: '{value}' is not a number of seconds"))?;
                self.wall_time =
                    Duration::try_from_secs_f64(seconds).map_err(|_| format!("limit wall-time: '{value}' is not a number of seconds"))?;
            }
            "output-bytes" => self.output_bytes_base = size(name, value)?,
            "output-bytes-per-byte" => self.output_bytes_per_byte = count(name, value)?,
            "output-files" => self.output_files = count(name, value)?,
            "log-bytes" => self.log_bytes = size(name, value)?,
            "handles" => self.handles = count(name, value)?,
            _ => {
                return Err(format!(
                    "limit '{name}' does not exist: there are memory, fuel-base, fuel-per-byte, wall-time, output-bytes, output-bytes-per-byte, output-files, log-bytes, handles"
                ));
            }
        }
        Ok(())
    }
}

fn count<T: FromStr>(name: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("limit {name}: '{value}' is not a whole number"))
}

fn size(name: &str, value: &str) -> Result<u64, String> {
    let (digits, unit) = value.split_at(value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len()));
    let scale = match unit {
        "" | "B" => 0,
        "KiB" => 10,
        "MiB" => 20,
        "GiB" => 30,
        _ => return Err(format!("limit {name}: '{value}' is not a size like 512MiB")),
    };
    count::<u64>(name, digits)?.checked_mul(1 << scale).ok_or_else(|| format!("limit {name}: '{value}' is too large"))
}

/// A number of bytes for people.
pub(crate) struct Bytes(pub(crate) u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes if bytes < 1 << 10 => write!(f, "{bytes} B"),
            bytes if bytes < 1 << 20 => write!(f, "{:.1} KiB", bytes as f64 / 1024.0),
            bytes if bytes < 1 << 30 => write!(f, "{:.1} MiB", bytes as f64 / f64::from(1 << 20)),
            bytes => write!(f, "{:.1} GiB", bytes as f64 / f64::from(1 << 30)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_with_units_and_named_when_wrong() {
        let mut limits = Limits::default();
        assert_eq!(limits.set("memory=64MiB"), Ok(()));
        assert_eq!(limits.memory, 64 << 20);
        assert_eq!(limits.set("wall-time=1.5s"), Ok(()));
        assert_eq!(limits.wall_time, Duration::from_millis(1500));
        for wrong in ["memory", "memory=x", "memory=1TB", "wall-time=-1", "speed=1", "output-bytes=99999999999999999999GiB"] {
            assert!(limits.set(wrong).is_err_and(|error| error.starts_with("limit ")), "{wrong}");
        }
    }
}
