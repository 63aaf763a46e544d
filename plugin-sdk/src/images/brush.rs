//! The brush mask of an image: a PNG file whose colours are those of classes.

use super::{Format, Image};
use crate::class_table::{ClassTable, Found};
use crate::png::Reader;
use crate::run::Run;
use crate::types::FetchError;

/// The most pixels of one brush mask, and the most runs of them: nothing real has more.
const MAX_PIXELS: u64 = 1 << 28;
const MAX_RUNS: usize = 1 << 22;

/// Pixels that a brush painted: columns of a row from `x0` up to but not including `x1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrushRun {
    /// The class, a position in the [`ClassTable`].
    pub class: u32,
    /// The row, from the top.
    pub y: u32,
    /// The first column.
    pub x0: u32,
    /// The column after the last one.
    pub x1: u32,
}

/// What a colour of a mask is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Nothing,
    Class(u32),
    Excluded,
    Unknown,
}

/// Reads brush masks; keeps its memory from image to image.
#[derive(Clone, Debug)]
pub struct Brush {
    /// Colours of the project's tools as `0xRRGGBB`, with the class that each stands for if it is written; sorted.
    colors: Vec<(u32, Option<u32>)>,
    /// As they were found.
    found: Vec<BrushRun>,
    /// By class.
    runs: Vec<BrushRun>,
    /// The task of several images whose mask was reported.
    told: Option<u64>,
}

impl Brush {
    /// Knows classes by the exact colours of their tools. Of two tools of one colour the brush counts, or else the first.
    pub fn new(run: &Run, classes: &ClassTable) -> Self {
        let tools = &run.project().tools;
        let is_brush = |kind: &str| kind.contains("brush");
        let brushes = tools.iter().filter(|tool| is_brush(&tool.kind));
        let others = tools.iter().filter(|tool| !is_brush(&tool.kind));
        let mut colors: Vec<(u32, Option<u32>)> = Vec::new();
        for tool in brushes.chain(others) {
            let Some(color) = tool.color.as_deref().and_then(color) else { continue };
            if let Err(place) = colors.binary_search_by_key(&color, |(known, _)| *known) {
                let class = if let Found::Class(class) = classes.find(&tool.schema_id) { Some(class) } else { None };
                colors.insert(place, (color, class));
            }
        }
        Self { colors, found: Vec::new(), runs: Vec::new(), told: None }
    }

    /// What the brush painted on an image: class by class, each from top to bottom, in a row from left to right. Reported is why a mask is not read, and which of
    /// its pixels are of no class.
    ///
    /// Needs the grant `assets` ([`Info::with_assets`](crate::Info::with_assets)).
    pub fn read(&mut self, run: &Run, image: &Image<'_>, format: Format) -> &[BrushRun] {
        self.found.clear();
        self.runs.clear();
        if let Some(link) = &image.task.annotations.brush
            && let Err(reason) = self.fetch(run, image, link)
        {
            let detail = format_args!("brush mask is not converted to {}: {reason}", format.name);
            run.lost(image.task.index, None, "brush-unsupported", detail);
        }
        &self.runs
    }

    fn fetch(&mut self, run: &Run, image: &Image<'_>, link: &str) -> Result<(), String> {
        if image.page.is_some() {
            // There is one mask, and nothing says of which page it is.
            let is_told = self.told.replace(image.task.index) == Some(image.task.index);
            return if is_told { Ok(()) } else { Err("the asset has several images".to_owned()) };
        }
        let (width, height) = image.size.ok_or("the size of the image is not known")?;
        let file = run.asset_bytes(link).map_err(|error| match error {
            FetchError::Denied => "asking for it was denied, it needs the grant `assets`".to_owned(),
            error => format!("asking for it gave {error:?}"),
        })?;
        let reader = Reader::new(&file, (u64::from(width) * u64::from(height)).min(MAX_PIXELS)).map_err(|error| error.to_string())?;
        if reader.size() != (width, height) {
            let (its_width, its_height) = reader.size();
            return Err(format!("it has {its_width} x {its_height} pixels, and the image {width} x {height}"));
        }
        let (mut unknown, mut excluded) = ((0, [0; 3]), 0);
        let read = reader.rows(|y, row| {
            let mut x0 = 0;
            while let Some(&color @ [red, green, blue, _]) = row.get(x0) {
                let length = same(&row[x0..], color);
                let x1 = x0 + length;
                match self.meaning(color) {
                    Meaning::Nothing => {}
                    Meaning::Class(class) if self.found.len() < MAX_RUNS => {
                        self.found.push(BrushRun { class, y, x0: x0 as u32, x1: x1 as u32 });
                    }
                    Meaning::Class(_) => {}
                    Meaning::Excluded => excluded += length as u64,
                    Meaning::Unknown => unknown = (unknown.0 + length as u64, [red, green, blue]),
                }
                x0 = x1;
            }
        });
        read.map_err(|error| error.to_string())?;
        if self.found.len() >= MAX_RUNS {
            return Err("it changes its colour more than four million times".to_owned());
        }
        if let (pixels @ 1.., [red, green, blue]) = unknown {
            let detail = format_args!("{pixels} pixels of the brush mask, some #{red:02x}{green:02x}{blue:02x}, have the colour of no class");
            run.lost(image.task.index, None, "brush-color-unknown", detail);
        }
        if excluded > 0 {
            let detail = format_args!("{excluded} pixels of the brush mask are of classes that option `classes` leaves out");
            run.lost(image.task.index, None, "class-excluded", detail);
        }
        self.sort();
        Ok(())
    }

    fn meaning(&self, [red, green, blue, alpha]: [u8; 4]) -> Meaning {
        let color = u32::from_be_bytes([0, red, green, blue]);
        match self.colors.binary_search_by_key(&color, |(known, _)| *known) {
            _ if alpha == 0 => Meaning::Nothing,
            Ok(at) => self.colors[at].1.map_or(Meaning::Excluded, Meaning::Class),
            // What a mask without transparency has as background.
            Err(_) if color == 0 => Meaning::Nothing,
            Err(_) => Meaning::Unknown,
        }
    }

    /// Puts runs in the order of classes, by counting: those of a class stay in order.
    fn sort(&mut self) {
        let classes = self.found.iter().map(|run| run.class as usize + 1).max().unwrap_or(0);
        let mut places = vec![0_usize; classes + 1];
        for run in &self.found {
            places[run.class as usize + 1] += 1;
        }
        for class in 0..classes {
            places[class + 1] += places[class];
        }
        self.runs.resize(self.found.len(), BrushRun { class: 0, y: 0, x0: 0, x1: 0 });
        for run in &self.found {
            let place = &mut places[run.class as usize];
            self.runs[*place] = *run;
            *place += 1;
        }
    }
}

/// `#rrggbb` as `0xRRGGBB`.
fn color(text: &str) -> Option<u32> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
    u32::from_str_radix(digits, 16).ok()
}

/// How many pixels at the beginning have that colour.
fn same(row: &[[u8; 4]], color: [u8; 4]) -> usize {
    // Most rows are empty: eight pixels at a time.
    let eight = [color; 8];
    let whole = row.as_chunks().0.iter().take_while(|chunk| **chunk == eight).count() * 8;
    whole + row[whole..].iter().take_while(|pixel| **pixel == color).count()
}

/// Which runs hang together: for each the position of the first run of its part. Runs hang together when they are of one class and have neighbouring pixels, also
/// across a corner. `runs` are as [`Brush::read`] gives them.
pub fn brush_parts(runs: &[BrushRun]) -> Vec<u32> {
    let mut parents: Vec<u32> = (0..).take(runs.len()).collect();
    let (mut above, mut row) = (0..0, 0..0);
    for (at, run) in runs.iter().enumerate() {
        let last = runs.get(row.start);
        if last.is_none_or(|last| (last.class, last.y) != (run.class, run.y)) {
            above = if last.is_some_and(|last| last.class == run.class && last.y + 1 == run.y) { row } else { at..at };
            row = at..at;
        }
        // Of the same row, runs of one class never touch.
        while above.start < above.end && runs[above.start].x1 < run.x0 {
            above.start += 1;
        }
        for other in above.clone().take_while(|&other| runs[other].x0 <= run.x1) {
            let (a, b) = (root(&mut parents, at as u32), root(&mut parents, other as u32));
            parents[a.max(b) as usize] = a.min(b);
        }
        row.end = at + 1;
    }
    (0..).take(runs.len()).map(|at| root(&mut parents, at)).collect()
}

/// The first run of the part that a run is in; the way there is made shorter.
fn root(parents: &mut [u32], mut at: u32) -> u32 {
    while parents[at as usize] != at {
        parents[at as usize] = parents[parents[at as usize] as usize];
        at = parents[at as usize];
    }
    at
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parts_hang_together_across_corners() {
        let run = |class: u32, y: u32, x0: u32, x1: u32| BrushRun { class, y, x0, x1 };
        // A `U`, a corner, a run of another class, and one two rows below.
        let runs = [run(0, 0, 0, 1), run(0, 0, 4, 5), run(0, 1, 0, 5), run(0, 2, 5, 6), run(0, 4, 5, 6), run(1, 5, 0, 3), run(1, 5, 4, 5)];
        assert_eq!(brush_parts(&runs), [0, 0, 0, 0, 4, 5, 6]);
        assert_eq!(brush_parts(&[]), [] as [u32; 0]);
    }

    #[test]
    fn colours_are_read_strictly() {
        assert_eq!(
            ["#2ecc71", "#2ECC71", "2ecc71", "#2ecc7", "#+ecc71", "#2ecc7é"].map(color),
            [Some(0x2e_cc71), Some(0x2e_cc71), None, None, None, None]
        );
    }

    proptest! {
        #[test]
        fn parts_are_those_of_a_flood(set in prop::collection::vec(0..3_u32, 48)) {
            let (width, height) = (8_u32, 6_u32);
            let at = |x: u32, y: u32| set[(y * width + x) as usize];
            let mut runs = Vec::new();
            for class in 1..3 {
                for y in 0..height {
                    for x in (0..width).filter(|&x| at(x, y) == class) {
                        match runs.last_mut() {
                            Some(BrushRun { class: last, y: row, x1, .. }) if *last == class && *row == y && *x1 == x => *x1 += 1,
                            _ => runs.push(BrushRun { class, y, x0: x, x1: x + 1 }),
                        }
                    }
                }
            }
            let parts = brush_parts(&runs);
            let part = |x: u32, y: u32| runs.iter().position(|run| run.y == y && run.x0 <= x && x < run.x1).map(|run| parts[run]);
            for y in 0..height {
                for x in 0..width {
                    for (other_x, other_y) in [(x + 1, y), (x, y + 1), (x + 1, y + 1), (x.wrapping_sub(1), y + 1)] {
                        if other_x < width && other_y < height && at(x, y) == at(other_x, other_y) {
                            prop_assert_eq!(part(x, y), part(other_x, other_y));
                        }
                    }
                }
            }
            // No more is joined than must be: as many parts as a flood finds.
            let mut seen = [false; 48];
            let mut floods = 0;
            for start in (0..48).filter(|&start| set[start] > 0) {
                if std::mem::replace(&mut seen[start], true) {
                    continue;
                }
                floods += 1;
                let mut open = vec![start];
                while let Some(here) = open.pop() {
                    for next in 0..48 {
                        let near = (here % 8).abs_diff(next % 8) <= 1 && (here / 8).abs_diff(next / 8) <= 1;
                        if near && set[next] == set[here] && !std::mem::replace(&mut seen[next], true) {
                            open.push(next);
                        }
                    }
                }
            }
            let mut roots = parts;
            roots.sort_unstable();
            roots.dedup();
            prop_assert_eq!(roots.len(), floods);
        }
    }
}
