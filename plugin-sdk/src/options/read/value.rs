//! Values for serde.
//!
//! What a type asks for is read as that and as nothing else, so that each visitor's code for every other kind of value is in no component.

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error as _, Expected, MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::error::Error;
use super::text::{Number, Text};

impl Text<'_> {
    fn object<'de, V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        if !self.takes(b'{') {
            return Err(self.other(&visitor));
        }
        self.enter()?;
        let mut members = Members { text: self, key: String::new(), first: true, in_value: false };
        match visitor.visit_map(&mut members) {
            Ok(value) => self.leave(b'}', "the end of an object").map(|()| value),
            Err(error) => Err(if members.in_value { error.inside(&members.key) } else { error }),
        }
    }

    fn array<'de, V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        if !self.takes(b'[') {
            return Err(self.other(&visitor));
        }
        self.enter()?;
        let mut elements = Elements { text: self, at: 0, in_value: false };
        match visitor.visit_seq(&mut elements) {
            Ok(value) => self.leave(b']', "the end of an array").map(|()| value),
            Err(error) => Err(if elements.in_value { error.inside(&(elements.at - 1).to_string()) } else { error }),
        }
    }

    /// The error of a value that is none of the kind that was expected.
    #[cold]
    fn other(&mut self, expected: &dyn Expected) -> Error {
        match self.peek() {
            b'{' | b'[' | b'"' | b't' | b'f' | b'n' | b'-' | b'0'..=b'9' => Error::invalid_type(Unexpected::Unit, expected),
            _ => self.no_json("a value"),
        }
    }

    /// A number, where one is expected.
    fn number_for(&mut self, expected: &dyn Expected) -> Result<Number, Error> {
        if matches!(self.peek(), b'-' | b'0'..=b'9') { self.number() } else { Err(self.other(expected)) }
    }

    /// The name of a variant, and whether its value follows.
    fn variant(&mut self) -> Result<(String, bool), Error> {
        if self.peek() == b'"' {
            return Ok((self.string()?, false));
        }
        if !self.takes(b'{') {
            return Err(Error::here("expected a text"));
        }
        let name = self.string()?;
        if self.takes(b':') { Ok((name, true)) } else { Err(self.no_json("a colon")) }
    }
}

/// Methods that read one kind of value.
macro_rules! kinds {
    ($($method:ident $kind:ident;)*) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            kinds!($kind self visitor)
        }
    )* };
    (object $text:ident $visitor:ident) => { $text.object($visitor) };
    (array $text:ident $visitor:ident) => { $text.array($visitor) };
    (text $text:ident $visitor:ident) => {
        if $text.peek() == b'"' { $visitor.visit_string($text.string()?) } else { Err($text.other(&$visitor)) }
    };
    (natural $text:ident $visitor:ident) => {
        match $text.number_for(&$visitor)? {
            Number::Natural(number) => $visitor.visit_u64(number),
            _ => Err(Error::invalid_type(Unexpected::Unit, &$visitor)),
        }
    };
    (whole $text:ident $visitor:ident) => {
        match $text.number_for(&$visitor)? {
            Number::Natural(number) => $visitor.visit_u64(number),
            Number::Negative(number) => $visitor.visit_i64(number),
            Number::Float(_) => Err(Error::invalid_type(Unexpected::Unit, &$visitor)),
        }
    };
    (float $text:ident $visitor:ident) => {
        match $text.number_for(&$visitor)? {
            Number::Natural(number) => $visitor.visit_f64(number as f64),
            Number::Negative(number) => $visitor.visit_f64(number as f64),
            Number::Float(number) => $visitor.visit_f64(number),
        }
    };
}

impl<'de> Deserializer<'de> for &mut Text<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.peek() {
            b'{' => self.object(visitor),
            b'[' => self.array(visitor),
            b'"' => visitor.visit_string(self.string()?),
            b't' => self.word("true").and_then(|()| visitor.visit_bool(true)),
            b'f' => self.word("false").and_then(|()| visitor.visit_bool(false)),
            b'n' => self.word("null").and_then(|()| visitor.visit_unit()),
            _ => match self.number()? {
                Number::Natural(number) => visitor.visit_u64(number),
                Number::Negative(number) => visitor.visit_i64(number),
                Number::Float(number) => visitor.visit_f64(number),
            },
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.peek() {
            b't' => self.word("true").and_then(|()| visitor.visit_bool(true)),
            b'f' => self.word("false").and_then(|()| visitor.visit_bool(false)),
            _ => Err(self.other(&visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(self, _: &'static str, _: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        self.object(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.array(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(self, _: &'static str, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.array(visitor)
    }

    kinds! {
        deserialize_map object;
        deserialize_seq array;
        deserialize_str text;
        deserialize_string text;
        deserialize_char text;
        deserialize_u8 natural;
        deserialize_u16 natural;
        deserialize_u32 natural;
        deserialize_u64 natural;
        deserialize_i8 whole;
        deserialize_i16 whole;
        deserialize_i32 whole;
        deserialize_i64 whole;
        deserialize_f32 float;
        deserialize_f64 float;
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.peek() == b'n' { self.word("null").and_then(|()| visitor.visit_none()) } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(self, _: &'static str, _: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        let (name, has_value) = self.variant()?;
        let value = visitor.visit_enum(Variant { text: self, name, has_value })?;
        if has_value && !self.takes(b'}') { Err(self.no_json("the end of an object")) } else { Ok(value) }
    }

    forward_to_deserialize_any! { bytes byte_buf unit unit_struct identifier ignored_any }
}

/// The members of an object.
struct Members<'t, 'a> {
    text: &'t mut Text<'a>,
    key: String,
    first: bool,
    /// An error now is one of the value; said once for all values, as it is code.
    in_value: bool,
}

impl Members<'_, '_> {
    /// Whether there is one more; its key is read.
    fn next_key(&mut self) -> Result<bool, Error> {
        if self.text.peek() == b'}' {
            return Ok(false);
        }
        if !std::mem::take(&mut self.first) && !self.text.takes(b',') {
            return Err(self.text.no_json("a comma or the end of an object"));
        }
        self.key = self.text.string()?;
        if self.text.takes(b':') { Ok(true) } else { Err(self.text.no_json("a colon")) }
    }
}

impl<'de> MapAccess<'de> for Members<'_, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        if self.next_key()? { seed.deserialize(Key(&self.key)).map(Some) } else { Ok(None) }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        self.in_value = true;
        let value = seed.deserialize(&mut *self.text)?;
        self.in_value = false;
        Ok(value)
    }
}

/// The key of a member.
struct Key<'k>(&'k str);

impl<'de> Deserializer<'de> for Key<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.0)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq tuple tuple_struct map
        struct enum identifier ignored_any
    }
}

/// The elements of an array.
struct Elements<'t, 'a> {
    text: &'t mut Text<'a>,
    at: usize,
    in_value: bool,
}

impl<'de> SeqAccess<'de> for Elements<'_, '_> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        if self.text.peek() == b']' {
            return Ok(None);
        }
        if self.at > 0 && !self.text.takes(b',') {
            return Err(self.text.no_json("a comma or the end of an array"));
        }
        self.at += 1;
        self.in_value = true;
        let value = seed.deserialize(&mut *self.text)?;
        self.in_value = false;
        Ok(Some(value))
    }
}

/// A variant of an enum: a text, or an object with one member.
struct Variant<'t, 'a> {
    text: &'t mut Text<'a>,
    name: String,
    has_value: bool,
}

impl<'de> EnumAccess<'de> for Variant<'_, '_> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Error> {
        Ok((seed.deserialize(Key(&self.name))?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, '_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        if self.has_value { Err(Error::here("expected a text")) } else { Ok(()) }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Error> {
        if self.has_value { seed.deserialize(self.text) } else { Err(Error::here("expected an object with one member")) }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        if self.has_value { self.text.array(visitor) } else { Err(Error::here("expected an object with one member")) }
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        if self.has_value { self.text.object(visitor) } else { Err(Error::here("expected an object with one member")) }
    }
}
