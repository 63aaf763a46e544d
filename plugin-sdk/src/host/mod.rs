//! The other side of the contract: the imports inside the sandbox, memory everywhere else.
//!
//! Both have the same methods; which one is used is decided when compiling, so that a converter pays nothing for being testable.

mod batch;
#[cfg(target_arch = "wasm32")]
mod imports;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod memory;

#[cfg(target_arch = "wasm32")]
pub(crate) use batch::PackedBatch as Batch;
#[cfg(target_arch = "wasm32")]
pub(crate) use imports::{Host, HostFile};
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use memory::{Batch, Host, HostFile};
