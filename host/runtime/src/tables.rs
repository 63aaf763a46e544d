//! From packed tasks to the tables that interpreted guests read: `source.next-tables` of the contract, whose rules stand there.
//!
//! Which fields there are, and of which types, comes from the types that the contract was generated into, so that no task is ever built here and nothing has to be kept in step.

use crate::bindings::ango::converter::source::Tables;
use crate::bindings::ango::converter::types::*;
use ango_model::json::write_string;
use ango_packed::{Malformed, Reader, Unpack};
use ango_plugin_sdk::number::rounded;
use std::collections::HashMap;

impl Tables {
    /// The tables of so many packed tasks, coordinates rounded if decimals are given.
    ///
    /// # Errors
    /// When the bytes are not packed tasks.
    pub(crate) fn of_packed(packed: &[u8], tasks: usize, decimals: Option<u8>) -> Result<Self, Malformed> {
        let mut writer = Writer { decimals, ..Writer::default() };
        writer.words.reserve(packed.len() / 5);
        writer.numbers.reserve(packed.len() / 16);
        writer.texts.reserve(packed.len() / 2);
        writer.words.push(0);
        writer.numbers.push(0.0);
        writer.texts.extend_from_slice(b"[null");
        Task::list(&mut Reader::new(packed), &mut writer, u32::try_from(tasks).map_err(|_| Malformed)?)?;
        writer.texts.push(b']');
        let Writer { words, numbers, texts, .. } = writer;
        Ok(Self { words, numbers, texts: String::from_utf8(texts).map_err(|_| Malformed)? })
    }
}

/// Tables being made of tasks that are packed in `'a`.
#[derive(Default)]
struct Writer<'a> {
    words: Vec<u32>,
    numbers: Vec<f64>,
    texts: Vec<u8>,
    /// The positions of texts.
    known: HashMap<&'a str, u32>,
    /// What coordinates are rounded to.
    decimals: Option<u8>,
    /// Whether it is at a geometry, whose numbers are coordinates.
    is_geometry: bool,
}

/// The next position in a table. Tables are of a few megabytes.
fn next<T>(table: &[T]) -> u32 {
    table.len() as u32
}

impl<'a> Writer<'a> {
    fn set(&mut self, place: u32, word: u32) {
        self.words[place as usize] = word;
    }

    /// Room for so many words.
    fn reserve(&mut self, count: u32) -> u32 {
        let place = next(&self.words);
        self.words.resize(self.words.len() + count as usize, 0);
        place
    }

    fn number(&mut self, number: f64) -> u32 {
        let place = next(&self.numbers);
        self.numbers.push(number);
        place
    }

    fn coordinate(&mut self, number: f64) -> u32 {
        match self.decimals {
            // A zero has no sign in text, so it has none when it is the number that becomes the text.
            Some(decimals) if self.is_geometry => self.number(rounded(number, decimals) + 0.0),
            _ => self.number(number),
        }
    }

    fn text(&mut self, text: &'a str) -> u32 {
        let next = self.known.len() as u32 + 1;
        let place = *self.known.entry(text).or_insert(next);
        if place == next {
            self.texts.push(b',');
            write_string(&mut self.texts, text);
        }
        place
    }
}

/// A type of the contract that lies in tables.
trait Tabulate: Sized {
    /// How many words it takes as a field.
    fn width() -> u32 {
        1
    }

    /// How many words it takes as an element of a list.
    fn element_width() -> u32 {
        Self::width()
    }

    /// Whether it is an `f64`, or a record of nothing else, and so lies in `numbers`.
    fn is_numeric() -> bool {
        false
    }

    /// Reads a packed value and writes its words from `place` on.
    fn field<'a>(from: &mut Reader<'a>, to: &mut Writer<'a>, place: u32) -> Result<(), Malformed>;

    /// The same for an element of a list.
    fn element<'a>(from: &mut Reader<'a>, to: &mut Writer<'a>, place: u32) -> Result<(), Malformed> {
        Self::field(from, to, place)
    }

    /// Reads a packed value that is numeric.
    fn numbers<'a>(_from: &mut Reader<'a>, _to: &mut Writer<'a>) -> Result<(), Malformed> {
        Err(Malformed)
    }

    /// Reads the elements of a list and says where it lies.
    fn list<'a>(from: &mut Reader<'a>, to: &mut Writer<'a>, count: u32) -> Result<u32, Malformed> {
        // Every element takes at least a byte.
        if count as usize > from.left() {
            return Err(Malformed);
        }
        if Self::is_numeric() {
            let list = to.number(f64::from(count));
            for _ in 0..count {
                Self::numbers(from, to)?;
            }
            return Ok(list);
        }
        let width = Self::element_width();
        let list = to.reserve(1 + count * width);
        to.set(list, count);
        for element in 0..count {
            Self::element(from, to, list + 1 + element * width)?;
        }
        Ok(list)
    }
}

macro_rules! number {
    ($($number:ty),*) => {
        $(impl Tabulate for $number {
            fn field<'a>(from: &mut Reader<'a>, to: &mut Writer<'a>, place: u32) -> Result<(), Malformed> {
                // Integers beyond 2^53 are rounded, as the contract says.
                let number = to.number(<$number>::unpack(from)? as f64);
                to.set(place, number);
                Ok(())
            }
        })*
    };
}

number!(u32, u64, i64);

impl Tabulate for f64 {
    fn is_numeric() -> bool {
        true
    }

    fn field<'a>(from: &mut Reader<'a>, to: &mut Writer<'a>, place: u32) -> Result<(), Malformed> {
        let number = to.coordinate(Self::unpack(from)?);
        to.set(place, number);
        Ok(())
    }

    fn numbers<'a>(from: &mut Reader<'a>, to: &mut Writer<'a>) -> Result<(), Malformed> {
        to.coordinate(Self::unpack(from)?);
        Ok(())
    }
}

impl Tabulate for bool {
    fn field<'a>(from: &mut Reader<'a>, to: &mut Writer<'a>, place: u32) -> Result<(), Malformed> {
        to.set(place, u32::from(Self::unpack(from)?));
        Ok(())
    }
}

impl Tabulate for String {
    fn field<'a>(from: &mut Reader<'a>, to: &mut Writer<'a>, place: u32) -> Result<(), Malformed> {
        let text = to.text(from.text()?);
        to.set(place, text);
        Ok(())
    }
}

impl<T: Tabulate> Tabulate for Option<T> {
    fn field<'a>(from: &mut Reader<'a>, to: &mut Writer<'a>, place: u32) -> Result<(), Malformed> {
        if bool::unpack(from)? { T::field(from, to, place) } else { Ok(()) }
    }
}

impl<T: Tabulate> Tabulate for Vec<T> {
    fn field<'a>(from: &mut Reader<'a>, to: &mut Writer<'a>, place: u32) -> Result<(), Malformed> {
        let count = u32::unpack(from)?;
        // A list without elements is at position 0.
        if count > 0 {
            let list = T::list(from, to, count)?;
            to.set(place, list);
        }
        Ok(())
    }
}

/// The types of fields and payloads are found by the compiler, from functions that are never called.
mod of {
    use super::{Malformed, Reader, Tabulate, Writer};

    pub(super) fn width<R, T: Tabulate>(_: impl Fn(&R) -> &T) -> u32 {
        T::width()
    }

    pub(super) fn is_numeric<R, T: Tabulate>(_: impl Fn(&R) -> &T) -> bool {
        T::is_numeric()
    }

    pub(super) fn numbers<'a, R, T: Tabulate>(_: impl Fn(&R) -> &T, from: &mut Reader<'a>, to: &mut Writer<'a>) -> Result<(), Malformed> {
        T::numbers(from, to)
    }

    /// Writes a field and moves on to the next.
    pub(super) fn field<'a, R, T: Tabulate>(
        _: impl Fn(&R) -> &T,
        from: &mut Reader<'a>,
        to: &mut Writer<'a>,
        place: &mut u32,
    ) -> Result<(), Malformed> {
        T::field(from, to, *place)?;
        *place += T::width();
        Ok(())
    }

    pub(super) fn payload<'a, V, T: Tabulate>(_: impl Fn(T) -> V, from: &mut Reader<'a>, to: &mut Writer<'a>, place: u32) -> Result<(), Malformed> {
        T::field(from, to, place)
    }
}

macro_rules! records {
    ($($record:ident { $($field:ident),* })*) => {
        $(impl Tabulate for $record {
            fn element_width() -> u32 {
                0 $(+ of::width(|record: &Self| &record.$field))*
            }

            fn is_numeric() -> bool {
                true $(&& of::is_numeric(|record: &Self| &record.$field))*
            }

            fn field<'a>(from: &mut Reader<'a>, to: &mut Writer<'a>, place: u32) -> Result<(), Malformed> {
                if Self::is_numeric() {
                    to.set(place, next(&to.numbers));
                    return Self::numbers(from, to);
                }
                let row = to.reserve(Self::element_width());
                to.set(place, row);
                Self::element(from, to, row)
            }

            fn element<'a>(from: &mut Reader<'a>, to: &mut Writer<'a>, place: u32) -> Result<(), Malformed> {
                let mut place = place;
                $(of::field(|record: &Self| &record.$field, from, to, &mut place)?;)*
                Ok(())
            }

            fn numbers<'a>(from: &mut Reader<'a>, to: &mut Writer<'a>) -> Result<(), Malformed> {
                $(of::numbers(|record: &Self| &record.$field, from, to)?;)*
                Ok(())
            }
        })*
    };
}

macro_rules! variants {
    ($($variant:ident { $($number:literal $case:ident $(($payload:tt))?),* })*) => {
        $(impl Tabulate for $variant {
            fn width() -> u32 {
                1 + variants!(@has_payload $($($payload)?)*)
            }

            fn field<'a>(from: &mut Reader<'a>, to: &mut Writer<'a>, place: u32) -> Result<(), Malformed> {
                let case = u8::unpack(from)?;
                to.set(place, u32::from(case));
                // No variant is in a geometry.
                to.is_geometry = stringify!($variant) == "Geometry";
                match case {
                    $($number => variants!(@payload $variant $case from to place $($payload)?),)*
                    _ => Err(Malformed),
                }?;
                to.is_geometry = false;
                Ok(())
            }
        })*
    };
    (@has_payload) => { 0 };
    (@has_payload $($payload:tt)+) => { 1 };
    (@payload $variant:ident $case:ident $from:ident $to:ident $place:ident) => { Ok(()) };
    (@payload $variant:ident $case:ident $from:ident $to:ident $place:ident _) => { of::payload($variant::$case, $from, $to, $place + 1) };
}

ango_packed::for_contract! { records, variants }
