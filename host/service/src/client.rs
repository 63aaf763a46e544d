//! The client of other people's servers: webhooks, and programs that listen. How long each may take is said with each request.

use std::sync::OnceLock;

/// The client; `None` when the system has none to give. Redirects are not followed: what is sent is signed, or a secret, and for one server.
pub(crate) fn client() -> Option<&'static reqwest::Client> {
    static CLIENT: OnceLock<Option<reqwest::Client>> = OnceLock::new();
    CLIENT.get_or_init(|| reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).user_agent("ango-export").build().ok()).as_ref()
}
