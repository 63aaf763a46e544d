//! Where written text goes.

/// A buffer that is written to. One that is emptied as it fills lets a task be written that is far larger than memory: a video of a hundred thousand frames, say.
pub trait Sink {
    /// The end of this buffer is where text is appended.
    fn buffer(&mut self) -> &mut Vec<u8>;

    /// A place where the buffer may be emptied: nobody holds an offset into it. Writers come by here at least once for each annotation of a long list.
    fn checkpoint(&mut self) {}
}

impl Sink for Vec<u8> {
    fn buffer(&mut self) -> &mut Vec<u8> {
        self
    }
}
