//! Which object is on top, pixel by pixel, without pixels.

/// The most spans in one image. Masks of drawn shapes have some thousands, those of brushes some hundred thousands; this many take 128 MiB.
const MAX_SPANS: usize = 1 << 23;

/// The most rows of an image; more than any camera has. They take 32 MiB.
const MAX_ROWS: u32 = 1 << 22;

/// Marks the end of a row's list.
const END: u32 = u32::MAX;

/// An image has more than eight million spans, or more than four million rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooComplex;

impl std::fmt::Display for TooComplex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("image has more than 4194304 rows, or shapes cross them more often than 8388608 times")
    }
}

impl std::error::Error for TooComplex {}

/// Pixels of a row with the same label: columns from `x0` up to but not including `x1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The first column.
    pub x0: u32,
    /// The column after the last one.
    pub x1: u32,
    /// What is there; never 0.
    pub label: u32,
}

/// A label image as the spans that were painted: later ones lie on top of earlier ones.
///
/// A row is put together when it is asked for. Time and memory depend on what is painted, not on the size of the image. Made once and [`reset`](Self::reset) for every image.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    width: u32,
    height: u32,
    /// First and last span of every row.
    rows: Vec<(u32, u32)>,
    spans: Vec<Span>,
    runs: Vec<Run>,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    x0: u32,
    x1: u32,
    label: u32,
    /// The next span of the row.
    next: u32,
}

impl Labels {
    /// An image without pixels.
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts an image of this size, without labels.
    pub fn reset(&mut self, width: u32, height: u32) {
        (self.width, self.height) = (width, height);
        self.spans.clear();
        self.rows.clear();
        self.rows.resize(height.min(MAX_ROWS) as usize, (END, END));
    }

    /// Width and height in pixels.
    pub fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// Puts a label (not 0) on a span, over what is there. What is outside the image is not painted, and neither is what goes beyond
    /// [`check`](Self::check).
    #[inline]
    pub fn paint(&mut self, y: u32, x0: u32, x1: u32, label: u32) {
        let at = self.spans.len();
        let x1 = x1.min(self.width);
        let Some(row) = self.rows.get_mut(y as usize) else { return };
        if x0 >= x1 || at > MAX_SPANS {
            return;
        }
        match self.spans.get_mut(row.1 as usize) {
            Some(last) => last.next = at as u32,
            None => row.0 = at as u32,
        }
        row.1 = at as u32;
        self.spans.push(Span { x0, x1, label, next: END });
    }

    /// Whether everything that was painted is there: to be asked before rows are read.
    ///
    /// # Errors
    ///
    /// When there are more spans or rows than memory is meant for.
    pub fn check(&self) -> Result<(), TooComplex> {
        if self.spans.len() > MAX_SPANS || self.height > MAX_ROWS { Err(TooComplex) } else { Ok(()) }
    }

    /// The first row from `y` on that was painted on; the height if there is none.
    pub fn next_painted(&self, y: u32) -> u32 {
        let rest = self.rows.get(y as usize..).unwrap_or_default();
        rest.iter().position(|row| row.0 != END).map_or(self.height, |ahead| y + ahead as u32)
    }

    /// What is visible in a row, from left to right.
    #[inline(never)]
    pub fn row(&mut self, y: u32) -> &[Run] {
        self.runs.clear();
        let mut next = self.rows.get(y as usize).map_or(END, |row| row.0);
        while let Some(&Span { x0, x1, label, next: after }) = self.spans.get(next as usize) {
            match self.runs.last() {
                Some(last) if last.x1 > x0 => cover(&mut self.runs, Run { x0, x1, label }),
                _ => self.runs.push(Run { x0, x1, label }),
            }
            next = after;
        }
        &self.runs
    }
}

/// Lays a run over others: what is under it goes, and what is on both sides of it stays.
fn cover(runs: &mut Vec<Run>, top: Run) {
    let first = runs.partition_point(|run| run.x1 <= top.x0);
    let end = first + runs[first..].partition_point(|run| run.x0 < top.x1);
    let left = runs[first..end].first().filter(|run| run.x0 < top.x0).map(|run| Run { x1: top.x0, ..*run });
    let right = runs[first..end].last().filter(|run| run.x1 > top.x1).map(|run| Run { x0: top.x1, ..*run });
    runs.splice(first..end, left.into_iter().chain([top]).chain(right));
}
