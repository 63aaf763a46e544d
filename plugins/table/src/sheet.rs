//! A table that is being written: cells in the order of its columns.

use ango_plugin_sdk::number::{write_f64, write_rounded, write_u64};
use ango_plugin_sdk::text::csv::{is_formula, write_cell_between};
use ango_plugin_sdk::{Answer, File, Run, json, time};

use crate::options::{Format, Formulas, Options};

/// How tables are written, the same for all of a run.
#[derive(Clone, Debug)]
pub(crate) struct Style {
    format: Format,
    guard: bool,
    bom: bool,
    join: String,
    precision: u8,
}

impl Style {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            format: options.format,
            guard: options.formulas == Formulas::Escape && options.format != Format::Jsonl,
            bom: options.bom,
            join: options.join.clone(),
            precision: options.precision,
        }
    }

    fn separator(&self) -> u8 {
        if self.format == Format::Tsv { b'\t' } else { b',' }
    }

    fn suffix(&self) -> &'static str {
        match self.format {
            Format::Csv => "csv",
            Format::Tsv => "tsv",
            Format::Jsonl => "jsonl",
        }
    }
}

/// A table. Every row has the same columns, written from left to right by the methods below, and ends with [`end`](Self::end).
pub(crate) struct Sheet {
    file: File,
    style: Style,
    /// What stands before each cell: the key, in lines of JSON.
    before: Vec<Vec<u8>>,
    next: usize,
    text: Vec<u8>,
    /// Formulas escaped in this row, and lists that cannot be taken apart again.
    escaped: u32,
    ambiguous: u32,
}

impl Sheet {
    /// Starts this shard's part of the table `name`; the first shard writes its head.
    pub(crate) fn new(run: &Run, name: &str, columns: &[String], style: &Style) -> Self {
        let path = [name, ".", style.suffix()].concat();
        let columns = columns.iter();
        let separator = style.separator();
        let before: Vec<Vec<u8>> = match style.format {
            Format::Jsonl => columns.clone().enumerate().map(|(at, column)| key(at == 0, column)).collect(),
            _ => columns.clone().enumerate().map(|(at, _)| if at == 0 { Vec::new() } else { vec![separator] }).collect(),
        };
        if run.is_first_shard() && style.format != Format::Jsonl {
            let mut head = if style.bom { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
            for (before, column) in before.iter().zip(columns) {
                head.extend_from_slice(before);
                write_cell_between(&mut head, column, separator, style.guard);
            }
            head.extend_from_slice(b"\r\n");
            let mut file = run.section(&path, 0, "");
            file.put(&head);
            file.finish();
        }
        Self { file: run.section(&path, 1, ""), style: style.clone(), before, next: 0, text: Vec::new(), escaped: 0, ambiguous: 0 }
    }

    fn is_json(&self) -> bool {
        self.style.format == Format::Jsonl
    }

    /// The place for the next cell.
    #[inline]
    fn cell(&mut self) -> &mut Vec<u8> {
        let out = self.file.buffer();
        if let Some(before) = self.before.get(self.next) {
            out.extend_from_slice(before);
        }
        self.next += 1;
        out
    }

    /// A cell without a value.
    #[inline(never)]
    pub(crate) fn nothing(&mut self) {
        let is_json = self.is_json();
        let out = self.cell();
        if is_json {
            out.extend_from_slice(b"null");
        }
    }

    /// Several cells without a value.
    #[inline(never)]
    pub(crate) fn nothings(&mut self, count: usize) {
        (0..count).for_each(|_| self.nothing());
    }

    #[inline(never)]
    pub(crate) fn text(&mut self, text: &str) {
        if self.is_json() {
            return json::write_string(self.cell(), text);
        }
        let (separator, guard) = (self.style.separator(), self.style.guard);
        self.escaped += u32::from(guard && is_formula(text));
        write_cell_between(self.cell(), text, separator, guard);
    }

    #[inline(never)]
    pub(crate) fn optional(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.nothing(),
        }
    }

    #[inline(never)]
    pub(crate) fn count(&mut self, count: u64) {
        write_u64(self.cell(), count);
    }

    #[inline(never)]
    pub(crate) fn optional_count(&mut self, count: Option<u32>) {
        match count {
            Some(count) => self.count(count.into()),
            None => self.nothing(),
        }
    }

    /// A number, rounded to the precision of coordinates.
    #[inline(never)]
    pub(crate) fn coordinate(&mut self, number: f64) {
        let precision = self.style.precision;
        write_rounded(self.cell(), number, precision);
    }

    #[inline(never)]
    pub(crate) fn optional_coordinate(&mut self, number: Option<f64>) {
        match number {
            Some(number) => self.coordinate(number),
            None => self.nothing(),
        }
    }

    /// A number as it is; what is not finite has no text.
    #[inline(never)]
    pub(crate) fn number(&mut self, number: f64) {
        if number.is_finite() { write_f64(self.cell(), number) } else { self.nothing() }
    }

    /// A number with at most so many decimals.
    #[inline(never)]
    pub(crate) fn rounded(&mut self, number: f64, decimals: u8) {
        write_rounded(self.cell(), number, decimals);
    }

    #[inline(never)]
    pub(crate) fn flag(&mut self, flag: bool) {
        self.cell().extend_from_slice(if flag { b"true" } else { b"false" });
    }

    /// An instant, in UTC.
    pub(crate) fn time(&mut self, time: Option<i64>) {
        self.instant(time, time::write_iso);
    }

    /// A day, in UTC.
    pub(crate) fn date(&mut self, time: Option<i64>) {
        self.instant(time, time::write_date);
    }

    #[inline(never)]
    fn instant(&mut self, time: Option<i64>, write: fn(&mut Vec<u8>, i64)) {
        let Some(time) = time else { return self.nothing() };
        let is_json = self.is_json();
        let out = self.cell();
        if is_json {
            out.push(b'"');
        }
        write(out, time);
        if is_json {
            out.push(b'"');
        }
    }

    /// JSON without a text in it, such as lists of numbers: in CSV nothing of it needs to be escaped.
    pub(crate) fn plain_json(&mut self, write: impl FnOnce(&mut Vec<u8>, u8)) {
        let (is_csv, precision) = (self.style.format == Format::Csv, self.style.precision);
        let out = self.cell();
        if is_csv {
            out.push(b'"');
        }
        write(out, precision);
        if is_csv {
            out.push(b'"');
        }
    }

    /// JSON.
    #[inline(never)]
    pub(crate) fn json(&mut self, json: &str) {
        if self.is_json() {
            return self.cell().extend_from_slice(json.as_bytes());
        }
        let separator = self.style.separator();
        write_cell_between(self.cell(), json, separator, false);
    }

    #[inline(never)]
    pub(crate) fn optional_json(&mut self, json: Option<&str>) {
        match json {
            Some(json) => self.json(json),
            None => self.nothing(),
        }
    }

    /// Texts, joined where there are no lists.
    #[inline(never)]
    pub(crate) fn texts(&mut self, texts: &[String]) {
        if self.is_json() {
            return json::write_strings(self.cell(), texts);
        }
        self.joined(texts.iter().map(|text| Piece::Text(text)));
    }

    /// Texts as a list in JSON, in every format.
    #[inline(never)]
    pub(crate) fn list<S: AsRef<str>>(&mut self, texts: &[S]) {
        let mut list = std::mem::take(&mut self.text);
        list.clear();
        json::write_strings(&mut list, texts);
        self.json(std::str::from_utf8(&list).unwrap_or_default());
        self.text = list;
    }

    /// An answer that can be read back: where there are no lists, choices are JSON.
    #[inline(never)]
    pub(crate) fn answer(&mut self, answer: &Answer) {
        match answer {
            Answer::Empty => self.nothing(),
            Answer::Text(text) => self.text(text),
            Answer::Choices(choices) => self.list(choices),
            Answer::Flag(flag) => self.flag(*flag),
            Answer::Number(number) => self.number(*number),
            Answer::Other(json) => self.json(json),
        }
    }

    /// All answers to a question, joined where there are no lists.
    #[inline(never)]
    pub(crate) fn answers(&mut self, answers: &[&Answer]) {
        match answers {
            [] => self.nothing(),
            [one] if self.is_json() || !matches!(one, Answer::Choices(_)) => self.answer(one),
            several if self.is_json() => {
                let out = self.cell();
                for (at, answer) in several.iter().enumerate() {
                    out.push(if at == 0 { b'[' } else { b',' });
                    json::write_answer(out, answer);
                }
                out.push(b']');
            }
            several => {
                let pieces = several.iter().flat_map(|answer| {
                    let (choices, one) = match answer {
                        Answer::Choices(choices) => (choices.as_slice(), None),
                        Answer::Text(text) => (&[][..], Some(Piece::Text(text))),
                        other => (&[][..], Some(Piece::Answer(other))),
                    };
                    choices.iter().map(|choice| Piece::Text(choice)).chain(one)
                });
                self.joined(pieces);
            }
        }
    }

    #[inline(never)]
    fn joined<'p>(&mut self, pieces: impl Iterator<Item = Piece<'p>>) {
        let mut joined = std::mem::take(&mut self.text);
        joined.clear();
        let (mut count, mut holds_join) = (0, false);
        for piece in pieces {
            if count > 0 {
                joined.extend_from_slice(self.style.join.as_bytes());
            }
            count += 1;
            match piece {
                Piece::Text(text) => {
                    holds_join |= text.contains(&self.style.join);
                    joined.extend_from_slice(text.as_bytes());
                }
                Piece::Answer(answer) => json::write_answer(&mut joined, answer),
            }
        }
        self.ambiguous += u32::from(holds_join);
        self.text(std::str::from_utf8(&joined).unwrap_or_default());
        self.text = joined;
    }

    /// Ends the row, and reports what its cells do not hold as it was. `object` is what the row is about, within the task.
    #[inline]
    pub(crate) fn end(&mut self, run: &Run, task: u64, object: Option<&str>) {
        debug_assert_eq!(self.next, self.before.len(), "a row has a cell for each column");
        let end: &[u8] = if self.is_json() { b"}\n" } else { b"\r\n" };
        self.file.buffer().extend_from_slice(end);
        self.next = 0;
        if self.escaped + self.ambiguous > 0 {
            self.report(run, task, object);
        }
    }

    #[cold]
    fn report(&mut self, run: &Run, task: u64, object: Option<&str>) {
        if self.escaped > 0 {
            let detail = format_args!("{} texts begin like a formula: an apostrophe stands before them, see option `formulas`", self.escaped);
            run.lost(task, object, "formula-escaped", detail);
        }
        if self.ambiguous > 0 {
            let detail = format_args!("a value has {:?} in it, which stands between values of a cell: set option `join`", self.style.join);
            run.lost(task, object, "join-ambiguous", detail);
        }
        (self.escaped, self.ambiguous) = (0, 0);
    }

    pub(crate) fn finish(self) {
        self.file.finish();
    }
}

/// A part of a joined cell.
enum Piece<'p> {
    Text(&'p str),
    Answer(&'p Answer),
}

/// What stands before a value in a line of JSON.
fn key(is_first: bool, column: &str) -> Vec<u8> {
    let mut key = vec![if is_first { b'{' } else { b',' }];
    json::write_string(&mut key, column);
    key.push(b':');
    key
}
