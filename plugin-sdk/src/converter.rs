//! The trait a converter implements, and the way from the component's exports to it.

use serde::de::DeserializeOwned;

use crate::options::read;
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
    let converted = C::convert(read(options)?, run);
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
