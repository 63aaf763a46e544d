//! Taking packed values apart.

/// Bytes that are not what the contract says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the packed tasks are cut off or not of this version of the contract")
    }
}

impl std::error::Error for Malformed {}

/// Packed values, read from the front.
#[derive(Debug, Clone)]
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Reads from the beginning of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Bytes that are left.
    pub fn left(&self) -> usize {
        self.0.len()
    }

    #[inline]
    fn take(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let (taken, left) = self.0.split_at_checked(count).ok_or(Malformed)?;
        self.0 = left;
        Ok(taken)
    }

    /// Reads a text.
    ///
    /// # Errors
    /// When the bytes end before the text does, or are not UTF-8.
    #[inline]
    pub fn text(&mut self) -> Result<&'a str, Malformed> {
        let length = u32::unpack(self)? as usize;
        let bytes = self.take(length)?;
        if is_ascii(bytes) {
            // SAFETY: ASCII is UTF-8.
            return Ok(unsafe { std::str::from_utf8_unchecked(bytes) });
        }
        std::str::from_utf8(bytes).map_err(|_| Malformed)
    }

    #[inline]
    fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (taken, left) = self.0.split_first_chunk::<N>().ok_or(Malformed)?;
        self.0 = left;
        Ok(*taken)
    }
}

/// A type that has a packed form.
pub trait Unpack: Sized {
    /// Reads a value.
    ///
    /// # Errors
    /// When the bytes end before the value does, or a case or a text is none.
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed>;

    /// Reads the elements of a list.
    ///
    /// # Errors
    /// As [`unpack`](Self::unpack).
    #[inline]
    fn unpack_list(from: &mut Reader<'_>, count: usize) -> Result<Vec<Self>, Malformed> {
        if count == 0 {
            return Ok(Vec::new());
        }
        // Every element takes at least a byte, so a count that lies reserves no more than the bytes can hold.
        let mut list = Vec::with_capacity(count.min(from.left()));
        for _ in 0..count {
            list.push(Self::unpack(from)?);
        }
        Ok(list)
    }

    /// Passes over a value, for those who have no use for it: nothing of it is kept. Types that can do so look at nothing but its length.
    ///
    /// # Errors
    /// When the bytes end before the value does, or a case is none.
    #[inline]
    fn skip(from: &mut Reader<'_>) -> Result<(), Malformed> {
        Self::unpack(from).map(drop)
    }

    /// Passes over the elements of a list.
    ///
    /// # Errors
    /// As [`skip`](Self::skip).
    #[inline]
    fn skip_list(from: &mut Reader<'_>, count: usize) -> Result<(), Malformed> {
        (0..count).try_for_each(|_| Self::skip(from))
    }
}

macro_rules! number {
    ($($number:ty),*) => {
        $(impl Unpack for $number {
            #[inline]
            fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
                from.array().map(Self::from_le_bytes)
            }

            #[inline]
            fn skip(from: &mut Reader<'_>) -> Result<(), Malformed> {
                from.take(size_of::<Self>()).map(drop)
            }
        })*
    };
}

number!(u8, u32, u64, i64);

impl Unpack for f64 {
    #[inline]
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        from.array().map(Self::from_le_bytes)
    }

    #[inline]
    fn unpack_list(from: &mut Reader<'_>, count: usize) -> Result<Vec<Self>, Malformed> {
        let bytes = from.take(count.checked_mul(8).ok_or(Malformed)?)?;
        Ok(bytes.as_chunks().0.iter().map(|number| Self::from_le_bytes(*number)).collect())
    }

    #[inline]
    fn skip(from: &mut Reader<'_>) -> Result<(), Malformed> {
        from.take(8).map(drop)
    }

    #[inline]
    fn skip_list(from: &mut Reader<'_>, count: usize) -> Result<(), Malformed> {
        from.take(count.checked_mul(8).ok_or(Malformed)?).map(drop)
    }
}

impl Unpack for bool {
    #[inline]
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        match u8::unpack(from)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Malformed),
        }
    }

    #[inline]
    fn skip(from: &mut Reader<'_>) -> Result<(), Malformed> {
        from.take(1).map(drop)
    }
}

impl Unpack for String {
    #[inline]
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        from.text().map(str::to_owned)
    }

    #[inline]
    fn skip(from: &mut Reader<'_>) -> Result<(), Malformed> {
        let length = u32::unpack(from)? as usize;
        from.take(length).map(drop)
    }
}

/// Most texts of a task are ids and links. They are short and begin anywhere, which the standard library's check is not made for: it takes several times as long.
#[inline]
fn is_ascii(bytes: &[u8]) -> bool {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut high = 0;
    for word in words {
        high |= u64::from_le_bytes(*word);
    }
    for byte in rest {
        high |= u64::from(*byte);
    }
    high & 0x8080_8080_8080_8080 == 0
}

impl<T: Unpack> Unpack for Option<T> {
    #[inline]
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        if bool::unpack(from)? { T::unpack(from).map(Some) } else { Ok(None) }
    }

    #[inline]
    fn skip(from: &mut Reader<'_>) -> Result<(), Malformed> {
        if bool::unpack(from)? { T::skip(from) } else { Ok(()) }
    }
}

impl<T: Unpack> Unpack for Vec<T> {
    #[inline]
    fn unpack(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let count = u32::unpack(from)? as usize;
        T::unpack_list(from, count)
    }

    #[inline]
    fn skip(from: &mut Reader<'_>) -> Result<(), Malformed> {
        let count = u32::unpack(from)? as usize;
        T::skip_list(from, count)
    }
}

/// Passes over a value of the type that a field has. For [`unpack_contract!`](crate::unpack_contract).
#[doc(hidden)]
#[inline]
pub fn skip_field<R, T: Unpack>(from: &mut Reader<'_>, _: fn(&R) -> &T) -> Result<(), Malformed> {
    T::skip(from)
}

/// Passes over a value of the type that a case holds. For [`unpack_contract!`](crate::unpack_contract).
#[doc(hidden)]
#[inline]
pub fn skip_payload<V, T: Unpack>(from: &mut Reader<'_>, _: fn(T) -> V) -> Result<(), Malformed> {
    T::skip(from)
}
