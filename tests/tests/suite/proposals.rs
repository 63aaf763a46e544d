//! Parts of WebAssembly that no toolchain for plugins needs, and that have had security faults of their own in engines: a component that uses one is refused.

use ango_tests::archive::list;
use ango_tests::cli::Cli;
use ango_tests::project::harbour;
use ango_tests::text::stable;

/// A plugin without any fault.
const GOOD: &str = include_str!("../../fixtures/bad-plugins/good.wat");

/// A proposal, and what of it stands in the component.
const PROPOSALS: [(&str, &str); 17] = [
    ("memory64", "(core module (memory i64 1))"),
    ("tables64", "(core module (table i64 1 funcref))"),
    ("threads", "(core module (memory 1 1 shared))"),
    ("atomics", "(core module (memory 1) (func (drop (i32.atomic.load (i32.const 0)))))"),
    ("gc", "(core module (type $s (struct (field i32))) (func (result (ref null $s)) (ref.null $s)))"),
    ("function-references", "(core module (type $f (func)) (func (param (ref $f)) (call_ref $f (local.get 0))))"),
    ("exceptions", "(core module (tag) (func (throw 0)))"),
    ("tail-calls", "(core module (func (return_call 0)))"),
    ("multi-memory", "(core module (memory 1) (memory 1))"),
    ("relaxed-simd", "(core module (func (param v128) (result v128) (i8x16.relaxed_swizzle (local.get 0) (local.get 0))))"),
    ("wide-arithmetic", "(core module (func (param i64) (result i64 i64) (i64.mul_wide_u (local.get 0) (local.get 0))))"),
    ("custom-page-sizes", "(core module (memory 1 (pagesize 1)))"),
    ("stack-switching", "(core module (type $f (func)) (type $c (cont $f)))"),
    ("component-async", "(core func (canon subtask.drop))"),
    ("futures", "(type $future (future u32)) (core func (canon future.new $future))"),
    ("streams", "(type $stream (stream u8)) (core func (canon stream.new $stream))"),
    ("error-context", "(core func (canon error-context.drop))"),
];

#[test]
fn components_of_proposals_that_are_off_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let project = harbour(&folder.path().join("project"), 2);
    let storage = folder.path().join("out");
    let offset = regex::Regex::new(r"offset (0x[0-9a-f]+|\d+)").unwrap();
    let mut said = String::new();
    for (proposal, text) in PROPOSALS {
        let wasm = wat::parse_str(GOOD.replacen("  (core module $main", &format!("  {text}\n  (core module $main"), 1));
        let file = folder.path().join(format!("{proposal}.wasm"));
        std::fs::write(&file, wasm.unwrap_or_else(|error| panic!("{proposal}: {error}"))).unwrap();
        let run = Cli::export(&project, &storage).arg("--plugin").arg(&file).expect(2);
        assert_eq!(list(&storage), Vec::<String>::new(), "{proposal}");
        let text = stable(&run.text(), folder.path());
        said.push_str(&offset.replace_all(&text, "offset OFFSET"));
    }
    insta::assert_snapshot!(said);
}
