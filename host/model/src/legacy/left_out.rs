//! What a record in the legacy format lacks, counted: on one side what only V3 has, on the other what only the legacy format had.

/// Something that is not in the legacy form of a record. The order is the one in which people are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(usize)]
pub enum Code {
    /// The stage of a task; once per task.
    Stage,
    /// The annotations of a stage visit; once per visit that has some.
    StageHistory,
    /// Who passed the task through a stage, and when; once per visit that is neither the last labelling pass nor the last review.
    StageVisit,
    /// Consensus scores by class; once per task.
    ConsensusDetailed,
    /// Idle and blur durations; once per duration.
    IdleBlur,
    /// A user's name; once per email address that is in its place.
    UserName,
    /// Whether the task was skipped; once per task.
    IsSkipped,
    /// Whether the task is a benchmark; once per task of which no type is known.
    IsBenchmark,
    /// The score against the benchmark; once per task.
    Benchmark,
    /// The issues of a task; once per task.
    Issues,
    /// The link to a mask; once per segmentation.
    Masks,
    /// Whether a question was a column of a table; once per classification, nested ones too.
    ColumnField,
    /// An unknown key that is called like one which the legacy format fills otherwise; once per key.
    ReplacedKey,
}

impl Code {
    /// Every code, in the order in which people are told.
    pub const ALL: [Self; 13] = [
        Self::Stage,
        Self::StageHistory,
        Self::StageVisit,
        Self::ConsensusDetailed,
        Self::IdleBlur,
        Self::UserName,
        Self::IsSkipped,
        Self::IsBenchmark,
        Self::Benchmark,
        Self::Issues,
        Self::Masks,
        Self::ColumnField,
        Self::ReplacedKey,
    ];

    /// The code in reports. It stays the same over versions.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stage => "stage",
            Self::StageHistory => "stage-history",
            Self::StageVisit => "stage-visit",
            Self::ConsensusDetailed => "consensus-detailed",
            Self::IdleBlur => "idle-blur",
            Self::UserName => "user-name",
            Self::IsSkipped => "is-skipped",
            Self::IsBenchmark => "is-benchmark",
            Self::Benchmark => "benchmark",
            Self::Issues => "issues",
            Self::Masks => "masks",
            Self::ColumnField => "column-field",
            Self::ReplacedKey => "replaced-key",
        }
    }

    /// What is missing, in one line for people.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Stage => "the stage that a task is in has no place in the legacy format",
            Self::StageHistory => {
                "the annotations of an earlier stage have no place in the legacy format; those of the exported stage are in 'objects'"
            }
            Self::StageVisit => "who passed a task through a stage, and when, is kept of the last labelling pass and the last review only",
            Self::ConsensusDetailed => "consensus scores by class have no place in the legacy format; the average is in 'consensus'",
            Self::IdleBlur => "idle and blur durations have no place in the legacy format",
            Self::UserName => "a user is named by email address, because current exports do not hold the names that legacy exports had",
            Self::IsSkipped => "current exports do not say whether a task was skipped, so 'isSkipped' is missing",
            Self::IsBenchmark => "the record does not say what type its task has, so 'isBenchmark' is missing",
            Self::Benchmark => "current exports hold no score against the benchmark, so 'benchmark' is missing",
            Self::Issues => "current exports hold issues in a file of their own, so 'issues' is missing",
            Self::Masks => "current exports have no link to the mask of a segmentation, so 'masks' is missing",
            Self::ColumnField => "current exports do not say whether a question was a column of a table, so 'columnField' is missing",
            Self::ReplacedKey => {
                "a key that the current format does not know is called like one of the legacy format, whose value stands in its place"
            }
        }
    }
}

/// How often each [`Code`] applied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftOut {
    counts: [u64; Code::ALL.len()],
}

impl LeftOut {
    /// Counts `times` more.
    pub fn add(&mut self, code: Code, times: u64) {
        let count = &mut self.counts[code as usize];
        *count = count.saturating_add(times);
    }

    /// How often the code applied.
    pub fn count(&self, code: Code) -> u64 {
        self.counts[code as usize]
    }

    /// Adds what was counted elsewhere, over other records.
    pub fn merge(&mut self, other: &Self) {
        for code in Code::ALL {
            self.add(code, other.count(code));
        }
    }

    /// Whether nothing is left out.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// The codes that applied and how often, always in the order of [`Code::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (Code, u64)> + '_ {
        Code::ALL.into_iter().map(|code| (code, self.count(code))).filter(|(_, count)| *count > 0)
    }
}
