//! Keys and secrets, which nobody is to read.

use std::fmt;

/// A key of Hub's API, or the secret of a plugin. Printed as `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// What it is, for whom it is meant.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether it is the same. How long that takes does not tell how much of it is right.
    pub fn is(&self, other: &str) -> bool {
        let digest = |text: &str| aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
        aws_lc_rs::constant_time::verify_slices_are_equal(digest(&self.0).as_ref(), digest(other).as_ref()).is_ok()
    }

    /// A text of others, in which it must not stand.
    pub fn scrub(&self, text: &str) -> String {
        if self.0.is_empty() { text.to_owned() } else { text.replace(&self.0, "***") }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_reads_it() {
        let secret = Secret::new("hush");
        assert_eq!(format!("{secret:?}"), "***");
        assert!(secret.is("hush") && !secret.is("hus") && !secret.is(""));
        assert_eq!(secret.scrub("key hush is wrong"), "key *** is wrong");
    }
}
