//! What is in a volume: found out before anything is written, so that a damaged volume or an empty one leaves no file behind.

use crate::labels::{Labels, Meaning};
use crate::nrrd::{NO_LABEL, Nrrd, Sample};
use crate::unreadable::Unreadable;

/// More different values than this are measurements.
const MAX_LABELS: usize = 1 << 12;

/// A stored value that occurs, other than 0.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    pub(crate) stored: i64,
    pub(crate) meaning: Meaning,
    /// Voxels that have it, without hidden ones.
    pub(crate) voxels: u64,
    /// Voxels that have it in a layer under another one.
    pub(crate) hidden: u64,
}

/// The values of a volume and what is written for them.
pub(crate) struct Census<'a> {
    labels: &'a Labels,
    /// By stored value.
    seen: Vec<Seen>,
    /// Whether the data are one gzip member.
    is_member: bool,
}

impl<'a> Census<'a> {
    /// Reads a volume to its end.
    pub(crate) fn take(nrrd: &Nrrd<'_>, labels: &'a Labels) -> Result<Self, Unreadable> {
        let mut census = Self { labels, seen: Vec::new(), is_member: false };
        census.is_member = nrrd.runs(&mut |values, count| census.count(values, count))?;
        if census.seen.len() > MAX_LABELS {
            return Err(Unreadable::new(format!("has more than {MAX_LABELS} different values, which are no labels")));
        }
        Ok(census)
    }

    /// The stored values that occur, other than 0, in ascending order.
    pub(crate) fn all(&self) -> &[Seen] {
        &self.seen
    }

    /// How many voxels have a label that is written.
    pub(crate) fn labelled(&self) -> u64 {
        self.seen.iter().filter(|seen| seen.meaning.output() > 0).map(|seen| seen.voxels).sum()
    }

    /// The largest value that is written.
    pub(crate) fn largest(&self) -> i32 {
        self.seen.iter().map(|seen| seen.meaning.output()).max().unwrap_or(0)
    }

    /// Whether the data are compressed, and hold byte for byte what is to be written.
    pub(crate) fn is_as_written(&self, nrrd: &Nrrd<'_>) -> bool {
        let header = &nrrd.header;
        let is_whole = !matches!(header.sample, Sample::F32 | Sample::F64) && (!header.big_endian || header.sample.width() == 1);
        let is_same = self.seen.iter().all(|seen| i64::from(seen.meaning.output()) == seen.stored);
        self.is_member && is_whole && is_same && header.layers == 1 && header.sample.width() <= 4
    }

    /// The value to write for a voxel that has these in its layers: later layers are above earlier ones, as where 3D Slicer makes one volume of overlapping segments.
    #[inline]
    pub(crate) fn output(&self, values: &[i64]) -> i32 {
        let output = |&value: &i64| self.find(value).map_or(0, |at: usize| self.seen[at].meaning.output());
        values.iter().rev().filter(|value| **value != 0).map(output).find(|output| *output != 0).unwrap_or(0)
    }

    #[inline]
    fn count(&mut self, values: &[i64], count: u64) {
        let mut below: Option<(i64, i32)> = None;
        for &value in values.iter().filter(|value| **value != 0) {
            let seen = self.seen(value);
            seen.voxels += count;
            let output = seen.meaning.output();
            if output == 0 {
                continue;
            }
            if let Some((hidden, other)) = below.replace((value, output))
                && other != output
            {
                let hidden = self.seen(hidden);
                hidden.voxels -= count;
                hidden.hidden += count;
            }
        }
    }

    /// The place of a value.
    #[inline]
    fn seen(&mut self, value: i64) -> &mut Seen {
        let at = match self.find(value) {
            Ok(at) => at,
            Err(at) => self.add(value, at),
        };
        &mut self.seen[at]
    }

    #[inline]
    fn find(&self, value: i64) -> Result<usize, usize> {
        self.seen.binary_search_by_key(&value, |seen| seen.stored)
    }

    #[cold]
    fn add(&mut self, stored: i64, at: usize) -> usize {
        if self.seen.len() > MAX_LABELS {
            // Too many already: nothing of it will be used.
            return 0;
        }
        let meaning = if stored == NO_LABEL { Meaning::Unusable } else { self.labels.meaning(stored) };
        self.seen.insert(at, Seen { stored, meaning, voxels: 0, hidden: 0 });
        at
    }
}
