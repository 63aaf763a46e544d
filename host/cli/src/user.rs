//! Who is at the keyboard.

use ango_runtime::printable_line;

/// Who is at the keyboard, for the record: the one who became root, if there is one.
pub fn user() -> String {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let name = set("SUDO_USER").or_else(|| set("USER")).or_else(|| set("LOGNAME")).or_else(|| set("USERNAME"));
    name.map_or_else(user_number, |name| printable_line(&name, 100))
}

/// A user without a name, as services have it.
#[cfg(unix)]
fn user_number() -> String {
    format!("uid {}", rustix::process::geteuid().as_raw())
}

#[cfg(not(unix))]
fn user_number() -> String {
    "unknown".to_owned()
}
