//! A child that is an enemy.

use super::*;
use crate::job::ShardResult;
use crate::limits::Limits;
use crate::project::ProjectForPlugin;
use crate::shared::Cancel;
use ango_packed::write::{text, u32};
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// Says what it was made to say, and closes its end then.
struct Script {
    says: Vec<u8>,
    position: usize,
    /// Bytes that are said at once.
    piece: usize,
    heard: Vec<u8>,
}

impl Talk for Script {
    fn read(&mut self, buffer: &mut [u8], _: &Patience) -> Result<usize, Broken> {
        let count = self.piece.min(buffer.len()).min(self.says.len() - self.position);
        buffer[..count].copy_from_slice(&self.says[self.position..self.position + count]);
        self.position += count;
        Ok(count)
    }

    fn write_all(&mut self, bytes: &[u8], _: &Patience) -> Result<(), Broken> {
        self.heard.extend_from_slice(bytes);
        Ok(())
    }
}

/// Remembers what it is given.
#[derive(Default)]
struct Memory {
    files: Vec<(String, Vec<u8>, bool)>,
}

impl Output for Memory {
    fn create(&mut self, target: Target<'_>) -> Result<u32, OutputError> {
        let (Target::File { path } | Target::Section { path, .. }) = target;
        self.files.push((path.to_owned(), Vec::new(), false));
        Ok(self.files.len() as u32 + 99)
    }

    fn write(&mut self, file: u32, data: &[u8]) -> Result<(), OutputError> {
        self.files[file as usize - 100].1.extend_from_slice(data);
        Ok(())
    }

    fn finish(&mut self, file: u32) -> Result<(), OutputError> {
        self.files[file as usize - 100].2 = true;
        Ok(())
    }
}

fn limits() -> Limits {
    Limits { output_bytes_base: 1000, output_bytes_per_byte: 0, output_files: 3, handles: 2, log_bytes: 100, ..Limits::default() }
}

/// How a shard ended, and its files: path, content, and whether it was finished.
type Said = (Result<ShardResult, String>, Vec<(String, Vec<u8>, bool)>);

/// How a run ends in which a child says this, and what was written.
fn said(frames: &[Vec<u8>], piece: usize) -> Said {
    let script = Script { says: frames.concat(), position: 0, piece, heard: Vec::new() };
    let shared = Shared::new(ProjectForPlugin::default(), limits(), Cancel::default());
    let output = Mutex::new(Memory::default());
    let patience = Patience { until: Instant::now() + Duration::from_secs(60), cancel: Cancel::default() };
    let mut talk = Incoming::new(script);
    let feed = Feed::Shard(Arc::default());
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_time().build() else { return (Err("no runtime".into()), Vec::new()) };
    let ended = runtime.block_on(relay(&mut talk, &shared, feed, &output, &patience));
    let ended = match ended {
        Ok(Ok(result)) => Ok(result),
        Ok(Err(failure)) => Err(failure.error.to_string()),
        Err(Stopped::Refused(error)) => Err(error.to_string()),
        Err(Stopped::Broken(broken)) => Err(format!("{broken:?}")),
    };
    (ended, output.into_inner().unwrap_or_else(PoisonError::into_inner).files)
}

fn frame(kind: u8, body: &[u8]) -> Vec<u8> {
    [&wire::head(kind, body.len())[..], body].concat()
}

fn create(file: u32, path: &str) -> Vec<u8> {
    let mut body = Vec::new();
    u32(&mut body, file);
    text(&mut body, path);
    frame(kind::CREATE, &body)
}

fn section(file: u32, path: &str, position: u32, separator: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    u32(&mut body, file);
    text(&mut body, path);
    u32(&mut body, position);
    body.extend_from_slice(separator);
    frame(kind::SECTION, &body)
}

fn write(file: u32, data: &[u8]) -> Vec<u8> {
    frame(kind::WRITE, &[&file.to_le_bytes(), data].concat())
}

fn finish(file: u32) -> Vec<u8> {
    frame(kind::FINISH, &file.to_le_bytes())
}

fn next() -> Vec<u8> {
    frame(kind::NEXT, &[])
}

fn done() -> Vec<u8> {
    frame(kind::DONE, &wire::done(&ShardResult::default()))
}

#[test]
fn an_honest_child_is_believed_however_its_words_are_cut() {
    let frames =
        [create(7, "a/b.txt"), write(7, b"one "), section(8, "c", 1, b",\n"), write(8, b"x"), write(7, b"two"), finish(7), finish(8), next(), done()];
    for piece in [1, 2, 3, 10, 11, 1000] {
        let (ended, files) = said(&frames, piece);
        assert!(ended.is_ok(), "{ended:?}");
        assert_eq!(files, [("a/b.txt".to_owned(), b"one two".to_vec(), true), ("c".to_owned(), b"x".to_vec(), true)]);
    }
}

#[test]
fn what_no_honest_child_does_ends_the_run() {
    let huge = [kind::DONE, 255, 255, 255, 255, 255, 255, 255, 127];
    let many = (0..5).flat_map(|file| [create(file, &format!("{file}")), finish(file)]).collect::<Vec<_>>().concat();
    let flood = [create(1, "a"), (0..30).map(|_| write(1, &[b'x'; 100])).collect::<Vec<_>>().concat()].concat();
    let mut result = ShardResult { tasks: 3, ..ShardResult::default() };
    let tasks = [next(), frame(kind::DONE, &wire::done(&result))].concat();
    result.tasks = 0;
    result.log = (0..100).map(|_| crate::losses::LogLine { level: "info", message: "much to say".into() }).collect();
    let log = [next(), frame(kind::DONE, &wire::done(&result))].concat();
    for (name, says, ends) in [
        ("a path that climbs", create(1, "../x"), "limit 'path' reached"),
        ("a path that is absolute", create(1, "/etc/passwd"), "limit 'path' reached"),
        ("a section that climbs", section(1, "a/../../x", 0, b""), "limit 'path' reached"),
        ("a path twice", [create(1, "a"), create(2, "A")].concat(), "what no honest one does: 'A' twice"),
        ("a section twice", [section(1, "a", 1, b""), section(2, "a", 1, b"")].concat(), "what no honest one does: 'a' twice"),
        ("a long separator", section(1, "a", 1, &[b','; 17]), "separator that is too long"),
        ("a file that is not open", write(1, b"x"), "a file that is not open"),
        ("a number that is taken", [create(1, "a"), create(1, "b")].concat(), "more open files than are allowed"),
        ("a finished file", [create(1, "a"), finish(1), write(1, b"x")].concat(), "a file that is not open"),
        ("too many open files", [create(1, "a"), create(2, "b"), create(3, "c")].concat(), "more open files than are allowed"),
        ("too many files", many, "limit 'output-files' reached"),
        ("too many bytes", flood, "limit 'output-bytes' reached"),
        ("an unfinished file", [create(1, "a"), next(), done()].concat(), "a file that was never finished"),
        ("a file given up", [create(1, "a"), frame(kind::ABANDON, &1u32.to_le_bytes()), next(), done()].concat(), "a file that was never finished"),
        ("an early end", done(), "an end before the end of the tasks"),
        ("tasks that it was not given", tasks, "an end before the end of the tasks"),
        ("more after the end", [next(), next()].concat(), "asks for more after the end"),
        ("a long log", log, "limit 'log-bytes' reached"),
        ("a length that is a lie", huge.to_vec(), "it says more than an honest one"),
        ("a write without a file", frame(kind::WRITE, b"x"), "words that cannot be read"),
        ("an unknown word", frame(99, b""), "words of an unknown kind"),
        ("a wrong answer", frame(kind::DONE, b"xyz"), "words that cannot be read"),
        ("a link that is no text", frame(kind::READ, b"\xff"), "a link that is no text"),
        ("silence", Vec::new(), "Closed"),
    ] {
        let (ended, files) = said(&[says], 64);
        let problem = ended.map(|_| ()).err().unwrap_or_default();
        assert!(problem.contains(ends), "{name}: {problem}");
        assert!(files.iter().map(|file| file.1.len()).sum::<usize>() <= 1000, "{name}: no more is taken than is allowed");
    }
}

#[test]
fn words_are_cleaned() {
    let failure = ShardFailure {
        error: RunError::Failed {
            message: "red \u{1b}[31m".into(),
            context: Context { backtrace: vec!["a\u{7}".into()], stderr: "b\u{202e}".into() },
        },
        fuel: 1,
        peak_memory: 2,
    };
    let (ended, _) = said(&[frame(kind::FAILED, &wire::failed(&failure))], 64);
    let problem = ended.map(|_| ()).err().unwrap_or_default();
    assert!(problem.contains("red \u{fffd}[31m") && problem.chars().all(|c| c == '\n' || !(c.is_control() || c == '\u{202e}')), "{problem:?}");
}

proptest! {
    #[test]
    fn noise_is_an_error_and_never_a_panic(noise in prop::collection::vec(any::<u8>(), 0..300), piece in 1usize..64) {
        let (ended, _) = said(&[noise], piece);
        prop_assert!(ended.is_err());
    }

    #[test]
    fn frames_of_noise_are_an_error_and_never_a_panic(
        frames in prop::collection::vec((prop::sample::select(vec![10u8, 11, 12, 13, 14, 20, 21, 22, 23, 24, 25, 32, 33, 40]), prop::collection::vec(any::<u8>(), 0..40)), 0..12),
    ) {
        let frames: Vec<Vec<u8>> = [create(0, "a")].into_iter().chain(frames.into_iter().map(|(kind, body)| frame(kind, &body))).collect();
        let (_, files) = said(&frames, 64);
        prop_assert!(files.iter().map(|file| file.1.len()).sum::<usize>() <= 1000);
    }

    #[test]
    fn a_cut_answer_is_an_error(cut in 0usize..200) {
        let whole = [create(7, "a"), write(7, b"one"), finish(7), next(), done()].concat();
        prop_assume!(cut < whole.len());
        let (ended, _) = said(&[whole[..cut].to_vec()], 64);
        prop_assert!(ended.is_err());
    }
}
