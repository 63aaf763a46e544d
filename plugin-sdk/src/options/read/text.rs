//! JSON text, token by token.

use super::error::Error;

/// Values nested deeper than this are no options.
const MAX_DEPTH: u32 = 64;

/// A text that is being read.
pub(super) struct Text<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: u32,
}

/// A number, as it can be held best.
pub(super) enum Number {
    Natural(u64),
    Negative(i64),
    Float(f64),
}

impl<'a> Text<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), at: 0, depth: 0 }
    }

    /// The next byte that is not white space, which stays.
    pub(super) fn peek(&mut self) -> u8 {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.bytes.get(self.at) {
            self.at += 1;
        }
        self.bytes.get(self.at).copied().unwrap_or_default()
    }

    /// Takes the next byte that is not white space, if it is that one.
    pub(super) fn takes(&mut self, byte: u8) -> bool {
        let found = self.peek() == byte && byte != 0;
        self.at += usize::from(found);
        found
    }

    /// The text must be over.
    pub(super) fn end(&mut self) -> Result<(), Error> {
        self.peek();
        if self.at == self.bytes.len() { Ok(()) } else { Err(self.no_json("nothing more")) }
    }

    #[cold]
    pub(super) fn no_json(&self, wanted: &str) -> Error {
        Error::here(&format!("not JSON: expected {wanted} at byte {}", self.at))
    }

    /// Enters an object or an array.
    pub(super) fn enter(&mut self) -> Result<(), Error> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(Error::here("nested too deeply")) } else { Ok(()) }
    }

    /// Leaves it, with the bracket that ends it.
    pub(super) fn leave(&mut self, bracket: u8, wanted: &str) -> Result<(), Error> {
        self.depth -= 1;
        if self.takes(bracket) { Ok(()) } else { Err(self.no_json(wanted)) }
    }

    /// `true`, `false` or `null`.
    pub(super) fn word(&mut self, word: &str) -> Result<(), Error> {
        if self.bytes[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(());
        }
        Err(self.no_json("a value"))
    }

    pub(super) fn number(&mut self) -> Result<Number, Error> {
        let start = self.at;
        while let Some(b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E') = self.bytes.get(self.at) {
            self.at += 1;
        }
        let text = &self.bytes[start..self.at];
        let (negative, digits) = text.split_first().filter(|(first, _)| **first == b'-').map_or((false, text), |(_, rest)| (true, rest));
        let number = if digits.iter().all(u8::is_ascii_digit) { natural(digits) } else { None };
        match (number, negative) {
            (Some(number), false) => return Ok(Number::Natural(number)),
            (Some(number), true) => {
                if let Ok(number) = i64::try_from(number) {
                    return Ok(Number::Negative(-number));
                }
            }
            _ => {}
        }
        match float(digits) {
            Some(number) => Ok(Number::Float(if negative { -number } else { number })),
            None => Err(self.no_json("a value")),
        }
    }

    /// A text in quotes.
    pub(super) fn string(&mut self) -> Result<String, Error> {
        if !self.takes(b'"') {
            return Err(self.no_json("a text"));
        }
        let mut bytes = Vec::new();
        loop {
            let byte = self.next();
            match byte {
                b'"' => break,
                b'\\' => self.escape(&mut bytes)?,
                0..=0x1f => return Err(self.no_json("the end of a text")),
                _ => bytes.push(byte),
            }
        }
        // Whole characters were copied, so it is UTF-8.
        String::from_utf8(bytes).map_err(|_| self.no_json("UTF-8"))
    }

    /// The next byte; 0 after the last.
    fn next(&mut self) -> u8 {
        let byte = self.bytes.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        byte
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> Result<(), Error> {
        let escaped = self.next();
        out.push(match escaped {
            b'"' | b'\\' | b'/' => escaped,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                let c = self.unicode()?;
                out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                return Ok(());
            }
            _ => return Err(self.no_json("an escape")),
        });
        Ok(())
    }

    /// The character of `\uXXXX`, or of two of them.
    fn unicode(&mut self) -> Result<char, Error> {
        let mut code = self.hex()?;
        if (0xd800..0xdc00).contains(&code) && self.bytes[self.at.min(self.bytes.len())..].starts_with(b"\\u") {
            self.at += 2;
            code = 0x10000 + ((code - 0xd800) << 10) + (self.hex()?.wrapping_sub(0xdc00) & 0x3ff);
        }
        char::from_u32(code).ok_or_else(|| self.no_json("a whole character"))
    }

    fn hex(&mut self) -> Result<u32, Error> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = char::from(self.next()).to_digit(16).ok_or_else(|| self.no_json("four hexadecimal digits"))?;
            code = code * 16 + digit;
        }
        Ok(code)
    }
}

/// A natural number; `None` if it has no digits or needs more than 64 bits.
fn natural(digits: &[u8]) -> Option<u64> {
    let (first, rest) = digits.split_first()?;
    if *first == b'0' && !rest.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |number, digit| number.checked_mul(10)?.checked_add(u64::from(digit - b'0')))
}

/// A number with a point or an exponent, without its sign. Right to the last bit as long as it has no more than 15 digits and no power of ten
/// beyond 22, as every option that people write; beyond, to some of the last bits.
fn float(text: &[u8]) -> Option<f64> {
    let (number, exponent) = match text.iter().position(|byte| matches!(byte, b'e' | b'E')) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let (whole, part) = match number.iter().position(|byte| *byte == b'.') {
        Some(at) => (&number[..at], Some(&number[at + 1..])),
        None => (number, None),
    };
    let is_number = |digits: &[u8]| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    if !is_number(whole) || (whole.len() > 1 && whole[0] == b'0') || part.is_some_and(|part| !is_number(part)) {
        return None;
    }
    let mut power = match exponent {
        None => 0,
        Some([b'-', digits @ ..]) if is_number(digits) => -(natural_exponent(digits)),
        Some([b'+', digits @ ..] | digits) if is_number(digits) => natural_exponent(digits),
        Some(_) => return None,
    };
    let mut significand = 0_u64;
    for (digit, step) in whole.iter().map(|digit| (digit, 0)).chain(part.unwrap_or_default().iter().map(|digit| (digit, 1))) {
        if significand < 1_000_000_000_000_000_000 {
            significand = significand * 10 + u64::from(digit - b'0');
            power -= step;
        } else {
            power += 1 - step;
        }
    }
    let mut number = significand as f64;
    while power != 0 && number != 0.0 && number.is_finite() {
        let step = power.clamp(-22, 22);
        let ten = 10_f64.powi(step.abs());
        number = if step < 0 { number / ten } else { number * ten };
        power -= step;
    }
    number.is_finite().then_some(number)
}

fn natural_exponent(digits: &[u8]) -> i32 {
    digits.iter().fold(0, |number: i32, digit| (number * 10 + i32::from(digit - b'0')).min(100_000))
}
