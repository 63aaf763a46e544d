//! Memory does not grow with the number of frames.

use super::as_it_is;
use ango_model::json::Document;
use ango_model::sink::Sink;
use ango_model::video::{FullList, Kind};

/// A sink that is emptied at every checkpoint, and remembers the most that it held.
#[derive(Default)]
struct Drain {
    buffer: Vec<u8>,
    most: usize,
    entries: u64,
    bytes: u64,
    hash: u64,
}

impl Drain {
    fn empty(&mut self) {
        self.most = self.most.max(self.buffer.capacity());
        self.bytes += self.buffer.len() as u64;
        self.hash = self.buffer.iter().fold(self.hash, |hash, byte| hash.wrapping_mul(0x0100_0000_01b3) ^ u64::from(*byte));
        self.buffer.clear();
    }
}

impl Sink for Drain {
    fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.buffer
    }

    fn checkpoint(&mut self) {
        self.entries += 1;
        self.empty();
    }
}

#[test]
fn the_buffer_stays_small_however_many_frames() {
    let stop = r#"{"rotated-bounding-box":{"x":1,"y":2,"width":3,"height":4,"rotation":90},"objectId":"b","page":0}"#;
    for frames in [100_000, 2_000_000u32] {
        let list = format!(
            r#"[{{"bounding-box":{{"x":0,"y":1,"width":20.5,"height":30}},"objectId":"a","page":0}},{{"bounding-box":{{"x":700,"y":400,"width":2,"height":3}},"objectId":"a","page":{}}},{stop}]"#,
            frames / 2
        );
        let document = Document::parse(&list).unwrap();
        let plan = FullList::plan(document.root(), Kind::Tools, Some(frames)).unwrap();
        let mut sink = Drain::default();
        plan.write(&mut sink, &as_it_is);
        sink.empty();
        assert_eq!(plan.count(), 2 * u64::from(frames));
        assert_eq!(sink.entries, plan.count());
        assert!(sink.most <= 64 << 10, "{}", sink.most);
        assert!(sink.bytes > plan.count() * 60);
        if frames == 100_000 {
            let mut whole = Vec::new();
            plan.write(&mut whole, &as_it_is);
            let mut copy = Drain { buffer: whole, ..Drain::default() };
            copy.empty();
            assert_eq!((copy.bytes, copy.hash), (sink.bytes, sink.hash));
        }
    }
}
