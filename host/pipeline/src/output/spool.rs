//! Bytes that wait: in memory while there are few, on disk from then on.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

/// A stretch of a spool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extent {
    offset: u64,
    length: u64,
}

/// An append-only store of bytes.
#[derive(Debug)]
pub(crate) struct Spool {
    memory: Vec<u8>,
    limit: usize,
    disk: Option<File>,
    length: u64,
}

impl Spool {
    /// A spool that keeps up to `limit` bytes in memory.
    pub(crate) fn new(limit: usize) -> Self {
        Self { memory: Vec::new(), limit, disk: None, length: 0 }
    }

    /// Appends bytes and says where they are.
    pub(crate) fn append(&mut self, bytes: &[u8]) -> io::Result<Extent> {
        let extent = Extent { offset: self.length, length: bytes.len() as u64 };
        if self.disk.is_none() && self.memory.len() + bytes.len() > self.limit {
            let mut file = tempfile::tempfile()?;
            file.write_all(&self.memory)?;
            self.memory = Vec::new();
            self.disk = Some(file);
        }
        match &mut self.disk {
            Some(file) => {
                file.seek(SeekFrom::Start(self.length))?;
                file.write_all(bytes)?;
            }
            None => self.memory.extend_from_slice(bytes),
        }
        self.length += extent.length;
        Ok(extent)
    }

    /// Hands the bytes of an extent to `take`, in order, in one or more stretches.
    pub(crate) fn read(&mut self, extent: Extent, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let Some(file) = &mut self.disk else {
            let start = extent.offset as usize;
            return take(&self.memory[start..start + extent.length as usize]);
        };
        file.seek(SeekFrom::Start(extent.offset))?;
        let mut left = extent.length;
        let mut buffer = vec![0; left.min(256 << 10) as usize];
        while left > 0 {
            let step = left.min(buffer.len() as u64) as usize;
            file.read_exact(&mut buffer[..step])?;
            take(&buffer[..step])?;
            left -= step as u64;
        }
        Ok(())
    }

    /// Everything.
    pub(crate) fn all(&self) -> Extent {
        Extent { offset: 0, length: self.length }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_appended_is_read(texts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..50), 0..20), limit in 0usize..400) {
            let mut spool = Spool::new(limit);
            let extents: Vec<Extent> = texts.iter().map(|text| spool.append(text)).collect::<io::Result<_>>().map_err(|e| TestCaseError::fail(e.to_string()))?;
            for (extent, text) in extents.into_iter().zip(&texts).rev() {
                let mut read = Vec::new();
                spool.read(extent, |bytes| { read.extend_from_slice(bytes); Ok(()) }).map_err(|e| TestCaseError::fail(e.to_string()))?;
                prop_assert_eq!(&read, text);
            }
        }
    }
}
