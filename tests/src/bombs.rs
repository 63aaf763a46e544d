//! Components that are small, valid, and more than a compiler can do.

use wasm_encoder::{
    BlockType, CodeSection, Component, ConstExpr, ExportKind, ExportSection, Function, FunctionSection, GlobalSection, GlobalType, InstanceSection,
    Instruction as I, Module, ModuleArg, ModuleSection, TypeSection, ValType,
};

/// A component of one module.
fn component(module: &Module) -> Component {
    let mut component = Component::new();
    component.section(&ModuleSection(module));
    component
}

/// A module of functions without parameters and results.
fn module(functions: impl IntoIterator<Item = Function>) -> Module {
    let (mut types, mut kinds, mut code) = (TypeSection::new(), FunctionSection::new(), CodeSection::new());
    types.ty().function([], []);
    for function in functions {
        kinds.function(0);
        code.function(&function);
    }
    let mut module = Module::new();
    module.section(&types).section(&kinds).section(&code);
    module
}

/// One function with so many locals, all of which live at once.
pub fn locals(count: u32) -> Vec<u8> {
    let mut function = Function::new([(count, ValType::I32)]);
    for local in 0..count {
        function.instruction(&I::LocalGet((local + 1) % count)).instruction(&I::I32Const(1)).instruction(&I::I32Add).instruction(&I::LocalSet(local));
    }
    function.instruction(&I::End);
    component(&module([function])).finish()
}

/// Functions of so many small blocks, one after the other.
pub fn blocks(functions: u32, blocks: u32) -> Vec<u8> {
    let of_blocks = || {
        let mut function = Function::new([(1, ValType::I32)]);
        for _ in 0..blocks {
            function.instruction(&I::Block(BlockType::Empty)).instruction(&I::LocalGet(0)).instruction(&I::BrIf(0));
            function
                .instruction(&I::LocalGet(0))
                .instruction(&I::I32Const(1))
                .instruction(&I::I32Add)
                .instruction(&I::LocalSet(0))
                .instruction(&I::End);
        }
        function.instruction(&I::End);
        function
    };
    component(&module((0..functions).map(|_| of_blocks()))).finish()
}

/// Blocks in blocks, and a branch out of each.
pub fn nested(depth: u32) -> Vec<u8> {
    let mut function = Function::new([(1, ValType::I32)]);
    (0..depth).for_each(|_| {
        function.instruction(&I::Block(BlockType::Empty));
    });
    for level in 0..depth {
        function.instruction(&I::LocalGet(0)).instruction(&I::BrIf(depth - level - 1)).instruction(&I::End);
    }
    function.instruction(&I::End);
    component(&module([function])).finish()
}

/// Functions that do nothing.
pub fn functions(count: u32) -> Vec<u8> {
    let nothing = || {
        let mut function = Function::new([]);
        function.instruction(&I::End);
        function
    };
    component(&module((0..count).map(|_| nothing()))).finish()
}

/// One branch with so many targets, each a block of its own.
pub fn targets(blocks: u32, targets: u32) -> Vec<u8> {
    let mut function = Function::new([(1, ValType::I32)]);
    (0..blocks).for_each(|_| {
        function.instruction(&I::Block(BlockType::Empty));
    });
    let labels: Vec<u32> = (0..targets).map(|target| target % blocks).collect();
    function.instruction(&I::LocalGet(0)).instruction(&I::BrTable(labels.into(), 0));
    for _ in 0..blocks {
        function.instruction(&I::End);
        function.instruction(&I::LocalGet(0)).instruction(&I::I32Const(3)).instruction(&I::I32Mul).instruction(&I::LocalSet(0));
    }
    function.instruction(&I::End);
    component(&module([function])).finish()
}

/// Instances of one small module.
pub fn instances(count: u32) -> Vec<u8> {
    let mut globals = GlobalSection::new();
    globals.global(GlobalType { val_type: ValType::I32, mutable: true, shared: false }, &ConstExpr::i32_const(0));
    let mut exports = ExportSection::new();
    exports.export("g", ExportKind::Global, 0);
    let mut module = Module::new();
    module.section(&globals).section(&exports);
    let mut component = component(&module);
    let mut instances = InstanceSection::new();
    (0..count).for_each(|_| {
        instances.instantiate(0, std::iter::empty::<(&str, ModuleArg)>());
    });
    component.section(&instances);
    component.finish()
}

/// Components in components.
pub fn components(depth: u32) -> Vec<u8> {
    let mut inner = Component::new();
    for _ in 0..depth {
        let mut outer = Component::new();
        outer.section(&wasm_encoder::NestedComponentSection(&inner));
        inner = outer;
    }
    inner.finish()
}
