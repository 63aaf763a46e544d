//! Packed tasks with rounded coordinates: `source.next-packed-rounded` of the contract.
//!
//! As in `tables`, what a task is made of comes from the types that the contract was generated into. The bytes stay as they are but for the numbers of geometries, which are written over.

use crate::bindings::ango::converter::types::*;
use ango_packed::{Malformed, Reader, Unpack};
use ango_plugin_sdk::number::rounded;

/// The same packed tasks with the coordinates of all geometries rounded.
///
/// # Errors
/// When the bytes are not packed tasks.
pub(crate) fn rounded_packed(packed: &[u8], tasks: usize, decimals: u8) -> Result<Vec<u8>, Malformed> {
    let mut to = Rounding { bytes: packed.to_vec(), decimals, is_geometry: false };
    let mut from = Reader::new(packed);
    for _ in 0..tasks {
        Task::pass(&mut from, &mut to)?;
    }
    Ok(to.bytes)
}

/// The bytes that come of it.
struct Rounding {
    bytes: Vec<u8>,
    decimals: u8,
    /// Whether it is at a geometry, whose numbers are coordinates.
    is_geometry: bool,
}

/// A type of the contract that is passed on the way.
trait Pass: Sized {
    /// Goes behind a packed value, and rounds what is to be rounded in it.
    fn pass(from: &mut Reader<'_>, to: &mut Rounding) -> Result<(), Malformed>;
}

macro_rules! plain {
    ($($plain:ty),*) => {
        $(impl Pass for $plain {
            fn pass(from: &mut Reader<'_>, _to: &mut Rounding) -> Result<(), Malformed> {
                <$plain>::unpack(from).map(drop)
            }
        })*
    };
}

plain!(bool, u32, u64, i64);

impl Pass for f64 {
    fn pass(from: &mut Reader<'_>, to: &mut Rounding) -> Result<(), Malformed> {
        let place = to.bytes.len().checked_sub(from.left()).ok_or(Malformed)?;
        let number = Self::unpack(from)?;
        if to.is_geometry {
            // As in tables, a zero has no sign.
            let number = rounded(number, to.decimals) + 0.0;
            to.bytes.get_mut(place..place + size_of::<f64>()).ok_or(Malformed)?.copy_from_slice(&number.to_le_bytes());
        }
        Ok(())
    }
}

impl Pass for String {
    fn pass(from: &mut Reader<'_>, _to: &mut Rounding) -> Result<(), Malformed> {
        from.text().map(drop)
    }
}

impl<T: Pass> Pass for Option<T> {
    fn pass(from: &mut Reader<'_>, to: &mut Rounding) -> Result<(), Malformed> {
        if bool::unpack(from)? { T::pass(from, to) } else { Ok(()) }
    }
}

impl<T: Pass> Pass for Vec<T> {
    fn pass(from: &mut Reader<'_>, to: &mut Rounding) -> Result<(), Malformed> {
        for _ in 0..u32::unpack(from)? {
            T::pass(from, to)?;
        }
        Ok(())
    }
}

/// The types of fields and payloads are found by the compiler, from functions that are never called.
mod of {
    use super::{Malformed, Pass, Reader, Rounding};

    pub(super) fn field<R, T: Pass>(_: impl Fn(&R) -> &T, from: &mut Reader<'_>, to: &mut Rounding) -> Result<(), Malformed> {
        T::pass(from, to)
    }

    pub(super) fn payload<V, T: Pass>(_: impl Fn(T) -> V, from: &mut Reader<'_>, to: &mut Rounding) -> Result<(), Malformed> {
        T::pass(from, to)
    }
}

macro_rules! records {
    ($($record:ident { $($field:ident),* })*) => {
        $(impl Pass for $record {
            fn pass(from: &mut Reader<'_>, to: &mut Rounding) -> Result<(), Malformed> {
                $(of::field(|record: &Self| &record.$field, from, to)?;)*
                Ok(())
            }
        })*
    };
}

macro_rules! variants {
    ($($variant:ident { $($number:literal $case:ident $(($payload:tt))?),* })*) => {
        $(impl Pass for $variant {
            fn pass(from: &mut Reader<'_>, to: &mut Rounding) -> Result<(), Malformed> {
                // No variant is in a geometry.
                to.is_geometry = stringify!($variant) == "Geometry";
                match u8::unpack(from)? {
                    $($number => variants!(@payload $variant $case from to $($payload)?),)*
                    _ => Err(Malformed),
                }?;
                to.is_geometry = false;
                Ok(())
            }
        })*
    };
    (@payload $variant:ident $case:ident $from:ident $to:ident) => { Ok(()) };
    (@payload $variant:ident $case:ident $from:ident $to:ident _) => { of::payload($variant::$case, $from, $to) };
}

ango_packed::for_contract! { records, variants }

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn wrong_bytes_are_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200), tasks in 1_usize..100) {
            for bytes in [bytes.clone(), [&bytes[..], &[0xff; 4]].concat()] {
                if let Ok(rounded) = rounded_packed(&bytes, tasks, 2) {
                    prop_assert_eq!(rounded.len(), bytes.len());
                }
            }
        }
    }

    #[test]
    fn no_tasks_are_no_bytes() {
        assert_eq!(rounded_packed(&[], 0, 2).ok(), Some(Vec::new()));
    }
}
