//! Compression of records, each by itself, so that reading one costs one.
//!
//! Measured on 1,500 polygon tasks of 4.2 KB with history, at level 3 (ratio; MB/s in and out): alone 4.2; 129; 452. With a dictionary of 64 KiB trained on half of them
//! 6.8; 270; 1,215. In groups of 64 without one 6.9; 229; 981. Levels 6 and 9 with the dictionary: 7.1 and 7.5, at a quarter and a sixth of the speed.

use crate::MAX_RECORD_BYTES;
use std::io;
use zstd::bulk::{Compressor, Decompressor};

const LEVEL: i32 = 3;

/// Size of a dictionary.
const DICTIONARY_BYTES: usize = 64 << 10;

/// Records that a dictionary is trained on, at least: fewer do not show what is common.
pub(crate) const SAMPLES: usize = 1000;

/// Records that a dictionary is trained on, at most. It is trained when the first batch is complete.
pub(crate) const MAX_SAMPLES: usize = 4000;

/// Text that a dictionary is trained on, at most.
pub(crate) const SAMPLE_BYTES: usize = 16 << 20;

/// Longer records are no samples: they compress well alone.
pub(crate) const LONGEST_SAMPLE: usize = 64 << 10;

/// A dictionary of what the samples have in common; `None` when they have too little.
pub(crate) fn train(samples: &[Vec<u8>]) -> Option<Vec<u8>> {
    if samples.len() < SAMPLES / 2 {
        return None;
    }
    zstd::dict::from_samples(samples, DICTIONARY_BYTES).ok().filter(|dictionary| !dictionary.is_empty())
}

/// Compresses records.
pub(crate) struct Packer {
    alone: Compressor<'static>,
    with_dictionary: Option<Compressor<'static>>,
}

impl Packer {
    /// Compresses with `dictionary`, where there is one.
    pub(crate) fn new(dictionary: Option<&[u8]>) -> io::Result<Self> {
        let with_dictionary = dictionary.map(|dictionary| checked(Compressor::with_dictionary(LEVEL, dictionary)?)).transpose()?;
        Ok(Self { alone: checked(Compressor::new(LEVEL)?)?, with_dictionary })
    }

    /// The compressed text, and whether the dictionary is needed to read it.
    pub(crate) fn pack(&mut self, text: &[u8]) -> io::Result<(Vec<u8>, bool)> {
        match &mut self.with_dictionary {
            Some(packer) if text.len() <= LONGEST_SAMPLE => Ok((packer.compress(text)?, true)),
            _ => Ok((self.alone.compress(text)?, false)),
        }
    }
}

/// A checksum in every record: a damaged file must not yield wrong annotations.
fn checked(mut packer: Compressor<'static>) -> io::Result<Compressor<'static>> {
    packer.set_parameter(zstd::zstd_safe::CParameter::ChecksumFlag(true))?;
    Ok(packer)
}

/// Decompresses records.
pub(crate) struct Unpacker {
    alone: Decompressor<'static>,
    with_dictionary: Option<Decompressor<'static>>,
    text: Vec<u8>,
}

impl Unpacker {
    /// Decompresses with `dictionary`, where there is one.
    pub(crate) fn new(dictionary: Option<&[u8]>) -> io::Result<Self> {
        let with_dictionary = dictionary.map(Decompressor::with_dictionary).transpose()?;
        Ok(Self { alone: Decompressor::new()?, with_dictionary, text: Vec::new() })
    }

    /// The text of a record, or what is wrong with it.
    pub(crate) fn unpack(&mut self, packed: &[u8], dictionary: bool) -> Result<&[u8], &'static str> {
        let length = zstd::zstd_safe::get_frame_content_size(packed).ok().flatten().ok_or("a record has no length")?;
        let length = usize::try_from(length).ok().filter(|length| *length <= MAX_RECORD_BYTES).ok_or("a record is too long")?;
        let unpacker = match (dictionary, &mut self.with_dictionary) {
            (false, _) => &mut self.alone,
            (true, Some(unpacker)) => unpacker,
            (true, None) => return Err("the dictionary of its records is missing"),
        };
        self.text.clear();
        // What a giant record needed is not kept.
        if self.text.capacity() > 16 * LONGEST_SAMPLE {
            self.text = Vec::new();
        }
        self.text.try_reserve_exact(length).map_err(|_| "a record is longer than the memory allows")?;
        match unpacker.decompress_to_buffer(packed, &mut self.text) {
            Ok(unpacked) if unpacked == length => Ok(&self.text),
            _ => Err("the checksum of a record is wrong"),
        }
    }
}
