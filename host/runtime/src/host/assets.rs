//! `assets`: facts and bytes of assets.
//!
//! No grant can be given yet, so every call is denied, as the contract says of a plugin without the grant: a plugin takes sizes from the export, and
//! reports what it cannot convert without more.

use super::State;
use crate::bindings::ango::converter::assets::{FetchError, Host};

impl Host for State {
    fn size(&mut self, _url: String) -> wasmtime::Result<Result<(u32, u32), FetchError>> {
        Ok(Err(FetchError::Denied))
    }

    fn read(&mut self, _url: String) -> wasmtime::Result<Result<Vec<u8>, FetchError>> {
        Ok(Err(FetchError::Denied))
    }
}
