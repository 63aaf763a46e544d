//! The page.

use crate::ReferenceError;
use crate::contract::Contract;
use crate::links::{Links, Scope, anchor, function_heading, interface_heading, type_anchor, type_heading};
use crate::types::{shown, signature};
use wit_parser::{Docs, Function, FunctionKind, InterfaceId, Type, TypeDefKind, TypeId};

/// Names are written as each language writes its own.
const NAMES: &str = "\
Names are those of the WIT file, with hyphens. Bindings write them as their language does: `next-batch` is `next_batch` in Rust and Python and `nextBatch` in
JavaScript, and `bounding-box` is `BoundingBox` where it is a type. The SDKs keep the names and put more convenient functions beside them.
Tables hold fields and cases in the order in which they are declared.

| WIT | means |
|---|---|
| `option<t>` | a `t`, or nothing |
| `list<t>` | any number of `t`, in order |
| `tuple<t, u>` | a `t` and a `u` |
| `result<t, e>` | a `t`, or the error `e`; `_` stands for nothing |
| `u8`, `u32`, `u64`, `s64`, `f64` | numbers: without a sign, with one, and with a fraction, of so many bits |
| `record` | all of its fields |
| `variant`, `enum` | one of its cases; a case of a variant can hold a value. The numbers in the tables are those of the packed form |
| `resource` | something that lives in the host, and has methods |
";

struct Page<'a> {
    contract: &'a Contract,
    links: Links,
    out: String,
}

/// The whole page.
pub(crate) fn page(path: &str, contract: &Contract) -> Result<String, ReferenceError> {
    let mut page = Page { contract, links: Links::new(contract), out: String::new() };
    let name = contract.package.name.to_string();
    page.line("<!-- Made from the WIT file by `cargo xtask docs`. Change the words there. -->");
    page.heading(1, &format!("The contract `{name}`"));
    page.docs(&contract.package.docs, &Scope::default());
    page.line(&format!("This page holds everything that stands in [`{path}`](../{path}), the file that bindings are made from."));
    page.line("");
    page.heading(2, "Contents");
    page.contents();
    page.heading(2, "How to read it");
    page.line(NAMES);
    page.world()?;
    for id in &contract.interfaces {
        page.interface(*id)?;
    }
    Ok(format!("{}\n", page.out.trim_end()))
}

impl Page<'_> {
    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn heading(&mut self, level: usize, text: &str) {
        self.line(&format!("{} {text}\n", "#".repeat(level)));
    }

    /// Words of the file: paragraphs and lists, as they stand there.
    fn docs(&mut self, docs: &Docs, scope: &Scope<'_>) {
        if let Some(text) = &docs.contents {
            let text = self.links.linked(text.trim(), scope);
            // A list needs an empty line before it where a renderer would take it for the paragraph's end.
            let text = text.replace(":\n- ", ":\n\n- ");
            self.line(&text);
            self.line("");
        }
    }

    fn contents(&mut self) {
        let contract = self.contract;
        let functions: Vec<String> = contract.exports().map(|function| link(&function_heading(contract, None, function))).collect();
        self.line("| | functions | types |\n|---|---|---|");
        let types = |ids: Vec<TypeId>| {
            let links = ids.into_iter().map(|id| {
                let name = contract.resolve.types[id].name.as_deref().unwrap_or_default();
                format!("[`{name}`](#{})", type_anchor(contract, id))
            });
            links.collect::<Vec<_>>().join(", ")
        };
        let world = self.world_heading();
        self.line(&format!("| [a plugin](#{}) | {} | {} |", anchor(&world), functions.join(", "), types(contract.world_types())));
        for id in &contract.interfaces {
            let interface = &contract.resolve.interfaces[*id];
            let name = interface.name.as_deref().unwrap_or_default();
            let functions: Vec<String> =
                interface.functions.values().map(|function| link(&function_heading(contract, Some(interface), function))).collect();
            let place = anchor(&interface_heading(name));
            self.line(&format!("| [`{name}`](#{place}) | {} | {} |", functions.join(", "), types(contract.types(interface))));
        }
        self.line("");
    }

    fn world_heading(&self) -> String {
        format!("The world `{}`: what a plugin is", self.contract.world.name)
    }

    fn world(&mut self) -> Result<(), ReferenceError> {
        let contract = self.contract;
        self.heading(2, &self.world_heading());
        self.docs(&contract.world.docs, &Scope::default());
        let names = contract.interfaces.iter().filter(|id| !contract.resolve.interfaces[**id].functions.is_empty());
        let names: Vec<String> = names
            .filter_map(|id| contract.resolve.interfaces[*id].name.as_deref())
            .map(|name| self.links.linked(&format!("`{name}`"), &Scope::default()))
            .collect();
        self.line(&format!("It has the functions below, and can call those of {}.\n", names.join(", ")));
        for function in contract.exports() {
            self.function(3, None, function)?;
        }
        contract.world_types().into_iter().try_for_each(|id| self.definition(None, id))
    }

    fn interface(&mut self, id: InterfaceId) -> Result<(), ReferenceError> {
        let contract = self.contract;
        let interface = &contract.resolve.interfaces[id];
        let name = interface.name.as_deref().unwrap_or_default();
        self.heading(2, &interface_heading(name));
        self.docs(&interface.docs, &Scope { interface: Some(name), own: Vec::new() });
        let free = |function: &&Function| function.kind == FunctionKind::Freestanding;
        for function in interface.functions.values().filter(free) {
            self.function(3, Some(id), function)?;
        }
        for id in contract.types(interface) {
            self.definition(Some(name), id)?;
        }
        Ok(())
    }

    fn function(&mut self, level: usize, interface: Option<InterfaceId>, function: &Function) -> Result<(), ReferenceError> {
        let contract = self.contract;
        let interface = interface.map(|id| &contract.resolve.interfaces[id]);
        self.heading(level, &function_heading(contract, interface, function));
        let signature = signature(contract, function)?;
        self.line(&signature);
        self.line("");
        let own = function.params.iter().map(|param| param.name.as_str()).chain([function.item_name()]).collect();
        self.docs(&function.docs, &Scope { interface: interface.and_then(|interface| interface.name.as_deref()), own });
        Ok(())
    }

    fn definition(&mut self, interface: Option<&str>, id: TypeId) -> Result<(), ReferenceError> {
        let contract = self.contract;
        let definition = &contract.resolve.types[id];
        let name = definition.name.as_deref().unwrap_or_default();
        self.heading(3, &type_heading(contract, id));
        let mut scope = Scope { interface, own: vec![name] };
        match &definition.kind {
            TypeDefKind::Record(record) => {
                scope.own.extend(record.fields.iter().map(|field| field.name.as_str()));
                self.docs(&definition.docs, &scope);
                let row = |field: &wit_parser::Field| Ok((field.name.clone(), Some(shown(contract, &field.ty)?), field.docs.clone()));
                let rows = record.fields.iter().map(row).collect::<Result<Vec<_>, _>>()?;
                self.table("field", false, &rows, &scope);
            }
            TypeDefKind::Variant(variant) => {
                scope.own.extend(variant.cases.iter().map(|case| case.name.as_str()));
                self.docs(&definition.docs, &scope);
                let holds = |ty: &Type| shown(contract, ty);
                let row = |case: &wit_parser::Case| Ok((case.name.clone(), case.ty.as_ref().map(holds).transpose()?, case.docs.clone()));
                let rows = variant.cases.iter().map(row).collect::<Result<Vec<_>, _>>()?;
                self.table("case", true, &rows, &scope);
            }
            TypeDefKind::Enum(cases) => {
                scope.own.extend(cases.cases.iter().map(|case| case.name.as_str()));
                self.docs(&definition.docs, &scope);
                let rows: Vec<Row> = cases.cases.iter().map(|case| (case.name.clone(), None, case.docs.clone())).collect();
                self.table("case", true, &rows, &scope);
            }
            TypeDefKind::Resource => {
                self.docs(&definition.docs, &scope);
                let owner = contract.interfaces.iter().find(|interface| contract.resolve.interfaces[**interface].types.values().any(|ty| *ty == id));
                let functions = owner.into_iter().flat_map(|interface| contract.resolve.interfaces[*interface].functions.values());
                for function in functions.filter(|function| function.kind.resource() == Some(id)) {
                    self.function(4, owner.copied(), function)?;
                }
            }
            TypeDefKind::Flags(_) => return Err(ReferenceError::Unknown(format!("flags {name}"))),
            kind => {
                let what = match kind {
                    TypeDefKind::Type(ty) => shown(contract, ty)?,
                    TypeDefKind::List(ty) => format!("list&lt;{}&gt;", shown(contract, ty)?),
                    TypeDefKind::Option(ty) => format!("option&lt;{}&gt;", shown(contract, ty)?),
                    other => return Err(ReferenceError::Unknown(format!("type {name}, a {}", other.as_str()))),
                };
                self.line(&format!("<code>type {name} = {what}</code>\n"));
                self.docs(&definition.docs, &scope);
            }
        }
        self.used_by(id);
        Ok(())
    }

    fn table(&mut self, what: &str, numbered: bool, rows: &[Row], scope: &Scope<'_>) {
        let typed = rows.iter().any(|(_, ty, _)| ty.is_some());
        let described = rows.iter().any(|(_, _, docs)| !docs.is_empty());
        let columns: Vec<&str> = [(numbered, ""), (true, what), (typed, if numbered { "holds" } else { "type" }), (described, "meaning")]
            .into_iter()
            .filter_map(|(shown, title)| shown.then_some(title))
            .collect();
        self.line(&format!("| {} |", columns.join(" | ")));
        self.line(&format!("|{}", "---|".repeat(columns.len())));
        for (number, (name, ty, docs)) in rows.iter().enumerate() {
            let mut cells = Vec::new();
            if numbered {
                cells.push(number.to_string());
            }
            cells.push(format!("`{name}`"));
            if typed {
                cells.push(ty.as_ref().map_or_else(String::new, |ty| format!("<code>{ty}</code>")));
            }
            if described {
                let text = docs.contents.as_deref().unwrap_or_default().trim().replace('\n', " ").replace('|', "\\|");
                cells.push(self.links.linked(&text, scope));
            }
            self.line(&format!("| {} |", cells.join(" | ")));
        }
        self.line("");
    }

    /// The way back: where a type occurs.
    fn used_by(&mut self, id: TypeId) {
        let contract = self.contract;
        let mut places = Vec::new();
        let mut add = |place: String| {
            if !places.contains(&place) {
                places.push(place);
            }
        };
        let mentions = |function: &Function| {
            let mut types = Vec::new();
            function.parameter_and_result_types().for_each(|ty| contract.named_types(&ty, &mut types));
            types.contains(&id) && function.kind.resource() != Some(id)
        };
        contract.exports().filter(|function| mentions(function)).for_each(|function| add(link(&function_heading(contract, None, function))));
        let types = |ids: Vec<TypeId>| ids.into_iter().filter(|user| contract.parts(*user).contains(&id)).collect::<Vec<_>>();
        let mut users = types(contract.world_types());
        for interface in contract.interfaces.iter().map(|interface| &contract.resolve.interfaces[*interface]) {
            let functions = interface.functions.values().filter(|function| mentions(function));
            functions.for_each(|function| add(link(&function_heading(contract, Some(interface), function))));
            users.extend(types(contract.types(interface)));
        }
        for user in users {
            let name = contract.resolve.types[user].name.as_deref().unwrap_or_default();
            add(format!("[`{name}`](#{})", type_anchor(contract, user)));
        }
        if !places.is_empty() {
            self.line(&format!("Used in {}.\n", places.join(", ")));
        }
    }
}

/// A field or a case: its name, its type, and what is said about it.
type Row = (String, Option<String>, Docs);

/// A link to a heading that is a name in backquotes.
fn link(heading: &str) -> String {
    format!("[{heading}](#{})", anchor(heading))
}
