//! The trait a converter implements, and the way from the component's exports to it.

use serde::de::DeserializeOwned;

use crate::run::Run;
use crate::types::{Failure, Info};

/// A converter: what it is, and what it does with a run.
pub trait Converter {
    /// The options, read from the JSON that the host checked against [`Info::options_schema`]. `#[serde(default, deny_unknown_fields)]` on the
    /// struct keeps it in step with the schema. Use `serde::de::IgnoredAny` or an empty struct when there are none.
    type Options: DeserializeOwned + Default;

    /// What this converter is. Called without any input; must answer the same every time.
    fn describe() -> Info;

    /// Converts the tasks of a run, or of one shard of it.
    ///
    /// # Errors
    ///
    /// Only when the run as a whole makes no sense: what cannot be converted of a task is reported with [`Run::lost`] instead. Nothing of a
    /// failed run is published.
    fn convert(options: Self::Options, run: &Run) -> Result<(), Failure>;
}

/// Reads options and runs a converter; called by the code that [`export!`](crate::export) makes and by the testkit.
pub(crate) fn convert_with<C: Converter>(options: &str, run: &Run) -> Result<(), Failure> {
    let converted = C::convert(read_options(options)?, run);
    run.tell_counted_losses();
    converted?;
    match run.first_unfinished() {
        None => Ok(()),
        Some(path) => Err(Failure::failed(format!("file `{path}` was not finished: call `File::finish` on it"))),
    }
}

/// The entry point of a component. Not for use by hand: [`export!`](crate::export) calls it.
#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub fn convert_component<C: Converter>(options: &str) -> Result<(), Failure> {
    convert_with::<C>(options, &Run::new(crate::host::Host::new()))
}

fn read_options<O: DeserializeOwned + Default>(text: &str) -> Result<O, Failure> {
    if text.trim_ascii().is_empty() || text.trim_ascii() == "{}" {
        return Ok(O::default());
    }
    let mut json = serde_json::Deserializer::from_str(text);
    let options = serde_path_to_error::deserialize(&mut json).map_err(|error| Failure::option(pointer(error.path()), error.inner().to_string()))?;
    json.end().map_err(|error| Failure::option("", error.to_string()))?;
    Ok(options)
}

/// A path as a JSON pointer (RFC 6901). What serde cannot place ends the pointer early.
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        let name = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => key.replace('~', "~0").replace('/', "~1"),
            Segment::Enum { variant } => variant.clone(),
            Segment::Unknown => break,
        };
        pointer.push('/');
        pointer.push_str(&name);
    }
    pointer
}

/// Makes a crate a converter plugin: `ango_plugin_sdk::export!(MyConverter);`, once, at the top level of a `cdylib`.
///
/// On native targets it does nothing, so that a plugin is also an ordinary library that can be tested and linked beside others.
#[macro_export]
macro_rules! export {
    ($converter:ty) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            struct Component;
            impl $crate::bindings::Guest for Component {
                fn describe() -> $crate::Info {
                    <$converter as $crate::Converter>::describe()
                }
                fn convert(options: ::std::string::String) -> ::std::result::Result<(), $crate::Failure> {
                    $crate::convert_component::<$converter>(&options)
                }
            }
    $crate::bindings::export_component!(Component with_types_in $crate::bindings);
        };
        #[cfg(not(target_arch = "wasm32"))]
        const _: () = {
            const fn is_a_converter<C: $crate::Converter>() {}
            is_a_converter::<$converter>();
        };
    };
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[derive(serde::Deserialize, Default, Debug, PartialEq)]
    #[serde(default, deny_unknown_fields)]
    struct Options {
        precision: u8,
        classes: Vec<Named>,
    }

    #[derive(serde::Deserialize, Default, Debug, PartialEq)]
    struct Named {
        name: String,
    }

    fn pointer_of(text: &str) -> String {
        match read_options::<Options>(text) {
            Err(Failure::Options(error)) => error.pointer,
            other => panic!("expected an option error, got {other:?}"),
        }
    }

    #[test]
    fn empty_options_are_the_defaults() {
        assert_eq!(read_options::<Options>("{}").unwrap(), Options::default());
        assert_eq!(read_options::<Options>("").unwrap(), Options::default());
    }

    #[test]
    fn a_wrong_option_is_named_by_a_json_pointer() {
        assert_eq!(pointer_of(r#"{"precision":"x"}"#), "/precision");
        assert_eq!(pointer_of(r#"{"classes":[{"name":"a"},{"name":1}]}"#), "/classes/1/name");
        assert_eq!(pointer_of("{not json"), "");
        assert_eq!(pointer_of(r#"{"precision":1} trailing"#), "");
    }
}
