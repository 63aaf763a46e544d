//! Links to assets and brush masks, which an export may have to sign: what lies in a private storage cannot be opened by its address alone.

/// How long a signed link to an asset can be used, in seconds: 33 hours and 20 minutes, as on Hub (`ango-v3.md` section 1.1).
pub const LINK_SECONDS: u64 = 120_000;

/// Signs links.
pub trait Links: std::fmt::Debug + Send + Sync {
    /// The link to give out in the place of `url`; `None` when it is given out as it is.
    fn signed(&self, url: &str) -> Option<String>;
}
