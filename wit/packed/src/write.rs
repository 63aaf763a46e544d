//! Packing values.
//!
//! Each function appends one value to `out`. A text or a list longer than `u32::MAX` cannot come out of a record, whose size is limited far below; its length would be cut to that number.

/// A `bool`.
#[inline]
pub fn flag(out: &mut Vec<u8>, flag: bool) {
    out.push(u8::from(flag));
}

/// The number of a variant's or an enum's case.
#[inline]
pub fn case(out: &mut Vec<u8>, case: u8) {
    out.push(case);
}

/// A `u32`.
#[inline]
pub fn u32(out: &mut Vec<u8>, number: u32) {
    out.extend_from_slice(&number.to_le_bytes());
}

/// A `u64`.
#[inline]
pub fn u64(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(&number.to_le_bytes());
}

/// An `s64`.
#[inline]
pub fn s64(out: &mut Vec<u8>, number: i64) {
    out.extend_from_slice(&number.to_le_bytes());
}

/// An `f64`.
#[inline]
pub fn f64(out: &mut Vec<u8>, number: f64) {
    out.extend_from_slice(&number.to_le_bytes());
}

/// A record, or a part of one, whose fields are all `f64`.
#[inline]
pub fn f64_fields<const N: usize>(out: &mut Vec<u8>, fields: [f64; N]) {
    for field in fields {
        f64(out, field);
    }
}

#[inline]
fn length(out: &mut Vec<u8>, length: usize) {
    u32(out, u32::try_from(length).unwrap_or(u32::MAX));
}

/// A `string`.
#[inline]
pub fn text(out: &mut Vec<u8>, text: &str) {
    length(out, text.len());
    out.extend_from_slice(text.as_bytes());
}

/// A `list<f64>`.
#[inline]
pub fn numbers(out: &mut Vec<u8>, numbers: &[f64]) {
    length(out, numbers.len());
    let at = out.len();
    out.resize(at + numbers.len() * 8, 0);
    for (place, number) in out[at..].as_chunks_mut().0.iter_mut().zip(numbers) {
        *place = number.to_le_bytes();
    }
}

/// An `option`, its value written by `write`.
#[inline]
pub fn option<T>(out: &mut Vec<u8>, value: Option<T>, write: impl FnOnce(&mut Vec<u8>, T)) {
    flag(out, value.is_some());
    if let Some(value) = value {
        write(out, value);
    }
}

/// A `list`, each element written by `write`.
#[inline]
pub fn list<T>(out: &mut Vec<u8>, items: &[T], mut write: impl FnMut(&mut Vec<u8>, &T)) {
    length(out, items.len());
    for item in items {
        write(out, item);
    }
}

/// A `list` whose length is known only when all of its elements are written; `write` returns it.
#[inline]
pub fn list_counted(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>) -> u32) {
    let at = out.len();
    out.extend_from_slice(&[0; 4]);
    let count = write(out);
    out[at..at + 4].copy_from_slice(&count.to_le_bytes());
}
