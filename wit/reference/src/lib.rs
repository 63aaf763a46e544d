//! The reference of the plugin contract as a page for people, made from the WIT file.
//!
//! The WIT file stays the one place where the contract is written: the page holds every interface, function, type, field and case of it with the words that stand there, in an order to
//! read them in, and with links from each use of a name to what it means. `cargo xtask docs` writes the page; a test fails when it is not the one that follows from the file.

mod contract;
mod links;
mod page;
mod types;

use contract::Contract;

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// The text is no WIT package.
    #[error("{0}")]
    Wit(String),
    /// A page is about one world, which is what a plugin is.
    #[error("the package has {0} worlds, and the reference is made for one")]
    Worlds(usize),
    /// The contract uses something of WIT that the page has no words for.
    #[error("{0}: the reference does not know how to show it")]
    Unknown(String),
}

/// The page, as Markdown. `path` is where the text comes from: errors name it, and the page links to it.
///
/// # Errors
/// When the text is no WIT package with one world, or uses what the page has no words for.
pub fn reference(path: &str, wit: &str) -> Result<String, ReferenceError> {
    let contract = Contract::read(path, wit)?;
    page::page(path, &contract)
}
