//! A plugin that works, changed a little: what is near the contract gets further than what is random.

use std::ops::Range;
use wasm_mutate::WasmMutate;
use wasmparser::{Parser, Payload};

/// Converts boxes to CSV.
const PLUGIN: &[u8] = include_bytes!("../../fixtures/contracts/0.1/boxes-csv.wasm");
/// Id of a section that holds a module.
const MODULE: u8 = 1;

/// The plugin with other bytes at these places.
pub fn flipped(flips: &[(u32, u8)]) -> Vec<u8> {
    let mut wasm = PLUGIN.to_vec();
    for (at, bits) in flips {
        let at = *at as usize % wasm.len();
        wasm[at] ^= bits;
    }
    wasm
}

/// The plugin with some bytes left out at a place, and others put in.
pub fn spliced(at: u32, left_out: u8, put_in: &[u8]) -> Vec<u8> {
    let mut wasm = PLUGIN.to_vec();
    let at = at as usize % wasm.len();
    let end = (at + usize::from(left_out)).min(wasm.len());
    wasm.splice(at..end, put_in.iter().copied());
    wasm
}

/// The plugin with its main module changed step by step, each time into a valid one. Nothing when there is no such step.
pub fn mutated(seeds: &[u64]) -> Option<Vec<u8>> {
    let sections = sections();
    let main = sections.iter().filter(|(id, _)| *id == MODULE).map(|(_, range)| range.clone()).max_by_key(|range| range.len())?;
    let mut module = PLUGIN[main.clone()].to_vec();
    for seed in seeds.iter().take(8) {
        let changed = WasmMutate::default().seed(*seed).fuel(200).run(&module).ok()?.next()?.ok()?;
        module = changed;
    }
    let mut wasm = b"\0asm\x0d\0\x01\0".to_vec();
    for (id, range) in sections {
        section(&mut wasm, id, if range == main { &module[..] } else { &PLUGIN[range] });
    }
    Some(wasm)
}

/// The plugin's own sections, not those of modules in it.
fn sections() -> Vec<(u8, Range<usize>)> {
    let (mut sections, mut depth) = (Vec::new(), 0);
    for payload in Parser::new(0).parse_all(PLUGIN) {
        let payload = payload.expect("the plugin is a component");
        if depth == 0 {
            sections.extend(payload.as_section());
        }
        match payload {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            _ => {}
        }
    }
    sections
}

/// Appends a section.
pub fn section(wasm: &mut Vec<u8>, id: u8, content: &[u8]) {
    wasm.push(id);
    leb(wasm, content.len());
    wasm.extend(content);
}

/// Appends a length.
pub fn leb(out: &mut Vec<u8>, mut number: usize) {
    while number >= 128 {
        out.push(number as u8 | 128);
        number >>= 7;
    }
    out.push(number as u8);
}
