//! The contract, in the order in which somebody reads it.
//!
//! A WIT file declares what is used before what uses it. A reader wants it the other way round: first what a plugin is, then what it can call, and last the types, from the whole (a task)
//! down to its parts.

use crate::ReferenceError;
use wit_parser::{Function, Handle, Interface, InterfaceId, Package, Resolve, Type, TypeDefKind, TypeId, TypeOwner, World, WorldItem, WorldKey};

/// The contract.
pub(crate) struct Contract {
    pub(crate) resolve: Resolve,
    pub(crate) package: Package,
    /// What a plugin is.
    pub(crate) world: World,
    /// Interfaces in reading order.
    pub(crate) interfaces: Vec<InterfaceId>,
}

impl Contract {
    pub(crate) fn read(path: &str, wit: &str) -> Result<Self, ReferenceError> {
        let mut resolve = Resolve::default();
        let package = match resolve.push_source(path, wit) {
            Ok(package) => resolve.packages[package].clone(),
            Err(error) => return Err(ReferenceError::Wit(resolve.render_error(&error))),
        };
        let [world] = package.worlds.values().copied().collect::<Vec<_>>()[..] else { return Err(ReferenceError::Worlds(package.worlds.len())) };
        let mut contract = Self { world: resolve.worlds[world].clone(), resolve, package, interfaces: Vec::new() };
        contract.order_interfaces();
        Ok(contract)
    }

    /// Those that the types of a plugin's functions come from, those that it calls, as the world names them, and then what these use.
    fn order_interfaces(&mut self) {
        let mut types = Vec::new();
        self.exports().flat_map(Function::parameter_and_result_types).for_each(|ty| self.named_types(&ty, &mut types));
        let mut ordered: Vec<InterfaceId> = types.into_iter().filter_map(|ty| self.owner(ty)).collect();
        ordered.extend(self.imports().into_iter().filter(|id| !self.resolve.interfaces[*id].functions.is_empty()));
        ordered.extend(self.package.interfaces.values());
        for id in ordered {
            if !self.interfaces.contains(&id) {
                self.interfaces.push(id);
            }
        }
    }

    /// Interfaces that a plugin can use.
    pub(crate) fn imports(&self) -> Vec<InterfaceId> {
        self.world.imports.keys().filter_map(|key| if let WorldKey::Interface(id) = key { Some(*id) } else { None }).collect()
    }

    fn owner(&self, id: TypeId) -> Option<InterfaceId> {
        match self.resolve.types[id].owner {
            TypeOwner::Interface(interface) => Some(interface),
            _ => None,
        }
    }

    /// Functions that a plugin has.
    pub(crate) fn exports(&self) -> impl Iterator<Item = &Function> {
        self.world.exports.values().filter_map(|item| if let WorldItem::Function(function) = item { Some(function) } else { None })
    }

    /// Types that the world declares, in reading order.
    pub(crate) fn world_types(&self) -> Vec<TypeId> {
        let declared = self.world.imports.values().filter_map(|item| if let WorldItem::Type { id, .. } = item { Some(*id) } else { None });
        self.order_types(declared.collect())
    }

    /// Types that an interface declares, in reading order.
    pub(crate) fn types(&self, interface: &Interface) -> Vec<TypeId> {
        self.order_types(interface.types.values().copied().collect())
    }

    /// The whole before its parts, parts in the order of their first use. Names for types of other interfaces are left out.
    fn order_types(&self, declared: Vec<TypeId>) -> Vec<TypeId> {
        let declared: Vec<TypeId> = declared.into_iter().filter(|id| self.meant(*id) == *id).collect();
        let parts: Vec<Vec<TypeId>> = declared.iter().map(|id| self.parts(*id)).collect();
        let is_part = |id: &TypeId| parts.iter().any(|parts| parts.contains(id));
        let mut ordered = Vec::new();
        // WIT has no recursive types, so every part belongs to a whole.
        let mut waiting: Vec<TypeId> = declared.iter().rev().filter(|id| !is_part(id)).copied().collect();
        while let Some(id) = waiting.pop() {
            if ordered.contains(&id) {
                continue;
            }
            ordered.push(id);
            waiting.extend(self.parts(id).into_iter().rev().filter(|part| declared.contains(part)));
        }
        ordered
    }

    /// The types that a type's declaration names.
    pub(crate) fn parts(&self, id: TypeId) -> Vec<TypeId> {
        let mut found = Vec::new();
        let mut add = |ty: &Type| self.named_types(ty, &mut found);
        match &self.resolve.types[id].kind {
            TypeDefKind::Record(record) => record.fields.iter().for_each(|field| add(&field.ty)),
            TypeDefKind::Variant(variant) => variant.cases.iter().filter_map(|case| case.ty.as_ref()).for_each(add),
            _ => self.inside(id).iter().for_each(add),
        }
        found
    }

    /// The named types in a type, as they are meant.
    pub(crate) fn named_types(&self, ty: &Type, found: &mut Vec<TypeId>) {
        let Type::Id(id) = ty else { return };
        if self.resolve.types[*id].name.is_some() {
            found.push(self.meant(*id));
        } else {
            self.inside(*id).iter().for_each(|ty| self.named_types(ty, found));
        }
    }

    /// What a type without a name is made of, or what a name stands for.
    fn inside(&self, id: TypeId) -> Vec<Type> {
        match &self.resolve.types[id].kind {
            TypeDefKind::Type(ty) | TypeDefKind::Option(ty) | TypeDefKind::List(ty) => vec![*ty],
            TypeDefKind::Tuple(tuple) => tuple.types.clone(),
            TypeDefKind::Result(result) => result.ok.into_iter().chain(result.err).collect(),
            TypeDefKind::Handle(Handle::Own(id) | Handle::Borrow(id)) => vec![Type::Id(*id)],
            _ => Vec::new(),
        }
    }

    /// The declaration behind a name that an interface has taken over from another one with `use`.
    pub(crate) fn meant(&self, id: TypeId) -> TypeId {
        let mut id = id;
        while let TypeDefKind::Type(Type::Id(other)) = &self.resolve.types[id].kind {
            let (here, there) = (&self.resolve.types[id], &self.resolve.types[*other]);
            if here.owner == there.owner || there.name.is_none() {
                break;
            }
            id = *other;
        }
        id
    }
}
