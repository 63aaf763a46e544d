//! Values for serde.

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::error::Error;
use super::text::{Number, Text};

impl<'de> Deserializer<'de> for &mut Text<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.peek() {
            b'{' => {
                self.takes(b'{');
                self.enter()?;
                let value = visitor.visit_map(Members { text: self, key: String::new(), first: true })?;
                self.leave();
                if self.takes(b'}') { Ok(value) } else { Err(self.no_json("the end of an object")) }
            }
            b'[' => {
                self.takes(b'[');
                self.enter()?;
                let value = visitor.visit_seq(Elements { text: self, at: 0 })?;
                self.leave();
                if self.takes(b']') { Ok(value) } else { Err(self.no_json("the end of an array")) }
            }
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

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.peek() == b'n' { self.word("null").and_then(|()| visitor.visit_none()) } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(self, _: &'static str, _: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        if self.peek() == b'"' {
            return visitor.visit_enum(Variant { text: self, has_value: false });
        }
        if !self.takes(b'{') {
            return Err(Error::here("expected a text"));
        }
        let value = visitor.visit_enum(Variant { text: self, has_value: true })?;
        if self.takes(b'}') { Ok(value) } else { Err(self.no_json("the end of an object")) }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier
        ignored_any
    }
}

/// The members of an object.
struct Members<'t, 'a> {
    text: &'t mut Text<'a>,
    key: String,
    first: bool,
}

impl<'de> MapAccess<'de> for Members<'_, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        if self.text.peek() == b'}' {
            return Ok(None);
        }
        if !std::mem::take(&mut self.first) && !self.text.takes(b',') {
            return Err(self.text.no_json("a comma or the end of an object"));
        }
        self.key = self.text.string()?;
        if !self.text.takes(b':') {
            return Err(self.text.no_json("a colon"));
        }
        seed.deserialize(Key(&self.key)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(&mut *self.text).map_err(|error| error.inside(&self.key))
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
        seed.deserialize(&mut *self.text).map(Some).map_err(|error| error.inside(&(self.at - 1).to_string()))
    }
}

/// A variant of an enum: a text, or an object with one member.
struct Variant<'t, 'a> {
    text: &'t mut Text<'a>,
    has_value: bool,
}

impl<'de> EnumAccess<'de> for Variant<'_, '_> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Error> {
        let name = self.text.string()?;
        if self.has_value && !self.text.takes(b':') {
            return Err(self.text.no_json("a colon"));
        }
        Ok((seed.deserialize(Key(&name))?, self))
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
        if self.has_value { self.text.deserialize_any(visitor) } else { Err(Error::here("expected an object with one member")) }
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        if self.has_value { self.text.deserialize_any(visitor) } else { Err(Error::here("expected an object with one member")) }
    }
}
