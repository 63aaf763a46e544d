//! Whether a component fits the contract; and when it does not, why, in words for its author.

use crate::engine::Engine;
use crate::error::LoadError;
use crate::stderr::printable_line;
use wasmtime::component::Component;

/// The largest component that is accepted. Python components are about 20 MB.
pub(crate) const MAX_COMPONENT: u64 = 64 << 20;

/// Looks at the first bytes, so that the usual mistakes get an answer that helps.
pub(crate) fn check_format(name: &str, head: &[u8], length: u64) -> Result<(), LoadError> {
    let problem = match head {
        [0, b'a', b's', b'm', 0x0d, 0, 1, 0, ..] if length <= MAX_COMPONENT => return Ok(()),
        [0, b'a', b's', b'm', 0x0d, 0, 1, 0, ..] => format!("is {} MB large, allowed are {} MB", length >> 20, MAX_COMPONENT >> 20),
        [0, b'a', b's', b'm', 1, 0, 0, 0, ..] => "is a core module, not a component: build it for the target wasm32-wasip2".into(),
        [0x7f, b'E', b'L', b'F', ..] => "is machine code: only WebAssembly components are accepted, never something compiled before".into(),
        [0, b'a', b's', b'm', ..] => "is a WebAssembly binary of an unknown version: build it with a current toolchain".into(),
        [] => "is an empty file".into(),
        [b'(' | b';', ..] => "is WebAssembly text: build a binary component".into(),
        [b'<', ..] => "is a web page or another document, not a WebAssembly component: is the link that of the file itself?".into(),
        _ => "is not a WebAssembly component".into(),
    };
    Err(LoadError::NotAComponent { plugin: name.into(), problem })
}

/// The interfaces that a component imports.
///
/// # Errors
/// The first one that is not offered, and what to do.
pub(crate) fn check_imports(engine: &Engine, component: &Component) -> Result<Vec<String>, String> {
    let fail = |problem: String| Err(problem);
    if component.resources_required().is_none() {
        return fail("it imports core modules or components, which the host does not offer".into());
    }
    let mut imports = Vec::new();
    for (import, _) in component.component_type().imports(engine.runner()) {
        let version = import.rsplit_once('@').map_or("", |(_, version)| version);
        if import.starts_with("ango:converter/") && !version.starts_with("0.1.") {
            return fail(format!(
                "it is built for version {version} of the contract, this host offers 0.1: use a host that offers {version}, or build it for 0.1"
            ));
        }
        if import.starts_with("wasi:http/") {
            return fail(format!(
                "it imports {import}, and plugins have no network: build it without HTTP (componentize-js: --disable http --disable fetch-event)"
            ));
        }
        let is_offered = import.starts_with("ango:converter/") || (import.starts_with("wasi:") && version.starts_with("0.2."));
        if !is_offered {
            return fail(format!(
                "it imports {}, which the host does not offer: a plugin may import ango:converter 0.1 and WASI 0.2",
                printable_line(import, 200)
            ));
        }
        imports.push(import.to_owned());
    }
    Ok(imports)
}

/// What the linker has against a component, for an author who knows nothing of linkers.
pub(crate) fn explain(problem: &str) -> String {
    let quoted: Vec<&str> = problem.split('`').skip(1).step_by(2).collect();
    match quoted.as_slice() {
        [interface, function, ..] if problem.contains("implementation is missing") => {
            format!(
                "it calls `{function}` of {interface}, which this host does not offer: it is built for a newer contract. Use a newer host, or build it for the contract of this one"
            )
        }
        [export, ..] if problem.starts_with("no export") => {
            format!("it does not export `{export}`: a plugin exports `describe` and `convert`, which its SDK does for it")
        }
        [export, ..] if problem.starts_with("type-checking export") => {
            format!("its `{export}` is not that of the contract ({problem}): build it for the contract of this host")
        }
        _ => problem.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_linker_says_is_explained() {
        let missing = "component imports instance `ango:converter/source@0.1.0`, but a matching implementation was not found in the linker: instance export `rewind` has the wrong type: function implementation is missing";
        assert!(explain(missing).starts_with("it calls `rewind` of ango:converter/source@0.1.0, which this host does not offer"));
        assert!(explain("no export `convert` found").starts_with("it does not export `convert`"));
        assert!(explain("type-checking export func `convert`: expected 1-tuple, found 0-tuple").contains("(type-checking export func"));
        assert_eq!(explain("anything else"), "anything else");
    }
}
