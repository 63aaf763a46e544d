//! The types of stored values.

/// What a stored value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sample {
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    I64,
    U64,
    F32,
    F64,
}

/// Stands for a value that is no label: not a whole number, or too large for one.
pub(crate) const NO_LABEL: i64 = i64::MIN;

impl Sample {
    /// The type of a name, of which the format has many for each.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "signed char" | "int8" | "int8_t" => Self::I8,
            "uchar" | "unsigned char" | "uint8" | "uint8_t" => Self::U8,
            "short" | "short int" | "signed short" | "signed short int" | "int16" | "int16_t" => Self::I16,
            "ushort" | "unsigned short" | "unsigned short int" | "uint16" | "uint16_t" => Self::U16,
            "int" | "signed int" | "int32" | "int32_t" => Self::I32,
            "uint" | "unsigned int" | "uint32" | "uint32_t" => Self::U32,
            "longlong" | "long long" | "long long int" | "signed long long" | "signed long long int" | "int64" | "int64_t" => Self::I64,
            "ulonglong" | "unsigned long long" | "unsigned long long int" | "uint64" | "uint64_t" => Self::U64,
            "float" => Self::F32,
            "double" => Self::F64,
            _ => return None,
        })
    }

    /// Bytes of a value.
    pub(crate) fn width(self) -> usize {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::I64 | Self::U64 | Self::F64 => 8,
        }
    }

    /// The label that the bytes of a value are, or [`NO_LABEL`].
    pub(super) fn label(self, bytes: &[u8], big_endian: bool) -> i64 {
        let mut word = [0; 8];
        for (at, byte) in bytes.iter().take(8).enumerate() {
            word[if big_endian { bytes.len() - 1 - at } else { at }] = *byte;
        }
        let bits = u64::from_le_bytes(word);
        match self {
            Self::I8 => i64::from(bits as i8),
            Self::I16 => i64::from(bits as i16),
            Self::I32 => i64::from(bits as i32),
            Self::U8 | Self::U16 | Self::U32 => bits as i64,
            Self::I64 => bits as i64,
            Self::U64 => i64::try_from(bits).unwrap_or(NO_LABEL),
            Self::F32 => whole(f32::from_bits(bits as u32).into()),
            Self::F64 => whole(f64::from_bits(bits)),
        }
    }
}

/// The label that a number is, or [`NO_LABEL`].
pub(super) fn whole(number: f64) -> i64 {
    // Up to here every whole number has a double of its own.
    if number.abs() < 9e15 && number.trunc() == number { number as i64 } else { NO_LABEL }
}
