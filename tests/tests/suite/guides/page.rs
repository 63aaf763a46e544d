//! The blocks of a guide.
//!
//! What a reader types stands in blocks of `sh`, what is shown of the answer in the block of `output` that follows, and files in blocks with a title: whole ones in their language, changes as
//! `diff`. Everything else is `text`, which no test looks at, and is for what cannot run in one.

/// A block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Line of the guide where it begins, from 1.
    pub line: usize,
    /// What is in it.
    pub content: String,
    /// What it is for.
    pub kind: Kind,
}

/// What a block is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Commands.
    Shell {
        /// A program without which they are left out: ```` ```sh needs=docker-registry ````.
        needs: Option<String>,
    },
    /// Lines that the commands before print, among others.
    Output,
    /// A file: ```` ```toml title="a.toml" ````.
    File(String),
    /// A change of a file: ```` ```diff title="src/lib.rs" ````.
    Change(String),
}

/// The blocks of a guide that a test looks at.
///
/// # Errors
/// The line of a block that nothing is known to do with, so that none is passed over in silence.
pub fn blocks(page: &str) -> Result<Vec<Block>, String> {
    let mut blocks = Vec::new();
    let mut lines = page.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let Some(fence) = line.trim_start().strip_prefix("```") else { continue };
        let indent = line.len() - line.trim_start().len();
        let mut content = String::new();
        loop {
            let Some((_, line)) = lines.next() else { return Err(format!("line {}: the block has no end", number + 1)) };
            if line.trim() == "```" {
                break;
            }
            content += line.get(indent..).unwrap_or(line.trim_start());
            content.push('\n');
        }
        let (language, attributes) = fence.trim().split_once(' ').unwrap_or((fence.trim(), ""));
        let kind = match (language, attribute(attributes, "title"), attribute(attributes, "needs")) {
            ("text", None, None) => continue,
            ("sh", None, needs) => Kind::Shell { needs },
            ("output", None, None) => Kind::Output,
            ("diff", Some(path), None) => Kind::Change(path),
            ("sh" | "output" | "diff" | "", _, _) => {
                return Err(format!("line {}: a block of what? expected sh, output, text, or a title", number + 1));
            }
            (_, Some(path), None) => Kind::File(path),
            _ => return Err(format!("line {}: '{fence}' is no block of a guide", number + 1)),
        };
        blocks.push(Block { line: number + 1, content, kind });
    }
    Ok(blocks)
}

fn attribute(attributes: &str, name: &str) -> Option<String> {
    attributes.split_whitespace().find_map(|part| Some(part.strip_prefix(name)?.strip_prefix('=')?.trim_matches('"').to_owned()))
}

/// The file with the change made: where the lines that a hunk keeps and takes away stand, those that it keeps and adds. Hunks are separated by lines that begin with `@@`.
///
/// # Errors
/// A hunk whose lines are not there, or more than once.
pub fn changed(file: &str, diff: &str) -> Result<String, String> {
    let mut file: Vec<String> = file.lines().map(str::to_owned).collect();
    for hunk in diff.split("@@").filter(|hunk| !hunk.trim().is_empty()) {
        let hunk: Vec<&str> = hunk.lines().filter(|line| !line.is_empty()).collect();
        let side = |other: char| hunk.iter().filter(|line| !line.starts_with(other)).map(|line| line[1..].to_owned()).collect::<Vec<String>>();
        let (old, new) = (side('+'), side('-'));
        let places: Vec<usize> = (0..=file.len().saturating_sub(old.len())).filter(|at| file[*at..].starts_with(&old)).collect();
        let [place] = places[..] else { return Err(format!("its lines stand at {} places of the file:\n{}", places.len(), old.join("\n"))) };
        file.splice(place..place + old.len(), new);
    }
    Ok(file.into_iter().map(|line| line + "\n").collect())
}

/// The first expected line that was not printed, if there is one. `...` stands for anything; other lines may stand between.
pub fn missing<'a>(expected: &'a str, printed: &str) -> Option<&'a str> {
    let mut printed = printed.lines();
    expected.lines().filter(|line| !line.trim().is_empty() && line.trim() != "...").find(|line| {
        let pattern = regex::escape(line.trim_end()).replace(r"\.\.\.", ".*");
        let pattern = regex::Regex::new(&format!(r"^{pattern}\s*$")).unwrap();
        !printed.any(|printed| pattern.is_match(printed))
    })
}

#[test]
fn blocks_have_a_purpose() {
    let page = "# A\n```sh\nls  # exits with 2: no\n```\n\n- x\n\n  ```output\n  a\n    b\n  ```\n```text\nrustup\n```\n```toml title=\"a.toml\"\nx = 1\n```\n```sh needs=dog\nbark\n```\n";
    let found: Vec<(usize, Kind, String)> = blocks(page).unwrap().into_iter().map(|block| (block.line, block.kind, block.content)).collect();
    let expected = [
        (2, Kind::Shell { needs: None }, "ls  # exits with 2: no\n"),
        (8, Kind::Output, "a\n  b\n"),
        (15, Kind::File("a.toml".into()), "x = 1\n"),
        (18, Kind::Shell { needs: Some("dog".into()) }, "bark\n"),
    ];
    assert_eq!(found, expected.map(|(line, kind, content)| (line, kind, content.to_owned())));
    for wrong in ["```\nx\n```\n", "```rust\nx\n```\n", "```sh title=\"a\"\nx\n```\n", "```diff\n+x\n```\n", "```sh\nx\n"] {
        assert!(blocks(wrong).is_err_and(|problem| problem.starts_with("line 1: ")), "{wrong}");
    }
}

#[test]
fn a_change_finds_its_place() {
    let file = "a\nb\nc\nb\n";
    assert_eq!(changed(file, " a\n-b\n+x\n+y\n").unwrap(), "a\nx\ny\nc\nb\n");
    assert_eq!(changed(file, " a\n+0\n@@\n c\n-b\n").unwrap(), "a\n0\nb\nc\n");
    assert!(changed(file, "-b\n").is_err_and(|problem| problem.starts_with("its lines stand at 2 places")));
    assert!(changed(file, "-d\n+e\n").is_err());
}

#[test]
fn shown_lines_were_printed_in_that_order() {
    let printed = "one 1\ntwo (2 B)\nthree\n";
    for (expected, found) in [
        ("one 1\nthree\n", None),
        ("two (... B)\n...\n", None),
        ("three\none 1\n", Some("one 1")),
        ("one\n", Some("one")),
        ("t.o (2 B)\n", Some("t.o (2 B)")),
    ] {
        assert_eq!(missing(expected, printed), found, "{expected}");
    }
}
