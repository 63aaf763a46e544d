//! Where names lead to.

use crate::contract::Contract;
use std::collections::BTreeMap;
use wit_parser::{Function, FunctionKind, Interface, TypeDefKind, TypeId};

/// What the words of a text are about: what they mean there without saying more.
#[derive(Debug, Default)]
pub(crate) struct Scope<'a> {
    /// The interface.
    pub(crate) interface: Option<&'a str>,
    /// The function or type itself, and its parameters, fields or cases: names that lead nowhere else.
    pub(crate) own: Vec<&'a str>,
}

/// Names in texts, and the places on the page that they lead to.
#[derive(Debug, Default)]
pub(crate) struct Links(BTreeMap<String, String>);

/// The anchor that a heading gets: GitHub's rule, which other renderers follow as well.
pub(crate) fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect()
}

/// The heading of a type: with its kind, so that a type and an interface of one name are two places.
pub(crate) fn type_heading(contract: &Contract, id: TypeId) -> String {
    let definition = &contract.resolve.types[contract.meant(id)];
    let name = definition.name.as_deref().unwrap_or_default();
    let kind = match &definition.kind {
        TypeDefKind::Record(_) | TypeDefKind::Variant(_) | TypeDefKind::Enum(_) | TypeDefKind::Flags(_) | TypeDefKind::Resource => {
            definition.kind.as_str()
        }
        _ => "type",
    };
    format!("{kind} `{name}`")
}

pub(crate) fn type_anchor(contract: &Contract, id: TypeId) -> String {
    anchor(&type_heading(contract, id))
}

pub(crate) fn interface_heading(name: &str) -> String {
    format!("The interface `{name}`")
}

/// The heading of a function: as texts name it from elsewhere.
pub(crate) fn function_heading(contract: &Contract, interface: Option<&Interface>, function: &Function) -> String {
    let (prefix, name) = (interface.and_then(|interface| interface.name.as_deref()), function.item_name());
    let resource = match function.kind {
        FunctionKind::Method(id) | FunctionKind::Static(id) | FunctionKind::Constructor(id) => contract.resolve.types[id].name.as_deref(),
        _ => None,
    };
    let path: Vec<&str> = prefix.into_iter().chain(resource).chain([name]).collect();
    format!("`{}`", path.join("."))
}

impl Links {
    pub(crate) fn new(contract: &Contract) -> Self {
        let mut links = Self::default();
        for function in contract.exports() {
            links.add(&function.name, &function_heading(contract, None, function));
        }
        for id in contract.interfaces.iter().copied() {
            let interface = &contract.resolve.interfaces[id];
            let name = interface.name.as_deref().unwrap_or_default();
            links.add(name, &interface_heading(name));
            for function in interface.functions.values() {
                let heading = function_heading(contract, Some(interface), function);
                links.add(heading.trim_matches('`'), &heading);
            }
        }
        for (id, definition) in contract.resolve.types.iter() {
            let (Some(name), true) = (&definition.name, contract.meant(id) == id) else { continue };
            let heading = type_heading(contract, id);
            let fields: Vec<&str> = match &definition.kind {
                TypeDefKind::Record(record) => record.fields.iter().map(|field| field.name.as_str()).collect(),
                TypeDefKind::Variant(variant) => variant.cases.iter().map(|case| case.name.as_str()).collect(),
                TypeDefKind::Enum(cases) => cases.cases.iter().map(|case| case.name.as_str()).collect(),
                _ => Vec::new(),
            };
            for field in fields {
                links.add(&format!("{name}.{field}"), &heading);
            }
        }
        links
    }

    fn add(&mut self, name: &str, heading: &str) {
        self.0.insert(name.to_owned(), anchor(heading));
    }

    fn find(&self, name: &str, scope: &Scope<'_>) -> Option<&str> {
        if scope.own.contains(&name) || scope.interface == Some(name) {
            return None;
        }
        let inside = scope.interface.and_then(|interface| self.0.get(&format!("{interface}.{name}")));
        inside.or_else(|| self.0.get(name)).map(String::as_str)
    }

    /// A text in which every name in backquotes that means something elsewhere leads there.
    pub(crate) fn linked(&self, text: &str, scope: &Scope<'_>) -> String {
        let mut parts = text.split('`');
        let mut out = parts.next().unwrap_or_default().to_owned();
        let mut rest = parts.peekable();
        while let Some(code) = rest.next() {
            // A last backquote without its other half is left as it is.
            let Some(after) = rest.next() else {
                out.push('`');
                out.push_str(code);
                break;
            };
            match self.find(code, scope) {
                Some(anchor) => out.push_str(&format!("[`{code}`](#{anchor})")),
                None => out.push_str(&format!("`{code}`")),
            }
            out.push_str(after);
        }
        out
    }
}
