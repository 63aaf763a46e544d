//! Types as the WIT file writes them, with links to what they are made of.

use crate::ReferenceError;
use crate::contract::Contract;
use crate::links::type_anchor;
use wit_parser::{Function, Handle, Type, TypeDefKind, TypeId};

/// A type, for the inside of a `<code>` element.
pub(crate) fn shown(contract: &Contract, ty: &Type) -> Result<String, ReferenceError> {
    let plain = match ty {
        Type::Bool => "bool",
        Type::U8 => "u8",
        Type::U16 => "u16",
        Type::U32 => "u32",
        Type::U64 => "u64",
        Type::S8 => "s8",
        Type::S16 => "s16",
        Type::S32 => "s32",
        Type::S64 => "s64",
        Type::F32 => "f32",
        Type::F64 => "f64",
        Type::Char => "char",
        Type::String => "string",
        Type::ErrorContext => return Err(ReferenceError::Unknown("error-context".to_owned())),
        Type::Id(id) => return shown_id(contract, *id),
    };
    Ok(plain.to_owned())
}

fn shown_id(contract: &Contract, id: TypeId) -> Result<String, ReferenceError> {
    let definition = &contract.resolve.types[contract.meant(id)];
    if let Some(name) = &definition.name {
        return Ok(format!("<a href=\"#{}\">{name}</a>", type_anchor(contract, id)));
    }
    let part = |ty: &Option<Type>| ty.as_ref().map_or_else(|| Ok("_".to_owned()), |ty| shown(contract, ty));
    Ok(match &definition.kind {
        TypeDefKind::Option(ty) => generic("option", &[shown(contract, ty)?]),
        TypeDefKind::List(ty) => generic("list", &[shown(contract, ty)?]),
        TypeDefKind::Tuple(tuple) => generic("tuple", &tuple.types.iter().map(|ty| shown(contract, ty)).collect::<Result<Vec<_>, _>>()?),
        TypeDefKind::Result(result) => match (&result.ok, &result.err) {
            (None, None) => "result".to_owned(),
            (ok, None) => generic("result", &[part(ok)?]),
            (ok, err) => generic("result", &[part(ok)?, part(err)?]),
        },
        TypeDefKind::Handle(Handle::Own(id)) => shown_id(contract, *id)?,
        TypeDefKind::Handle(Handle::Borrow(id)) => generic("borrow", &[shown_id(contract, *id)?]),
        other => return Err(ReferenceError::Unknown(other.as_str().to_owned())),
    })
}

fn generic(name: &str, parts: &[String]) -> String {
    format!("{name}&lt;{}&gt;", parts.join(", "))
}

/// A function's declaration.
pub(crate) fn signature(contract: &Contract, function: &Function) -> Result<String, ReferenceError> {
    // The first parameter of a method is the resource itself, which the file does not write.
    let skipped = usize::from(matches!(function.kind, wit_parser::FunctionKind::Method(_)));
    let mut params = Vec::new();
    for param in function.params.iter().skip(skipped) {
        params.push(format!("{}: {}", param.name, shown(contract, &param.ty)?));
    }
    let result = function.result.as_ref().map_or_else(|| Ok(String::new()), |ty| shown(contract, ty).map(|ty| format!(" -&gt; {ty}")))?;
    Ok(format!("<code>{}: func({}){result}</code>", function.item_name(), params.join(", ")))
}
