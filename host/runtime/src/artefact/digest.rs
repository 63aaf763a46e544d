//! Digests of files that are copied.

use sha2::{Digest, Sha256};
use std::io::{self, Read, Write};
use std::sync::mpsc::{channel, sync_channel};

/// Bytes of a digest.
pub(crate) const DIGEST: usize = 32;
/// Bytes that are read, digested and written at once. They stay in the processor's cache.
const PIECE: usize = 512 << 10;
/// Pieces that wait to be digested.
const PIECES: usize = 4;
/// What is copied and digested side by side. Less is not worth a thread.
const LARGE: u64 = 4 << 20;

/// A writer that knows the digest of what went through it.
#[derive(Debug)]
pub(crate) struct Hashed<W> {
    out: W,
    hasher: Sha256,
}

impl<W> Hashed<W> {
    pub(crate) fn new(out: W) -> Self {
        Self { out, hasher: Sha256::new() }
    }

    pub(crate) fn finish(self) -> (W, [u8; DIGEST]) {
        (self.out, self.hasher.finalize().into())
    }
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Copies `length` bytes, or everything, and says what their digest is.
pub(crate) fn copy<W: Write>(from: &mut impl Read, length: Option<u64>, mut out: W) -> io::Result<(W, [u8; DIGEST])> {
    let mut from = from.take(length.unwrap_or(u64::MAX));
    let digest = if length.is_some_and(|length| length < LARGE) {
        let mut all = Hashed::new(&mut out);
        io::copy(&mut from, &mut all)?;
        all.finish().1
    } else {
        copy_large(&mut from, &mut out)?
    };
    if length.is_some() && from.limit() > 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok((out, digest))
}

/// One thread copies, another one digests what was copied. Each takes about as long.
fn copy_large(from: &mut impl Read, out: &mut impl Write) -> io::Result<[u8; DIGEST]> {
    let (full, to_digest) = sync_channel::<Vec<u8>>(PIECES);
    let (digested, empty) = channel::<Vec<u8>>();
    std::thread::scope(|scope| {
        let digest = scope.spawn(move || {
            let mut hasher = Sha256::new();
            for piece in to_digest {
                hasher.update(&piece);
                // Whoever copies may be done.
                let _ = digested.send(piece);
            }
            hasher.finalize().into()
        });
        let copied = (|| {
            let mut made = 0;
            loop {
                let mut piece = if made < PIECES { Vec::with_capacity(PIECE) } else { empty.recv().unwrap_or_default() };
                made += 1;
                piece.clear();
                from.by_ref().take(PIECE as u64).read_to_end(&mut piece)?;
                if piece.is_empty() {
                    return Ok(());
                }
                out.write_all(&piece)?;
                if full.send(piece).is_err() {
                    return Err(io::Error::other("the thread that digests is gone"));
                }
            }
        })();
        drop(full);
        let digest = digest.join().map_err(|_| io::Error::other("the thread that digests panicked"));
        copied.and(digest)
    })
}
