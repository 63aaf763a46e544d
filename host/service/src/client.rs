//! The client of other people's servers: webhooks, and programs that listen. How long each may take is said with each request.

use std::sync::OnceLock;

/// The client. Each request has a connection of its own: one that was kept may be closed by the other side at the very moment when it is used again (uvicorn does after five seconds), and then nobody can
/// tell whether a run was begun. `None` when the system has none to give. Redirects are not followed: what is sent is signed, or a secret, and for one server.
pub(crate) fn client() -> Option<&'static reqwest::Client> {
    static CLIENT: OnceLock<Option<reqwest::Client>> = OnceLock::new();
    let builder = || reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).pool_max_idle_per_host(0).user_agent("ango-export");
    CLIENT.get_or_init(|| builder().build().ok()).as_ref()
}
