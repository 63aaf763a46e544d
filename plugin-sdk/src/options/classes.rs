//! `classes`: what people say about the classes of a converted export.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

/// `classes`. Classes are meant by title or by schema id; by title, all that have it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClassOptions {
    /// Only these; all if not given.
    pub include: Option<Vec<String>>,
    /// All but these.
    pub exclude: Vec<String>,
    /// New names, by the old ones.
    pub rename: Pairs<String>,
    /// Several classes as one, by its name.
    pub merge: Pairs<Vec<String>>,
    /// The first classes, by their new names.
    pub order: Vec<String>,
}

crate::deserialize_options!(ClassOptions { include, exclude, rename, merge, order });

impl ClassOptions {
    /// Whether nothing is asked for.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// The members of a JSON object, in the order in which they stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pairs<T>(pub Vec<(String, T)>);

impl<T> Default for Pairs<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pairs<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members(PhantomData))
    }
}

struct Members<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
    type Value = Pairs<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<T>, A::Error> {
        let mut pairs = Pairs::default();
        while let Some(pair) = map.next_entry()? {
            pairs.0.push(pair);
        }
        Ok(pairs)
    }
}
