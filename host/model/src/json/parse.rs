//! The parser: text to tape.

use super::value::{Kind, Value};

/// How deep containers may nest. Classifications nest a few levels; more is an attack on somebody's stack.
pub const MAX_DEPTH: usize = 200;

/// Bytes of a field's path that a message shows.
const LONGEST_FIELD: usize = 200;

/// One node of the tape. Containers are followed by their children; an object's children are a key and a value in turn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// A string holds escapes, or a container holds whitespace between tokens.
    pub(super) loose: bool,
    /// Byte range in the text; of strings and keys, without the quotes.
    pub(super) start: u32,
    pub(super) end: u32,
    /// Index of the node after this subtree.
    pub(super) next: u32,
}

/// Why a text is not JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Byte offset in the text.
    pub offset: usize,
    /// The field in which it happened, as a path (`task.tools[3].polygon`); empty at the top.
    pub field: String,
    /// What is wrong, and the remedy where there is one.
    pub problem: String,
}

/// A parsed JSON text.
#[derive(Debug)]
pub struct Document<'a> {
    pub(super) text: &'a str,
    pub(super) nodes: Vec<Node>,
}

impl<'a> Document<'a> {
    /// Parses exactly one JSON value with optional whitespace around it.
    ///
    /// # Errors
    /// When the text is not JSON, nests deeper than [`MAX_DEPTH`], or is longer than 4 GiB.
    pub fn parse(text: &'a str) -> Result<Self, SyntaxError> {
        let mut parser = Parser { bytes: text.as_bytes(), text, at: 0, nodes: Vec::with_capacity(text.len() / 16 + 8), open: Vec::new() };
        match parser.run() {
            Ok(()) => Ok(Self { text, nodes: parser.nodes }),
            Err(problem) => Err(SyntaxError { offset: parser.at.min(text.len()), field: parser.field(), problem }),
        }
    }

    /// The outermost value.
    pub fn root(&self) -> Value<'a, '_> {
        Value { document: self, index: 0 }
    }
}

struct Parser<'a> {
    bytes: &'a [u8],
    text: &'a str,
    at: usize,
    nodes: Vec<Node>,
    /// Indices of the open containers.
    open: Vec<u32>,
}

impl Parser<'_> {
    fn run(&mut self) -> Result<(), String> {
        if u32::try_from(self.bytes.len()).is_err() {
            return Err("a record of more than 4 GiB".into());
        }
        self.skip_whitespace();
        self.value()?;
        while let Some(&top) = self.open.last() {
            self.member(top)?;
        }
        self.skip_whitespace();
        if self.at < self.bytes.len() {
            return Err(format!("unexpected {} after the end of the value", self.found()));
        }
        Ok(())
    }

    /// Reads what comes next inside the container `top`: a closing bracket, or one more member.
    #[inline]
    fn member(&mut self, top: u32) -> Result<(), String> {
        let index = top as usize;
        let is_object = self.nodes[index].kind == Kind::Object;
        let first = self.nodes.len() == index + 1;
        self.skip_inner(index);
        let byte = self.peek();
        if byte == if is_object { b'}' } else { b']' } && self.at < self.bytes.len() {
            self.at += 1;
            let next = self.nodes.len() as u32;
            let node = &mut self.nodes[index];
            node.end = self.at as u32;
            node.next = next;
            let loose = node.loose;
            self.open.pop();
            // Whitespace anywhere inside makes every container around it loose.
            if loose && let Some(&parent) = self.open.last() {
                self.nodes[parent as usize].loose = true;
            }
            return Ok(());
        }
        if !first {
            if byte != b',' {
                return Err(format!("expected ',' or '{}', found {}", if is_object { '}' } else { ']' }, self.found()));
            }
            self.at += 1;
            self.skip_inner(index);
        }
        if is_object {
            if self.peek() != b'"' {
                return Err(format!("expected a key in quotes, found {}", self.found()));
            }
            self.string(Kind::Key)?;
            self.skip_inner(index);
            if self.peek() != b':' {
                return Err(format!("expected ':' after a key, found {}", self.found()));
            }
            self.at += 1;
            self.skip_inner(index);
        } else if matches!(self.peek(), b'0'..=b'9' | b'-') {
            return self.numbers();
        }
        self.value()
    }

    /// A run of numbers in an array, which is most of what a polygon is.
    fn numbers(&mut self) -> Result<(), String> {
        loop {
            self.number()?;
            if self.peek() != b',' || !matches!(self.bytes.get(self.at + 1), Some(b'0'..=b'9' | b'-')) {
                return Ok(());
            }
            self.at += 1;
        }
    }

    fn value(&mut self) -> Result<(), String> {
        match self.peek() {
            b'{' => self.container(Kind::Object),
            b'[' => self.container(Kind::Array),
            b'"' => self.string(Kind::String),
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.word("true", Kind::Bool),
            b'f' => self.word("false", Kind::Bool),
            b'n' => self.word("null", Kind::Null),
            b'N' | b'I' => Err(format!("{} is not JSON: a number that is not finite has no place in an export", self.found())),
            _ => Err(format!("expected a value, found {}", self.found())),
        }
    }

    fn container(&mut self, kind: Kind) -> Result<(), String> {
        if self.open.len() >= MAX_DEPTH {
            return Err(format!("nested deeper than {MAX_DEPTH} levels"));
        }
        self.open.push(self.nodes.len() as u32);
        self.nodes.push(Node { kind, loose: false, start: self.at as u32, end: 0, next: 0 });
        self.at += 1;
        Ok(())
    }

    fn scalar(&mut self, kind: Kind, loose: bool, start: usize, end: usize) {
        let next = self.nodes.len() as u32 + 1;
        self.nodes.push(Node { kind, loose, start: start as u32, end: end as u32, next });
    }

    fn word(&mut self, word: &str, kind: Kind) -> Result<(), String> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(format!("expected a value, found {}", self.found()));
        }
        self.scalar(kind, false, self.at, self.at + word.len());
        self.at += word.len();
        Ok(())
    }

    #[inline]
    fn number(&mut self) -> Result<(), String> {
        let start = self.at;
        if self.peek() == b'-' {
            self.at += 1;
        }
        match self.peek() {
            b'0' => self.at += 1,
            b'1'..=b'9' => self.digits(),
            b'I' => return Err("-Infinity is not JSON: a number that is not finite has no place in an export".into()),
            _ => return Err(format!("expected a digit, found {}", self.found())),
        }
        if self.peek() == b'.' {
            self.at += 1;
            if !self.peek().is_ascii_digit() {
                return Err(format!("expected a digit after the decimal point, found {}", self.found()));
            }
            self.digits();
        }
        if matches!(self.peek(), b'e' | b'E') {
            self.at += 1;
            if matches!(self.peek(), b'+' | b'-') {
                self.at += 1;
            }
            if !self.peek().is_ascii_digit() {
                return Err(format!("expected a digit in the exponent, found {}", self.found()));
            }
            self.digits();
        }
        if self.peek().is_ascii_digit() {
            return Err("a number may not start with 0".into());
        }
        self.scalar(Kind::Number, false, start, self.at);
        Ok(())
    }

    #[inline]
    fn digits(&mut self) {
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
    }

    #[inline]
    fn string(&mut self, kind: Kind) -> Result<(), String> {
        let opening = self.at;
        let start = opening + 1;
        let mut escaped = false;
        let mut at = start;
        loop {
            match self.bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    at = self.escape(at)?;
                }
                Some(0..=0x1f) => {
                    self.at = at;
                    return Err(format!("a string may not hold {}: write it as an escape", self.found()));
                }
                Some(_) => at += 1,
                None => {
                    self.at = self.bytes.len();
                    return Err(format!("a string that starts at byte {opening} of the record is not closed"));
                }
            }
        }
        self.scalar(kind, escaped, start, at);
        self.at = at + 1;
        Ok(())
    }

    /// Checks the escape at `at` and returns the position after it.
    fn escape(&mut self, at: usize) -> Result<usize, String> {
        match self.bytes.get(at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
            Some(b'u') if self.bytes.len() >= at + 6 && self.bytes[at + 2..at + 6].iter().all(u8::is_ascii_hexdigit) => Ok(at + 6),
            Some(b'u') => {
                self.at = at;
                Err("\\u needs four hexadecimal digits".into())
            }
            _ => {
                self.at = at;
                Err("an unknown escape in a string".into())
            }
        }
    }

    /// The current byte; 0 (which no token starts with) at the end.
    #[inline]
    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    #[inline]
    fn skip_inner(&mut self, container: usize) {
        if matches!(self.peek(), b' ' | b'\n' | b'\r' | b'\t') {
            self.nodes[container].loose = true;
            self.skip_whitespace();
        }
    }

    fn skip_whitespace(&mut self) {
        while matches!(self.peek(), b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
        }
    }

    /// What stands at the current position, for a message.
    fn found(&self) -> String {
        match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            None => "the end of the record (is it truncated?)".into(),
            Some(c) if c.is_ascii_alphabetic() => {
                let word: String = self.text[self.at..].chars().take_while(char::is_ascii_alphanumeric).take(12).collect();
                format!("'{word}'")
            }
            Some(c) if c.is_control() => format!("the control character U+{:04X}", c as u32),
            Some(c) => format!("'{c}'"),
        }
    }

    /// The path to where the parser stands.
    fn field(&self) -> String {
        let mut path = String::new();
        for (level, &container) in self.open.iter().enumerate() {
            let inner = self.open.get(level + 1).copied();
            let mut child = container as usize + 1;
            let mut position = 0usize;
            let is_object = self.nodes[container as usize].kind == Kind::Object;
            let mut key = None;
            while child < self.nodes.len() {
                if is_object {
                    key = Some(&self.nodes[child]);
                    child += 1;
                }
                if child >= self.nodes.len() || inner == Some(child as u32) {
                    break;
                }
                let next = self.nodes[child].next as usize;
                if next == 0 {
                    break;
                }
                child = next;
                position += 1;
            }
            match key {
                Some(node) if is_object => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(&self.text[node.start as usize..node.end as usize]);
                }
                _ if !is_object => path.push_str(&format!("[{position}]")),
                _ => {}
            }
        }
        if path.len() > LONGEST_FIELD {
            let mut end = LONGEST_FIELD;
            while !path.is_char_boundary(end) {
                end -= 1;
            }
            path.truncate(end);
            path.push_str("...");
        }
        path
    }
}
