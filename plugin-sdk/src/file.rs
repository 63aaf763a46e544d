//! Files of the converted export, with the buffer that makes writing them cheap.

use std::io;

use crate::host::HostFile;
use crate::run::Unfinished;

/// From this size on a buffer goes to the host. The contract names 64 to 256 KiB as the fastest pieces.
const PIECE: usize = 128 * 1024;

/// A file being written: buffered, so that rows can be written in small pieces.
///
/// Call [`finish`](Self::finish) at the end; a run that drops a file without it fails. There are no errors to handle: a host that cannot or
/// must not take the data ends the run.
pub struct File {
    host: HostFile,
    buffer: Vec<u8>,
    path: String,
    unfinished: Unfinished,
    finished: bool,
}

impl File {
    pub(crate) fn new(host: HostFile, path: &str, unfinished: Unfinished) -> Self {
        Self { host, buffer: Vec::new(), path: path.to_owned(), unfinished, finished: false }
    }

    /// The buffer to append the next row to: the fastest way to write. Full buffers go to the host at the next call.
    ///
    /// Only append, and ask again for every row: what is removed may already have been sent, and memory grows as long as it is held.
    #[inline]
    pub fn buffer(&mut self) -> &mut Vec<u8> {
        if self.buffer.len() >= PIECE {
            self.send();
        }
        &mut self.buffer
    }

    /// Appends bytes.
    #[inline]
    pub fn put(&mut self, data: &[u8]) {
        if data.len() >= PIECE {
            self.send();
            self.host.write(data);
        } else {
            self.buffer().extend_from_slice(data);
        }
    }

    /// Sends what is left and closes the file.
    pub fn finish(mut self) {
        self.send();
        self.host.finish();
        self.finished = true;
    }

    #[cold]
    fn send(&mut self) {
        if !self.buffer.is_empty() {
            self.host.write(&self.buffer);
            self.buffer.clear();
        }
    }
}

impl io::Write for File {
    #[inline]
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.put(data);
        Ok(data.len())
    }

    #[inline]
    fn write_all(&mut self, data: &[u8]) -> io::Result<()> {
        self.put(data);
        Ok(())
    }

    /// Does nothing: small pieces are slow, and nobody reads the file before it is finished.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for File {
    fn drop(&mut self) {
        if !self.finished {
            // Remembered instead of telling the host, because a host ends the run at a dropped file, and a converter that returns an error
            // drops its files first: its message would be lost.
            self.unfinished.borrow_mut().push(std::mem::take(&mut self.path));
            self.host.abandon();
        }
    }
}
