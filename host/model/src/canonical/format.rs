//! The frame of the file around the records.

/// The format of the payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// One JSON array.
    #[default]
    Json,
    /// One asset object per line, without a newline at the end: old clients count newlines to know the number of tasks.
    Ndjson,
    /// One JSON array of asset objects as they were before there were workflows: see [`legacy`](crate::legacy).
    Legacy,
}

impl Format {
    /// File name extension.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Json | Self::Legacy => "json",
            Self::Ndjson => "ndjson",
        }
    }

    /// What comes before the first record.
    pub fn opening(self) -> &'static [u8] {
        match self {
            Self::Json | Self::Legacy => b"[",
            Self::Ndjson => b"",
        }
    }

    /// What comes between two records.
    pub fn separator(self) -> &'static [u8] {
        match self {
            Self::Json | Self::Legacy => b",\n",
            Self::Ndjson => b"\n",
        }
    }

    /// What comes after the last record.
    pub fn closing(self) -> &'static [u8] {
        match self {
            Self::Json | Self::Legacy => b"]",
            Self::Ndjson => b"",
        }
    }
}
