//! Tasks as bytes: what `source.next-packed` of the contract hands over.
//!
//! A typed task crosses into a guest string by string and list by list, and each of them is a call of the guest's allocator: for a converter that does little with an object, more work
//! than the conversion. Packed, a batch of tasks is one list of bytes, and the guest takes it apart itself.
//!
//! The form follows from the contract's types alone (its rules stand beside `next-packed` in `wit/0.1/converter.wit`), so it is frozen together with them. The host and the SDK each have
//! types of their own, generated from the same file; [`unpack_contract!`] teaches reading to either of them, and [`write`] is what the host packs with.

mod contract;
mod read;
pub mod write;

#[cfg(test)]
mod tests;

pub use read::{Malformed, Reader, Unpack, skip_field, skip_payload};
