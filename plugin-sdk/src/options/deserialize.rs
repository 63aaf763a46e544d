//! Options whose reading takes little code: what serde derives is right, and a tenth of a component that has many.

use std::fmt;

use serde::de::{Deserializer, Error, Visitor};

/// Implements `Deserialize` for an enum of choices, each by its text:
///
/// ```
/// #[derive(Clone, Copy, Debug, PartialEq)]
/// enum Layout {
///     Folder,
///     Ndjson,
/// }
///
/// ango_plugin_sdk::deserialize_choice!(Layout { Folder = "folder", Ndjson = "ndjson" });
///
/// assert_eq!(serde_json::from_str::<Layout>(r#""ndjson""#).unwrap(), Layout::Ndjson);
/// assert!(serde_json::from_str::<Layout>(r#""table""#).is_err());
/// ```
///
/// It is what `#[derive(Deserialize)]` makes of such an enum, which must be `Copy`, but all enums share one function. The crate needs `serde`.
#[macro_export]
macro_rules! deserialize_choice {
    ($choice:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        impl<'de> ::serde::Deserialize<'de> for $choice {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                let at = $crate::options::choose(deserializer, &[$($text),+])?;
                const { &[$(Self::$variant),+] }.get(at).copied().ok_or_else(|| ::serde::de::Error::custom("no such choice"))
            }
        }
    };
}

/// Which of the texts is there; for [`deserialize_choice!`](crate::deserialize_choice).
///
/// # Errors
///
/// When it is none of them.
#[doc(hidden)]
#[inline(never)]
pub fn choose<'de, D: Deserializer<'de>>(deserializer: D, texts: &'static [&'static str]) -> Result<usize, D::Error> {
    deserializer.deserialize_str(Choice(texts))
}

struct Choice(&'static [&'static str]);

impl Visitor<'_> for Choice {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<usize, E> {
        self.0.iter().position(|known| *known == text).ok_or_else(|| E::unknown_variant(text, self.0))
    }
}

/// Implements `Deserialize` for a struct of options that has a [`Default`]: fields that are not given stay as that has them, and names that are none are
/// refused. All fields are named once more, none can be forgotten:
///
/// ```
/// #[derive(Debug, Default, PartialEq)]
/// struct Options {
///     precision: u8,
///     names: Vec<String>,
/// }
///
/// ango_plugin_sdk::deserialize_options!(Options { precision, names });
///
/// assert_eq!(serde_json::from_str::<Options>(r#"{"precision":3}"#).unwrap(), Options { precision: 3, names: vec![] });
/// ```
///
/// It is what `#[derive(Deserialize)]` with `#[serde(default, deny_unknown_fields)]` makes, but writes into the defaults instead of collecting the fields first,
/// which is a third of the code: worth it where a component has many options. The crate needs `serde`.
#[macro_export]
macro_rules! deserialize_options {
    ($options:ident { $($field:ident),+ $(,)? }) => {
        impl<'de> ::serde::Deserialize<'de> for $options {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                const FIELDS: &[&str] = &[$(stringify!($field)),+];
                struct Members;
                impl<'de> ::serde::de::Visitor<'de> for Members {
                    type Value = $options;

                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str(concat!("struct ", stringify!($options)))
                    }

                    fn visit_map<A: ::serde::de::MapAccess<'de>>(self, mut map: A) -> ::std::result::Result<$options, A::Error> {
                        let mut options = $options::default();
                        let $options { $($field),+ } = &mut options;
                        let mut given = 0_u64;
                        while let Some(name) = map.next_key::<String>()? {
                            let Some(at) = FIELDS.iter().position(|field| *field == name) else {
                                return Err(::serde::de::Error::unknown_field(&name, FIELDS));
                            };
                            if given >> at & 1 == 1 {
                                return Err(::serde::de::Error::duplicate_field(FIELDS[at]));
                            }
                            given |= 1 << at;
                            $(if name == stringify!($field) {
                                *$field = map.next_value()?;
                                continue;
                            })+
                        }
                        Ok(options)
                    }
                }
                const { assert!(FIELDS.len() <= 64, "more options than are counted") };
                deserializer.deserialize_struct(stringify!($options), FIELDS, Members)
            }
        }
    };
}
